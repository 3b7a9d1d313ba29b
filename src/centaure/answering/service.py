"""From a question to a sourced answer, as the principal of the session."""

import asyncio
from collections.abc import Sequence

from centaure.answering.answers import Answer, Citation, Sentence, Turn
from centaure.answering.composition import Choice, choose, cite, page_of
from centaure.answering.confidence import confidence
from centaure.answering.evidence import PassageEvidence, contradicted, features
from centaure.answering.followups import complete
from centaure.answering.privilege import WHERE_TO_ASK
from centaure.answering.questions import Question, analyse
from centaure.kit.database import ReadSession
from centaure.knowledge.retrieval import Hit, SearchFilters, SearchResult, read_passage, search

MOST_PASSAGES = 10
"""Passages that are weighed."""

CONTRADICTED_SHARE = 0.4
"""What is left of the probability when the best passage is about another year or reference."""

NOT_FOUND = {
    "fr": f"Je n'ai pas trouvé la réponse dans les documents que vous pouvez lire. {WHERE_TO_ASK['fr']}",
    "en": f"I did not find the answer in the documents that you can read. {WHERE_TO_ASK['en']}",
}


async def searched_text(question: str, history: Sequence[Turn] = ()) -> str:
    """What is searched for a question: its words, with those that it leaves to earlier turns."""
    return (await asyncio.to_thread(complete, question, history)).search_text


async def answer(
    session: ReadSession,
    question: str,
    history: Sequence[Turn] = (),
    filters: SearchFilters | None = None,
    found: SearchResult | None = None,
) -> Answer:
    """What the documents that the session's principal may read say to a question.

    The answer depends on the question, its history and the passages that this principal may see, on
    nothing else: a document that may not be read changes neither words nor work.

    Args:
        session: its principal decides what is seen; without one nothing is found.
        question: in French or English; what follows its first 2,000 characters is not weighed.
        history: earlier turns, the oldest first; the user's complete an elliptic question where no language
            model rewrote it, or where its rewriting has no answer.
        filters: which documents to search.
        found: what a search for `searched_text` gave already, as the same principal; None: it is made
            here, by words alone.
    """
    asked = await asyncio.to_thread(complete, question, history)
    if found is None:
        found = await search(session, asked.search_text, filters or SearchFilters(), MOST_PASSAGES)
    reading = found.reading
    helped_by = reading.helped(asked.language) if reading else ""
    rewritten = reading.rewritten if reading else None
    chosen: list[Choice] = []
    if rewritten:
        alone = await asyncio.to_thread(analyse, rewritten)
        chosen = await asyncio.to_thread(weigh, alone, found.hits)
    chosen = chosen or await asyncio.to_thread(weigh, asked, found.hits)
    if chosen and asked.lent and not speaks_of(asked, chosen[0]):
        chosen = await _of_itself(session, asked, filters or SearchFilters())
    if not chosen:
        nothing = Sentence(NOT_FOUND[asked.language], ())
        return Answer(question, asked.language, False, (nothing,), (), helped_by)
    sentences, citations = cite(chosen)
    citations = await _placed(session, chosen, citations)
    return Answer(question, asked.language, True, sentences, citations, helped_by)


async def _of_itself(session: ReadSession, asked: Question, filters: SearchFilters) -> list[Choice]:
    """What to quote for a follow-up on another subject: its own words are searched, and weighed, alone.

    Where they do not suffice, what the earlier question lends may help, among passages that speak of it.
    """
    alone = await asyncio.to_thread(analyse, asked.text)
    found = await search(session, alone.search_text, filters, MOST_PASSAGES)
    chosen = await asyncio.to_thread(weigh, alone, found.hits)
    if chosen:
        return chosen
    chosen = await asyncio.to_thread(weigh, asked, found.hits)
    return chosen if chosen and speaks_of(asked, chosen[0]) else []


def speaks_of(question: Question, choice: Choice) -> bool:
    """Whether a unit, or a line above it, holds a telling word that the question itself says."""
    passage, evidence = choice
    return not question.own or any(passage.says(evidence, place) for place in question.own)


def weigh(question: Question, hits: Sequence[Hit]) -> list[Choice]:
    """What to quote from the passages that search found; nothing when the evidence is weak."""
    ranked = sorted(
        (PassageEvidence(question, hit) for hit in hits),
        key=lambda evidence: -evidence.worth,
    )
    if not ranked or not question.terms:
        return []
    model = confidence()
    probability = model.probability(features(question, ranked))
    if contradicted(question, ranked[0]):
        probability *= CONTRADICTED_SHARE
    if probability < model.threshold:
        return []
    return choose(question, ranked)


async def _placed(
    session: ReadSession, chosen: Sequence[Choice], citations: Sequence[Citation]
) -> tuple[Citation, ...]:
    """The citations with the page of their own words, where a passage runs over several pages."""
    placed: list[Citation] = []
    for (evidence, best), citation in zip(chosen, citations, strict=True):
        hit = evidence.passage
        page = citation.page
        if hit.page_first != hit.page_last:
            _, passage, _ = await read_passage(session, hit.document.id, hit.chunk_id)
            page = page_of(best.unit.start, len(hit.text), passage.boxes) or page
        placed.append(citation if page is None else citation.on_page(page))
    return tuple(placed)
