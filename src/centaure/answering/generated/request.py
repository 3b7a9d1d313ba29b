"""What a language model is asked: instructions, earlier turns, passages, the question, and their class."""

from collections.abc import Sequence
from dataclasses import dataclass

from centaure.answering.answers import Turn
from centaure.answering.generated.fence import Fence
from centaure.answering.generated.markers import without_markers
from centaure.answering.generated.passages import Numbered, block, inert, numbered
from centaure.answering.generated.prompts import Prompt, prompt
from centaure.gateway.chat import ChatRequest, Message
from centaure.knowledge.retrieval import Hit

MOST_TOKENS = 1_024
"""Of an answer."""
MOST_TURNS = 6
"""Earlier turns that are sent, the latest."""
MOST_OF_WISHES = 2_000
"""Characters of what somebody wishes for the form of an answer."""
_MOST_OF_A_TURN = 1_000
_MOST_OF_A_QUESTION = 2_000
_CHARACTERS_PER_TOKEN = 3
"""Low for French and English, so that what is sent fits."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a model may be shown for a question.

    Attributes:
        hits: the passages, the best first.
        turns: earlier turns, the oldest first, none of unknown class.
        sources: highest class of the passages and of the answers among the turns.
        classification: the same with that of a question: the class of the call.
    """

    hits: tuple[Hit, ...]
    turns: tuple[Turn, ...]
    sources: int
    classification: int


def choices(
    hits: Sequence[Hit], quoted: int, history: Sequence[Turn], question_class: int
) -> list[Shown]:
    """What may be shown, from the most to the least; the first for which there is a model is taken.

    With less, passages and earlier answers are left out that are of a higher class than those which would be
    quoted without a model: the answer hardly rests on them.

    Args:
        hits: passages in the order of the search, at least one.
        quoted: highest class of those that would be quoted.
        history: earlier turns, the oldest first; what the assistant said is left out where its class is
            unknown, as everywhere.
        question_class: that a question counts as.
    """
    latest = [turn for turn in history[-MOST_TURNS:] if _class_of(turn) is not None]
    found: list[Shown] = []
    for highest in dict.fromkeys((3, max(quoted, question_class))):
        kept = tuple(hit for hit in hits if hit.document.classification <= highest)
        turns = tuple(turn for turn in latest if (_class_of(turn) or 0) <= highest)
        classes = [hit.document.classification for hit in kept]
        classes += [_class_of(turn) or 0 for turn in turns]
        sources = max(classes, default=0)
        shown = Shown(kept, turns, sources, max(sources, question_class))
        if kept and shown not in found:
            found.append(shown)
    return found


def _class_of(turn: Turn) -> int | None:
    """The class of a turn; None: unknown. What a person wrote counts as a question."""
    return turn.classification if turn.role == "assistant" else turn.classification or 0


@dataclass(frozen=True, slots=True)
class Request:
    """A question as a model is asked it.

    Attributes:
        chat: what is sent.
        passages: those in it.
        version: of the instructions.
        language: of the answer.
        fence: the tags in it.
    """

    chat: ChatRequest
    passages: tuple[Numbered, ...]
    version: str
    language: str
    fence: Fence

    @property
    def documents(self) -> tuple[int, ...]:
        """Those that the passages are from."""
        return tuple(sorted({each.hit.document.id for each in self.passages}))


@dataclass(frozen=True, slots=True)
class Brief:
    """What else an answer is to follow.

    Attributes:
        instructions: role, tone and instructions of an assistant, which come after the rules; may be empty.
        wishes: for the form of the answer; may be empty.
    """

    instructions: str = ""
    wishes: str = ""


NO_BRIEF = Brief()


def request(
    question: str, language: str, shown: Shown, room: int | None, brief: Brief = NO_BRIEF
) -> Request:
    """A request that fits a model.

    Args:
        question: as it was asked.
        language: "fr" or "en", of the instructions and of the answer.
        shown: what the model may be shown.
        room: tokens of prompt and answer together; None: unknown.
        brief: what else the answer is to follow.
    """
    told, fence = prompt("answer", language), Fence()
    instructions, version = fence.told(told), told.version
    if brief.instructions:
        more = prompt("assistant", language)
        written = fence.around("assistant", inert(brief.instructions))
        instructions = f"{instructions}\n{fence.told(more)}\n{written}"
        version = f"{version}, {more.version}"
    asked = fence.around("question", inert(question[:_MOST_OF_A_QUESTION]))
    if brief.wishes:
        form = prompt("form", language)
        wished = fence.around("form", inert(brief.wishes[:MOST_OF_WISHES]))
        asked = f"{asked}\n\n{fence.told(form)}\n{wished}"
        version = f"{version}, {form.version}"
    turns = [
        Message(turn.role, inert(without_markers(turn.text)[:_MOST_OF_A_TURN]))
        for turn in shown.turns
    ]
    passages = numbered(shown.hits)
    if room is not None:
        fixed = len(instructions) + len(asked) + sum(len(turn.content) for turn in turns)
        left = (room - MOST_TOKENS) * _CHARACTERS_PER_TOKEN - fixed
        if left < _size(passages, fence) and turns:
            left, turns = left + sum(len(turn.content) for turn in turns), []
        while passages and _size(passages, fence) > left:
            most = sum(len(each.text) for each in passages) - (_size(passages, fence) - left)
            shorter = numbered(shown.hits, max(most, 0))
            passages = shorter if shorter != passages else passages[:-1]
    data = "\n\n".join([*(block(each, fence) for each in passages), asked])
    chat = ChatRequest(
        (Message("system", instructions), *turns, Message("user", data)), most_tokens=MOST_TOKENS
    )
    return Request(chat, passages, version, language, fence)


def again(first: Request, written: str, doubts: Sequence[tuple[str, str]]) -> Request:
    """The request for the same answer without what its passages do not bear out.

    Args:
        first: what was asked.
        written: what the model answered.
        doubts: its sentences that are not borne out, each with the reason.
    """
    told: Prompt = prompt("rewrite", first.language)
    fence = first.fence
    listed = "\n".join(
        f"{fence.around('sentence', inert(sentence), between='')} {inert(why)}"
        for sentence, why in doubts
    )
    messages = (
        *first.chat.messages,
        Message("assistant", written),
        Message("user", f"{fence.told(told)}\n{listed}"),
    )
    chat = ChatRequest(messages, most_tokens=MOST_TOKENS)
    version = f"{first.version}, {told.version}"
    return Request(chat, first.passages, version, first.language, fence)


def _size(passages: Sequence[Numbered], fence: Fence) -> int:
    """Characters of the passages with their tags."""
    return sum(len(block(each, fence)) + 2 for each in passages)
