"""What people do with their comparisons once they are answered; each function in a session of theirs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast

from centaure.answering.events import CitationEvent, SentenceEvent
from centaure.audit import Action, record
from centaure.feedback.comparisons import repository
from centaure.feedback.comparisons.comparing import Side
from centaure.feedback.comparisons.settings import Kind, Task
from centaure.footprint.estimation import Impacts, Range
from centaure.kit.database import ReadSession, Row, WriteSession
from centaure.kit.errors import Conflict, NotFound

Vote = Literal["left", "right", "equal", "neither"]
Reason = Literal["correct", "complete", "clear", "sourced", "short", "form"]
"""What decided: it is correct, complete, clear, well sourced, short, or in the form that was wanted."""
State = Literal["answering", "done", "stopped", "failed"]
LONGEST_COMMENT = 1_000

_VOTED = "You have voted on this already, or it was not answered to its end."


@dataclass(frozen=True, slots=True)
class Brief:
    """A comparison without what was answered.

    Attributes:
        id: its number.
        kind: what is compared.
        task: what the question is for.
        language: of the answers; empty: not known.
        state: whether both sides are answered.
        vote: which is preferred; None: nobody has said.
        reasons: why.
        consent: whether it may be exported as a preference.
        asked_at: when.
        voted_at: when.
        question: what was asked; empty: it is too old, and removed.
        comment: what was added to the vote.
    """

    id: int
    kind: Kind
    task: Task
    language: str
    state: State
    vote: Vote | None
    reasons: tuple[Reason, ...]
    consent: bool
    asked_at: datetime
    voted_at: datetime | None
    question: str
    comment: str


@dataclass(frozen=True, slots=True)
class SideAnswer:
    """What a side said."""

    answerable: bool
    sentences: tuple[SentenceEvent, ...]
    citations: tuple[CitationEvent, ...]
    classification: int


@dataclass(frozen=True, slots=True)
class Revealed:
    """Which setting stood on a side, and what its answer took; figures are of the call that wrote it.

    Attributes:
        player: name of the setting; empty: a prompt of one's own.
        words: those of that prompt.
        model: that wrote the answer; empty: it is made of quotations.
        fallback: why it is, where a model might have written it.
        prompt_tokens, completion_tokens: None: no call, or not known.
        tokens_counted: by the provider; else they are estimated.
        cost_micro_euros: None: no call, or the price is not known.
        impacts: energy, CO2e and water, from low to high; None: no call, or not estimated.
        first_ms, duration_ms: until the first words, and the last.
    """

    player: str
    words: str
    model: str
    fallback: str | None
    prompt_tokens: int | None
    completion_tokens: int | None
    tokens_counted: bool
    cost_micro_euros: int | None
    impacts: Impacts | None
    first_ms: int | None
    duration_ms: int | None


@dataclass(frozen=True, slots=True)
class Whole:
    """A comparison as whoever made it reads it.

    Attributes:
        brief: of it.
        answers: by side; a side is absent where something behind it may not be read any more.
        revealed: the settings by side; empty before the vote.
    """

    brief: Brief
    answers: dict[Side, SideAnswer]
    revealed: dict[Side, Revealed]


async def read(session: ReadSession, number: int) -> Whole:
    """A comparison of the principal's.

    Raises:
        NotFound: there is no such comparison of theirs.
    """
    row = await repository.brief(session, number)
    if row is None:
        raise NotFound
    answers: dict[Side, SideAnswer] = {
        cast("Side", one.side): SideAnswer(
            one.answerable,
            tuple(SentenceEvent.model_validate(each) for each in one.sentences),
            tuple(CitationEvent.model_validate(each) for each in one.citations),
            one.classification,
        )
        for one in await repository.answers(session, number)
    }
    revealed: dict[Side, Revealed] = {
        cast("Side", one.side): _revealed(one) for one in await repository.revealed(session, number)
    }
    return Whole(_brief(row), answers, revealed)


async def own(session: ReadSession, before: int | None = None) -> list[Brief]:
    """The latest comparisons of the principal, the latest first; those before a number where one is given."""
    return [_brief(row) for row in await repository.briefs(session, before)]


async def vote(  # noqa: PLR0913 - what a vote is made of
    session: WriteSession,
    number: int,
    said: Vote,
    reasons: Sequence[Reason],
    comment: str = "",
    *,
    consent: bool = False,
) -> Whole:
    """Vote, once and for good; the settings are told in return.

    Args:
        session: of whoever compared.
        number: of the comparison.
        said: which side is preferred.
        reasons: why.
        comment: in their own words.
        consent: whether the preference may be exported.

    Raises:
        NotFound: there is no such comparison of theirs.
        Conflict: they have voted, or there are not two answers.
    """
    if await repository.brief(session, number) is None:
        raise NotFound
    chosen = list(dict.fromkeys(reasons))
    if not await repository.vote(session, number, said, chosen, consent=consent):
        raise Conflict(_VOTED)
    if comment:
        await repository.comment_on(session, number, comment)
    whole = await read(session, number)
    await record(session, Action.COMPARISON, f"comparison:{number}", details={"what": "voted"})
    return whole


async def consent_to(session: WriteSession, number: int, *, consent: bool) -> None:
    """Give or take back consent to the export of a preference.

    Raises:
        NotFound: there is no such vote of theirs.
    """
    if not await repository.consent_to(session, number, consent=consent):
        raise NotFound
    details = {"what": "consent", "given": consent}
    await record(session, Action.COMPARISON, f"comparison:{number}", details=details)


async def remove(session: WriteSession, number: int) -> None:
    """Remove a comparison and its vote.

    Raises:
        NotFound: there is no such comparison of theirs.
    """
    if not await repository.remove(session, number):
        raise NotFound
    await record(session, Action.COMPARISON, f"comparison:{number}", details={"what": "removed"})


def _brief(row: Row) -> Brief:
    return Brief(
        id=row.id,
        kind=row.kind,
        task=row.task,
        language=row.language,
        state=row.state,
        vote=row.vote,
        reasons=tuple(row.reasons),
        consent=row.consent,
        asked_at=row.asked_at,
        voted_at=row.voted_at,
        question=row.question,
        comment=row.comment,
    )


def _revealed(row: Row) -> Revealed:
    impacts = None
    if row.co2e_g_high is not None:
        impacts = Impacts(
            Range(row.energy_kwh_low, row.energy_kwh_high),
            Range(row.co2e_g_low, row.co2e_g_high),
            Range(row.water_l_low, row.water_l_high),
        )
    return Revealed(
        player=row.player,
        words=row.words,
        model=row.model,
        fallback=row.fallback,
        prompt_tokens=row.prompt_tokens,
        completion_tokens=row.completion_tokens,
        tokens_counted=bool(row.tokens_counted),
        cost_micro_euros=row.cost_micro_euros,
        impacts=impacts,
        first_ms=row.first_ms,
        duration_ms=row.duration_ms,
    )
