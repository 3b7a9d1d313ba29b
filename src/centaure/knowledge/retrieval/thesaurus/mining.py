"""Suggestions from what one curator may read and from what people asked in vain; counted, not quoted."""

from collections.abc import Sequence
from contextlib import suppress

from centaure.audit import Action, record
from centaure.kit.database import ReadSession, WriteSession
from centaure.kit.errors import Conflict, InvalidInput
from centaure.knowledge.language import fold
from centaure.knowledge.retrieval.spelling import exists, similar
from centaure.knowledge.retrieval.thesaurus.entries import (
    LONGEST,
    Entry,
    Grounds,
    NewEntry,
    checked,
    insert_entry,
)
from centaure.knowledge.retrieval.thesaurus.lexicon import translations
from centaure.knowledge.retrieval.thesaurus.missed import list_missed

LEAST_DOCUMENTS = 2
LEAST_FOLDERS = 2
MOST_EACH = 2
"""Suggestions for one word of questions."""
MOST_SUGGESTIONS = 200
"""Of one request; the next goes on."""


async def suggest(session: WriteSession, curator: int) -> list[Entry]:
    """Suggest acronyms that documents of several folders spell out, and words for those asked in vain.

    A word that several people asked is suggested with words of readable passages: what the lexicon leads
    to through the other language, else what is spelled nearly so. What the curator sees as an entry
    already, in whatever state, is not suggested again. Other curators do not see a suggestion before it is
    accepted: it may come from documents that they cannot read.

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
            grounds = Grounds(row.documents, row.folders)
            added.append(await insert_entry(session, said, curator, grounds))
    for missed in (await list_missed(session))[: MOST_SUGGESTIONS - len(added)]:
        for other in await _instead(session, missed.word):
            with suppress(InvalidInput, Conflict):
                said = checked(NewEntry(missed.word, other))
                added.append(
                    await insert_entry(session, said, curator, Grounds(askers=missed.askers))
                )
    details = {"did": "suggest", "entries": len(added)}
    await record(session, Action.THESAURUS_CHANGE, "thesaurus", details=details)
    return added


async def _instead(session: ReadSession, word: str) -> Sequence[str]:
    """Words of passages that the session's principal may read, for one that was asked."""
    there = translations(word)
    back = dict.fromkeys(again for other in there for again in translations(other))
    alike = [each for each in back if fold(each) != word and await exists(session, each)]
    return alike[:MOST_EACH] or [near for near, _ in await similar(session, word)][:MOST_EACH]


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
