"""What a model that is not cleared for personal data is sent, what its asker reads, and what is on record."""

import json
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import pytest

from centaure.gateway.calls import Call, Completed, Purpose, Stopped
from centaure.gateway.catalogue import CatalogueModel
from centaure.gateway.chat import ChatRequest, Delta, Message, ToolCallPart
from centaure.gateway.facts import prompt_of
from centaure.gateway.outcomes import Outcome
from centaure.gateway.routing import Rule
from centaure.gateway.simulation.obedience import obeyed
from centaure.gateway.speaking import Written
from centaure.guardrails.checks import Check, Context
from centaure.guardrails.guarding import Guarding
from centaure.guardrails.moderation import HeldWords, Moderation
from centaure.guardrails.normalisation import Normalised
from centaure.guardrails.policy import DEFAULT, Label, Policy, Sensitivity, Treatment
from centaure.guardrails.pseudonyms import Pseudonyms
from centaure.guardrails.verdicts import Action, Finding, Stage, Verdict
from gateway.fakes import Fake, House, house

pytestmark = pytest.mark.anyio

MAIL, NAME, IBAN = "claire.martin@example.org", "Claire Martin", "FR76 3000 6000 0112 3456 7890 189"
VALUES = (MAIL, "Claire", "Martin", IBAN, "3000 6000")
ASKED = f"Madame {NAME} demande un virement sur {IBAN} ; écrivez à {MAIL}."
MASKING = Policy(cleared_from="C3")


@dataclass
class Echo(Fake):
    """Answers with the last message that it was sent, in pieces of one size."""

    size: int = 1_000
    deltas: Callable[[ChatRequest], Iterable[Delta]] | None = None

    async def stream(
        self, request: ChatRequest, *, first_s: float, longest_s: float
    ) -> AsyncGenerator[Delta]:
        del first_s, longest_s
        self.asked.append(request)
        said = self.deltas(request) if self.deltas is not None else (Delta(said_in(request)),)
        for delta in said:
            for at in range(0, len(delta.text), self.size):
                yield Delta(delta.text[at : at + self.size])
            for part in delta.tool_calls:
                yield from_part(part, slice(None, 7))
                yield from_part(replace(part, id="", name=""), slice(7, None))
        yield Delta(finish="stop")
        self.closed += 1


def said_in(request: ChatRequest) -> str:
    return request.messages[-1].content


def from_part(part: ToolCallPart, piece: slice) -> Delta:
    return Delta(tool_calls=(replace(part, arguments=part.arguments[piece]),))


class Fixed:
    """One policy for every assistant."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy

    async def of(self, assistant: str) -> Policy:
        del assistant
        return self.policy


@dataclass
class Vaults:
    """The pseudonyms of conversations, each of one person's."""

    kept: dict[tuple[int, int], Pseudonyms] = field(
        default_factory=dict[tuple[int, int], Pseudonyms]
    )

    async def load(self, principal: int, conversation: int) -> Pseudonyms:
        known = self.kept.get((principal, conversation), Pseudonyms())
        return Pseudonyms(known.kept.values())

    async def save(self, principal: int, conversation: int, pseudonyms: Pseudonyms) -> bool:
        self.kept[principal, conversation] = pseudonyms
        return True


class Sees:
    """Finds some words in answers, and keeps what it was shown."""

    name: ClassVar[str] = "sees"
    stages: ClassVar[frozenset[Stage]] = frozenset({Stage.OUTPUT})
    default: ClassVar[Sensitivity | None] = Sensitivity()

    def __init__(self, words: str = "") -> None:
        self.words = words
        self.seen: list[str] = []

    def look(self, text: Normalised, context: Context) -> Iterator[Finding]:
        del context
        self.seen.append(text.text)
        at = text.text.find(self.words) if self.words else -1
        if at >= 0:
            yield Finding(at, at + len(self.words), self.name, "WORDS", 1.0, "words.1")


@dataclass
class Waiting:
    """Keeps what waits for a person, who never decides."""

    held: list[HeldWords] = field(default_factory=list[HeldWords])

    async def hold(self, call: Call, stage: Stage, verdict: Verdict, words: HeldWords) -> int:
        del call, stage, verdict
        self.held.append(words)
        return len(self.held)

    async def released(
        self, call: Call, stage: Stage, words: HeldWords, *, past: bool = False
    ) -> bool:
        del call, stage, words, past
        return False


def opened(
    *models: tuple[int, Fake],
    policy: Policy = MASKING,
    among: Sequence[Check] = (),
    rules: Sequence[Rule] = (),
    moderation: Moderation | None = None,
) -> House:
    """A gateway before models that are cleared so far, the first asked first."""
    rows = [
        (CatalogueModel(id=number, name=f"m{number}", kind="openai", highest=highest), model)
        for number, (highest, model) in enumerate(models, start=1)
    ]
    guard = Guarding(Fixed(policy), Vaults(), among, moderation)
    return house(*rows, rules=rules, guard=guard)


async def ask(kept: House, text: str = ASKED, *, principal: int = 1, **more: Any) -> Completed:
    request = ChatRequest((Message("user", text),))
    call = Call(request, principal, Purpose.CHAT, 1, language="fr", **more)
    return await kept.gateway.complete(call)


def on_record(kept: House) -> str:
    """All that the records were told."""
    prompts = [prompt_of(call) for call in kept.records.calls]
    outcomes: list[Outcome] = [one for each in kept.records.finished.values() for one in each]
    shown = [one.answer if one.shown is None else one.shown for one in outcomes]
    return json.dumps([*prompts, *shown, *kept.records.refused], ensure_ascii=False)


def values_in(text: str) -> list[str]:
    return [value for value in VALUES if value in text]


@pytest.mark.parametrize("conversation", [None, 7])
async def test_a_model_is_sent_no_value_its_asker_reads_them_and_the_record_has_none(
    conversation: int | None,
) -> None:
    model = Echo()
    kept = opened((2, model))
    said = await ask(kept, conversation=conversation)
    assert said.text == ASKED
    assert values_in(repr(model.asked)) == []
    assert values_in(on_record(kept)) == []
    for placeholder in ("[PERSON_1]", "[IBAN_1]", "[EMAIL_1]"):
        assert on_record(kept).count(placeholder) == 2
    ((outcome,),) = kept.records.finished.values()
    assert [(one.rule, one.action, one.count) for one in outcome.verdicts] == [
        ("pseudonyms", "redact", 3)
    ]


@pytest.mark.parametrize(
    ("policy", "highest"), [(DEFAULT, 1), (MASKING, 3), (Policy(cleared_from="C2"), 2)]
)
async def test_by_default_and_where_a_model_is_cleared_nothing_is_masked(
    policy: Policy, highest: int
) -> None:
    model = Echo()
    assert (await ask(opened((highest, model), policy=policy))).text == ASKED
    assert said_in(model.asked[0]) == ASKED


@pytest.mark.parametrize("size", range(1, 13))
async def test_values_come_back_wherever_the_stream_is_cut(size: int) -> None:
    assert (await ask(opened((2, Echo(size=size))))).text == ASKED


async def test_what_an_obedient_model_calls_tools_with_has_the_values_again() -> None:
    model = Echo(deltas=obeyed)
    kept = opened((2, model))
    call = Call(ChatRequest((Message("user", ASKED),)), 1, Purpose.CHAT, 1)
    async with kept.gateway.speak(call) as spoken:
        parts = [part async for delta in spoken for part in delta.tool_calls]
    (part,) = parts
    assert json.loads(part.arguments)["content"].strip() == ASKED
    assert values_in(repr(model.asked)) == []
    assert values_in(on_record(kept)) == []


@pytest.mark.parametrize("hedge_s", [None, 0.01])
async def test_each_model_is_sent_what_it_is_cleared_for(hedge_s: float | None) -> None:
    cleared = Fake("fails") if hedge_s is None else Fake("hangs")
    other = Echo()
    kept = opened((3, cleared), (1, other), rules=(Rule("both", hedge_s=hedge_s),))
    assert (await ask(kept)).text == ASKED
    assert said_in(cleared.asked[0]) == ASKED
    assert values_in(repr(other.asked)) == []
    await kept.gateway.close()
    plain, masked = (call.request for call in kept.records.calls)
    assert said_in(plain) == ASKED
    assert masked == other.asked[0]


async def test_a_placeholder_that_somebody_else_types_comes_back_as_it_was_typed() -> None:
    model = Echo()
    kept = opened((2, model))
    await ask(kept, conversation=7)
    typed = "Qui sont [PERSON_1], EMAIL_1 et [EMAIL_2] ? Et bob@example.org ?"
    for principal, conversation in ((2, 7), (2, 8), (2, None), (1, 9), (1, 7)):
        said = await ask(kept, typed, principal=principal, conversation=conversation)
        assert said.text == typed


async def test_a_conversation_keeps_its_placeholders() -> None:
    model = Echo()
    kept = opened((2, model))
    await ask(kept, f"Bonjour à {MAIL}.", conversation=7)
    await ask(kept, f"De bob@example.org à {MAIL}.", conversation=7)
    assert said_in(model.asked[1]) == "De [EMAIL_2] à [EMAIL_1]."


async def test_what_is_blocked_stops_with_the_reply_unless_a_cleared_model_takes_it() -> None:
    policy = Policy(
        cleared_from="C3",
        personal_data={Label.IBAN: Treatment.BLOCK},
        replies={"fr": "Sans coordonnées bancaires."},
    )
    model, cleared = Echo(), Echo()
    kept = opened((2, model), policy=policy)
    with pytest.raises(Stopped, match="Sans coordonnées bancaires"):
        await ask(kept)
    assert model.asked == []
    assert kept.records.refused == ["Stopped by a check: pseudonyms."]
    assert (await ask(opened((2, model), (3, cleared), policy=policy))).text == ASKED
    assert model.asked == []


async def test_kinds_are_treated_each_in_its_way() -> None:
    treated = {Label.PERSON: Treatment.PASS, Label.EMAIL: Treatment.GENERALISE}
    model = Echo()
    said = await ask(opened((2, model), policy=Policy(cleared_from="C3", personal_data=treated)))
    sent = said_in(model.asked[0])
    assert NAME in sent
    assert "…@example.org" in sent
    assert "[IBAN_1]" in sent
    assert IBAN in said.text
    assert MAIL not in said.text


async def test_checks_see_the_answer_as_it_is_shown() -> None:
    check = Sees()
    assert (await ask(opened((2, Echo(size=5)), among=(check,)))).text == ASKED
    assert ASKED in check.seen


async def test_what_checks_leave_out_or_stop_is_not_on_record_and_neither_is_a_value() -> None:
    text = f"Voici : {MAIL}. Le mot est Sésame-42 pour {NAME}. La suite."
    out = Policy(cleared_from="C3", checks={"sees": Sensitivity(action=Action.REDACT)})
    kept = opened((2, Echo()), policy=out, among=(Sees("Sésame-42 pour Claire"),))
    said = await ask(kept, text)
    assert said.text == f"Voici : {MAIL}. Le mot est […] Martin. La suite."
    ((outcome,),) = kept.records.finished.values()
    assert outcome.shown == "Voici : [EMAIL_1]. Le mot est […][PERSON_1]. La suite."

    kept = opened((2, Echo(size=40)), among=(Sees("Sésame-42"),))
    with pytest.raises(Stopped):
        await ask(kept, text)
    ((outcome,),) = kept.records.finished.values()
    assert outcome.shown == "Voici : [EMAIL_1]. "


@pytest.mark.parametrize("size", [3, 1_000])
async def test_what_waits_for_a_person_has_its_values_and_no_record_and_no_model_has(
    size: int,
) -> None:
    text = f"Voici : {MAIL}. Le mot est Sésame-42 pour {NAME}. La suite."
    policy = Policy(cleared_from="C3", checks={"sees": Sensitivity(action=Action.MODERATE)})
    waiting, model = Waiting(), Echo(size=size)
    kept = opened((2, model), policy=policy, among=(Sees("Sésame-42"),), moderation=waiting)
    shown = Written()
    call = Call(ChatRequest((Message("user", text),)), 1, Purpose.CHAT, 1, language="fr")

    async def read() -> None:
        async with kept.gateway.speak(call) as spoken:
            async for delta in spoken:
                shown.take(delta)

    with pytest.raises(Stopped) as stopped:
        await read()
    before, rest = f"Voici : {MAIL}. ", f"Le mot est Sésame-42 pour {NAME}. La suite."
    assert shown.text == before
    assert waiting.held == [HeldWords(text, before, rest)]
    assert stopped.value.held == 1
    assert values_in(stopped.value.message + repr(stopped.value.verdicts)) == []
    assert values_in(repr(model.asked)) == []
    assert values_in(on_record(kept)) == []
    ((outcome,),) = kept.records.finished.values()
    assert outcome.shown == "Voici : [EMAIL_1]. "


async def test_an_answer_that_is_given_once_more_is_masked_and_restored_anew() -> None:
    policy = Policy(cleared_from="C3", checks={"sees": Sensitivity(action=Action.REWRITE)})
    said = iter(["Sésame-42 pour [PERSON_1].", "Bonjour, [PERSON_1] et [EMAIL_1]."])
    model = Echo(deltas=lambda _: [Delta(next(said))])
    kept = opened((2, model), policy=policy, among=(Sees("Sésame-42"),))
    assert (await ask(kept)).text == f"Bonjour, {NAME} et {MAIL}."
    first, second = (said_in(request) for request in model.asked)
    assert second.startswith(f"{first}\n\n")
    assert "sees (WORDS)" in second
    assert values_in(first + second) == []
    assert values_in(on_record(kept)) == []
