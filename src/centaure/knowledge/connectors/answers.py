"""What another machine answered in JSON, read with suspicion: a field of another type is a missing one."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, cast

from centaure.knowledge.connectors.port import LONGEST_PATH_BYTES

Record = dict[str, Any]

_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")


def record(holder: object, *names: str) -> Record:
    """An object, or one inside others; empty where there is none."""
    found = holder
    for name in names:
        found = cast("Record", found).get(name) if isinstance(found, dict) else None
    return cast("Record", found) if isinstance(found, dict) else {}


def records(holder: object, name: str) -> Iterator[Record]:
    """The objects of a list; whatever else is in it is left out."""
    found = cast("Record", holder).get(name) if isinstance(holder, dict) else None
    if isinstance(found, list):
        for entry in cast("list[object]", found):
            if isinstance(entry, dict):
                yield cast("Record", entry)


def text(holder: object, *names: str) -> str:
    """A text, or one inside objects; "" where there is none. A number is taken as it is written."""
    found = record(holder, *names[:-1]).get(names[-1])
    if isinstance(found, int) and not isinstance(found, bool):
        return str(found)
    return found if isinstance(found, str) else ""


def number(holder: object, *names: str) -> int | None:
    """A whole number that is not negative, or None."""
    found = record(holder, *names[:-1]).get(names[-1])
    return found if isinstance(found, int) and not isinstance(found, bool) and found >= 0 else None


def moment(written: str) -> float | None:
    """Seconds since 1970 of a time as ISO 8601 writes it, or None."""
    try:
        found = datetime.fromisoformat(written)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError, OSError):
        return None


def nanoseconds(written: str) -> int | None:
    """Nanoseconds since 1970 of a time as ISO 8601 writes it, or None."""
    found = moment(written)
    return None if found is None else int(found * 1000) * 1_000_000


def printable(path: str, identity: str) -> str:
    """A path that cannot be kept, as text that can be shown; `identity` keeps two of them apart."""
    shown = _CONTROLS.sub("�", path.encode("utf-8", "backslashreplace").decode())
    room = LONGEST_PATH_BYTES - len(identity.encode("utf-8", "backslashreplace")) - 10
    return f"{shown.encode()[: max(0, room)].decode(errors='ignore')} ({identity})"
