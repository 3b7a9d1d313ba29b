"""What somebody wants of a language model, and what came of it."""

import time
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Literal

from centaure.gateway.catalogue import CatalogueModel
from centaure.gateway.chat import ChatRequest, Message
from centaure.kit.errors import Forbidden, InvalidInput, TooManyRequests, Unavailable


class Purpose(StrEnum):
    """What a call is for; rules of routing and quotas name it."""

    ANSWER = "answer"
    CHAT = "chat"
    TITLE = "title"
    SUMMARY = "summary"
    UNDERSTANDING = "understanding"
    JUDGE = "judge"
    EMBEDDING = "embedding"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check said of a call or of its answer; nothing in it is from their words.

    Attributes:
        rule, version: of the check.
        stage: what it looked at.
        action: what it did, such as "warn", "redact" or "block".
        count: how much of that it found.
    """

    rule: str
    version: str
    stage: Literal["input", "document", "output"]
    action: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class Call:
    """One wish: it becomes one generation, or several where models fail in turn.

    Attributes:
        request: what is asked.
        principal: for whom.
        purpose: what for.
        classification: highest class of everything in the request, 0 to 3 for C0 to C3; no model that may
            be sent less is asked, whatever happens.
        key_id: of the API key that was used; None: a browser session.
        assistant: its name; empty: none.
        use_case: its name in the register; empty: none.
        language: "fr", "en" or empty where it is not known.
        model: the name of the one that is wanted; empty: the rules choose.
        prompt_version: name and version of the prompt file.
        conversation: that it belongs to.
        erasures: of that conversation, before anything of it was read for the request.
        documents: those whose words are in the request, as far as they are known.
        began: before anything was read for the request, in seconds of `time.monotonic`.
        typed: what a person wrote of it, the oldest first; None: every turn of a user.
        instructions: what the writers of an assistant say in it, which checks look at as well.
        first_s: until the first piece of an answer.
        longest_s: for the whole of it, all models that are tried together.
        verdicts: of the checks that it has passed.
    """

    request: ChatRequest
    principal: int
    purpose: Purpose
    classification: int
    key_id: int | None = None
    assistant: str = ""
    use_case: str = ""
    language: str = ""
    model: str = ""
    prompt_version: str = ""
    conversation: int | None = None
    erasures: int = 0
    documents: tuple[int, ...] = ()
    began: float = field(default_factory=time.monotonic, compare=False)
    typed: tuple[str, ...] | None = None
    instructions: str = ""
    first_s: float = 30.0
    longest_s: float = 300.0
    verdicts: tuple[Verdict, ...] = ()


@dataclass(frozen=True, slots=True)
class Completed:
    """A whole answer: its words, who wrote them, and the number of the record."""

    text: str
    model: CatalogueModel
    generation: int


class Stopped(Forbidden):
    """A check stopped a call before any model was asked, or its answer; the message is for whoever asked.

    Attributes:
        verdicts: those that decided.
        held: number of what a person is to decide on; None: nothing waits.
        again: what a model is told that is to answer once more; empty: it is not.
    """

    def __init__(
        self, message: str, *verdicts: Verdict, held: int | None = None, again: str = ""
    ) -> None:
        super().__init__(message)
        self.verdicts = verdicts
        self.held = held
        self.again = again

    @property
    def problem(self) -> str:
        """Who stopped it, for the record."""
        rules = ", ".join(dict.fromkeys(verdict.rule for verdict in self.verdicts))
        return f"Stopped by a check: {rules}." if rules else "Stopped by a check."


class NoModel(Unavailable):
    """No model may take this: none is there, none is cleared for its class, or each of them fails."""


class Unsuitable(InvalidInput):
    """The model that is asked for by name may be sent this, but cannot do it; the message says why."""


class NotTaken(NoModel):
    """Models were asked, and none of them takes this text; another text they may take."""


class QuotaExhausted(TooManyRequests):
    """A quota or a budget is used up; the message says which and when it is renewed."""


def once_more(call: Call, told: str) -> Call:
    """A call that is made again with a remark to the model, which nobody typed."""
    *before, last = call.request.messages
    if last.role == "user":  # many models take no two turns of one role
        said = (*before, replace(last, content=f"{last.content}\n\n{told}"))
    else:
        said = (*before, last, Message("user", told))
    typed = call.typed
    if typed is None:
        typed = tuple(one.content for one in call.request.messages if one.role == "user")
    return replace(call, request=replace(call.request, messages=said), typed=typed)
