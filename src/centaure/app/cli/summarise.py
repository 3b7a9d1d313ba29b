"""`centaure summarise`: a document in a few sentences, as somebody."""

import sys
from contextlib import aclosing
from typing import Annotated

import typer

from centaure.answering.asking import Reader
from centaure.answering.summaries.events import SummaryEvent
from centaure.answering.summaries.summarising import Summarising
from centaure.answering.summaries.summary import Place, Progress, Summary, SummarySentence
from centaure.app.cli.answers import place
from centaure.app.cli.ask import As
from centaure.app.cli.output import AsJson, print_json, printable, say
from centaure.app.cli.running import Somebody, acting_as, run
from centaure.app.installation import Installation
from centaure.kit.database import Database
from centaure.kit.errors import Conflict, NotFound
from centaure.knowledge.documents.service import find_documents

_FALLBACKS = {
    "no_model": "These are sentences of the document: there is no language model that may be sent it.",
    "quota": "These are sentences of the document.",
    "failed": "These are sentences of the document: no language model summarised it.",
}
_STOPPED = {
    "length": "The summary stops here: it is as long as it may be.",
    "cut": "The summary stops here: the language model broke off. Ask again.",
    "check": "The summary stops here: a check ended it.",
}


def add_to(app: typer.Typer) -> None:
    """Put this command at the top level."""
    app.command("summarise")(summarise)


def summarise(
    document: Annotated[str, typer.Argument(help="Its path in its source, or its number.")],
    user: As,
    *,
    as_json: AsJson = False,
) -> None:
    """Summarise a document that somebody may read, with the pages that each sentence rests on."""

    async def work(database: Database, installation: Installation) -> Summary:
        reader = Somebody(await acting_as(installation, user))
        number = await _number(database, reader, document)
        gateway = installation.gateway(database)
        policies = installation.policies(database)
        summarising = Summarising(database, installation.settings, gateway, policies)
        whole: Summary | None = None
        pieces = summarising.summarise(reader, number, by_machine=True)
        try:
            async with aclosing(pieces):
                async for piece in pieces:
                    if isinstance(piece, Progress):
                        _show(piece)
                    elif isinstance(piece, Summary):
                        whole = piece
                    elif not as_json:
                        _clear()
                        say(printable(sentence_line(piece)))
        finally:
            _clear()
            await gateway.close()
        if whole is None:
            raise LookupError("A summary has no end.")
        return whole

    summary = run("app", work)
    if as_json:
        print_json(SummaryEvent.of(summary).model_dump(mode="json"))
        return
    say("")
    for line in remarks(summary):
        say(printable(line))


def progress_line(progress: Progress) -> str:
    """How far it is, in words."""
    if progress.stage == "joining":
        said = "Putting the parts together"
        return said if progress.parts == 1 else f"{said}: {progress.done} of {progress.parts}"
    line = f"{progress.done} of {progress.parts} parts"
    if progress.left_s is None:
        return line
    minutes = round(progress.left_s / 60)
    left = f"{minutes} min" if progress.left_s >= 90 else f"{round(progress.left_s)} s"
    return f"{line}, about {left} left"


def sentence_line(sentence: SummarySentence) -> str:
    """A sentence with its pages, or its sheets."""
    if sentence.pages:
        word = "page" if len(sentence.pages) == 1 else "pages"
        return f"{sentence.text} ({word} {', '.join(map(str, sentence.pages))})"
    sheets = dict.fromkeys(one.sheet for one in sentence.citations if one.sheet)
    return (
        f"{sentence.text} ({', '.join(f'sheet {name}' for name in sheets)})"
        if sheets
        else sentence.text
    )


def remarks(summary: Summary) -> list[str]:
    """What is to be said of a summary."""
    document = summary.document
    found = [f"{document.path}, C{summary.classification}"]
    found += [
        f'Not borne out: "{sentence.text}" {sentence.reason}'
        for sentence in summary.sentences
        if sentence.support == "unsupported"
    ]
    found += [
        f"Not in this summary, since no language model summarised it: {_where(one)}."
        for one in summary.missing
    ]
    if summary.left_out:
        found.append("A part of it is left out: it speaks to an assistant, not to a reader.")
    if summary.fallback is not None:
        found.append(f"{_FALLBACKS[summary.fallback]} {summary.problem}".strip())
        return found
    if not summary.joined:
        found.append(
            f"The parts are summarised one by one: they were not put together. {summary.problem}".strip()
        )
    if summary.stopped is not None:
        found.append(_STOPPED[summary.stopped])
    found.append(
        f"Written by {', '.join(summary.models)}, an AI, from this document: check what matters."
    )
    return found


def _where(missing: Place) -> str:
    pages = place(missing.page_first, None, missing.page_last)
    return ", ".join(part for part in (missing.heading, pages) if part) or "a part of the document"


async def _number(database: Database, reader: Reader, document: str) -> int:
    """The document that is meant, if the reader may read it."""
    if document.isdecimal() and len(document) < 19:
        return int(document)
    async with database.read(reader.id) as session:
        found = await find_documents(session, document)
    if not found:
        raise NotFound
    if len(found) > 1:
        numbers = ", ".join(f"{one.id} ({one.source})" for one in found)
        raise Conflict(f"Several documents have this path. Give the number of one: {numbers}.")
    return found[0].id


def _show(progress: Progress) -> None:
    """One line for a person at a terminal, in place of the one before."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{progress_line(progress)}")
        sys.stderr.flush()


def _clear() -> None:
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()
