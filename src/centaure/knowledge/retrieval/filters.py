"""Filters as people say them, and what there is to filter on, within a reader's rights."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from centaure.kit.database import ReadSession
from centaure.knowledge.retrieval.results import SearchFilters

NO_SOURCE = -1
MOST_FOLDERS = 500


@dataclass(frozen=True, slots=True)
class FilterWords:
    """Filters by name: a source's name, "C1", days (both included)."""

    source: str | None = None
    folder: str | None = None
    format: str | None = None
    language: str | None = None
    classification: str | None = None
    modified_from: date | None = None
    modified_to: date | None = None


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
    sources: tuple[int, ...] = ()
    if words.source:
        found = await session.value(
            "select id from source where name = %(name)s", {"name": words.source}
        )
        sources = (int(found) if found is not None else NO_SOURCE,)
    return SearchFilters(
        sources=sources,
        folders=_one(words.folder),
        formats=_one(words.format),
        languages=_one(words.language),
        classifications=(int(words.classification[1:]),) if words.classification else (),
        modified_from=_midnight(words.modified_from),
        modified_to=_midnight(words.modified_to and words.modified_to + timedelta(days=1)),
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


def _one(word: str | None) -> tuple[str, ...]:
    return (word,) if word else ()


def _midnight(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), UTC)
