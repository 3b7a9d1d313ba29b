"""Comparisons as the API spells them."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, Field

from centaure.answering.answers import Answer, Citation, Fallback, Judged, Sentence, Stop
from centaure.answering.events import CitationEvent, JudgedEvent, SentenceEvent, written
from centaure.feedback.comparisons.comparing import Failed, Said, Side
from centaure.feedback.comparisons.service import (
    LONGEST_COMMENT,
    Brief,
    Reason,
    Revealed,
    SideAnswer,
    State,
    Vote,
    Whole,
)
from centaure.feedback.comparisons.settings import Choices, Kind, Task
from centaure.footprint.schemas import AmountRead
from centaure.gateway.schemas import ModelChoice
from centaure.knowledge.retrieval.finding import Stage
from centaure.knowledge.retrieval.schemas import Classification, SearchFilters

LONGEST_QUESTION = 10_000
LONGEST_WORDS = 2_000


def _storable(text: str) -> str:
    return text.replace("\0", " ")


class ComparisonChoices(BaseModel):
    """What can be compared: models, prompts by name (`own`: in one's own words), searches."""

    models: list[ModelChoice]
    prompts: list[str]
    searches: list[Stage]

    @classmethod
    def of(cls, choices: Choices) -> Self:
        """The same choices, spelled for the API."""
        return cls(
            models=[ModelChoice.of(model) for model in choices.models],
            prompts=list(choices.prompts),
            searches=list(choices.searches),
        )


class SettingAsked(BaseModel):
    """One of the two: a model, a prompt (with `words`, where it is one's `own`), or a search."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    words: Annotated[str, Field(max_length=LONGEST_WORDS), AfterValidator(_storable)] = ""


class ComparisonAsked(BaseModel):
    """A question for two settings; the order in which they are named says nothing of their sides."""

    question: Annotated[
        str, Field(min_length=1, max_length=LONGEST_QUESTION), AfterValidator(_storable)
    ]
    kind: Kind
    one: SettingAsked
    other: SettingAsked
    task: Task = "other"
    filters: SearchFilters | None = None


class ComparisonVote(BaseModel):
    """Which side is preferred, and why; `consent`: the preference may be exported to train models."""

    vote: Vote
    reasons: Annotated[list[Reason], Field(max_length=20)] = []
    comment: Annotated[str, Field(max_length=LONGEST_COMMENT), AfterValidator(_storable)] = ""
    consent: bool = False


class ComparisonConsent(BaseModel):
    """Whether a preference may be exported to train models."""

    consent: bool


class ComparisonRead(BaseModel):
    """A comparison without what was answered; an empty question was removed since it is old."""

    id: int
    kind: Kind
    task: Task
    language: str
    state: State
    vote: Vote | None
    reasons: list[Reason]
    consent: bool
    asked_at: datetime
    voted_at: datetime | None
    question: str
    comment: str

    @classmethod
    def of(cls, brief: Brief) -> Self:
        """The same comparison, spelled for the API."""
        return cls.model_validate(brief, from_attributes=True)


class SideAnswerRead(BaseModel):
    """What a side said, without a name."""

    answerable: bool
    sentences: list[SentenceEvent]
    citations: list[CitationEvent]
    classification: Classification

    @classmethod
    def of(cls, answer: SideAnswer) -> Self:
        """The same answer, spelled for the API."""
        return cls.model_validate(
            {
                "answerable": answer.answerable,
                "sentences": list(answer.sentences),
                "citations": list(answer.citations),
                "classification": f"C{answer.classification}",
            }
        )


class RevealedRead(BaseModel):
    """Which setting stood on a side, and what the call that wrote its answer took.

    `model` is empty, and figures are null, where the answer is made of quotations; `euros` is null where the
    price is not known, and the footprint where it cannot be estimated.
    """

    player: str
    words: str
    model: str
    fallback: Fallback | None
    prompt_tokens: int | None
    completion_tokens: int | None
    tokens_counted: bool
    euros: float | None
    energy_kwh: AmountRead | None
    co2e_g: AmountRead | None
    water_l: AmountRead | None
    first_ms: int | None
    duration_ms: int | None

    @classmethod
    def of(cls, revealed: Revealed) -> Self:
        """The same side, spelled for the API."""
        cost, impacts = revealed.cost_micro_euros, revealed.impacts
        return cls.model_validate(
            {
                "player": revealed.player,
                "words": revealed.words,
                "model": revealed.model,
                "fallback": revealed.fallback,
                "prompt_tokens": revealed.prompt_tokens,
                "completion_tokens": revealed.completion_tokens,
                "tokens_counted": revealed.tokens_counted,
                "euros": None if cost is None else cost / 1_000_000,
                "energy_kwh": impacts and AmountRead.of(impacts.energy_kwh),
                "co2e_g": impacts and AmountRead.of(impacts.co2e_g),
                "water_l": impacts and AmountRead.of(impacts.water_l),
                "first_ms": revealed.first_ms,
                "duration_ms": revealed.duration_ms,
            }
        )


class WholeComparison(BaseModel):
    """A comparison with what may still be read of its answers, and the settings once a vote is there."""

    comparison: ComparisonRead
    left: SideAnswerRead | None
    right: SideAnswerRead | None
    left_revealed: RevealedRead | None
    right_revealed: RevealedRead | None

    @classmethod
    def of(cls, whole: Whole) -> Self:
        """The same comparison, spelled for the API."""
        answers = {side: SideAnswerRead.of(one) for side, one in whole.answers.items()}
        revealed = {side: RevealedRead.of(one) for side, one in whole.revealed.items()}
        return cls(
            comparison=ComparisonRead.of(whole.brief),
            left=answers.get("left"),
            right=answers.get("right"),
            left_revealed=revealed.get("left"),
            right_revealed=revealed.get("right"),
        )


class ComparisonEvent(BaseModel):
    """Event `comparison`, the first: its number."""

    id: int


class ReadyEvent(BaseModel):
    """Event `ready`, the last: whether both sides are answered, and can be voted on."""

    votable: bool


class OfSide(BaseModel):
    """What comes of a side says which."""

    side: Side


class SideCitationEvent(CitationEvent, OfSide):
    """Event `citation`, of a side."""


class SideSentenceEvent(SentenceEvent, OfSide):
    """Event `sentence`, of a side."""


class SideJudgedEvent(JudgedEvent, OfSide):
    """Event `judged`, of a side."""


class SideDoneEvent(OfSide):
    """Event `done`, of a side: its answer is whole; who wrote it is told after the vote."""

    language: str
    answerable: bool
    classification: Classification | None
    warning: bool
    stopped: Stop | None
    held: int | None
    problem: str


class SideProblemEvent(OfSide):
    """Event `problem`, of a side: why it has no answer."""

    detail: str


def event(said: Said) -> str:
    """A piece of a side, as the server-sent event that carries it: nothing in it names the setting."""
    side, piece = said
    match piece:
        case Citation():
            shown = CitationEvent.of(piece).model_dump()
            return written("citation", SideCitationEvent(side=side, **shown))
        case Sentence():
            shown = SentenceEvent.of(piece).model_dump()
            return written("sentence", SideSentenceEvent(side=side, **shown))
        case Judged(place, support, reason):
            judged = SideJudgedEvent(side=side, sentence=place, support=support, reason=reason)
            return written("judged", judged)
        case Answer():
            return written("done", _done(side, piece))
        case Failed(problem):
            return written("problem", SideProblemEvent(side=side, detail=problem))


def _done(side: Side, answer: Answer) -> SideDoneEvent:
    level = answer.classification
    return SideDoneEvent.model_validate(
        {
            "side": side,
            "language": answer.language,
            "answerable": answer.answerable,
            "classification": None if level is None else f"C{level}",
            "warning": answer.warning,
            "stopped": answer.stopped,
            "held": answer.held,
            "problem": answer.problem,
        }
    )
