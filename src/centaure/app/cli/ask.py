"""`centaure ask` and `centaure search`, as somebody, for the person who owns the machine."""

import json
from contextlib import aclosing
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from pydantic import TypeAdapter, ValidationError

from centaure.answering import Answer, Turn
from centaure.answering.asking import Asking, Enquiry
from centaure.app.cli.answers import Printer, answer_fields, place
from centaure.app.cli.dropped import dropped
from centaure.app.cli.output import AsJson, print_json, printable, say
from centaure.app.cli.running import Somebody, acting_as, run
from centaure.app.installation import Installation
from centaure.audit import Action, describe_question, record
from centaure.gateway.catalogue import shown_name
from centaure.kit.database import Database
from centaure.kit.errors import InvalidInput
from centaure.knowledge.parsing import FORMATS
from centaure.knowledge.retrieval import Hit, SearchResult
from centaure.knowledge.retrieval.explanation import (
    HitExplained,
    QuestionExplained,
    ReadingExplained,
)
from centaure.knowledge.retrieval.filters import FilterWords
from centaure.knowledge.retrieval.finding import Asked
from centaure.knowledge.retrieval.highlights import excerpt
from centaure.knowledge.retrieval.merging import SPARE, merged
from centaure.knowledge.retrieval.thesaurus.missed import keep_missed

LONGEST_QUESTION = 10_000
HISTORY = TypeAdapter(list[Turn])
HISTORY_SHAPE = (
    '[{"role": "user", "text": "..."}, {"role": "assistant", "text": "...", "classification": 1}]'
)
HISTORY_CLASS = (
    "The classification is the highest of what an answer quotes, 0 to 3; without it no language model "
    "is sent that answer."
)

As = Annotated[str, typer.Option("--as", help="Whose rights apply.", metavar="USER")]
Source = Annotated[str | None, typer.Option(help="Only this source.")]
Folder = Annotated[str | None, typer.Option(help="Only this folder, and what is below it.")]
Format = Annotated[str | None, typer.Option("--type", help="Only this format: pdf, docx, eml ...")]
Language = Annotated[str | None, typer.Option(help="Only this language: fr, en, simple.")]
Class = Annotated[
    str | None, typer.Option("--classification", help="Only this class: C0, C1, C2 or C3.")
]
After = Annotated[str | None, typer.Option("--from", help="Changed on or after: 2025-01-31.")]
Before = Annotated[str | None, typer.Option("--to", help="Changed on or before: 2025-12-31.")]


def add_to(app: typer.Typer) -> None:
    """Put these commands at the top level."""
    app.command("search")(search_command)
    app.command("ask")(ask_command)


def search_command(
    query: Annotated[str, typer.Argument(help="What to look for.")],
    user: As,
    limit: Annotated[int, typer.Option(min=1, max=100, help="Most passages.")] = 10,
    source: Source = None,
    folder: Folder = None,
    form: Format = None,
    language: Language = None,
    classification: Class = None,
    after: After = None,
    before: Before = None,
    *,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say why: legs, terms, weights, what a model wrote.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Print the passages that somebody may read and that answer best."""
    _bounded(query)
    words = _filters(source, folder, form, language, classification, after, before)

    async def work(database: Database, installation: Installation) -> SearchResult:
        principal = await acting_as(installation, user)
        asked = Asked(query, words)
        found = await _found(database, installation, principal, asked, limit + SPARE)
        found = merged(found, limit)
        async with database.write(principal) as session:
            settings = installation.settings
            details = {
                **describe_question(query, settings.digest_key),
                "hits": len(found.hits),
                "by": "machine",
            }
            await record(session, Action.SEARCH, "", details=details)
        if settings.keep_failed_questions and not found.hits:
            await keep_missed(database, query, found, principal, settings.asker_key)
        return found

    found = run("app", work)
    if as_json:
        hits = [
            {**_hit(hit), **({"explanation": HitExplained.of(hit).model_dump()} if explain else {})}
            for hit in found.hits
        ]
        why = {"explanation": QuestionExplained.of(found).model_dump()} if explain else {}
        print_json({"query": query, "reranked": found.reranked, **why, "hits": hits})
        return
    if explain:
        say(_question_explained(QuestionExplained.of(found)))
    if not found.hits:
        where = "documents" if source is None else f"sources named '{printable(source)}'"
        say(
            f"Nothing was found in {'the ' if source is None else ''}{where} that this user can read."
        )
    for number, hit in enumerate(found.hits, 1):
        at = place(hit.page_first, hit.sheet, hit.page_last)
        where = f"{hit.document.path}{', ' + at if at else ''}"
        say(f"{number}. {printable(hit.document.title or hit.document.path)}  ({printable(where)})")
        if explain:
            say(f"   {_hit_explained(HitExplained.of(hit))}")
        say(f"   {printable(excerpt(hit.text, hit.highlights))}\n")


def ask_command(
    question: Annotated[str, typer.Argument(help="The question.")],
    user: As,
    history: Annotated[
        Path | None,
        typer.Option(help=f"Earlier turns, a JSON file: {HISTORY_SHAPE}. {HISTORY_CLASS}"),
    ] = None,
    files: Annotated[
        list[Path] | None,
        typer.Option(
            "--file",
            help="A file to answer from as well, read for this question and forgotten; may be repeated. "
            "It counts as C2, or what CENTAURE_FILE_CLASS says: no model that may be sent less sees it.",
        ),
    ] = None,
    assistant: Annotated[
        str, typer.Option(help="Key of the assistant that answers; `assistant list` has them.")
    ] = "",
    source: Source = None,
    folder: Folder = None,
    form: Format = None,
    language: Language = None,
    classification: Class = None,
    after: After = None,
    before: Before = None,
    *,
    explain: Annotated[
        bool,
        typer.Option("--explain", help="Say how the question was read, and what a model wrote."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Answer a question from the documents that somebody may read, with its sources."""
    _bounded(question)
    words = _filters(source, folder, form, language, classification, after, before)
    turns = _turns(history)

    async def work(database: Database, installation: Installation) -> tuple[Answer, SearchResult]:
        reader = Somebody(await acting_as(installation, user))
        gateway = installation.gateway(database)
        finding = installation.finding(database, gateway)
        policies = installation.policies(database)
        asking = Asking(database, finding, installation.settings, gateway, policies)
        try:
            async with dropped(database, installation, reader.id, files or []) as conversation:
                enquiry = Enquiry(
                    question, turns, words, conversation, by_machine=True, assistant=assistant
                )
                passages = await asking.find(reader, enquiry)
                if explain and not as_json:
                    say(_question_explained(QuestionExplained.of(passages)))
                whole: Answer | None = None
                printer = Printer()
                async with aclosing(asking.ask(reader, enquiry, found=passages)) as pieces:
                    async for piece in pieces:
                        whole = piece if isinstance(piece, Answer) else whole
                        if not as_json:
                            printer.print(piece)
        finally:
            await gateway.close()
        if whole is None:
            raise LookupError("An answer has no end.")
        return whole, passages

    found, passages = run("app", work)
    if as_json:
        why = {"explanation": QuestionExplained.of(passages).model_dump()} if explain else {}
        print_json({**answer_fields(question, found), **why})


def _question_explained(question: QuestionExplained) -> str:
    terms = ", ".join(f"{'/'.join(one.stems)} {one.weight:.1f}" for one in question.terms)
    lines = [f"language: {question.language}", f"terms (nats): {terms or 'none'}"]
    lines += [
        f"{one.kind} x{one.factor:g}: {one.term} -> {one.other}" for one in question.expansions
    ]
    if question.meaning_weight is None:
        lines.append("meaning: words alone answered")
    else:
        lines.append(f"meaning weighs {question.meaning_weight:g}, words the rest")
    if question.reranker:
        lines.append(f"reranker: {question.reranker}")
    if question.reading is not None:
        lines += _reading_explained(question.reading)
    return printable("\n".join(lines)) + "\n"


def _reading_explained(reading: ReadingExplained) -> list[str]:
    said = [("rewritten", reading.rewritten)]
    said += [(f"part {number}", part) for number, part in enumerate(reading.parts, 1)]
    said += [("hypothetical", reading.hypothetical), ("translation", reading.translation)]
    lines = [f"language model: {shown_name(reading.model, simulated=reading.simulated)}"]
    lines += [f"{name}: {text}" for name, text in said if text is not None]
    return lines + [f"{task}: {why}" for task, why in reading.unused.items()]


def _hit_explained(hit: HitExplained) -> str:
    named = ("words", "phrases", "named", "whole", "period", "feedback")
    parts = [f"{name} {value:.2f}" for name in named if (value := getattr(hit, name))]
    if hit.similarity is not None:
        parts.append(f"similarity {hit.similarity:.3f}")
    if hit.rerank_score is not None:
        parts.append(f"reranked {hit.rerank_score:.3f}")
    found = " and ".join(hit.found_by) or "its document"
    if hit.through:
        found += f", through {', '.join(hit.through)}"
    said = f"found by {found} ({', '.join(parts)}): {' '.join(hit.stems)}"
    if hit.merged:
        said += f"; merged of passages {', '.join(map(str, hit.merged))}"
    return printable(said)


def _hit(hit: Hit) -> dict[str, object]:
    return {
        "path": hit.document.path,
        "title": hit.document.title,
        "page": hit.page_first if hit.sheet is None else hit.sheet,
        "page_last": hit.page_last,
        "merged": max(len(hit.parts), 1),
        "heading": " > ".join(hit.heading_path),
        "text": hit.text,
        "highlights": [list(span) for span in hit.highlights],
        "score": hit.score,
        "rerank_score": hit.rerank_score,
        "classification": f"C{hit.document.classification}",
        "modified": hit.document.modified,
    }


async def _found(
    database: Database,
    installation: Installation,
    principal: int,
    asked: Asked,
    limit: int,
) -> SearchResult:
    """What the person finds, with the live models."""
    gateway = installation.gateway(database)
    try:
        return await installation.finding(database, gateway).find(principal, asked, limit)
    finally:
        await gateway.close()


def _bounded(words: str) -> None:
    if not words.strip():
        raise InvalidInput("Write what you are looking for.")
    if len(words) > LONGEST_QUESTION:
        raise InvalidInput(
            f"The question is longer than {LONGEST_QUESTION:,} characters. Shorten it."
        )


def _filters(
    source: str | None,
    folder: str | None,
    form: str | None,
    language: str | None,
    classification: str | None,
    after: str | None,
    before: str | None,
) -> FilterWords:
    if classification not in (None, "C0", "C1", "C2", "C3"):
        raise InvalidInput("A classification is C0, C1, C2 or C3.")
    if form is not None and form not in FORMATS:
        raise InvalidInput(f"A type is one of {', '.join(sorted(FORMATS))}.")
    if language not in (None, "fr", "en", "simple"):
        raise InvalidInput("A language is fr, en or simple (any other).")
    return FilterWords(source, folder, form, language, classification, _day(after), _day(before))


def _day(written: str | None) -> date | None:
    try:
        return None if written is None else date.fromisoformat(written)
    except ValueError:
        raise InvalidInput(f"{written} is not a day. Write it as 2025-01-31.") from None


def _turns(path: Path | None) -> list[Turn]:
    if path is None:
        return []
    try:
        return HISTORY.validate_python(json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise InvalidInput(f"{path} cannot be read ({error.strerror}).") from None
    except (ValueError, ValidationError):
        raise InvalidInput(
            f"{path} is not a history. Write {HISTORY_SHAPE}. {HISTORY_CLASS}"
        ) from None
