"""What a language model is asked: the summary of a part, or to put summaries of parts together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from centaure.answering.generated.fence import Fence
from centaure.answering.generated.passages import Numbered, block, inert
from centaure.answering.generated.prompts import Task, prompt
from centaure.answering.generated.request import Request
from centaure.answering.summaries.parts import Part
from centaure.answering.summaries.summary import Place, SummarySentence
from centaure.gateway.chat import ChatRequest, Message
from centaure.knowledge.retrieval import Hit

MOST_TOKENS = 1_024
"""Of what is written at once."""
MOST_CHARACTERS = 18_000
"""Of what is read at once: 4,500 to 6,000 tokens."""
_LEAST_CHARACTERS = 2_000
_CHARACTERS_PER_TOKEN = 3
_MARGIN_TOKENS = 1_000
"""Of instructions, tags and attributes."""
_LONGEST_HEADING = 300


@dataclass(frozen=True, slots=True)
class Digest:
    """What was written of one part, or of several."""

    place: Place
    sentences: tuple[SummarySentence, ...]

    @property
    def size(self) -> int:
        """Characters, about, as a model is shown it."""
        return sum(len(one.text) + 12 for one in self.sentences) + 100


def room(context: int | None) -> int:
    """Characters of a document that a model reads at once.

    Args:
        context: tokens of prompt and answer together; None: unknown.
    """
    if context is None:
        return MOST_CHARACTERS
    fits = (context - MOST_TOKENS - _MARGIN_TOKENS) * _CHARACTERS_PER_TOKEN
    return min(MOST_CHARACTERS, max(_LEAST_CHARACTERS, fits))


def of_part(part: Part, language: str, most: int) -> Request:
    """The summary of a part, from its passages; of a passage that has more, the first `most` characters."""
    passages = tuple(
        Numbered(number, hit, hit.text[:most]) for number, hit in enumerate(part.hits, 1)
    )
    fence = Fence()
    data = "\n\n".join(block(each, fence) for each in passages)
    return _request("part", data, passages, language, fence)


def of_digests(digests: Sequence[Digest], hits: Mapping[int, Hit], language: str) -> Request:
    """One summary of what was written of several parts.

    The model is shown their sentences, each with numbers of the passages of the document behind it, which it
    is to copy: what it writes is held against these passages.

    Args:
        digests: in the order of the document.
        hits: passages of the document, by chunk.
        language: "fr" or "en".
    """
    numbers: dict[int, int] = {}
    for digest in digests:
        for sentence in digest.sentences:
            for citation in sentence.citations:
                numbers.setdefault(citation.chunk_id, len(numbers) + 1)
    passages = tuple(
        Numbered(number, hits[chunk], hits[chunk].text) for chunk, number in numbers.items()
    )
    fence = Fence()
    blocks = [
        fence.around(
            "part",
            "\n".join(_line(one, numbers) for one in digest.sentences),
            _where(digest.place),
        )
        for digest in digests
    ]
    return _request("join", "\n\n".join(blocks), passages, language, fence)


def _request(
    task: Task, data: str, passages: tuple[Numbered, ...], language: str, fence: Fence
) -> Request:
    told = prompt(task, language)
    messages = (Message("system", fence.told(told)), Message("user", data))
    chat = ChatRequest(messages, most_tokens=MOST_TOKENS)
    return Request(chat, passages, told.version, language, fence)


def _where(place: Place) -> str:
    heading = inert(" ".join(place.heading.split())[:_LONGEST_HEADING]).replace('"', "”")
    pages = dict.fromkeys(
        str(page) for page in (place.page_first, place.page_last) if page is not None
    )
    where = {"heading": heading, "pages": "-".join(pages)}
    return "".join(f' {name}="{text}"' for name, text in where.items() if text)


def _line(sentence: SummarySentence, numbers: Mapping[int, int]) -> str:
    cited = dict.fromkeys(numbers[one.chunk_id] for one in sentence.citations)
    return f"{inert(sentence.text)} {''.join(f'[{number}]' for number in cited)}"
