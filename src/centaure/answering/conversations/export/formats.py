"""The formats, by name."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from typing import Literal, cast

from anyio import CapacityLimiter, to_thread

from centaure.answering.conversations.export.paper import Paper, paper_of
from centaure.answering.conversations.reading import Answered, Asked, Conversation
from centaure.kit.errors import InvalidInput

Format = Literal["markdown", "docx", "pdf"]

LONGEST = 300_000
"""Characters of a conversation that is laid out; a PDF of them takes two seconds."""

AT_ONCE = CapacityLimiter(2)


@dataclass(frozen=True, slots=True)
class Kind:
    """A format: what its files are called and are; `longest` characters fit, any number where it is None."""

    ending: str
    media_type: str
    module: str
    longest: int | None = LONGEST


FORMATS: Mapping[Format, Kind] = {
    "markdown": Kind("md", "text/markdown; charset=utf-8", "markdown", longest=None),
    "docx": Kind(
        "docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "word",
    ),
    "pdf": Kind("pdf", "application/pdf", "pdf"),
}


def export(paper: Paper, kind: Format) -> bytes:
    """The file. Blocks, two seconds for the longest PDF.

    Raises:
        InvalidInput: the paper is too long for the format.
    """
    chosen = FORMATS[kind]
    if chosen.longest is not None and paper.size > chosen.longest:
        raise InvalidInput(
            f"This conversation has {paper.size:,} characters, and a file of the format {kind} takes "
            f"{chosen.longest:,}. Export it as Markdown."
        )
    # What writes Word and PDF files is not loaded by processes that write none.
    module = import_module(f"{__package__}.{chosen.module}")
    write = cast("Callable[[Paper], bytes]", module.write)
    return write(paper)


async def exported(
    conversation: Conversation, turns: Sequence[Asked | Answered], kind: Format
) -> tuple[str, bytes]:
    """The title of what a conversation says now, and its file; written aside, two at once.

    Raises:
        InvalidInput: as in `export`.
    """

    def made() -> tuple[str, bytes]:
        paper = paper_of(conversation, turns, datetime.now(UTC))
        return paper.title, export(paper, kind)

    return await to_thread.run_sync(made, limiter=AT_ONCE)
