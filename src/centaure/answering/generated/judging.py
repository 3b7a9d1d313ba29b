"""Sentences in doubt, put to a second model that says whether the passages bear them out."""

import asyncio
import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from centaure.answering.answers import Support
from centaure.answering.generated.fence import Fence
from centaure.answering.generated.passages import block, inert
from centaure.answering.generated.prompts import Prompt, prompt
from centaure.answering.generated.support import Checked, Sources
from centaure.answering.generated.thoughts import ThoughtReader
from centaure.gateway.calls import Call, Purpose
from centaure.gateway.catalogue import shown_name
from centaure.gateway.chat import ChatRequest, Message
from centaure.gateway.routing import Facts
from centaure.gateway.service import Gateway
from centaure.kit.errors import CentaureError

log = logging.getLogger(__name__)

MOST_SENTENCES = 20
"""That are judged of one answer, the first."""
_TOKENS_OF_A_VERDICT = 30
_TOKENS = 512
"""Beside the verdicts: what some models think first."""
_BEYOND_S = 1.0
"""Added to the time of a call, which is cancelled at its budget: for other answers its model is not late."""
_VERDICTS: dict[str, Support] = {"supported": "supported", "unsupported": "unsupported"}
_REASONS: dict[tuple[str, Support], str] = {
    ("fr", "supported"): "Jugée par {model} : les passages la confirment.",
    ("fr", "unsupported"): "Jugée par {model} : les passages ne la confirment pas.",
    ("en", "supported"): "Judged by {model}: the passages bear it out.",
    ("en", "unsupported"): "Judged by {model}: the passages do not bear it out.",
}


@dataclass(frozen=True, slots=True)
class Judge:
    """Asks a model where a rule of routing names the purpose; else no sentence is judged.

    Attributes:
        gateway: by which models are asked.
        budget_s: longest wait for the verdicts on one answer.
    """

    gateway: Gateway
    budget_s: float

    async def appointed(self, call: Call) -> bool:
        """Whether a model would judge the answer to a call."""
        facts = Facts(
            classification=call.classification, purpose=Purpose.JUDGE, language=call.language
        )
        return await self.gateway.appointed(facts, call.principal) is not None

    async def judged(
        self, call: Call, sources: Sources, answer: str, doubts: Sequence[Checked]
    ) -> dict[Checked, Checked]:
        """What a model says of sentences, by what was said of them before; where it decides nothing, nothing.

        Whatever fails, all stay in doubt. One call asks about all of them, for the same person and of the
        same class as the answer.

        Args:
            call: that the answer was asked with.
            sources: what the answer was written from.
            answer: all of it.
            doubts: its sentences that are in doubt.
        """
        doubts = doubts[:MOST_SENTENCES]
        told = prompt("judge", sources.language)
        longest_s = self.budget_s + _BEYOND_S
        asked = replace(
            call,
            request=_request(told, sources, answer, doubts),
            purpose=Purpose.JUDGE,
            prompt_version=told.version,
            model="",  # that an assistant names is for its answers
            instructions="",
            first_s=longest_s,
            longest_s=longest_s,
        )
        try:
            async with asyncio.timeout(self.budget_s):
                said = await self.gateway.complete(asked)
        except TimeoutError:
            log.warning("Sentences in doubt were not judged in %g s.", self.budget_s)
            return {}
        except CentaureError as error:
            log.warning("Sentences in doubt were not judged: %s", error.message)
            return {}
        judge = shown_name(
            said.model.name, simulated=said.model.simulated, language=sources.language
        )
        found: dict[Checked, Checked] = {}
        for number, support in verdicts(said.text).items():
            # What cites nothing shows its reader nothing to check it by, whoever bears it out.
            if number > len(doubts) or (
                support == "supported" and not doubts[number - 1].written.cited
            ):
                continue
            doubt = doubts[number - 1]
            reason = _REASONS[sources.language, support].format(model=judge)
            found[doubt] = Checked(doubt.written, support, reason)
        return found


def verdicts(text: str) -> dict[int, Support]:
    """The verdicts that a model wrote, by the number of the sentence from 1.

    What is no JSON, says "unsure" or says two things of one sentence is left out.
    """
    thoughts = ThoughtReader()
    text = thoughts.read(text) + thoughts.end()
    try:
        said: Any = json.loads(text[text.find("{") : text.rfind("}") + 1])
    except (ValueError, RecursionError):
        return {}
    listed: Any = cast("dict[str, Any]", said).get("verdicts") if isinstance(said, dict) else None
    found: dict[int, Support | None] = {}
    for one in cast("list[Any]", listed) if isinstance(listed, list) else ():
        verdict = cast("dict[str, Any]", one) if isinstance(one, dict) else {}
        number, word = verdict.get("sentence"), verdict.get("verdict")
        if type(number) is not int or number < 1:
            continue
        support = _VERDICTS.get(word) if isinstance(word, str) else None
        found[number] = support if found.get(number, support) == support else None
    return {number: support for number, support in found.items() if support is not None}


def _request(told: Prompt, sources: Sources, answer: str, doubts: Sequence[Checked]) -> ChatRequest:
    """The passages that the sentences rest on, the answer, and the sentences, as data."""
    every = [each.number for each in sources.passages]
    rests = [doubt.written.cited or every for doubt in doubts]
    needed = {number for numbers in rests for number in numbers}
    fence = Fence()
    passages = [block(each, fence) for each in sources.passages if each.number in needed]
    sentences = [
        fence.around(
            "sentence",
            inert(doubt.written.text),
            f' number="{place}" passages="{" ".join(map(str, numbers))}"',
            between="",
        )
        for place, (doubt, numbers) in enumerate(zip(doubts, rests, strict=True), 1)
    ]
    data = "\n\n".join([*passages, fence.around("answer", inert(answer)), "\n".join(sentences)])
    most_tokens = _TOKENS + _TOKENS_OF_A_VERDICT * len(doubts)
    return ChatRequest(
        (Message("system", fence.told(told)), Message("user", data)), most_tokens=most_tokens
    )
