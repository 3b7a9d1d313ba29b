"""Who may read a file of a share: whom the share, each folder on the way and the file itself let in.

Windows lets everybody pass folders that they may not open (the privilege SeChangeNotifyPrivilege, which
everyone has unless an administrator took it away); Samba lets nobody. Which of the two a server does cannot
be asked of it, so a reader must be able to pass each folder from the top of the share down (FILE_TRAVERSE),
unless the source says otherwise: narrower than such a Windows server, never wider.

What Samba's configuration says of a share besides its list (`valid users` and the like) cannot be read over
the network.
"""

from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import TypeVar

from smbprotocol.open import CreateOptions

from centaure.knowledge.connectors.files.smb_descriptor import (
    INFORMATION,
    Right,
    Unclear,
    access_of,
    joined,
    read_descriptor,
)
from centaure.knowledge.connectors.files.smb_directory import Directory, share_descriptor
from centaure.knowledge.connectors.files.smb_rpc import Refused
from centaure.knowledge.connectors.files.smb_session import Machine
from centaure.knowledge.connectors.port import (
    EVERYONE,
    ItemChanged,
    ItemGone,
    ItemUnreadable,
    PlaceAccess,
    PlaceGroup,
)

_FOLDER = CreateOptions.FILE_DIRECTORY_FILE | CreateOptions.FILE_OPEN_REPARSE_POINT
_FILE = CreateOptions.FILE_NON_DIRECTORY_FILE | CreateOptions.FILE_OPEN_REPARSE_POINT
_MOST_KEPT = 10_000
_Key = TypeVar("_Key")


@dataclass(frozen=True, slots=True)
class Settings:
    """How rights are read.

    Attributes:
        share: its name.
        base: of the source in it, with slashes; "" is the share itself.
        share_counts: whether the share's own list is read; otherwise it is said to let everyone in.
        folders_count: whether a reader must be able to pass the folders on the way.
    """

    share: str
    base: str
    share_counts: bool
    folders_count: bool


class Rights:
    """Reads rights during one listing, with one thread at a time."""

    def __init__(self, machine: Machine, directory: Directory, settings: Settings) -> None:
        self._machine = machine
        self._directory = directory
        self._settings = settings
        self._share: PlaceAccess | None = None
        self._folders: OrderedDict[str, PlaceAccess] = OrderedDict()
        self._decided: OrderedDict[tuple[bytes, Right], PlaceAccess] = OrderedDict()

    def forget(self) -> None:
        """Forget all, before a new listing."""
        self._directory.forget()
        self._share = None
        self._folders.clear()
        self._decided.clear()

    def groups(self, named: Collection[str]) -> Iterable[PlaceGroup]:
        """The groups named, and those in them.

        Raises:
            PlaceUnavailable: a machine does not answer.
        """
        return self._directory.groups(named)

    def of_file(self, path: str) -> PlaceAccess:
        """Whom everything on the way to a file of the source lets in, and the file itself.

        Raises:
            PlaceUnavailable: a machine does not answer.
        """
        whole = f"{self._settings.base}/{path}".strip("/")
        own = self._read(path, Right.READ, lambda: self._descriptor(whole, _FILE))
        return joined([*self._on_the_way(whole), own])

    def _on_the_way(self, whole: str) -> list[PlaceAccess]:
        found = [self._of_share()]
        if self._settings.folders_count:
            parts = whole.split("/")[:-1]
            found.extend(
                self._of_folder("/".join(parts[:depth])) for depth in range(len(parts) + 1)
            )
        return found

    def _of_share(self) -> PlaceAccess:
        if not self._settings.share_counts:
            return PlaceAccess((frozenset({EVERYONE}),))
        if self._share is None:
            share = self._settings.share
            name = f"the share {share}"
            try:
                self._share = self._read(
                    name, Right.READ, lambda: share_descriptor(self._machine, share)
                )
            except Refused:
                self._share = PlaceAccess.unreadable(
                    f"{self._machine.host} does not tell this user the rights of {name} itself. Let the user "
                    "administer the server, or set share_rights to everyone if the share lets everyone in."
                )
        return self._share

    def _of_folder(self, whole: str) -> PlaceAccess:
        found = self._folders.get(whole)
        if found is None:
            name = f"the folder {whole or self._settings.share}"
            found = self._read(name, Right.PASS, lambda: self._descriptor(whole, _FOLDER))
            _keep(self._folders, whole, found)
        else:
            self._folders.move_to_end(whole)
        return found

    def _read(self, name: str, right: Right, written: Callable[[], bytes]) -> PlaceAccess:
        try:
            descriptor = written()
            found = self._decided.get((descriptor, right))
            if found is None:
                found = access_of(read_descriptor(descriptor), right, self._directory, name)
                if not found.problem:  # which would name another file
                    _keep(self._decided, (descriptor, right), found)
        except ItemUnreadable:
            why = f"{self._machine.host} does not let this user read its permissions"
        except (ItemGone, ItemChanged):
            why = "it was replaced"
        except Unclear as error:
            why = str(error)
        else:
            return found
        return PlaceAccess.unreadable(f"The rights of {name} cannot be read ({why}).")

    def _descriptor(self, whole: str, options: int) -> bytes:
        return self._machine.descriptor(
            self._settings.share, whole.replace("/", "\\"), options, INFORMATION
        )


def _keep(known: OrderedDict[_Key, PlaceAccess], key: _Key, value: PlaceAccess) -> None:
    known[key] = value
    if len(known) > _MOST_KEPT:
        known.popitem(last=False)
