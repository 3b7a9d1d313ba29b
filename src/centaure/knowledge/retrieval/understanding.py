"""What a language model makes of a question to be searched: said alone, in parts, answered, translated.

Whatever it writes is used as words to search and as a text to embed, and as nothing else: an instruction that
somebody hides in a question, or that the model obeys, can move what is found among what the reader may read.
"""

import asyncio
import json
import logging
import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

from centaure.gateway.embeddings import TextRefused
from centaure.gateway.language_models import LanguageModel
from centaure.kit.database import Database
from centaure.kit.errors import CentaureError
from centaure.knowledge.language import detect_language, tokens
from centaure.knowledge.retrieval.language_models import (
    LANGUAGE_MODELS,
    SIMULATED,
    LanguageModels,
)
from centaure.knowledge.retrieval.prompts import TASKS, Task, prompt
from centaure.knowledge.retrieval.readings import Reading, Turn, Unused, same
from centaure.knowledge.retrieval.registry import Live, described_by

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
"""Questions that wait for the model at once; others are searched as they are."""
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
_BULLET = re.compile(r"^(?:[-•*–]|\d{1,2}[.)])\s+")
_QUOTES = "\"'«»“”` \t"


async def understood_by_model(
    model: LanguageModel,
    question: str,
    history: Sequence[Turn],
    wishes: AbstractSet[Task],
    budget_s: float,
) -> Reading:
    """What the model makes of a question: each wish is one call, all at once, each within the budget.

    What is late, fails or makes no sense is left out, and named in `unused`.

    Args:
        model: which one; cancelling this cancels its calls.
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
        *(_answered(model, task, _data(task, question, history), budget_s) for task in asked)
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
    model: LanguageModel, task: Task, text: str, budget_s: float
) -> tuple[str, Unused | None, str]:
    """What the model writes; or why it cannot be used, and what to tell those who look after it."""
    loop = asyncio.get_running_loop()
    ends = loop.time() + budget_s
    try:
        async with asyncio.timeout(budget_s):
            written = await model.complete(
                prompt(task), text, most_tokens=_MOST_TOKENS[task], timeout_s=budget_s
            )
    except TextRefused:
        return "", "refused", ""
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


@dataclass(slots=True)
class Understanding:
    """Puts questions to the live language model. One for a process: it remembers what does not answer.

    Attributes:
        models: makes them.
        budget_s: longest wait for each thing that is asked.
        question_class: class that a question counts as, 0 to 3.
        model: the live one.
    """

    models: LanguageModels
    budget_s: float = 1.5
    question_class: int = 1
    model: Live = field(default_factory=lambda: Live(LANGUAGE_MODELS))
    _waiting: int = 0

    async def read(
        self,
        database: Database,
        question: str,
        history: Sequence[Turn] = (),
        wishes: AbstractSet[Task] = frozenset(TASKS),
    ) -> Reading | None:
        """What the live model makes of a question; None: there is none, or it may not be asked this.

        Call it while no transaction is open. Nothing of a class above the model's is sent: not the question,
        nor an earlier turn that quotes more, nor what the assistant said where the class of that is unknown.

        Args:
            database: as the application's role.
            question: as it was asked.
            history: earlier turns, the oldest first.
            wishes: what to ask for.
        """
        live = await self.model.row(database)
        if live is None or live.highest < self.question_class or len(question) > MOST_CHARACTERS:
            return None
        if not question.strip() or self._waiting >= _AT_ONCE:
            return None
        classes = [self._class_of(turn) for turn in history[-MOST_TURNS:]]
        turns = [
            (turn, level)
            for turn, level in zip(history[-MOST_TURNS:], classes, strict=True)
            if level is not None and level <= live.highest
        ]
        sent = [turn for turn, _ in turns]
        possible: set[Task] = {task for task in wishes if _possible(task, question, sent)}
        silent: set[Task] = {task for task in possible if self.model.silent(task)}
        asked = possible - silent
        self._waiting += 1
        try:
            model = self.models.model(described_by(live))
            reading = await understood_by_model(model, question, sent, asked, self.budget_s)
        except CentaureError as error:  # the row makes no model here
            failed: dict[Task, Unused] = dict.fromkeys(asked, "failed")
            reading = Reading(unused=failed, problem=error.message)
        finally:
            self._waiting -= 1
        for task, why in reading.unused.items():
            if why in {"late", "failed"}:
                self.model.pause(live, task)
        if reading.problem:
            log.warning("Some questions are searched as they are for a while: %s", reading.problem)
        if reading.problem or (asked and not any(map(self.model.silent, TASKS))):
            await self.model.tell(database, live, reading.problem)
        left: dict[Task, Unused] = dict.fromkeys(silent, "left alone")
        return replace(
            reading,
            unused={**reading.unused, **left},
            model=str(live.name),
            simulated=live.kind == SIMULATED,
            classification=max([self.question_class, *(level for _, level in turns)]),
        )

    def _class_of(self, turn: Turn) -> int | None:
        """The class of a turn; None: unknown."""
        if turn.role == "assistant":
            return turn.classification
        return max(self.question_class, turn.classification or 0)
