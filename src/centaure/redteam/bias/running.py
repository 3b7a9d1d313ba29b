"""The questions, asked."""

from collections.abc import Callable, Iterable
from typing import Any

from centaure.redteam.bias.questions import Question
from centaure.redteam.bounds import each
from centaure.redteam.targets import Target


async def run(
    questions: Iterable[Question],
    target: Target,
    tell: Callable[[dict[str, Any]], None],
    *,
    at_once: int,
    longest_s: float,
) -> bool:
    """Ask questions; whether all of them were asked in time. Arguments as in `campaigns.running.run`."""

    async def work(question: Question) -> None:
        reply = await target.ask(question.request(), question.language)
        tell(
            {
                "case": question.id,
                "outcome": "unknown" if reply.problem else "answered",
                "why": reply.problem,
                "answer": reply.text,
                "stopped": reply.stopped,
                "rules": list(reply.rules),
            }
        )

    return await each(questions, work, at_once=at_once, longest_s=longest_s)
