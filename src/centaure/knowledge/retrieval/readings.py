"""What a language model is told of a conversation, and what it made of a question."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from centaure.gateway.catalogue import shown_name
from centaure.knowledge.retrieval.prompts import Task

Unused = Literal["late", "failed", "refused", "nonsense", "unchanged", "left alone", "over quota"]
"""Why something that was wished for is not used: not there in time, an error, the service will not take the
text, an answer that is empty or too long, one that says what was asked, a failure a moment ago, or a quota
that is used up."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier turn of a conversation.

    Attributes:
        classification: highest of what it quotes, 0 to 3; None: unknown, and then what the assistant said
            is not sent to a model.
    """

    role: Literal["user", "assistant"]
    text: str
    classification: Literal[0, 1, 2, 3] | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a language model made of a question.

    Attributes:
        rewritten: the question as it can be understood without the conversation.
        parts: questions that it takes together.
        hypothetical: a passage that would answer it, invented.
        translation: into the other of French and English.
        unused: what was asked for in vain, and why.
        model: its name here; several answer where one fails.
        simulated: whether it is the twin, or one of several is.
        classification: highest class of what the model was sent, and so of what it wrote.
        problem: why it did not answer, for those who look after it.
    """

    rewritten: str | None = None
    parts: tuple[str, ...] = ()
    hypothetical: str | None = None
    translation: str | None = None
    unused: Mapping[Task, Unused] = field(default_factory=dict[Task, Unused])
    model: str = ""
    simulated: bool = False
    classification: int = 0
    problem: str = ""

    @property
    def searches(self) -> dict[str, str]:
        """What to search beside the question, by what it is; each text once."""
        named = [("rewritten", self.rewritten)]
        named += [(f"part {number}", part) for number, part in enumerate(self.parts, 1)]
        named += [("translation", self.translation)]
        texts: dict[str, str] = {}
        known: set[str] = set()
        for name, text in named:
            if text is not None and same(text) not in known:
                known.add(same(text))
                texts[name] = text
        return texts

    def without(self, texts: Iterable[str], why: Unused) -> "Reading":
        """The reading without what is to be searched and says the same as one of the texts."""
        gone = set(map(same, texts))
        rewritten = None if self.rewritten and same(self.rewritten) in gone else self.rewritten
        translation = (
            None if self.translation and same(self.translation) in gone else self.translation
        )
        parts = tuple(part for part in self.parts if same(part) not in gone)
        unused = dict(self.unused)
        if rewritten != self.rewritten:
            unused["rewritten"] = why
        if translation != self.translation:
            unused["translation"] = why
        if self.parts and not parts:
            unused["parts"] = why
        return replace(
            self, rewritten=rewritten, parts=parts, translation=translation, unused=unused
        )

    def helped(self, language: str) -> str:
        """Who wrote something that is used: the model's name as it is shown in a language; or empty."""
        if not (self.searches or self.hypothetical):
            return ""
        return shown_name(self.model, simulated=self.simulated, language=language)


def same(text: str) -> str:
    """A text as it is compared with another: capitals and spaces tell nothing."""
    return "".join(text.casefold().split())
