"""What a rights manifest (`rights.yaml`) says: groups, users and rules."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from centaure.kit.errors import InvalidInput

EVERYONE = "*"
_DRIVE = re.compile(r"^[A-Za-z]:")


class InvalidManifest(InvalidInput):
    """The manifest cannot be applied; rights stay as they were until it is repaired."""

    title = "Invalid rights manifest"


@dataclass(frozen=True, slots=True)
class Group:
    """A group of the source, and the groups whose members are also its members."""

    id: str
    label: str
    contains: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class User:
    """A person: the groups that they are in and, perhaps, the highest class that they may read."""

    id: str
    name: str
    groups: tuple[str, ...]
    clearance: int | None


@dataclass(frozen=True, slots=True)
class Principals:
    """Groups and users as a rule names them; `*` in either is any signed-in user."""

    groups: tuple[str, ...] = ()
    users: tuple[str, ...] = ()

    @property
    def everyone(self) -> bool:
        """Whether any signed-in user is named."""
        return EVERYONE in self.groups or EVERYONE in self.users


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may read one file, or everything below one folder, and of what class it is.

    Attributes:
        path: as `normal_path` gives it; empty for the whole source.
        line: where it stands in the manifest, from 1.
    """

    path: str
    type: Literal["folder", "file"]
    classification: int
    read: Principals
    deny: Principals
    line: int

    @property
    def name(self) -> str:
        """The rule as sentences name it."""
        return f"{self.type} '{self.path or '.'}'"


@dataclass(frozen=True, slots=True)
class Manifest:
    """A valid manifest.

    Attributes:
        warnings: what is probably a mistake, in sentences; nothing of it opens anything.
        hash: SHA-256 of the file.
    """

    groups: Mapping[str, Group]
    users: Mapping[str, User]
    rules: tuple[Rule, ...]
    warnings: tuple[str, ...]
    hash: bytes


def normal_path(written: str) -> str:
    r"""A rule's path in the one form that is compared: NFC, '/' between names, no '.' and no ends.

    A leading '/' is the source's own folder; `\` is read as '/', as Windows users write it.

    Raises:
        ValueError: it climbs with '..' or names a drive.
    """
    path = unicodedata.normalize("NFC", written).replace("\\", "/")
    if _DRIVE.match(path):
        raise ValueError("it names a drive; write it relative to the source's folder")
    names = [name for name in path.split("/") if name not in {"", "."}]
    if ".." in names:
        raise ValueError("it climbs with '..'; write it relative to the source's folder")
    return "/".join(names)
