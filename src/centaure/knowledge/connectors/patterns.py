"""Options that are several patterns, written by a person in one line."""

from typing import Annotated

from pydantic import BeforeValidator


def _split(written: object) -> object:
    if isinstance(written, str):
        return tuple(part.strip() for part in written.split(",") if part.strip())
    return written


Patterns = Annotated[tuple[str, ...], BeforeValidator(_split)]
"""Patterns as of a shell, case-sensitive: a list, or one line with commas between them."""
