"""The offline twin of a language model: no network, no weights; it quotes the passages that it is shown.

It keeps the manners of a model (streams, calls tools, writes JSON, stops where it is told to) by rules that a
person can follow, and is called simulated wherever it appears.
"""

import asyncio
import html
import json
import re
from collections.abc import AsyncGenerator, Callable, Iterator
from dataclasses import dataclass

from centaure.gateway.by_rule import arguments_for, named_tool, telling_words, value_for
from centaure.gateway.chat import ChatRequest, Delta, Finish, ToolCallPart, Usage

SIMULATED = "simulated"
Known = Callable[[str, str], str | None]
"""What a rule of a package above writes, told instructions and the text beside them; None: no rule."""
# Nothing is read past the next opening, and no run of blanks twice.
_PASSAGE = re.compile(
    r'<passage\b[^<>]{0,1000}?\bnumber="(\d{1,6})"[^<>]{0,1000}>((?:(?!<passage\b).)*?)</passage\b[^<>]{0,100}>',
    re.DOTALL,
)
_QUESTION = re.compile(
    r"<question\b[^<>]{0,100}>((?:(?!<question\b).)*?)</question\b[^<>]{0,100}>", re.DOTALL
)
_BETWEEN_SENTENCES = re.compile(r"(?<=[.!?])\s+(?=[«\"A-ZÀ-Þ\d])|(?<!\s)[^\S\n]*+\n\s*")
_PIECE = re.compile(r"(?<!\s)\s*+\S+")
_MOST_SENTENCES = 3
_FRENCH = frozenset(
    {"le", "la", "les", "des", "du", "un", "une", "est", "sont", "quel", "quelle", "qui", "pour"}
)
_WORDS = {
    "fr": {
        "unknown": "Je ne sais pas : les passages fournis ne le disent pas.",
        "alone": "Je suis un modèle simulé : je ne fais que citer des passages, et n'en ai reçu aucun.",
        "tool": "L'outil a répondu : ",
    },
    "en": {
        "unknown": "I do not know: the passages given do not say.",
        "alone": "I am a simulated model: I only quote passages, and was given none.",
        "tool": "The tool answered: ",
    },
}


@dataclass(frozen=True, slots=True)
class _Sentence:
    number: str
    place: int
    text: str
    words: frozenset[str]


class ExtractiveModel:
    """Answers from passages, each sentence with its marker `[3]`, or says that it does not know.

    Passages are `<passage number="3">...</passage>` in the last message of the user; the question is in
    `<question>...</question>`, or is the rest of the message. The names of tags may go on (`passage-7f3a`).

    Args:
        known: comes before the rules here.
    """

    simulated = True

    def __init__(self, known: Known | None = None) -> None:
        self._known = known

    async def stream(
        self, request: ChatRequest, *, first_s: float, longest_s: float
    ) -> AsyncGenerator[Delta]:
        """As in `ChatModel`; it answers at once, word by word."""
        del first_s, longest_s
        for delta in deltas(request, self._known):
            yield delta
            await asyncio.sleep(0)  # others have their turn, as with a model that is waited for

    async def close(self) -> None:
        """Nothing is held."""


def deltas(request: ChatRequest, known: Known | None = None) -> Iterator[Delta]:
    """The pieces of an answer, each of which counts as a token; the last one has the finish and the usage."""
    asked = sum(len(_PIECE.findall(message.content)) for message in request.messages)
    question = question_in(request)
    tool = named_tool(request, question)
    if tool is not None:
        call = ToolCallPart(0, "call_simulated_1", tool.name, arguments_for(tool, question))
        yield Delta(tool_calls=(call,))
        yield Delta(finish="tool_calls", usage=Usage(asked, 1))
        return
    said = known and known(_last(request, "system"), _last(request, "user"))
    pieces = _PIECE.findall(_until_stop(said or answer_to(request), request.stop))
    for piece in pieces[: request.most_tokens]:
        yield Delta(piece)
    finish: Finish = "length" if len(pieces) > request.most_tokens else "stop"
    yield Delta(finish=finish, usage=Usage(asked, min(len(pieces), request.most_tokens)))


def question_in(request: ChatRequest) -> str:
    """What the user asks in their last message."""
    said = _last(request, "user")
    found = _QUESTION.search(said)
    return html.unescape(found[1] if found else _PASSAGE.sub("", said)).strip()


def answer_to(request: ChatRequest) -> str:
    """The whole answer: text, or JSON where that is asked for."""
    wanted = request.response_format or {}
    text = _text(request)
    if wanted.get("type") == "json_object":
        return json.dumps({"answer": text}, ensure_ascii=False)
    if wanted.get("type") == "json_schema":
        schema = wanted.get("json_schema", {}).get("schema", {})
        return json.dumps(value_for(schema, text), ensure_ascii=False)
    return text


def _text(request: ChatRequest) -> str:
    question = question_in(request)
    words = _WORDS["fr" if _FRENCH & set(question.lower().split()) else "en"]
    if request.messages and request.messages[-1].role == "tool":
        return words["tool"] + request.messages[-1].content
    passages = _PASSAGE.findall(_last(request, "user"))
    if not passages:
        return words["alone"]
    chosen = _best(list(_sentences(passages)), telling_words(question))
    return " ".join(map(_marked, chosen)) or words["unknown"]


def _marked(sentence: _Sentence) -> str:
    """The marker stands before the end of its sentence, where no reader can give it to the next."""
    text = sentence.text.rstrip(" .!?:;")
    return f"{text} [{sentence.number}]{sentence.text[len(text) :].strip() or '.'}"


def _best(sentences: list[_Sentence], asked: frozenset[str]) -> list[_Sentence]:
    """Those that hold most of the question; a word weighs the more, the fewer sentences hold it."""
    weight = {
        word: 1.0 / max(1, sum(word in one.words for one in sentences)) for word in sorted(asked)
    }
    scored = [(sum(weight[word] for word in asked & one.words), one) for one in sentences]
    scored.sort(key=lambda pair: (-len(asked & pair[1].words), -pair[0], pair[1].place))
    if not scored or not asked:
        return []
    most = len(asked & scored[0][1].words)
    if most * 2 < min(len(asked), 4):
        return []
    kept = [one for _, one in scored if len(asked & one.words) * 4 >= most * 3]
    return sorted(_distinct(kept)[:_MOST_SENTENCES], key=lambda one: one.place)


def _distinct(sentences: list[_Sentence]) -> list[_Sentence]:
    return list({one.text: one for one in reversed(sentences)}.values())[::-1]


def _sentences(passages: list[tuple[str, str]]) -> Iterator[_Sentence]:
    place = 0
    for number, written in passages:
        for part in _BETWEEN_SENTENCES.split(html.unescape(written)):
            text = " ".join(part.split())
            words = telling_words(text)
            if words:
                yield _Sentence(number, place, text, words)
                place += 1


def _until_stop(text: str, stop: tuple[str, ...]) -> str:
    return text[: min((text.find(one) for one in stop if one and one in text), default=len(text))]


def _last(request: ChatRequest, role: str) -> str:
    return next((one.content for one in reversed(request.messages) if one.role == role), "")
