"""Suggestions from the documents that one curator may read; what they rest on is counted, not quoted."""

from contextlib import suppress

from centaure.audit import Action, record
from centaure.kit.database import WriteSession
from centaure.kit.errors import InvalidInput
from centaure.knowledge.retrieval.thesaurus.entries import (
    LONGEST,
    Entry,
    NewEntry,
    checked,
    insert_entry,
)

LEAST_DOCUMENTS = 2
LEAST_FOLDERS = 2
MOST_SUGGESTIONS = 200
"""Of one request; the next goes on."""


async def suggest(session: WriteSession, curator: int) -> list[Entry]:
    """Suggest the acronyms that several documents of several folders spell out alike.

    What the curator sees as an entry already, in whatever state, is not suggested again. Other curators
    do not see a suggestion before it is accepted: it may come from documents that they cannot read.

    Args:
        session: of the curator, whose rights say which documents are looked at.
        curator: who asks.
    """
    rows = await session.rows(
        _ACRONYMS,
        {
            "documents": LEAST_DOCUMENTS,
            "folders": LEAST_FOLDERS,
            "longest": LONGEST,
            "most": MOST_SUGGESTIONS,
        },
    )
    added: list[Entry] = []
    for row in rows:
        with suppress(InvalidInput):  # a word that search does not look for, such as "EST"
            said = checked(NewEntry(row.acronym, row.expansion, other_language=row.language))
            seen = (row.documents, row.folders)
            added.append(await insert_entry(session, said, curator, seen))
    details = {"did": "suggest", "entries": len(added)}
    await record(session, Action.THESAURUS_CHANGE, "thesaurus", details=details)
    return added


_ACRONYMS = """
    select said.acronym, min(said.expansion collate "C") as expansion, said.language,
        count(*) as documents, count(distinct said.folder) as folders
    from (
        select acronym.acronym, acronym.expansion, acronym.language,
            (document.source_id, regexp_replace(document.path, '/?[^/]*$', '')) as folder
        from document
        join acronym on acronym.document_id = document.id
    ) as said
    where not exists (
        select from thesaurus_entry entry
        where entry.relation = 'equivalent' and (
            lower(entry.term) = lower(said.acronym) and lower(entry.other) = lower(said.expansion)
            or lower(entry.other) = lower(said.acronym) and lower(entry.term) = lower(said.expansion))
    ) and length(said.expansion) <= %(longest)s
    group by said.acronym, lower(said.expansion), said.language
    having count(*) >= %(documents)s and count(distinct said.folder) >= %(folders)s
    order by documents desc, said.acronym collate "C", lower(said.expansion) collate "C", said.language
    limit %(most)s
"""
