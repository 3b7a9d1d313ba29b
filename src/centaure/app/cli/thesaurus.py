"""`centaure thesaurus`: other words for those of questions, as a curator."""

import csv
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from centaure.app.cli.output import AsJson, print_json, print_table, printable, say
from centaure.app.cli.running import acting_as, run
from centaure.app.installation import Installation
from centaure.identity import Role, need_role
from centaure.kit.database import Database, ReadSession, WriteSession
from centaure.kit.errors import Conflict, InvalidInput, NotFound
from centaure.kit.settings import load_settings
from centaure.knowledge.retrieval.thesaurus.entries import (
    RELATIONS,
    STATES,
    Entry,
    NewEntry,
    State,
    Wanted,
    add_entry,
    decide,
    list_entries,
    remove_entry,
)
from centaure.knowledge.retrieval.thesaurus.matching import Relation
from centaure.knowledge.retrieval.thesaurus.mining import suggest
from centaure.knowledge.retrieval.thesaurus.missed import MissedWord, forget_missed, list_missed

thesaurus = typer.Typer(
    help="Thesaurus: other words that questions are searched with.", no_args_is_help=True
)

T = TypeVar("T")
As = Annotated[str, typer.Option("--as", help="The curator who acts.", metavar="USER")]
Number = Annotated[int, typer.Argument(help="Number of the entry.", metavar="ENTRY")]
COLUMNS = ("term", "other", "relation", "language", "other_language", "sources", "state")
_PAGE = 1000


def add_to(app: typer.Typer) -> None:
    """Put these commands at the top level."""
    app.add_typer(thesaurus, name="thesaurus")


@thesaurus.command("list")
def show(
    user: As,
    words: Annotated[str, typer.Argument(help="Only entries that contain these.")] = "",
    state: Annotated[str | None, typer.Option(help=f"Only: {', '.join(STATES)}.")] = None,
    relation: Annotated[str | None, typer.Option(help=f"Only: {', '.join(RELATIONS)}.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """List the entries, and the suggestions that were made for this curator."""
    wanted = Wanted(_state(state), None if relation is None else _relation(relation), words)
    found, names = _as_curator(user, lambda session, _: _all(session, wanted))
    if as_json:
        print_json([_entry(entry, names) for entry in found])
        return
    if not found:
        say("There is no such entry.")
        return
    print_table(
        ("entry", "term", "relation", "other", "languages", "for", "state", "seen in"),
        [
            (
                entry.id,
                entry.said.term,
                entry.said.relation,
                entry.said.other,
                f"{entry.said.language}, {entry.said.other_language}",
                "; ".join(_names(entry, names)) or "everybody",
                entry.state,
                _seen(entry),
            )
            for entry in found
        ],
    )


@thesaurus.command("add")
def add(
    term: Annotated[str, typer.Argument(help="An expression of questions.")],
    other: Annotated[str, typer.Argument(help="What to look for besides.")],
    user: As,
    relation: Annotated[
        str, typer.Option(help=f"What the other is to the term: {', '.join(RELATIONS)}.")
    ] = "equivalent",
    language: Annotated[str, typer.Option(help="Of the term: fr, en or simple (any).")] = "simple",
    other_language: Annotated[str, typer.Option(help="Of the other.")] = "simple",
    source: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME", help="Only for those who can read something in it; may be repeated."
        ),
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Add an entry, which the next searches use."""

    async def work(session: WriteSession, curator: int) -> tuple[Entry, dict[int, str]]:
        names = await _sources(session)
        said = NewEntry(
            term,
            other,
            _relation(relation),
            language,
            other_language,
            _numbers(source or (), names),
        )
        return await add_entry(session, said, curator), names

    _say_one("Added", *_as_curator(user, work), as_json=as_json)


@thesaurus.command("accept")
def accept(entry: Number, user: As, *, as_json: AsJson = False) -> None:
    """Accept a suggestion, or an entry that was refused."""
    _decide("Accepted", entry, "active", user, as_json=as_json)


@thesaurus.command("refuse")
def refuse(entry: Number, user: As, *, as_json: AsJson = False) -> None:
    """Refuse a suggestion or an entry: searches do not use it, and it is not suggested again."""
    _decide("Refused", entry, "refused", user, as_json=as_json)


@thesaurus.command("remove")
def remove(entry: Number, user: As, *, as_json: AsJson = False) -> None:
    """Remove an entry."""

    async def work(session: WriteSession, _: int) -> tuple[Entry, dict[int, str]]:
        return await remove_entry(session, entry), await _sources(session)

    _say_one("Removed", *_as_curator(user, work), as_json=as_json)


@thesaurus.command("suggest")
def suggest_command(user: As, *, as_json: AsJson = False) -> None:
    """Suggest acronyms that several documents spell out, and words for those that were asked in vain."""

    async def work(session: WriteSession, curator: int) -> tuple[list[Entry], dict[int, str]]:
        return await suggest(session, curator), await _sources(session)

    added, names = _as_curator(user, work)
    if as_json:
        print_json([_entry(entry, names) for entry in added])
        return
    for entry in added:
        say(f"{entry.id}. {_words(entry)}  ({_seen(entry)})")
    if added:
        say(f"{len(added)} suggestions. `centaure thesaurus accept` or `refuse` decides on each.")
    else:
        say("Nothing new to suggest: `centaure thesaurus list --state suggested` shows what waits.")


@thesaurus.command("asked")
def asked(
    user: As,
    forget: Annotated[
        str, typer.Option(metavar="WORD", help="Delete this word, for whoever asked it.")
    ] = "",
    *,
    as_json: AsJson = False,
) -> None:
    """List the words of questions that found no answer, once three people asked them."""

    async def work(session: WriteSession, _: int) -> list[MissedWord]:
        if forget:
            try:
                await forget_missed(session, forget)
            except NotFound:
                raise NotFound(
                    f"There is no word '{forget}'. `centaure thesaurus asked` shows them."
                ) from None
        return await list_missed(session)

    found = _as_curator(user, work)
    if as_json:
        print_json([{"word": one.word, "askers": one.askers} for one in found])
    elif found:
        print_table(("word", "people"), [(one.word, one.askers) for one in found])
    elif load_settings().keep_failed_questions:
        say("None yet: a word shows once three people asked it in vain.")
    else:
        say("None. They are kept where CENTAURE_KEEP_FAILED_QUESTIONS=true.")


@thesaurus.command("import")
def import_command(
    file: Annotated[Path, typer.Argument(help=f"CSV with a heading: {', '.join(COLUMNS)}.")],
    user: As,
    *,
    as_json: AsJson = False,
) -> None:
    """Add the entries of a CSV file, all or none; those that are there already are left as they are."""
    lines = _lines(file)

    async def work(session: WriteSession, curator: int) -> tuple[int, int]:
        names = await _sources(session)
        added = known = 0
        for number, line in lines:
            if line.get("state") in ("suggested", "refused"):
                continue
            try:
                await add_entry(session, _said(line, names), curator)
                added += 1
            except Conflict:
                known += 1
            except InvalidInput as error:
                raise InvalidInput(f"Line {number}: {error.message} Nothing was added.") from None
        return added, known

    added, known = _as_curator(user, work)
    if as_json:
        print_json({"added": added, "known": known})
    else:
        say(f"Added {added} entries; {known} were there already.")


@thesaurus.command("export")
def export(
    file: Annotated[Path, typer.Argument(help="CSV file to write.")],
    user: As,
    *,
    as_json: AsJson = False,
) -> None:
    """Write the entries to a CSV file, which `import` reads."""
    found, names = _as_curator(user, lambda session, _: _all(session, Wanted()))
    try:
        with file.open("w", encoding="utf-8", newline="") as opened:
            writer = csv.writer(opened)
            writer.writerow(COLUMNS)
            for entry in found:
                said = entry.said
                sources = ";".join(_names(entry, names))
                writer.writerow(
                    (said.term, said.other, said.relation, said.language, said.other_language, sources,
                     entry.state)
                )  # fmt: skip
    except OSError as error:
        raise InvalidInput(f"{file} cannot be written ({error.strerror}).") from None
    if as_json:
        print_json({"file": file, "entries": len(found)})
    else:
        say(f"Wrote {len(found)} entries to {file}.")


def _decide(word: str, number: int, state: State, user: str, *, as_json: bool) -> None:
    async def work(session: WriteSession, _: int) -> tuple[Entry, dict[int, str]]:
        return await decide(session, number, state), await _sources(session)

    _say_one(word, *_as_curator(user, work), as_json=as_json)


def _as_curator(user: str, work: Callable[[WriteSession, int], Awaitable[T]]) -> T:
    async def acting(database: Database, installation: Installation) -> T:
        principal = await acting_as(installation, user)
        async with database.write(principal) as session:
            await need_role(session, Role.CURATOR)
            return await work(session, principal)

    return run("app", acting)


async def _all(session: ReadSession, wanted: Wanted) -> tuple[list[Entry], dict[int, str]]:
    found: list[Entry] = []
    while True:
        page = await list_entries(session, wanted, found[-1].id if found else 0, _PAGE)
        found += page
        if len(page) < _PAGE:
            return found, await _sources(session)


async def _sources(session: ReadSession) -> dict[int, str]:
    rows = await session.rows("select id, name from source")
    return {row.id: row.name for row in rows}


def _lines(file: Path) -> list[tuple[int, dict[str, str]]]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            reader = csv.DictReader(opened, restval="")
            lines = [(reader.line_num, line) for line in reader]
            headings = reader.fieldnames or ()
    except OSError as error:
        raise InvalidInput(f"{file} cannot be read ({error.strerror}).") from None
    except (UnicodeDecodeError, csv.Error):
        raise InvalidInput(f"{file} is not CSV in UTF-8.") from None
    if not {"term", "other"} <= set(headings):
        raise InvalidInput(f"{file} needs a heading with the columns term and other.")
    return lines


def _said(line: dict[str, str], names: dict[int, str]) -> NewEntry:
    sources = [name for name in (line.get("sources") or "").split(";") if name]
    return NewEntry(
        line["term"] or "",
        line["other"] or "",
        _relation(line.get("relation") or "equivalent"),
        line.get("language") or "simple",
        line.get("other_language") or "simple",
        _numbers(sources, names),
    )


def _numbers(wanted: list[str] | tuple[str, ...], names: dict[int, str]) -> tuple[int, ...]:
    numbers = {name: number for number, name in names.items()}
    unknown = [name for name in wanted if name not in numbers]
    if unknown:
        raise InvalidInput(
            f"There is no source named {unknown[0]}. `centaure source list` shows them."
        )
    return tuple(numbers[name] for name in wanted)


def _relation(written: str) -> Relation:
    if written not in RELATIONS:
        raise InvalidInput(f"A relation is one of {', '.join(RELATIONS)}.")
    return written


def _state(written: str | None) -> State | None:
    if written is not None and written not in STATES:
        raise InvalidInput(f"A state is one of {', '.join(STATES)}.")
    return written


def _say_one(word: str, entry: Entry, names: dict[int, str], *, as_json: bool) -> None:
    if as_json:
        print_json(_entry(entry, names))
    else:
        say(f"{word} entry {entry.id}: {_words(entry)}")


def _words(entry: Entry) -> str:
    said = entry.said
    return printable(f"{said.term} = {said.other} ({said.relation})")


def _seen(entry: Entry) -> str:
    grounds = entry.grounds
    if grounds.askers:
        return f"questions of {grounds.askers} people"
    return f"{grounds.documents} documents, {grounds.folders} folders" if grounds.documents else ""


def _names(entry: Entry, names: dict[int, str]) -> list[str]:
    return [names.get(number, str(number)) for number in entry.said.sources]


def _entry(entry: Entry, names: dict[int, str]) -> dict[str, object]:
    said = entry.said
    return {
        "id": entry.id,
        "term": said.term,
        "other": said.other,
        "relation": said.relation,
        "language": said.language,
        "other_language": said.other_language,
        "sources": _names(entry, names),
        "state": entry.state,
        "origin": entry.origin,
        "documents": entry.grounds.documents,
        "folders": entry.grounds.folders,
        "askers": entry.grounds.askers,
        "updated": entry.updated_at,
    }
