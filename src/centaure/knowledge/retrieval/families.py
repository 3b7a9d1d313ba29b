"""Copies and versions of one document, and which of them stands for all."""

from collections import defaultdict
from collections.abc import Mapping
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
        kinship: For each, what makes it kin to others; kin of kin is kin.
        named: For each, how much of the question its file name holds: who asks for the budget of
            2023 means that version, and not the latest.
        found: The documents that have passages to give.
    """
    by_mark: defaultdict[object, list[int]] = defaultdict(list)
    for key, (content, family) in kinship.items():
        by_mark[content].append(key)
        if family[1] is not None:
            by_mark[family].append(key)
    for mark in [mark for mark, keys in by_mark.items() if len(keys) > MOST_VERSIONS]:
        if isinstance(mark, tuple):
            del by_mark[mark]
    families: dict[int, Family] = {}
    for start in sorted(found):
        if start in families:
            continue
        kin: set[int] = set()
        waiting = [start]
        while waiting:
            key = waiting.pop()
            if key in kin:
                continue
            kin.add(key)
            content, family = kinship[key]
            waiting.extend(by_mark[content])
            waiting.extend(by_mark.get(family, ()))
        members = sorted((documents[key] for key in kin), key=_path)
        members.sort(key=_lateness, reverse=True)
        # `max` keeps the first of equals, which is the latest.
        shown = max((m for m in members if m.id in found), key=lambda member: named[member.id])
        built = Family(tuple(members), shown.id)
        families.update((key, built) for key in kin if key in found)
    return families


def _path(document: DocumentBrief) -> tuple[int, str]:
    return document.source_id, document.path


def _lateness(document: DocumentBrief) -> tuple[object, ...]:
    return (*version_of(document.path), document.modified or _NO_DATE)
