"""What another machine answered in JSON, read with suspicion: a field of another type is a missing one."""

import re
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, cast

from centaure.kit.errors import InvalidInput, Refused, Unavailable
from centaure.kit.outbound import Answer
from centaure.knowledge.connectors.port import LONGEST_PATH_BYTES, ItemTooLarge, PlaceUnavailable
from centaure.knowledge.parsing.limits import megabytes

Record = dict[str, Any]

LONGEST_ANSWER_S = 300.0
"""For an answer in JSON."""
LONGEST_DOWNLOAD_S = 3600.0

_PIECE = 1 << 20
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


@contextmanager
def place_errors() -> Generator[None]:
    """What goes wrong on the way to a place is that the place is unavailable."""
    try:
        yield
    except (PlaceUnavailable, InvalidInput):
        raise
    except (Refused, Unavailable) as error:
        raise PlaceUnavailable(error.message) from error


def parsed(answer: Answer) -> Record:
    """The body as an object; empty where an error brought none, a bare list as its `results`.

    Raises:
        Unavailable: it is no JSON, or nested without reason.
    """
    if not answer.content and answer.status_code != 200:
        return {}
    try:
        found = answer.json()
        return {"results": found} if isinstance(found, list) else record(found)
    except RecursionError:
        raise Unavailable(f"{answer.asked} answered with JSON that is nested too deep.") from None
    except Unavailable:
        if answer.status_code != 200:
            return {}
        raise


def bounded(answer: Answer, most: int) -> Iterator[bytes]:
    """The bytes of a download, in pieces.

    Raises:
        ItemTooLarge: there are more than `most`.
        Unavailable: the connection was lost.
    """
    received = 0
    # One piece more than is kept, so that it is this count that ends the copy.
    for piece in answer.pieces(most + _PIECE):
        received += len(piece)
        if received > most:
            raise too_large(most)
        yield piece


def too_large(most: int) -> ItemTooLarge:
    """What is said of a file of more than `most` bytes."""
    return ItemTooLarge(f"It is larger than {megabytes(most)}, more than is read of any file.")
