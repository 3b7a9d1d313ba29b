"""What a language model makes of a question to be searched: said alone, in parts, answered, translated.

Whatever it writes is used as words to search and as a text to embed, and as nothing else: an instruction that
somebody hides in a question, or that the model obeys, can move what is found among what the reader may read.
"""

import asyncio
import json
import logging
import re
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

from centaure.gateway.calls import Call, NotTaken, Purpose, QuotaExhausted
from centaure.gateway.catalogue import CatalogueModel
from centaure.gateway.chat import ChatRequest, Message
from centaure.gateway.routing import Facts
from centaure.gateway.service import Gateway
from centaure.kit.errors import CentaureError
from centaure.knowledge.language import detect_language, tokens
from centaure.knowledge.retrieval.prompts import TASKS, VERSIONS, Task, prompt
from centaure.knowledge.retrieval.readings import Reading, Turn, Unused, same

log = logging.getLogger(__name__)

MOST_CHARACTERS = 2_000
"""Characters of a question that a model is asked about: more is a document, not a question."""
MOST_TURNS = 6
"""Earlier turns that are sent, the latest."""
MOST_PARTS = 4
_MOST_OF_A_TURN = 1_000
_FEWEST_WORDS = 3
"""Words of a question that can have parts or an answer; fewer are a name, or a subject."""
_AT_ONCE = 16
"""Questions that wait for models at once; others are searched as they are."""
_PAUSE_S = 10.0
"""For which a task that was late or failed is left alone."""
_BEYOND_S = 1.0
"""Added to the time of a call, which is cancelled at its budget: for other answers its model is not late."""
_MOST_TOKENS: Mapping[Task, int] = {
    "rewritten": 200,
    "parts": 300,
    "hypothetical": 250,
    "translation": 250,
}
_LONGER = 3
"""Times the length of what was asked beyond which an answer is none."""
_LONGEST_PASSAGE = 1_500
_TOLERANCE_S = 0.02
"""Before the end of a budget from which a service that stops has been late."""
_OTHER = {"fr": "English", "en": "French"}
Write = Callable[[Task, str], Awaitable[str]]
"""What a model writes, told a task and the JSON that goes with its prompt; cancelling it ends its work."""
_BULLET = re.compile(r"^(?:[-•*–]|\d{1,2}[.)])\s+")
_QUOTES = "\"'«»“”` \t"


async def understood_by_model(
    write: Write,
    question: str,
    history: Sequence[Turn],
    wishes: AbstractSet[Task],
    budget_s: float,
) -> Reading:
    """What a model makes of a question: each wish is one call, all at once, each within the budget.

    What is late, fails or makes no sense is left out, and named in `unused`.

    Args:
        write: asks the model; cancelling this cancels its calls.
        question: as it was asked.
        history: earlier turns that may be sent, the oldest first.
        wishes: what to ask for; what the question cannot have is not.
        budget_s: for each call.
    """
    question = " ".join(question.split())
    asked: list[Task] = [
        task for task in TASKS if task in wishes and _possible(task, question, history)
    ]
    answers = await asyncio.gather(
        *(_answered(write, task, _data(task, question, history), budget_s) for task in asked)
    )
    unused: dict[Task, Unused] = {}
    problem = ""
    kept: dict[Task, str] = {}
    parts: tuple[str, ...] = ()
    for task, (written, why, said) in zip(asked, answers, strict=True):
        problem = problem or said
        if why is not None:
            unused[task] = why
        elif same(_plain(written)) == same(_plain(question)):
            unused[task] = "unchanged"
        elif task == "parts":
            parts = _parts(written, question, history)
            if not parts:
                unused[task] = "nonsense"
        elif _sensible(task, text := _plain(written), question, history):
            kept[task] = text
        else:
            unused[task] = "nonsense"
    return Reading(
        kept.get("rewritten"),
        parts,
        kept.get("hypothetical"),
        kept.get("translation"),
        unused=unused,
        problem=problem,
    )


def _possible(task: Task, question: str, history: Sequence[Turn]) -> bool:
    if task == "rewritten":
        return any(turn.role == "user" for turn in history)
    if task == "translation":
        return detect_language(question) in _OTHER
    return len(question.split()) >= _FEWEST_WORDS


def _data(task: Task, question: str, history: Sequence[Turn]) -> str:
    """What a model is sent besides the prompt: JSON, out of which no text can break."""
    asked: dict[str, object] = {"question": question}
    if history:
        asked["earlier"] = [
            {"role": turn.role, "text": turn.text[:_MOST_OF_A_TURN]} for turn in history
        ]
    if task == "translation":
        asked["into"] = _OTHER[detect_language(question)]
    return json.dumps(asked, ensure_ascii=False)


async def _answered(
    write: Write, task: Task, text: str, budget_s: float
) -> tuple[str, Unused | None, str]:
    """What the model writes; or why it cannot be used, and what to tell those who look after it."""
    loop = asyncio.get_running_loop()
    ends = loop.time() + budget_s
    try:
        async with asyncio.timeout(budget_s):
            written = await write(task, text)
    except NotTaken:
        return "", "refused", ""
    except QuotaExhausted:
        return "", "over quota", ""
    except Exception as error:  # noqa: BLE001 - whatever it answers, the question is searched as it is
        if isinstance(error, TimeoutError) or loop.time() >= ends - _TOLERANCE_S:
            return "", "late", f"It has not answered in {budget_s:g} s."
        said = error.message if isinstance(error, CentaureError) else type(error).__name__
        return "", "failed", said
    return written, None, ""


def _plain(written: str) -> str:
    return " ".join(written.split()).strip(_QUOTES)


def _parts(written: str, question: str, history: Sequence[Turn]) -> tuple[str, ...]:
    """The questions of an answer, one a line; none where there are not several, or one makes no sense."""
    lines = [_plain(_BULLET.sub("", line.strip())) for line in written.splitlines()]
    parts = tuple(dict.fromkeys(line for line in lines if line))
    if not 2 <= len(parts) <= MOST_PARTS:
        return ()
    return parts if all(_sensible("parts", part, question, history) for part in parts) else ()


def _sensible(task: Task, text: str, question: str, history: Sequence[Turn]) -> bool:
    """Whether an answer can be one, by what shows without understanding it."""
    if not text or same(text) == same(question):
        return False
    if task == "hypothetical":
        return len(text) <= _LONGEST_PASSAGE
    said = [question, *(turn.text[:_MOST_OF_A_TURN] for turn in history)]
    if len(text) > _LONGER * (max(map(len, said)) if task == "rewritten" else len(question)):
        return False
    if task == "translation":
        return True
    # A question said otherwise is still made of what was said; a refusal or an essay is not.
    own, known = _stems(text), frozenset[str]().union(*map(_stems, said))
    return bool(own) and 2 * len(own & known) >= len(own)


def _stems(text: str) -> frozenset[str]:
    language = detect_language(text)
    read = tokens(text, language if language in _OTHER else "fr")
    return frozenset(token.stem for token in read if not token.stop)


def asked_of_model(task: Task, text: str) -> ChatRequest:
    """What a model is asked for a task, about the JSON that goes with its prompt."""
    told = Message("system", prompt(task)), Message("user", text)
    return ChatRequest(told, most_tokens=_MOST_TOKENS[task])


@dataclass(frozen=True, slots=True)
class Asker:
    """On whose account a model is asked.

    Attributes:
        principal: who searches.
        key_id: of their API key; None: a browser session.
        conversation: that the question belongs to; None: none.
        erasures: of that conversation, before anything of it was read.
    """

    principal: int
    key_id: int | None = None
    conversation: int | None = None
    erasures: int = 0


@dataclass(slots=True)
class Understanding:
    """Puts questions to language models. One for a process: it remembers what does not answer.

    A model is asked only where a rule of routing that names the purpose decides, so that adding a model to
    the catalogue makes no search slower or dearer.

    Attributes:
        gateway: by which models are asked; None: none is.
        budget_s: longest wait for each thing that is asked.
        question_class: class that a question counts as, 0 to 3.
    """

    gateway: Gateway | None
    budget_s: float = 1.5
    question_class: int = 1
    _silent_until: dict[tuple[object, ...], float] = field(
        default_factory=dict[tuple[object, ...], float]
    )
    _waiting: int = 0

    async def reader(self, classification: int, question: str) -> CatalogueModel | None:
        """The model that would be asked about a question of a class; None: none may be."""
        if self.gateway is None:
            return None
        facts = Facts(
            classification=classification,
            purpose=Purpose.UNDERSTANDING,
            language=_language(question),
        )
        return await self.gateway.appointed(facts)

    async def read(
        self,
        asker: Asker,
        question: str,
        history: Sequence[Turn] = (),
        wishes: AbstractSet[Task] = frozenset(TASKS),
        classification: int = 0,
    ) -> Reading | None:
        """What a language model makes of a question; None: there is none, or none may be asked this.

        Call it while no transaction is open. A call counts as the highest class of the question and of the
        turns that are sent. Those of a class that no model may be sent are left out, and so is what the
        assistant said where the class of that is unknown.

        Args:
            asker: who searches.
            question: as it was asked.
            history: earlier turns, the oldest first.
            wishes: what to ask for.
            classification: of the question, where it is above that of any.
        """
        lowest = max(self.question_class, classification)
        if not 0 < len(question.strip()) <= len(question) <= MOST_CHARACTERS:
            return None
        turns = [(turn, _class_of(turn, lowest)) for turn in history[-MOST_TURNS:]]
        known = {level for _, level in turns if level is not None and level > lowest}
        for level in (*sorted(known, reverse=True), lowest):
            model = await self.reader(level, question)
            if model is not None:
                sent = [turn for turn, own in turns if own is not None and own <= level]
                return await self._asked(asker, level, model, question, sent, wishes)
        return None

    async def _asked(  # noqa: PLR0913, PLR0917 - the parts of one reading
        self,
        asker: Asker,
        level: int,
        model: CatalogueModel,
        question: str,
        history: Sequence[Turn],
        wishes: AbstractSet[Task],
    ) -> Reading | None:
        if self._waiting >= _AT_ONCE:
            return None
        now = time.monotonic()
        possible: set[Task] = {task for task in wishes if _possible(task, question, history)}
        circuit = model.id, model.changed_at
        silent: set[Task] = {
            task for task in possible if now < self._silent_until.get((task, *circuit), 0.0)
        }
        spoke: dict[str, bool] = {}

        async def write(task: Task, text: str) -> str:
            assert self.gateway is not None  # noqa: S101 - a model was found
            longest_s = self.budget_s + _BEYOND_S
            call = Call(
                asked_of_model(task, text),
                asker.principal,
                Purpose.UNDERSTANDING,
                level,
                key_id=asker.key_id,
                language=_language(question),
                prompt_version=f"{task} {VERSIONS[task]}",
                conversation=asker.conversation,
                erasures=asker.erasures,
                typed=(*(turn.text for turn in history if turn.role == "user"), question),
                first_s=longest_s,
                longest_s=longest_s,
            )
            said = await self.gateway.complete(call)
            spoke[said.model.name] = said.model.simulated
            return said.text

        self._waiting += 1
        try:
            asked = possible - silent
            reading = await understood_by_model(write, question, history, asked, self.budget_s)
        finally:
            self._waiting -= 1
        for task, why in reading.unused.items():
            if why in {"late", "failed"}:
                self._silent_until[task, *circuit] = time.monotonic() + _PAUSE_S
        if reading.problem:
            log.warning("Some questions are searched as they are for a while: %s", reading.problem)
        spoke = spoke or {model.name: model.simulated}
        left: dict[Task, Unused] = dict.fromkeys(silent, "left alone")
        return replace(
            reading,
            unused={**reading.unused, **left},
            model=", ".join(sorted(spoke)),
            simulated=any(spoke.values()),
            classification=level,
        )


def _class_of(turn: Turn, asked: int) -> int | None:
    """The class of a turn; None: unknown. What a person wrote has at least that of what is asked."""
    if turn.role == "assistant":
        return turn.classification
    return max(asked, turn.classification or 0)


def _language(question: str) -> str:
    language = detect_language(question)
    return language if language in _OTHER else ""
