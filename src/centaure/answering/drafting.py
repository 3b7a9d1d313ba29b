"""Texts that a model writes from what it is given, where nothing is searched: drafts, translations.

Without a model there is none: the person reads that one is needed, and what it would be asked. Nothing is
invented in its place.
"""

import re
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field

from centaure.answering.answers import Answer, Fallback, Sentence, Stop, Turn
from centaure.answering.assistants.behaviour import Behaviour
from centaure.answering.generated.fence import Fence
from centaure.answering.generated.prompts import prompt
from centaure.answering.generated.request import MOST_TURNS
from centaure.answering.generated.thoughts import ThoughtReader
from centaure.gateway.calls import Call, Purpose, QuotaExhausted, Stopped
from centaure.gateway.catalogue import CatalogueModel, shown_name
from centaure.gateway.chat import ChatRequest, Message, Usage
from centaure.gateway.routing import Facts
from centaure.gateway.service import Gateway, Spoken
from centaure.kit.errors import CentaureError, Unavailable

MOST_TOKENS = 2_048
"""Of a draft."""
_MOST_OF_A_TURN = 4_000
_END = re.compile(r"\n+|(?<=[.!?…])[^\S\n]+(?=\S)")
"""After a line, with the blank ones that follow it, or after a sentence."""
_STOPS: dict[str, Stop] = {"length": "length", "content_filter": "cut"}

NEEDS_A_MODEL = {
    "fr": "Cet assistant écrit avec un modèle de langage, et aucun ne peut recevoir cette demande ici. "
    "Rien n’a donc été écrit. Voici ce qui lui serait demandé\N{NO-BREAK SPACE}; vous pouvez le copier, ou "
    "demander à votre administrateur de connecter un modèle.",
    "en": "This assistant writes with a language model, and none may be sent this request here. So nothing "
    "was written. Here is what one would be asked; you can copy it, or ask your administrator to connect a "
    "model.",
}
FAILED = {
    "fr": "Le modèle de langage n’a rien écrit. Réessayez\N{NO-BREAK SPACE}; voici ce qui lui a été demandé.",
    "en": "The language model wrote nothing. Try again; here is what it was asked.",
}


@dataclass(frozen=True, slots=True)
class Wish:
    """A text that somebody wants written.

    Attributes:
        behaviour: of the assistant.
        question: what they typed, or what its form made.
        language: "fr" or "en", of the question.
        turns: what was said before and may be sent, the oldest first.
        classification: highest class of all that, 0 to 3.
        sources: highest class of the documents that earlier answers brought; None: they brought none.
    """

    behaviour: Behaviour
    question: str
    language: str
    turns: Sequence[Turn]
    classification: int
    sources: int | None


def wish_of(
    behaviour: Behaviour, question: str, language: str, history: Sequence[Turn], level: int
) -> Wish:
    """What is wanted, with the earlier turns whose class is known.

    Args:
        behaviour: of the assistant.
        question: as it was typed.
        language: of the question.
        history: earlier turns, the oldest first.
        level: class that a question counts as, or what was sent with it.
    """
    turns = [
        turn
        for turn in history[-MOST_TURNS:]
        if turn.role == "user" or turn.classification is not None
    ]
    classes = [turn.classification or 0 for turn in turns if turn.role == "assistant"]
    highest = max(classes, default=0)
    return Wish(behaviour, question, language, turns, max(level, highest), highest or None)


def asked(wish: Wish) -> tuple[ChatRequest, str]:
    """What a model is asked, and the version of its instructions."""
    instructions, fence = prompt("write", wish.language), Fence()
    told = fence.around("assistant", wish.behaviour.told.replace(fence.key, ""))
    turns = [Message(turn.role, turn.text[:_MOST_OF_A_TURN]) for turn in wish.turns]
    request = ChatRequest(
        (
            Message("system", f"{fence.told(instructions)}\n{told}"),
            *turns,
            Message("user", fence.around("question", wish.question)),
        ),
        most_tokens=MOST_TOKENS,
    )
    return request, f"{instructions.version}, {wish.behaviour.version}"


async def writer(gateway: Gateway, wish: Wish, principal: int) -> CatalogueModel | None:
    """Who would write it; None: no model may, or none answers."""
    facts = Facts(
        classification=wish.classification,
        purpose=Purpose.ANSWER,
        assistant=wish.behaviour.key,
        language=wish.language,
        most_tokens=MOST_TOKENS,
        model=wish.behaviour.model,
    )
    models = (await gateway.plan(facts)).models
    return next((model for model in models if gateway.answers(model, principal)), None)


def call_of(wish: Wish, principal: int, key_id: int | None, typed: Sequence[str]) -> Call:
    """The call that has it written; the caller adds what it knows of the conversation."""
    request, version = asked(wish)
    return Call(
        request,
        principal,
        Purpose.ANSWER,
        wish.classification,
        key_id=key_id,
        assistant=wish.behaviour.key,
        language=wish.language,
        model=wish.behaviour.model,
        prompt_version=version,
        typed=(*typed, wish.question),
        instructions=wish.behaviour.told,
    )


async def drafted(
    gateway: Gateway,
    call: Call,
    wish: Wish,
    written: Callable[[Answer], object] | None = None,
) -> AsyncGenerator[Sentence | Answer]:
    """The text line by line as it is written, then the whole; open no transaction around it.

    Where no model writes, what is said of that comes in its place: of a check, its reply.

    Args:
        gateway: by which models are asked.
        call: from `call_of`.
        wish: what is wanted.
        written: told what there is, before each line: what is left if it is stopped.
    """
    draft = _Draft(wish, call.prompt_version)
    try:
        async with aclosing(draft.lines(gateway, call)) as lines:
            async for line in lines:
                if written is not None:
                    written(draft.answer())
                yield line
        if not draft.said:
            raise Unavailable("The language model wrote nothing that can be shown.")
    except CentaureError as error:
        if not draft.said:
            for piece in instead(wish, error):
                yield piece
            return
        draft.stopped = "cut"
        if isinstance(error, Stopped):
            draft.stopped, draft.held = "check", error.held
            yield draft.say(error.message)
    yield draft.answer()


@dataclass(slots=True)
class _Draft:
    """What there is of a text: its lines, who writes it, how it ended."""

    wish: Wish
    version: str
    said: list[Sentence] = field(default_factory=list[Sentence])
    model: str = ""
    generation: int | None = None
    usage: Usage | None = None
    stopped: Stop | None = None
    held: int | None = None

    async def lines(self, gateway: Gateway, call: Call) -> AsyncGenerator[Sentence]:
        """The lines, as the model says them."""
        lines, thoughts = _Lines(), ThoughtReader()
        async with gateway.speak(call) as spoken:
            self._take_from(spoken)
            try:
                async for delta in spoken:
                    if delta.finish in _STOPS:
                        self.stopped = _STOPS[delta.finish]
                    for line in lines.read(thoughts.read(delta.text)):
                        yield self.say(line)
            except Stopped:
                for line in lines.end():  # a check has passed it
                    yield self.say(line)
                raise
            finally:
                self._take_from(spoken)
        for line in (*lines.read(thoughts.end()), *lines.end()):
            yield self.say(line)

    def say(self, line: str) -> Sentence:
        """Add a line."""
        self.said.append(Sentence(line, ()))
        return self.said[-1]

    def answer(self) -> Answer:
        """The whole of it."""
        return Answer(
            self.wish.question,
            self.wish.language,
            True,
            tuple(self.said),
            (),
            model=self.model,
            generation=self.generation,
            usage=self.usage,
            prompt_version=self.version,
            shown=self.wish.sources,
            stopped=self.stopped,
            held=self.held,
        )

    def _take_from(self, spoken: Spoken) -> None:
        """Who speaks now, and how much so far."""
        model = spoken.model
        self.model = shown_name(model.name, simulated=model.simulated, language=self.wish.language)
        self.generation, self.usage = spoken.generation, spoken.usage


def instead(wish: Wish, error: CentaureError | None = None) -> Iterator[Sentence | Answer]:
    """What is said where no model writes.

    Args:
        wish: what was wanted.
        error: why; None: there is no model that may be asked.
    """
    held, problem = None, ""
    fallback: Fallback = "needs_model"
    if isinstance(error, Stopped):
        fallback, held = "check", error.held
        told = (Sentence(error.message, ()),)
    else:
        said = NEEDS_A_MODEL
        if error is not None:
            fallback, said = "failed", FAILED
        if isinstance(error, QuotaExhausted):
            fallback, problem = "quota", error.message
        why = f"{said[wish.language]}\n\n"
        told = (Sentence(why, ()), Sentence(shown_prompt(wish), ()))
    yield from told
    yield Answer(
        wish.question,
        wish.language,
        fallback == "check",  # whose reply is shown as an answer is
        told,
        (),
        fallback=fallback,
        problem=problem,
        held=held,
    )


def shown_prompt(wish: Wish) -> str:
    """What a model would be asked, as a person is shown it: the assistant's words, then theirs."""
    return "\n\n".join(part for part in (wish.behaviour.told, wish.question) if part)


class _Lines:
    """Cuts a text that comes in pieces into sentences and lines, each with the line breaks that follow it."""

    def __init__(self) -> None:
        self._text = ""

    def read(self, piece: str) -> Iterator[str]:
        """Those that are complete: something stands after them."""
        self._text += piece
        while (found := _END.search(self._text)) is not None and found.end() < len(self._text):
            breaks = "\n" * min(2, found[0].count("\n"))
            line = self._text[: found.start()].rstrip() + breaks
            self._text = self._text[found.end() :]
            if line.strip():
                yield line

    def end(self) -> Iterator[str]:
        """What is left."""
        line, self._text = self._text.rstrip(), ""
        if line:
            yield line
