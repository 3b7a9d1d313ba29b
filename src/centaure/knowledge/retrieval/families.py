"""Copies and versions of one document, and which of them stands for all."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, datetime

from centaure.knowledge.retrieval.results import DocumentBrief
from centaure.knowledge.retrieval.versions import version_of

_NO_DATE = datetime.min.replace(tzinfo=UTC)

MOST_VERSIONS = 20
"""Files of one family. More are a series ("letter_1901" to "letter_1999"), each a document of its own."""

Kinship = tuple[bytes, tuple[int, str | None]]
"""What makes documents kin: their content, or their family in their source (none: no kin)."""


@dataclass(frozen=True, slots=True)
class Family:
    """Documents that are copies or versions of each other.

    Attributes:
        members: The latest first.
        shown: Identifier of the one whose passages are given.
    """

    members: tuple[DocumentBrief, ...]
    shown: int

    def member(self, document: int) -> DocumentBrief:
        """The member of that identifier."""
        return next(member for member in self.members if member.id == document)

    def others(self, document: int) -> tuple[DocumentBrief, ...]:
        """The members besides one of them."""
        return tuple(member for member in self.members if member.id != document)


def group(
    documents: Mapping[int, DocumentBrief],
    kinship: Mapping[int, Kinship],
    named: Mapping[int, float],
    found: AbstractSet[int],
) -> dict[int, Family]:
    """The family of each document that was found.

    Args:
        documents: By identifier, the found ones and their kin.
        kinship: For each, what makes it kin to others. Kin of kin is none: else who copies a document
            into a folder of theirs could put a later version in its place.
        named: For each, how much of the question its file name holds: who asks for the budget of
            2023 means that version, and not the latest.
        found: The documents that have passages to give.
    """
    copies: defaultdict[bytes, list[int]] = defaultdict(list)
    versions: defaultdict[tuple[int, str | None], list[int]] = defaultdict(list)
    for key, (content, family) in kinship.items():
        copies[content].append(key)
        versions[family].append(key)

    def ordered(keys: Iterable[int]) -> list[DocumentBrief]:
        members = sorted((documents[key] for key in keys), key=_path)
        members.sort(key=_lateness, reverse=True)
        return members

    def best(keys: Iterable[int]) -> int:
        # `max` keeps the first of equals, which is the latest.
        return max(ordered(keys), key=lambda member: named[member.id]).id

    def family_of(key: int) -> list[int]:
        family = kinship[key][1]
        return versions[family] if family[1] and len(versions[family]) <= MOST_VERSIONS else [key]

    # Of the versions of one folder one is shown; of copies that are shown, one.
    shown = {key: best(found & set(family_of(key))) for key in sorted(found)}
    kept = {content: set(shown.values()) & set(keys) for content, keys in copies.items()}
    families: dict[int, Family] = {}
    for key in sorted(found):
        alike = kept[kinship[shown[key]][0]]
        members = {*family_of(key), *copies[kinship[key][0]]}
        families[key] = Family(tuple(ordered(members)), best(alike))
    return families


def _path(document: DocumentBrief) -> tuple[int, str]:
    return document.source_id, document.path


def _lateness(document: DocumentBrief) -> tuple[object, ...]:
    return (*version_of(document.path), document.modified or _NO_DATE)
