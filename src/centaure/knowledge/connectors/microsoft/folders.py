"""Where items of a drive lie and whose rights they have: a delta tells of their parents, not of paths."""

from collections import OrderedDict
from dataclasses import dataclass

from centaure.knowledge.connectors.answers import Record, text
from centaure.knowledge.connectors.microsoft.client import Graph, named
from centaure.knowledge.connectors.microsoft.rights import Rights
from centaure.knowledge.connectors.port import PlaceAccess, PlaceUnavailable

_MOST_FOLDERS = 200_000
_DEEPEST = 200


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of a drive.

    Attributes:
        parent: identifier of the folder above; "" of the drive's root.
        access: its own rights; None where they are those of the folder above.
    """

    parent: str
    name: str
    access: PlaceAccess | None


class Folders:
    """Folders of one drive, the last 200,000 that were needed; one that is not known is asked for."""

    def __init__(self, graph: Graph, rights: Rights, drive: str) -> None:
        self._graph = graph
        self._rights = rights
        self._drive = drive
        self._known: OrderedDict[str, Folder] = OrderedDict()

    def keep(self, identifier: str, folder: Folder) -> None:
        """Remember a folder that a listing told."""
        self._known[identifier] = folder
        self._known.move_to_end(identifier)
        if len(self._known) > _MOST_FOLDERS:
            self._known.popitem(last=False)

    def chain(self, identifier: str) -> list[Folder] | None:
        """A folder and those above it, up to the drive's root; None where one is gone by now.

        Raises:
            PlaceUnavailable: the drive does not answer, or folders lie in a circle.
        """
        found: list[Folder] = []
        following = identifier
        while following:
            if len(found) > _DEEPEST:
                raise PlaceUnavailable(
                    "SharePoint told of folders that lie deeper than any can. Sync again later."
                )
            folder = self._known.get(following) or self._asked(following)
            if folder is None:
                return None
            self.keep(following, folder)
            found.append(folder)
            following = folder.parent
        return found

    def _asked(self, identifier: str) -> Folder | None:
        item = f"/drives/{self._drive}/items/{named(identifier)}"
        reply = self._graph.get(item)
        if reply.status == 404:
            return None
        if reply.status != 200:
            raise PlaceUnavailable(
                f"A folder of the library cannot be read (HTTP {reply.status}). Check what the application "
                "may read."
            )
        # What is asked for by itself tells no reliable `shared` facet: its permissions are asked for.
        access = self._rights.read(self._graph.get(f"{item}/permissions"))
        return folder_of(reply.body, access)


def folder_of(item: Record, access: PlaceAccess | None) -> Folder:
    """A folder as an item tells it.

    Raises:
        PlaceUnavailable: it is neither the root nor in another folder.
    """
    if "root" in item:
        return Folder("", "", access)
    parent = text(item, "parentReference", "id")
    if not parent:
        raise PlaceUnavailable("SharePoint told of a folder that lies nowhere. Sync again later.")
    return Folder(parent, text(item, "name"), access)


def access_of(chain: list[Folder]) -> PlaceAccess:
    """The rights that the innermost folder with rights of its own gives."""
    for folder in chain:
        if folder.access is not None:
            return folder.access
    return PlaceAccess.unreadable(
        "The permissions of its library are not known, so nobody sees it."
    )
