"""`centaure embedding` and `reranker`: the models that search uses beside words."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from centaure.app.cli.output import AsJson, note, print_json, print_table, printable, say
from centaure.app.cli.running import run
from centaure.app.installation import Installation
from centaure.audit import Action, record
from centaure.kit.database import Database, WriteSession
from centaure.kit.errors import InvalidInput, NotFound
from centaure.kit.settings import load_settings
from centaure.knowledge.retrieval.fetching import PublishedFile, fetch, published_model
from centaure.knowledge.retrieval.models import (
    KnownModel,
    add_model,
    list_models,
    remove_model,
)
from centaure.knowledge.retrieval.registry import Registered
from centaure.knowledge.retrieval.rerankers import RERANKERS

embedding = typer.Typer(
    help="Embedding models: search by meaning beside search by words.", no_args_is_help=True
)

reranker = typer.Typer(
    help="Rerankers: they put the best passages of a search in order.", no_args_is_help=True
)

CLASSES = ("C0", "C1", "C2", "C3")
UNUSED = "Passages stay in the order of the search."
Name = Annotated[str, typer.Argument(help="Its name here.")]
Options = Annotated[
    list[str] | None,
    typer.Option(
        "--option", metavar="NAME=VALUE", help="model=..., of this kind; may be repeated."
    ),
]
Highest = Annotated[
    str | None,
    typer.Option(
        "--up-to",
        metavar="CLASS",
        help="Highest class of what it may be sent; C1 for a service, C3 in this process.",
    ),
]
KeyFile = Annotated[Path | None, typer.Option("--key", help="A file that holds the service's key.")]


def add_to(app: typer.Typer) -> None:
    """Put these commands at the top level."""
    app.add_typer(embedding, name="embedding")
    app.add_typer(reranker, name="reranker")


@embedding.command("add")
def add(
    name: Name,
    kind: Annotated[
        str,
        typer.Argument(
            help="service: anything that answers like OpenAI's /v1/embeddings; onnx: a folder, in this "
            "process; minilm: the English MiniLM of a package; trigrams: the offline twin."
        ),
    ],
    location: Annotated[
        str,
        typer.Argument(
            help="Address of the service, such as http://127.0.0.1:11434/v1; or the folder."
        ),
    ] = "",
    option: Options = None,
    highest: Highest = None,
    key_file: KeyFile = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Add a model, which is asked for one vector to see that it answers."""
    options = dict(_pair(written) for written in option or [])
    key = _key(key_file)
    up_to = _class(highest)

    async def work(database: Database, installation: Installation) -> int:
        described, dimensions = await asyncio.to_thread(
            installation.models().describe, kind, location, options, key
        )
        async with database.write(None) as session:
            await add_model(session, name, described, dimensions, up_to)
            await record(
                session,
                Action.ADMINISTRATION,
                f"embedding:{name}"[:500],
                details={"what": "embedding_added", "kind": kind},
            )
        return dimensions

    dimensions = run("indexer", work)
    if as_json:
        print_json({"name": name, "kind": kind, "location": location, "dimensions": dimensions})
    else:
        say(
            f"Added {printable(name)}: vectors of {dimensions} numbers. "
            f"`centaure reindex --embedding {printable(name)}` makes them."
        )


@embedding.command("list")
def models(*, as_json: AsJson = False) -> None:
    """List the models."""

    async def work(database: Database, _: Installation) -> list[KnownModel]:
        async with database.read(None) as session:
            return await list_models(session)

    found = run("indexer", work)
    columns = ("name", "kind", "location", "dimensions", "up_to", "problem")
    rows = [
        (one.name, one.kind, one.location, one.dimensions, f"C{one.highest}", _problem(one))
        for one in found
    ]
    if as_json:
        print_json([dict(zip(columns, row, strict=True)) for row in rows])
    elif rows:
        print_table(columns, rows)
    else:
        say("There is no embedding model: search is by words. `centaure embedding add` adds one.")


@embedding.command("remove")
def forget(name: Name, *, as_json: AsJson = False) -> None:
    """Forget a model that no generation uses."""

    async def work(database: Database, _: Installation) -> None:
        async with database.write(None) as session:
            await remove_model(session, name)
            await record(
                session,
                Action.ADMINISTRATION,
                f"embedding:{name}"[:500],
                details={"what": "embedding_removed"},
            )

    run("indexer", work)
    if as_json:
        print_json({"removed": name})
    else:
        say(f"Forgot {printable(name)}.")


@embedding.command("fetch")
def fetch_model(
    name: Annotated[str, typer.Argument(help="multilingual-e5-small.")],
    into: Annotated[
        Path | None, typer.Option(help="Folder to write; by default in the data folder.")
    ] = None,
    mirror: Annotated[
        str, typer.Option(metavar="URL", help="Where the same files are, instead of their home.")
    ] = "",
    *,
    as_json: AsJson = False,
) -> None:
    """Fetch a model that is known, each file checked by its SHA-256."""
    model = published_model(name)
    folder = into or load_settings().home / "models" / name

    def tell(file: PublishedFile) -> None:
        if not as_json:
            note(f"Fetching {file.path}, {file.size / 1e6:.1f} MB ...")

    fetch(model, folder, mirror=mirror, tell=tell)
    if as_json:
        print_json({"name": name, "folder": str(folder.resolve()), "licence": model.licence})
    else:
        say(f"Fetched {name} ({model.licence} licence, {model.size / 1e6:.0f} MB). Now:")
        say(f"centaure embedding add e5 onnx {printable(str(folder.resolve()))}")


@reranker.command("add")
def add_reranker(
    name: Name,
    kind: Annotated[
        str,
        typer.Argument(
            help="service: anything that answers POST /rerank like Cohere, Jina, vLLM or TEI; onnx: the "
            "folder of a cross-encoder, in this process; proximity: the offline twin."
        ),
    ],
    location: Annotated[
        str, typer.Argument(help="Address of the service, such as https://host/v1; or the folder.")
    ] = "",
    option: Options = None,
    highest: Highest = None,
    key_file: KeyFile = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Add a reranker, which is asked for scores; `use` makes it live."""
    options = dict(_pair(written) for written in option or [])
    key = _key(key_file)
    up_to = _class(highest)

    async def work(database: Database, installation: Installation) -> None:
        describe = installation.rerankers().describe
        row = await asyncio.to_thread(describe, kind, location, options, key)
        async with database.write(None) as session:
            await RERANKERS.add(session, name, row, up_to)
            await _audited(session, name, "added", kind=kind)

    run("indexer", work)
    if as_json:
        print_json({"name": name, "kind": kind, "location": location})
    else:
        shown = printable(name)
        say(f"Added {shown}. `centaure reranker use {shown}` makes it live.")


@reranker.command("list")
def rerankers(*, as_json: AsJson = False) -> None:
    """List the rerankers."""

    async def work(database: Database, _: Installation) -> list[Registered]:
        async with database.read(None) as session:
            return await RERANKERS.all(session)

    found = run("indexer", work)
    columns = ("name", "kind", "location", "up_to", "live", "problem")
    rows = [
        (one.name, one.kind, one.location, f"C{one.highest}", one.live, _problem(one))
        for one in found
    ]
    if as_json:
        print_json([dict(zip(columns, row, strict=True)) for row in rows])
    elif rows:
        print_table(columns, rows)
    else:
        say(f"There is no reranker. {UNUSED}")


@reranker.command("use")
def use(name: Name, *, as_json: AsJson = False) -> None:
    """Make a reranker live, instead of the one that is."""
    used = _changed(name, "used")
    hindrance = _below_questions(used.highest) if used else ""
    if as_json:
        print_json({"live": name})
    elif hindrance:
        say(f"{printable(name)} is live. {hindrance}")
    else:
        say(f"Searches are put in order by {printable(name)}.")


@reranker.command("off")
def off(*, as_json: AsJson = False) -> None:
    """Use no reranker."""
    _changed(None, "off")
    if as_json:
        print_json({"live": None})
    else:
        say(UNUSED)


@reranker.command("remove")
def remove(name: Name, *, as_json: AsJson = False) -> None:
    """Forget a reranker."""
    removed = _changed(name, "removed")
    if as_json:
        print_json({"removed": name})
    else:
        then = f" It was live. {UNUSED}" if removed and removed.live else ""
        say(f"Forgot {printable(name)}.{then}")


def _changed(name: str | None, what: str) -> Registered | None:
    """Make one live (None: none is), or remove it; what it was before."""

    async def work(database: Database, _: Installation) -> Registered | None:
        async with database.write(None) as session:
            known = {one.name: one for one in await RERANKERS.all(session)}
            if name is not None and name not in known:
                raise NotFound(
                    f"There is no reranker '{name}'. `centaure reranker list` shows them."
                )
            if what == "removed" and name is not None:
                await RERANKERS.remove(session, name)
            else:
                await RERANKERS.use(session, name)
            await _audited(session, name or "", what)
            return known.get(name or "")

    return run("indexer", work)


async def _audited(session: WriteSession, name: str, what: str, **details: str) -> None:
    told = {"what": f"reranker_{what}", **details}
    await record(session, Action.ADMINISTRATION, f"reranker:{name}"[:500], details=told)


def _problem(model: KnownModel | Registered) -> str:
    return _below_questions(model.highest) or model.problem


def _below_questions(highest: int) -> str:
    """Why a model that may be sent that class at most is asked no question; empty: it may be."""
    questions = load_settings().question_class
    if highest >= CLASSES.index(questions):
        return ""
    return (
        f"No question is sent to it: it may be sent C{highest}, and questions count as {questions}. "
        f"Add it again with `--up-to {questions}`, or lower CENTAURE_QUESTION_CLASS."
    )


def _pair(written: str) -> tuple[str, str]:
    name, equals, value = written.partition("=")
    if not name or not equals:
        raise InvalidInput("Write an option as NAME=VALUE.")
    return name, value


def _class(written: str | None) -> int | None:
    if written is None:
        return None
    if written not in CLASSES:
        raise InvalidInput(f"{written} is not a class. Write C0, C1, C2 or C3.")
    return CLASSES.index(written)


def _key(path: Path | None) -> str:
    if path is None:
        return ""
    try:
        key = path.read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        raise InvalidInput(f"{path} cannot be read.") from None
    if not key:
        raise InvalidInput(f"{path} is empty: it is to hold the key.")
    return key
