"""Words of questions that found no answer: what people call things, where documents say something else.

Off unless an installation switches it on: a question is personal data. Kept of one are a few of its words,
each by itself, with a keyed digest of the word and of who asked: the same person counts once for a word,
their words cannot be put together again, and nobody without the installation's secret can tell who asked.
Curators see a word once three people asked it; the database sees to that (migrations/sql/thesaurus.sql).
"""

import hmac
import logging
import re
from dataclasses import dataclass
from hashlib import sha256

from centaure.audit import Action, record
from centaure.kit.database import Database, ReadSession, WriteSession
from centaure.kit.errors import NotFound
from centaure.knowledge.language import fold, stem
from centaure.knowledge.retrieval.question import LANGUAGES, MOST_CHARACTERS
from centaure.knowledge.retrieval.results import SearchResult
from centaure.knowledge.retrieval.thesaurus.lookup import starts

log = logging.getLogger(__name__)

KEPT_DAYS = 90
"""Days after which a word that nobody asked again is deleted."""
MOST_WORDS = 5
"""Words kept of one question: those that tell most."""
MOST_LISTED = 200
_HEAVIEST = 2
"""Words kept where passages hold them all, and none answers."""
_SHORTEST, _LONGEST = 3, 40
"""Characters of a word that is kept, once folded, as the table has it."""
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class MissedWord:
    """A word of questions without an answer, folded, and how many people asked it."""

    word: str
    askers: int


def missed_words(text: str, result: SearchResult) -> list[str]:
    """The telling words of a question that no passage found holds, else its heaviest; folded."""
    held = frozenset[str]().union(*(hit.stems for hit in result.hits))
    weights: dict[str, float] = {}
    unheld: set[str] = set()
    for written in _WORD.findall(text[:MOST_CHARACTERS]):
        stems = {stem(written, each) for each in LANGUAGES}
        weight = max(
            (term.weight for term in result.question.asked if stems & term.stems), default=0.0
        )
        word = fold(written)
        if weight > 0 and _SHORTEST <= len(word) <= _LONGEST:
            weights[word] = weight
            if held.isdisjoint(stems):
                unheld.add(word)
    ranked = sorted(weights, key=lambda word: (-weights[word], word))
    return [word for word in ranked if word in unheld][:MOST_WORDS] or ranked[:_HEAVIEST]


async def keep_missed(
    database: Database, text: str, result: SearchResult, asker: int, key: bytes
) -> None:
    """Keep the words of a question that found no answer, in a transaction of its own; never fails.

    Call it once the question is on record: what goes wrong here is logged, without the words.

    Args:
        database: as the application's role.
        text: what was searched.
        result: what was found.
        asker: who asked; a digest of it is kept.
        key: of the digests.
    """
    try:
        words = missed_words(text, result)
        if words:
            askers = [
                hmac.new(key, f"{word}\0{asker}".encode(), sha256).digest()[:16] for word in words
            ]
            async with database.write(asker) as session:
                await session.execute(
                    "select note_missed(cast(%(words)s as text[]), cast(%(askers)s as bytea[]))",
                    {"words": words, "askers": askers},
                )
    except Exception as error:  # noqa: BLE001 - the edge: no search depends on it
        log.warning("The words of a failed question were not kept: %s", type(error).__name__)


async def list_missed(session: ReadSession) -> list[MissedWord]:
    """The words that three people or more asked, the most asked first; curators alone see any.

    Those that an entry which the curator sees says are left out, whatever became of it.
    """
    rows = await session.rows("select word, askers from missed_words(%(most)s)", {"most": 1000})
    keys = list({start for row in rows for start in starts(row.word)})
    written = await session.rows(_WRITTEN, {"starts": keys})
    known = {fold(said) for row in written for said in (row.term, row.other)}
    return [MissedWord(row.word, row.askers) for row in rows if row.word not in known][:MOST_LISTED]


async def forget_missed(session: WriteSession, word: str) -> None:
    """Delete a word of questions, for whoever asked it.

    Raises:
        NotFound: it is not kept, or not shown to the session's principal.
    """
    if not await session.value("select forget_missed(%(word)s)", {"word": fold(word)}):
        raise NotFound
    await record(session, Action.THESAURUS_CHANGE, "thesaurus", details={"did": "forget"})


async def forget_old_words(session: WriteSession, kept_days: int) -> int:
    """As the worker, delete the words that nobody asked for so many days; how many rows they were."""
    return await session.execute(
        "delete from missed_word where day <= current_date - cast(%(days)s as int)",
        {"days": kept_days},
    )


_WRITTEN = """
    select term, other from thesaurus_entry where starts && cast(%(starts)s as text[])
"""
