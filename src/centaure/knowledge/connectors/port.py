"""The one door through which documents come from a place, whatever the place is.

A connector is a class that an entry point of the group `centaure.connectors` names by its kind; those that
Centaure brings enter by the same door. It lists, fetches and says who may read. It knows no database and
decides nothing: what changed, moved or is gone is found by comparing listings. docs/connectors.md is the
guide, `centaure.knowledge.connectors.conformance` the tests that any connector can be run against.

Everything here blocks; the synchronisation calls it in threads. `items` runs once at a time, `fetch` several
at once beside each other.
"""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from centaure.kit.errors import CentaureError, Unavailable
from centaure.knowledge.connectors.copies import Fetched

LONGEST_PATH_BYTES = 2000
EVERYONE = "*"


class Options(BaseModel):
    """What a connector may be told besides its location; a `SecretStr` is kept encrypted, never shown.

    Names are those that a person types: `--option NAME=VALUE`, and secrets in a file of their own.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


@dataclass(frozen=True, slots=True)
class PlaceAccess:
    """Whom the place itself lets read an item; a manifest can narrow it and never widen it.

    Attributes:
        clauses: a reader is in every one of them (the folders on the way, the item). A clause is a set of
            `*` (whoever is signed in), `user:LOGIN` and `group:ID`, of which one is enough; an empty clause
            lets nobody in.
        denied: `user:LOGIN` and `group:ID` that are shut out, whatever the clauses say.
        problem: why the rights could not be read, in a sentence; the clauses then let nobody in.
    """

    clauses: tuple[frozenset[str], ...]
    denied: frozenset[str] = frozenset()
    problem: str = ""

    @classmethod
    def unreadable(cls, problem: str) -> "PlaceAccess":
        """Rights that could not be read: nobody sees the item until they can."""
        return cls((frozenset(),), problem=problem)


@dataclass(frozen=True, slots=True)
class PlaceGroup:
    """A group of the place, for as long as an item names it.

    Attributes:
        id: as in `group:ID`, unique within the source: of several sites, the site is part of it.
        label: what people call it.
        users: logins of its members.
        contains: identifiers of groups whose members are its own.
    """

    id: str
    label: str
    users: tuple[str, ...] = ()
    contains: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """A file of the place.

    Attributes:
        path: posix, relative to the source, unique in it; its extension tells the format of texts.
        size: in bytes; None where only fetching tells.
        modified_ns: in nanoseconds since 1970.
        version: another one whenever the bytes may be others (an ETag, a revision); "" has the bytes
            compared each time.
        identity: what stays when the item moves (an inode, an object's id); "" where nothing does.
        access: who may read it, by the place; None where the place says nothing.
    """

    path: str
    size: int | None = None
    modified_ns: int | None = None
    version: str = ""
    identity: str = ""
    access: PlaceAccess | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is there and cannot be read, or is not to be.

    Attributes:
        status: 'unreadable', or 'ignored' for what is no document by its nature (a link, a device).
        reason: a sentence, with what to do.
        holds_below: a folder that cannot be listed: what was known below it may still be there.
    """

    path: str
    status: Literal["unreadable", "ignored"]
    reason: str
    holds_below: bool = False


@dataclass(frozen=True, slots=True)
class Gone:
    """In a feed of changes: an item is not there any more. One of the two says which."""

    path: str = ""
    identity: str = ""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Everything before it was told; `items(since=token)` goes on from there.

    Attributes:
        token: of the place, opaque.
        complete: the listing is whole, and what follows from `token` is what changes from now on. Until
            then it only lets an interrupted listing go on where it stopped.
    """

    token: str
    complete: bool = True


class PlaceUnavailable(Unavailable):
    """The place does not answer, or refuses the credentials: nothing is removed because of it."""


class TokenExpired(Exception):
    """The place does not know this token any more: everything is listed again."""


class ItemGone(Exception):
    """The item is not where the listing saw it."""


class ItemChanged(Exception):
    """The item did not hold still while it was fetched; the next synchronisation tries again."""


class ItemUnreadable(CentaureError):
    """The place gives the item to others, not to these credentials; the message is a sentence."""


class ItemTooLarge(CentaureError):
    """The item is larger than what is read of any file; the message is a sentence."""


class Connector(ABC):
    """A place that documents come from. Making one opens nothing; `check` is the first to reach out.

    Attributes:
        kind: as in `centaure source add KIND LOCATION`.
        options_model: what it may be told; `options` below is one of these.
        reports_access: items carry the place's own rights; one that carries none is shown to nobody.
        has_feed: `items` ends with a complete `Checkpoint`, so that later calls list only what changed.
        passed_over: names without interest (hidden files and the like) in the listing made last.
    """

    kind: ClassVar[str]
    options_model: ClassVar[type[Options]] = Options
    reports_access: bool = False
    has_feed: bool = False
    passed_over: int = 0

    @classmethod
    @abstractmethod
    def normal_location(cls, written: str, options: Options) -> str:
        """The location in the one form that is compared and shown; never holds a secret.

        Raises:
            InvalidInput: it is not a location of this kind.
        """

    @classmethod
    @abstractmethod
    def connect(cls, location: str, options: Options) -> "Connector":
        """A connector for a location as `normal_location` gave it."""

    @abstractmethod
    def check(self) -> None:
        """See that the place can be listed.

        Raises:
            PlaceUnavailable: with what happened and what to do.
        """

    @abstractmethod
    def items(self, since: str | None = None) -> Iterator[Item | Problem | Gone | Checkpoint]:
        """Everything in the place, in any order, in bounded memory; with `since`, what changed.

        A listing that cannot go on raises: one that ends is whole, and what it lacks is removed.

        Args:
            since: the token of a `Checkpoint`; None for everything.

        Raises:
            PlaceUnavailable: the place went away meanwhile.
            TokenExpired: `since` is unknown to the place.
        """

    @abstractmethod
    def fetch(self, path: str) -> AbstractContextManager[Fetched]:
        """The bytes of one item, on this machine, for as long as the context lasts.

        Raises:
            ItemGone: it is not there any more, or a link took its place.
            ItemChanged: it changed meanwhile.
            ItemUnreadable: it may not be read.
            ItemTooLarge: it is larger than what is read of any file.
            PlaceUnavailable: the place does not answer.
        """

    def groups(self, named: Collection[str]) -> Iterable[PlaceGroup]:
        """The groups of the place that the access of items names, and those that they contain.

        A group that cannot be read is left out: it opens nothing.
        """
        _ = named
        return ()

    def close(self) -> None:  # noqa: B027 - most have nothing to let go of
        """Let go of connections."""


def path_problem(path: str) -> str | None:
    """Why a path cannot be that of a document, in a sentence; None when it can."""
    try:
        length = len(path.encode())
    except UnicodeEncodeError:
        return "The name is not valid UTF-8 text. Rename it, then sync again."
    if length > LONGEST_PATH_BYTES:
        return f"The path is longer than {LONGEST_PATH_BYTES} bytes. Shorten it, then sync again."
    names = path.split("/")
    if any(name in {"", ".", ".."} for name in names) or "\0" in path:
        return "The name cannot be kept as a path. Rename it, then sync again."
    return None
