"""A campaign while it runs: bounded in cases, in time and in what is asked at once."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from centaure.gateway.chat import ChatRequest, Message
from centaure.kit.errors import Unavailable
from centaure.redteam.attacks import Case
from centaure.redteam.attacks.scene import TOOLS
from centaure.redteam.bounds import each
from centaure.redteam.campaigns.judge import second_opinion
from centaure.redteam.campaigns.oracles import Judgement, judged
from centaure.redteam.targets import Reply, Target

MOST_TOKENS = 800
_HELLO = ChatRequest((Message("user", "Hello! Answer with one word."),), most_tokens=50)


@dataclass(frozen=True, slots=True)
class Result:
    """A case that was tried."""

    case: Case
    replies: tuple[Reply, ...]
    judgement: Judgement

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules that spoke, each once."""
        return tuple(dict.fromkeys(rule for one in self.replies for rule in one.rules))

    def written(self) -> dict[str, Any]:
        """As reports and files keep it."""
        return {
            "case": self.case.id,
            "family": self.case.family,
            "mutator": self.case.mutator,
            "language": self.case.scene.language,
            "goal": self.case.goal,
            "outcome": self.judgement.outcome.value,
            "by": self.judgement.by,
            "why": self.judgement.why,
            "rules": list(self.rules),
            "asked": list(self.case.turns) or [self.case.document],
            "answered": [_shown(one) for one in self.replies],
        }


async def greet(target: Target) -> None:
    """Ask something harmless: a target that does not answer even that would seem to hold against everything.

    Raises:
        Unavailable: it does not answer.
    """
    reply = await target.ask(_HELLO, "en")
    if reply.stopped and not reply.rules:
        raise Unavailable(
            "The target refuses even a harmless question. See that its key is valid and may ask this model."
        )
    if reply.problem and not (reply.text or reply.calls):
        raise Unavailable(f"The target cannot be tried. {reply.problem}")


async def attempt(case: Case, target: Target) -> tuple[Reply, ...]:
    """Play a case, turn by turn; a turn that is refused does not end the conversation."""
    if case.document:
        request = replace(case.scene.reading(case.document), most_tokens=MOST_TOKENS)
        return (await target.ask(request, case.scene.language),)
    messages = list(case.scene.begun())
    tools = TOOLS if case.goal == "call" else ()
    replies: list[Reply] = []
    for turn in case.turns:
        messages.append(Message("user", turn))
        request = ChatRequest(tuple(messages), MOST_TOKENS, tools=tools)
        reply = await target.ask(request, case.scene.language)
        replies.append(reply)
        if reply.problem:
            break
        messages.append(Message("assistant", reply.text or "…"))
    return tuple(replies)


async def run(  # noqa: PLR0913 - its bounds
    cases: Iterable[Case],
    target: Target,
    tell: Callable[[Result], None],
    *,
    judge: Target | None = None,
    at_once: int,
    longest_s: float,
) -> bool:
    """Try cases; whether all of them were tried in time.

    Args:
        cases: in this order.
        target: who is attacked.
        tell: is given each result, as it comes.
        judge: is asked for a second opinion; None: nobody is.
        at_once: cases under way at the same time.
        longest_s: for all of them; what is under way then is left.
    """

    async def work(case: Case) -> None:
        replies = await attempt(case, target)
        judgement = judged(case, replies)
        if judge is not None:
            judgement = await second_opinion(judge, case, replies, judgement)
        tell(Result(case, replies, judgement))

    return await each(cases, work, at_once=at_once, longest_s=longest_s)


def _shown(reply: Reply) -> str:
    calls = "".join(f"\n[{one.name} {one.arguments}]" for one in reply.calls)
    stopped = "\n[stopped]" if reply.stopped else ""
    return f"{reply.text}{calls}{stopped}"
