"""The feed of one drive: pages of a delta as items, each with its path and its rights."""

import hashlib
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from centaure.knowledge.connectors.answers import (
    Record,
    moment,
    nanoseconds,
    number,
    printable,
    records,
    text,
)
from centaure.knowledge.connectors.microsoft.client import LARGEST_BATCH, Graph, Reply, named
from centaure.knowledge.connectors.microsoft.folders import Folders, access_of, folder_of
from centaure.knowledge.connectors.microsoft.rights import Rights
from centaure.knowledge.connectors.names import is_ignored
from centaure.knowledge.connectors.port import (
    Gone,
    Item,
    PlaceAccess,
    PlaceUnavailable,
    Problem,
    TokenExpired,
    path_problem,
)

_PREFER = (
    "deltashowremovedasdeleted, deltatraversepermissiongaps, deltashowsharingchanges, "
    "hierarchicalsharing"
)
# Without the second one each change would bring the folders on the way to it, as if they had changed.
_HEADERS = {"Prefer": _PREFER, "deltaExcludeParent": "true"}
_PAGE = 500
_SKEW_S = 2.0
_MOST_TOLD = 500_000
_SHORTCUT = "This is a shortcut to another library's file. It is read where it lies, if that is in a source."
_NOTEBOOK = "This is a OneNote notebook, or another package, which Graph does not give as a file."
_MALWARE = "SharePoint says that this file holds malware. Remove it, or have it cleaned."


@dataclass(slots=True)
class Drive:
    """How far the feed of one drive is.

    Attributes:
        name: of its folder at the top.
        link: that Graph gave last.
        whole: everything is being listed, not only changes.
        finished: in this round.
        trusted: the `shared` facet is believed.
        root: digest of the rights of its root.
        told_at: when its last round ended, in seconds since 1970 by the server.
    """

    name: str
    link: str = ""
    whole: bool = True
    finished: bool = False
    trusted: bool = False
    root: str = ""
    told_at: float = 0.0

    @classmethod
    def read(cls, value: list[object]) -> "Drive":
        name, link, whole, finished, trusted, root, told_at = value
        return cls(
            str(name),
            str(link),
            bool(whole),
            bool(finished),
            bool(trusted),
            str(root),
            float(str(told_at)),
        )


@dataclass(slots=True)
class Progress:
    """How far the feed is, which is what its tokens hold."""

    meaning: str
    listed_at: float
    drives: dict[str, Drive] = field(default_factory=dict[str, Drive])

    def token(self) -> str:
        drives = {
            key: [
                drive.name,
                drive.link,
                drive.whole,
                drive.finished,
                drive.trusted,
                drive.root,
                drive.told_at,
            ]
            for key, drive in self.drives.items()
        }
        return json.dumps([1, self.meaning, self.listed_at, drives], separators=(",", ":"))

    @classmethod
    def read(cls, token: str) -> "Progress":
        try:
            form, meaning, listed_at, drives = json.loads(token)
            if form != 1:
                raise TokenExpired
            found = {str(key): Drive.read(value) for key, value in drives.items()}
            return cls(str(meaning), float(listed_at), found)
        except (ValueError, TypeError, AttributeError, RecursionError):
            raise TokenExpired from None

    def next_round(self) -> None:
        for drive in self.drives.values():
            drive.whole = drive.finished = False


@dataclass(frozen=True, slots=True)
class _File:
    """A file of a page; `access` is known already where it is that of its folder."""

    item: Record
    path: str
    access: PlaceAccess | None


class DriveFeed:
    """Lists one drive from where its state says, and keeps that state."""

    def __init__(
        self, graph: Graph, rights: Rights, identifier: str, state: Drive, *, every: bool
    ) -> None:
        """Asks nothing yet.

        Args:
            graph: to ask.
            rights: reads permissions.
            identifier: of the drive.
            state: how far its feed is.
            every: whether the permissions of each item are asked for.
        """
        self._graph = graph
        self._rights = rights
        self._id = identifier
        self._path = f"/drives/{named(identifier)}"
        self._state = state
        self._every = every
        self._folders = Folders(graph, rights, named(identifier))
        # Of a listing that goes on where another one stopped, nobody knows what was told before.
        self._told: set[int] | None = set() if state.whole and not state.link else None
        self.passed_over = 0

    def pages(self) -> Iterator[Iterator[Item | Problem | Gone]]:
        """Each page, to be read to its end; the state is that after it once the next one is asked for.

        Raises:
            PlaceUnavailable: the drive does not answer.
            TokenExpired: it has to be listed again.
        """
        state = self._state
        self._look_at_the_root()
        link = state.link or f"{self._path}/root/delta?$top={_PAGE}"
        while not state.finished:
            reply = self._graph.get(link, _HEADERS)
            if reply.status in {400, 404, 410}:
                raise TokenExpired
            if reply.status != 200 or not isinstance(reply.body.get("value"), list):
                raise PlaceUnavailable(
                    f"A library cannot be listed (HTTP {reply.status}). Check what the application may read."
                )
            yield self._page(reply)
            following = text(reply.body, "@odata.nextLink")
            if following == link:
                raise PlaceUnavailable("SharePoint lists a library in a circle. Sync again later.")
            link = following or text(reply.body, "@odata.deltaLink")
            if not link:
                raise PlaceUnavailable("SharePoint broke a listing off. Sync again later.")
            state.link = link
            state.finished = not following
            state.told_at = reply.said_at

    def _look_at_the_root(self) -> None:
        """The rights of a whole library change without any of its items showing up in a delta."""
        state = self._state
        access = self._rights.read(self._graph.get(f"{self._path}/root/permissions"))
        said = json.dumps([sorted(*access.clauses), access.problem])
        digest = hashlib.sha256(said.encode()).hexdigest()[:16]
        if state.link and state.root != digest:
            raise TokenExpired
        state.root = digest

    def _page(self, reply: Reply) -> Iterator[Item | Problem | Gone]:
        # Of an item that a page tells twice, the last is what it is now.
        entries = {text(entry, "id"): entry for entry in records(reply.body, "value")}
        entries.pop("", None)
        present: list[Record] = []
        for entry in entries.values():
            if "deleted" not in entry:
                present.append(entry)
            elif (gone := self._gone(entry)) is not None:
                yield gone
        self._keep_folders([entry for entry in present if _is_folder(entry)])
        files: list[_File] = []
        for entry in present:
            if _is_folder(entry):
                continue
            if self._may_be_told(entry):
                # Under another path, if it moved, or as a file before it was found to hold malware.
                yield Gone(identity=self._identity(entry))
            found = self._located(entry)
            if isinstance(found, Problem):
                yield found
            elif found is not None:
                files.append(found)
        self._try_inheritance(files)
        for start in range(0, len(files), LARGEST_BATCH):
            yield from self._with_rights(files[start : start + LARGEST_BATCH])

    def _may_be_told(self, entry: Record) -> bool:
        """Whether a file may have been told before, by this listing or one that it goes on from."""
        if self._told is None:
            return True
        key = hash(text(entry, "id"))
        if key in self._told:
            return True
        if len(self._told) >= _MOST_TOLD:
            self._told = None
            return True
        self._told.add(key)
        return False

    def _gone(self, entry: Record) -> Gone | None:
        """What is said of a deleted item; None for one of which nothing was said before."""
        if self._state.whole and ("file" not in entry or not self._may_be_told(entry)):
            return None
        if "file" not in entry:
            raise TokenExpired  # perhaps a folder, and what was below it is not always told
        return Gone(identity=self._identity(entry))

    def _keep_folders(self, entries: list[Record]) -> None:
        state = self._state
        if state.whole and not state.link:
            # Believed for the whole listing or not at all: a folder kept before the root was seen would
            # lend its own files the rights of the folder above.
            roots = [entry for entry in entries if "root" in entry]
            state.trusted = not self._every and any("shared" in entry for entry in roots)
        own: list[Record] = []
        for entry in entries:
            if not state.whole and not self._is_new(entry):
                raise TokenExpired
            if "shared" in entry and state.trusted and state.whole:
                own.append(entry)
            else:
                self._folders.keep(text(entry, "id"), folder_of(entry, None))
        for start in range(0, len(own), LARGEST_BATCH):
            part = own[start : start + LARGEST_BATCH]
            for entry, reply in zip(part, self._permissions(part), strict=True):
                self._folders.keep(text(entry, "id"), folder_of(entry, self._rights.read(reply)))

    def _is_new(self, entry: Record) -> bool:
        """Whether a folder was not there at the last round; the root's own changes are seen elsewhere."""
        if "root" in entry:
            return True
        created = moment(text(entry, "createdDateTime"))
        return created is not None and created > self._state.told_at + _SKEW_S

    def _located(self, entry: Record) -> _File | Problem | None:
        """A file and its path; None for what is passed over, or gone by now."""
        identifier = text(entry, "id")
        parent = text(entry, "parentReference", "id")
        if not parent:
            raise PlaceUnavailable("SharePoint told of a file that lies nowhere. Sync again later.")
        chain = self._folders.chain(parent)
        if chain is None:
            return None
        names = [folder.name for folder in reversed(chain) if folder.parent]
        names.append(text(entry, "name"))
        if any(is_ignored(name) for name in names):
            self.passed_over += 1
            return None
        path = "/".join([self._state.name, *names] if self._state.name else names)
        wrong = path_problem(path)
        if wrong is None and any("/" in name for name in names):
            wrong = "The name cannot be kept as a path. Rename it, then sync again."
        if wrong is not None:
            return Problem(printable(path, identifier), "unreadable", wrong)
        if (problem := _no_file(entry, path)) is not None:
            return problem
        inherits = self._state.whole and self._state.trusted and "shared" not in entry
        return _File(entry, path, access_of(chain) if inherits else None)

    def _try_inheritance(self, files: list[_File]) -> None:
        """Ask for the permissions of one file of a page that is said to have those of its folder.

        Raises:
            PlaceUnavailable: it has others, so that the `shared` facet tells nothing here.
        """
        inheriting = [file for file in files if file.access is not None and not file.access.problem]
        if not inheriting:
            return
        file = random.choice(inheriting)  # noqa: S311 - a sample, not a secret
        (reply,) = self._permissions([file.item])
        access = self._rights.read(reply)
        if access.problem or access == file.access:
            return
        raise PlaceUnavailable(
            "Graph says of a file that it has the permissions of its folder, and it has others. Sync again; "
            "if it comes again, set the option permissions=every."
        )

    def _with_rights(self, files: list[_File]) -> Iterator[Item]:
        asked = [file.item for file in files if file.access is None]
        replies = iter(self._permissions(asked))
        for file in files:
            access = file.access
            if access is None:
                reply = next(replies)
                if reply.status == 404:
                    continue
                access = self._rights.read(reply)
            yield Item(
                file.path,
                number(file.item, "size"),
                nanoseconds(text(file.item, "lastModifiedDateTime")),
                version_of(file.item),
                self._identity(file.item),
                access,
            )

    def _identity(self, entry: Record) -> str:
        return f"{self._id}/{text(entry, 'id')}"

    def _permissions(self, entries: list[Record]) -> list[Reply]:
        return self._graph.batch(
            [f"{self._path}/items/{named(text(entry, 'id'))}/permissions" for entry in entries]
        )


def version_of(item: Record) -> str:
    """What changes with the bytes of a file: its cTag, which other properties leave alone."""
    tag = text(item, "cTag") or text(item, "eTag")
    return tag or f"{text(item, 'lastModifiedDateTime')}/{text(item, 'size')}"


def _no_file(entry: Record, path: str) -> Problem | None:
    """Why an item is not to be read."""
    if "remoteItem" in entry:
        return Problem(path, "ignored", _SHORTCUT)
    if "malware" in entry:
        return Problem(path, "unreadable", _MALWARE)
    return None if "file" in entry else Problem(path, "ignored", _NOTEBOOK)


def _is_folder(entry: Record) -> bool:
    return ("folder" in entry or "root" in entry) and not {"package", "remoteItem"} & entry.keys()
