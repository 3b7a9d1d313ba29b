"""Why a search found what it found, for those who look after it: the legs, the terms, what was rewritten.

All of it is made of the question, of what its reader may read, and of the thesaurus that holds for them.
"""

from pydantic import BaseModel

from centaure.knowledge.retrieval.readings import Reading
from centaure.knowledge.retrieval.results import Hit, SearchResult


class TermExplained(BaseModel):
    """A word that was looked for: its stems, and what it weighs in nats."""

    stems: list[str]
    weight: float


class ExpansionExplained(BaseModel):
    """Other words that were looked for, for which of the question's, and what they count beside them."""

    kind: str
    term: str
    other: str
    factor: float


class ReadingExplained(BaseModel):
    """What a language model made of the question, and what it was asked for in vain.

    Attributes:
        model: its name here.
        simulated: whether it works by rule.
        unused: by task, "late", "failed", "refused", "nonsense", "unchanged" or "left alone".
    """

    model: str
    simulated: bool
    rewritten: str | None
    parts: list[str]
    hypothetical: str | None
    translation: str | None
    unused: dict[str, str]

    @classmethod
    def of(cls, reading: Reading) -> "ReadingExplained":
        """What a reading says of itself."""
        return cls(
            model=reading.model,
            simulated=reading.simulated,
            rewritten=reading.rewritten,
            parts=list(reading.parts),
            hypothetical=reading.hypothetical,
            translation=reading.translation,
            unused={str(task): str(why) for task, why in reading.unused.items()},
        )


class QuestionExplained(BaseModel):
    """What became of the question.

    Attributes:
        meaning_weight: null where words alone answered.
        reading: null where no language model was asked.
    """

    language: str
    terms: list[TermExplained]
    expansions: list[ExpansionExplained]
    meaning_weight: float | None
    reranker: str
    reading: ReadingExplained | None

    @classmethod
    def of(cls, result: SearchResult) -> "QuestionExplained":
        """What a result says of its question."""
        question = result.question
        return cls(
            language=question.language,
            terms=[
                TermExplained(stems=sorted(term.stems), weight=round(term.weight, 3))
                for term in question.terms
            ],
            expansions=[
                ExpansionExplained(
                    kind=each.reason.kind,
                    term=each.reason.term,
                    other=each.reason.other,
                    factor=each.factor,
                )
                for each in question.expansions
            ],
            meaning_weight=result.meaning_weight,
            reranker=result.reranked,
            reading=result.reading and ReadingExplained.of(result.reading),
        )


class HitExplained(BaseModel):
    """Where a passage stands and why.

    Attributes:
        found_by: "words", "meaning" or both.
        through: which searches gave it, where a language model made several of the question.
        stems: of the question, that the passage, its headings, title or file name hold.
        words, phrases, named, whole, period, feedback: what it scored, in nats; see `ranking.Signals`.
        similarity: of its vector to the question's.
        rerank_score: what the reranker says.
        coverage: part of the question's weight that it holds, in [0, 1].
        merged: the passages that it was merged of, in order; what it scored is the best one's. Empty: one.
    """

    found_by: list[str]
    through: list[str]
    stems: list[str]
    words: float
    phrases: float
    named: float
    whole: float
    period: float
    feedback: float
    similarity: float | None
    rerank_score: float | None
    coverage: float
    merged: list[int]

    @classmethod
    def of(cls, hit: Hit) -> "HitExplained":
        """What a hit says of itself."""
        signals = hit.signals
        return cls(
            found_by=list(hit.found_by),
            through=list(hit.through),
            stems=sorted(hit.stems),
            words=round(signals.words, 3),
            phrases=round(signals.phrases, 3),
            named=round(signals.named, 3),
            whole=round(signals.whole, 3),
            period=round(signals.period, 3),
            feedback=round(signals.feedback, 3),
            similarity=None if hit.similarity is None else round(hit.similarity, 4),
            rerank_score=hit.rerank_score,
            coverage=round(hit.coverage, 3),
            merged=[part.chunk_id for part in hit.parts],
        )
