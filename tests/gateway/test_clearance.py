"""Whatever the catalogue, rules, failures, classes and guards: no model is sent more than it may be."""

import asyncio
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from centaure.gateway.calls import Call, NoModel, Purpose, QuotaExhausted, Unsuitable, Verdict
from centaure.gateway.catalogue import CatalogueModel, Lifecycle
from centaure.gateway.chat import ChatRequest, Message, Tool
from centaure.gateway.guard import Admitted, AnswerGuard
from centaure.gateway.routing import Rule
from centaure.kit.errors import Unavailable
from gateway.fakes import Catalogue, Fake, House, call, house
from gateway.virtual_time import run

CASES = 5_000
NAMES = ("a", "b", "c", "d")
HEALTHY = ("answers", "reaches its limit", "never ends", "cuts", "stops", "breaks off")
"""They begin to answer, and what begins is an answer, though it may be cut."""
SICK = (
    "fails", "hangs", "refuses", "answers with 500", "asks to wait", "breaks", "says nothing", "filters",
)  # fmt: skip
FIRST_S = 10.0
TOOL = Tool("look", "Looks.", {"type": "object"})


@dataclass(frozen=True)
class Drawn:
    highest: int
    lifecycle: Lifecycle
    behaviour: str
    wait_s: float
    tools: bool
    context: int | None
    price: float | None
    poor: bool


@dataclass(frozen=True)
class Wish:
    classification: int
    purpose: Purpose
    model: str
    tools: bool
    leave: str
    cancel_s: float | None
    raised: int

    @property
    def level(self) -> int:
        """Its class once a guard has looked at it."""
        return max(self.classification, self.raised)


@dataclass(frozen=True)
class Change:
    look: int
    model: int
    highest: int | None
    lifecycle: Lifecycle | None


CLASS = st.integers(0, 3)
MODEL = st.builds(
    Drawn,
    CLASS,
    st.sampled_from([Lifecycle.APPROVED, Lifecycle.APPROVED, *Lifecycle]),
    st.sampled_from([*HEALTHY, *SICK]),
    st.sampled_from([0.0, 0.0, 0.5, 3.0]),
    st.booleans(),
    st.sampled_from([None, None, 600, 5000]),
    st.sampled_from([None, 0.0, 1.0, 5.0]),
    st.sampled_from([False, False, False, True]),
)
RULE = st.builds(
    Rule,
    st.just("rule"),
    classes=st.frozensets(CLASS, max_size=2),
    purposes=st.sampled_from([frozenset(), frozenset({"answer"}), frozenset({"title"})]),
    models=st.lists(st.sampled_from(NAMES), max_size=3, unique=True).map(tuple),
    exclusive=st.booleans(),
    by=st.sampled_from(["written", "cost", "carbon"]),
    hedge_s=st.sampled_from([None, 0.1, 1.0]),
)
WISH = st.builds(
    Wish,
    CLASS,
    st.sampled_from([Purpose.ANSWER, Purpose.TITLE, Purpose.JUDGE]),
    st.sampled_from(["", "", "", *NAMES, "nobody"]),
    st.booleans(),
    st.sampled_from(["at the end", "at the end", "early", "by a fault"]),
    st.sampled_from([None, None, None, 0.0, 0.3, 2.0]),
    st.sampled_from([0, 0, 1, 2, 3]),
)
CHANGE = st.builds(
    Change,
    st.integers(1, 4),
    st.integers(1, 4),
    st.sampled_from([None, 0, 1, 2]),
    st.sampled_from([None, None, Lifecycle.RETIRED]),
)


class Raising:
    """A guard that finds each call to be of the class that its second message says, or of a lower one."""

    async def admit(self, call: Call) -> Admitted:
        own, raised = (int(message.content[1:]) for message in call.request.messages)
        told = Message("user", f"C{max(own, raised)}")
        request = replace(call.request, messages=(told, *call.request.messages[1:]))
        return Admitted(request, raised, (Verdict("class", "1", "input", "raise"),))

    async def before(
        self, call: Call, model: CatalogueModel, answer: AnswerGuard | None
    ) -> Admitted:
        """The call, saying what this model may be sent at most."""
        most = Message("user", f"C{model.highest}")
        request = replace(call.request, messages=(*call.request.messages, most))
        return Admitted(request, 0, (), answer)


@dataclass
class Breach:
    """What was sent to whom, and what they might be sent at that moment."""

    catalogue: Catalogue
    found: list[str] = field(default_factory=list)

    def watch(self, number: int, fake: Fake) -> None:
        def sent(request: ChatRequest) -> None:
            model = self.catalogue.models.get(number)
            said = int(request.messages[0].content[1:])
            made_for = int(request.messages[-1].content[1:])
            if model is None or model.lifecycle is Lifecycle.RETIRED or model.highest < said:
                self.found.append(f"{model} was sent C{said}")
            elif model.highest < made_for:
                self.found.append(f"{model} was sent what was made for C{made_for}")

        fake.sent = sent


def build(models: list[Drawn], rules: list[Rule], change: Change | None) -> tuple[House, Breach]:
    rows = [
        (
            CatalogueModel(
                id=number,
                name=NAMES[number - 1],
                kind="openai",
                highest=drawn.highest,
                lifecycle=drawn.lifecycle,
                capabilities=frozenset({"tools"} if drawn.tools else ()),
                context=drawn.context,
                price_in=drawn.price,
                price_out=drawn.price,
                parameters_active=drawn.price or None,
            ),
            Fake(drawn.behaviour, drawn.wait_s),
        )
        for number, drawn in enumerate(models, start=1)
    ]
    poor = frozenset(number for number, drawn in enumerate(models, start=1) if drawn.poor)
    opened = house(*rows, rules=rules, poor=poor, guard=Raising())
    breach = Breach(opened.catalogue)
    for number, fake in opened.providers.models.items():
        breach.watch(number, fake)
    if change is not None:

        def apply(catalogue: Catalogue, look: int) -> None:
            if look != change.look:
                return
            if change.highest is None and change.lifecycle is None:
                catalogue.models.pop(change.model, None)
            if change.highest is not None:
                catalogue.set(change.model, highest=change.highest)
            if change.lifecycle is not None:
                catalogue.set(change.model, lifecycle=change.lifecycle)

        opened.catalogue.change = apply
    return opened, breach


def wanted(wish: Wish) -> Call:
    request = ChatRequest(
        (Message("user", f"C{wish.classification}"), Message("user", f"C{wish.raised}")),
        most_tokens=1000,
        tools=(TOOL,) if wish.tools else (),
    )
    return call(
        wish.classification,
        request=request,
        purpose=wish.purpose,
        model=wish.model,
        first_s=FIRST_S,
        longest_s=1000.0,
    )


def must_answer(models: list[Drawn], rules: list[Rule], wish: Wish) -> bool:
    """Whether somebody healthy may take it, by the words of the promise and not by the code."""
    rule = next(
        (
            one
            for one in rules
            if (not one.classes or wish.level in one.classes)
            and (not one.purposes or wish.purpose in one.purposes)
        ),
        None,
    )
    for name, drawn in zip(NAMES, models, strict=False):
        named = rule is not None and name in rule.models
        forbidden = rule is not None and rule.exclusive and bool(rule.models) and not named
        if (
            drawn.highest >= wish.level
            and drawn.behaviour in HEALTHY
            and not drawn.poor
            and (
                drawn.lifecycle in {Lifecycle.APPROVED, Lifecycle.DEPRECATED}
                or (drawn.lifecycle is Lifecycle.TRIAL and (named or wish.model == name))
            )
            and (drawn.tools or not wish.tools)
            and drawn.context != 600
            and not forbidden
            and wish.model in {"", name}
        ):
            return True
    return False


async def take(opened: House, wish: Wish) -> str:
    """What becomes of a wish."""
    try:
        async with opened.gateway.speak(wanted(wish)) as spoken:
            assert opened.records.begun[spoken.generation] == spoken.model.id
            async for _ in spoken:
                if wish.leave == "early":
                    break
                if wish.leave == "by a fault":
                    raise KeyError("the caller's own")  # noqa: TRY301 - inside the block is the point
    except (NoModel, Unsuitable):
        return "no model"
    except QuotaExhausted:
        return "quota"
    except (Unavailable, KeyError):
        return "cut"
    return "answered"


async def play(
    models: list[Drawn], rules: list[Rule], wishes: list[Wish], change: Change | None
) -> None:
    opened, breach = build(models, rules, change)
    for wish in wishes:
        task = asyncio.ensure_future(take(opened, wish))
        if wish.cancel_s is not None:
            await asyncio.wait([task], timeout=wish.cancel_s)
            task.cancel()
        await asyncio.wait([task])
        assert task.cancelled() or task.exception() is None, task.exception()
        became = None if task.cancelled() else task.result()
        if became is not None and change is None and must_answer(models, rules, wish):
            assert became in {"answered", "cut"}
    await opened.gateway.close()
    assert not breach.found
    assert all(recorded.verdicts for recorded in opened.records.calls)
    assert opened.records.finished.keys() == opened.records.begun.keys()
    assert all(len(outcomes) == 1 for outcomes in opened.records.finished.values())
    assert opened.providers.lent == 0
    assert all(fake.closed == len(fake.asked) for fake in opened.providers.models.values())


@pytest.mark.slow
@settings(max_examples=CASES, deadline=None)
@given(
    st.lists(MODEL, max_size=4),
    st.lists(RULE, max_size=2),
    st.lists(WISH, min_size=1, max_size=2),
    st.none() | CHANGE,
)
def test_nothing_above_its_clearance_is_sent_to_a_model_and_who_may_and_can_answers(
    models: list[Drawn], rules: list[Rule], wishes: list[Wish], change: Change | None
) -> None:
    run(play(models, rules, wishes, change))
