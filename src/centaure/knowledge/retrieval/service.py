"""From a question to passages, as the principal of the session."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from centaure.kit.database import ReadSession, Row
from centaure.knowledge.retrieval.families import Family, group
from centaure.knowledge.retrieval.fusion import fused, meaning_weight
from centaure.knowledge.retrieval.highlights import Finder, joined
from centaure.knowledge.retrieval.meaning import Meaning
from centaure.knowledge.retrieval.question import Question, corrected
from centaure.knowledge.retrieval.ranking import Candidate, look_again, name_of
from centaure.knowledge.retrieval.results import DocumentBrief, Hit, SearchFilters, SearchResult
from centaure.knowledge.retrieval.spelling import corrections
from centaure.knowledge.retrieval.terms import term_number
from centaure.knowledge.retrieval.thesaurus import understood
from centaure.knowledge.retrieval.votes import numbers_of

MOST_HITS = 200
"""Passages given at most."""
BEST_HITS = 5
"""Passages that the coverage of a whole result looks at."""
SHORT = 64_000
"""Characters whose words are found in a few milliseconds, less than a thread is worth."""
_SPARE = 10
"""Passages fetched beyond those asked for, since older versions of a document are left out."""
_LOOKED_AT = 30
"""Passages fetched at least: those that a second look may bring up."""

_FILTERS = """cast(%(sources)s as int[]), cast(%(folders)s as text[]), cast(%(formats)s as text[]),
        cast(%(languages)s as text[]), cast(%(classifications)s as smallint[]),
        cast(%(modified_from)s as timestamptz), cast(%(modified_to)s as timestamptz),
        cast(%(documents)s as bigint[])"""
# `offset 0` keeps each look-up one by one, by key: the planner cannot know how many documents a reader's
# rights open, supposes few, and would read them all to begin with.
_PASSAGES = """
    cross join lateral (
        select chunk.id as chunk_id, position, text, heading_path, kind, page_first, page_last, sheet,
            cells, language as chunk_language
        from chunk where chunk.id = found.chunk_id offset 0
    ) as passage
    cross join lateral (
        select id, source_id, path, title, author, format, language, classification, modified,
            content_hash, family,
            exists (
                select from document as copy
                where copy.content_hash = document.content_hash and copy.id <> document.id
            ) or exists (
                select from document as version
                where version.source_id = document.source_id and version.family = document.family
                    and version.id <> document.id
            ) as has_kin
        from document where document.id = found.document_id offset 0
    ) as about
    left join feedback_of(
        cast(%(terms)s as int[]), (select array_agg(distinct document_id) from found)
    ) as feedback on feedback.document_id = found.document_id
    order by found.place
"""
# One statement, one snapshot: words and meaning see the same generation.
_SEARCH = f"""
    with found as materialized (
        select *
        from search(
            cast(%(question)s as public.sparsevec), cast(%(alternatives)s as text[]),
            cast(%(weights)s as float8[]), cast(%(wanted)s as int),
            {_FILTERS},
            cast(%(vector)s as public.halfvec), cast(%(model)s as int)
        ) with ordinality as leg(
            chunk_id, document_id, score, similarity, by_words, by_meaning, whole, source, place
        )
    )
    select passage.*, found.score, found.similarity, found.by_words, found.by_meaning,
        found.whole, feedback.terms as voted, feedback.worths, about.*, found.source
    from found
    {_PASSAGES}
"""  # noqa: S608 - made of constants of this file

_RELATED = """
    with wanted(content_hash, source_id, family) as (
        select * from unnest(
            cast(%(hashes)s as bytea[]), cast(%(sources)s as int[]), cast(%(families)s as text[]))
    ), related(id) as (
        select kin.id from wanted cross join lateral (
            select id from document where document.content_hash = wanted.content_hash offset 0
        ) as kin
        union
        select kin.id from wanted cross join lateral (
            select id from document
            where document.source_id = wanted.source_id and document.family = wanted.family offset 0
        ) as kin
        limit 2000
    )
    select about.*, source.name as source
    from related
    cross join lateral (
        select id, source_id, path, title, format, language, classification, modified, content_hash,
            family
        from document where document.id = related.id offset 0
    ) as about
    join sources_of((select array_agg(id) from related)) as source on source.id = about.source_id
    order by about.source_id, about.path collate "C"
"""


async def search(
    session: ReadSession,
    query: str,
    filters: SearchFilters,
    limit: int,
    meaning: Meaning | None = None,
) -> SearchResult:
    """The passages that answer best, among those that the session's principal may read.

    Of the versions and copies of one document only one gives passages: the one that the question
    names (by a year or a version of its file name), else the latest; the rest are its `others`.

    Args:
        session: Its principal decides what is seen; without one nothing is.
        query: A question or some words, in French or English, of any length.
        filters: Which documents to search.
        limit: Most passages, up to `MOST_HITS`.
        meaning: What `Meanings.of` gave for the query, before the session began; None: words alone.
    """
    question = await understood(session, query)
    limit = min(limit, MOST_HITS)
    if not (question.terms or meaning) or limit < 1:
        return SearchResult(question, (), 0.0)
    wanted = max(limit + _SPARE, _LOOKED_AT)
    read_again = False
    weight = meaning_weight(meaning.family, question.language) if meaning else 0.0
    while True:
        rows = await _found(session, question, filters, wanted, meaning)
        # Long passages take tens of milliseconds, during which others are to be answered.
        long = sum(len(row.text) for row in rows) > SHORT
        again = (
            await asyncio.to_thread(look_again, question, rows)
            if long
            else look_again(question, rows)
        )
        candidates = fused(again, weight)
        if not read_again:
            read_again = True
            held = {term_number(stem) for one in candidates for stem in one.stems}
            if wrong := await corrections(session, query, held):
                question = corrected(question, wrong)
                continue
        families = await _families(session, question, rows)
        kept = [one for one in candidates if families[one.row.id].shown == one.row.id][:limit]
        if len(kept) == limit or len(rows) < wanted or wanted > 4 * MOST_HITS:
            break
        wanted *= 4
    matches = [_match(question, candidate, families[candidate.row.id]) for candidate in kept]
    together = frozenset[int]().union(*(matched for _, matched in matches[:BEST_HITS]))
    return SearchResult(
        question,
        tuple(hit for hit, _ in matches),
        question.share(together),
        meaning_weight=weight if meaning else None,
    )


async def _found(
    session: ReadSession,
    question: Question,
    filters: SearchFilters,
    wanted: int,
    meaning: Meaning | None,
) -> Sequence[Row]:
    parameters: Mapping[str, Any] = {
        "question": question.vector(),
        "alternatives": question.alternatives(),
        "weights": question.weights(),
        "wanted": wanted,
        "terms": numbers_of(question),
        "sources": list(filters.sources) or None,
        "folders": list(filters.folders) or None,
        "formats": list(filters.formats) or None,
        "languages": list(filters.languages) or None,
        "classifications": list(filters.classifications) or None,
        "modified_from": filters.modified_from,
        "modified_to": filters.modified_to,
        "documents": list(filters.documents) or None,
        "vector": meaning and meaning.vector,
        "model": meaning and meaning.model,
    }
    return await session.rows(_SEARCH, parameters)


async def _families(
    session: ReadSession, question: Question, rows: Sequence[Row]
) -> dict[int, Family]:
    """The family of each document found, with its members that may be read."""
    documents = {row.id: row for row in rows}
    alone = {key: Family((_brief(row),), key) for key, row in documents.items() if not row.has_kin}
    with_kin = [row for row in documents.values() if row.has_kin]
    if not with_kin:
        return alone
    related = await session.rows(
        _RELATED,
        {
            "hashes": [row.content_hash for row in with_kin],
            "sources": [row.source_id for row in with_kin],
            "families": [row.family for row in with_kin],
        },
    )
    # What was found stays known, even if it was closed since.
    members = {row.id: row for row in (*with_kin, *related)}
    finder = Finder(question.stems())
    named = {
        key: question.share(question.matched(finder.stems(name_of(row.path), "simple")))
        for key, row in members.items()
    }
    families = group(
        {key: _brief(row) for key, row in members.items()},
        {
            key: (bytes(row.content_hash), (row.source_id, row.family))
            for key, row in members.items()
        },
        named,
        frozenset(row.id for row in with_kin),
    )
    return alone | families


def _match(question: Question, candidate: Candidate, family: Family) -> tuple[Hit, frozenset[int]]:
    """A hit, and the places of the question's terms that it holds."""
    row = candidate.row
    matched = question.matched(candidate.stems)
    hit = Hit(
        document=family.member(row.id),
        chunk_id=row.chunk_id,
        position=row.position,
        text=row.text,
        heading_path=tuple(row.heading_path),
        kind=row.kind,
        page_first=row.page_first,
        page_last=row.page_last,
        sheet=row.sheet,
        cells=row.cells,
        language=row.chunk_language,
        score=candidate.score,
        similarity=candidate.similarity,
        coverage=question.share(matched),
        highlights=joined((start, end) for _, start, end in candidate.places),
        others=family.others(row.id),
        signals=candidate.signals,
        stems=candidate.stems,
        found_by=tuple(
            leg for leg, found in (("words", row.by_words), ("meaning", row.by_meaning)) if found
        ),
    )
    return hit, matched


def _brief(row: Row) -> DocumentBrief:
    return DocumentBrief(
        id=row.id,
        source_id=row.source_id,
        source=row.source,
        path=row.path,
        title=row.title,
        format=row.format,
        language=row.language,
        classification=row.classification,
        modified=row.modified,
    )
