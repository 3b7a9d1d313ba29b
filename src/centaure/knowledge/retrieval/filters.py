"""Filters as people say them, and what there is to filter on, within a reader's rights."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from centaure.kit.database import ReadSession
from centaure.knowledge.retrieval.results import SearchFilters

NO_SOURCE = -1
NO_DOCUMENT = -1
MOST_FOLDERS = 500


@dataclass(frozen=True, slots=True)
class Scope:
    """What is searched at most, whatever else is asked for; an empty tuple leaves a criterion open.

    Attributes:
        sources: names of sources.
        folders: posix and relative to their source; what lies deeper is included.
        formats: "pdf", "docx" ...
        languages: of the document: "fr", "en", "simple".
    """

    sources: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FilterWords:
    """Filters by name: a source's name, "C1", days (both included); `within` narrows them further.

    `documents` are numbers, of which those that the reader may read are searched with what they carry; where
    none is left, nothing is. Empty: all.
    """

    source: str | None = None
    folder: str | None = None
    format: str | None = None
    language: str | None = None
    classification: str | None = None
    modified_from: date | None = None
    modified_to: date | None = None
    documents: tuple[int, ...] = ()
    within: Scope = Scope()

    @property
    def narrows(self) -> bool:
        """Whether somebody asked for some documents only; what they are asked within does not count."""
        return replace(self, within=Scope()) != FilterWords()


@dataclass(frozen=True, slots=True)
class FilterChoices:
    """What the documents that a reader may read can be filtered on."""

    sources: list[str]
    folders: list[str]
    formats: list[str]
    languages: list[str]
    classifications: list[str]


async def resolve_filters(session: ReadSession, words: FilterWords) -> SearchFilters:
    """The filters that search takes; a source that the reader does not see filters everything out."""
    within = words.within
    names = both(_one(words.source), within.sources)
    folders = deeper(_one(words.folder), within.folders)
    formats = both(_one(words.format), within.formats)
    languages = both(_one(words.language), within.languages)
    sources: tuple[int, ...] = ()
    if None in (names, folders, formats, languages):
        sources = (NO_SOURCE,)
    elif names:
        rows = await session.rows(
            "select id from source where name = any(%(names)s) order by id", {"names": list(names)}
        )
        sources = tuple(int(row.id) for row in rows) or (NO_SOURCE,)
    documents: tuple[int, ...] = ()
    if words.documents:
        rows = await session.rows(_DOCUMENTS, {"ids": list(words.documents)})
        documents = tuple(int(row.id) for row in rows) or (NO_DOCUMENT,)
    return SearchFilters(
        sources=sources,
        folders=folders or (),
        formats=formats or (),
        languages=languages or (),
        classifications=(int(words.classification[1:]),) if words.classification else (),
        modified_from=_midnight(words.modified_from),
        modified_to=_midnight(_day_after(words.modified_to)),
        documents=documents,
    )


async def list_filters(session: ReadSession) -> FilterChoices:
    """What can be filtered on, from the documents that the reader may read and nothing else."""
    row = await session.one(_CHOICES, {"most": MOST_FOLDERS})
    return FilterChoices(
        sources=list(row.sources),
        folders=list(row.folders),
        formats=list(row.formats),
        languages=list(row.languages),
        classifications=[f"C{level}" for level in row.classifications],
    )


# With the attachments of messages, and theirs.
_DOCUMENTS = """
    with recursive named(id) as (
        select id from document where id = any(%(ids)s)
        union
        select document.id from document join named on document.parent_id = named.id
    )
    select id from named order by id
"""

_CHOICES = r"""
    with readable as materialized (
        select source_id, format, language, classification,
               regexp_replace(path, '/?[^/]*$', '') as folder
          from document
         where parent_id is null
    )
    select array(select name from source where id in (select source_id from readable) order by name)
               as sources,
           array(select distinct folder from readable where folder <> '' order by folder limit %(most)s)
               as folders,
           array(select distinct format from readable order by format) as formats,
           array(select distinct language from readable order by language) as languages,
           array(select distinct classification from readable order by classification)
               as classifications
"""


def both(asked: tuple[str, ...], within: Collection[str]) -> tuple[str, ...] | None:
    """What is among both, where nothing given stands for everything; None: nothing is."""
    if not within or not asked:
        return asked or tuple(within)
    return tuple(one for one in asked if one in within) or None


def deeper(asked: tuple[str, ...], within: Collection[str]) -> tuple[str, ...] | None:
    """The same of folders, of which one that lies in the other is among both."""
    if not within or not asked:
        return asked or tuple(within)
    found = [one for one in asked if any(_lies_in(one, other) for other in within)]
    found += [other for other in within if any(_lies_in(other, one) for one in asked)]
    return tuple(dict.fromkeys(found)) or None


def _lies_in(folder: str, other: str) -> bool:
    return f"{folder.strip('/')}/".startswith(f"{other.strip('/')}/")


def _one(word: str | None) -> tuple[str, ...]:
    # No name holds the null character, which PostgreSQL refuses; what stands in its place is in none either.
    return (word.replace("\0", "\ufffd"),) if word else ()


def _day_after(day: date | None) -> date | None:
    """The next day; None after the last there is, which leaves nothing out."""
    return None if day in (None, date.max) else day + timedelta(days=1)


def _midnight(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), UTC)
