"""What pydantic finds wrong, in sentences for people."""

from collections.abc import Mapping

from pydantic import ValidationError


def said(fault: Mapping[str, object]) -> str:
    """What is wrong, without the library's own words before it and without a period.

    Args:
        fault: one of the errors of a `ValidationError`.
    """
    if fault["type"] == "extra_forbidden":
        return "There is no such field"
    words = str(fault["msg"]).removeprefix("Value error, ").rstrip(".")
    return words[:1].upper() + words[1:]


def faults(error: ValidationError) -> str:
    """All that is wrong, each with the field that it is wrong with; what was written is not repeated."""
    told: list[str] = []
    for fault in error.errors(include_url=False, include_input=False):
        where = ".".join(str(part) for part in fault["loc"])
        told.append(f"{where}: {said(fault)}." if where else f"{said(fault)}.")
    return " ".join(told)
