"""A file dropped in a conversation is searched there by its owner, shows nowhere else, and leaves nothing."""

import asyncio
import io
import json
import zipfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from email.message import EmailMessage
from typing import Any

import httpx2
import psycopg
import pytest
from docx import Document
from procrastinate import Blueprint
from procrastinate.exceptions import AlreadyEnqueued
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from centaure.answering.conversations.files.jobs import jobs
from centaure.answering.conversations.files.receiving import MOST_AT_ONCE, SLOWEST, arrived
from centaure.answering.conversations.files.service import MOST_FILES, plain_name
from centaure.answering.conversations.jobs import forget_old
from centaure.answering.conversations.repository import count_erasures
from centaure.app.cli.serve import run_worker
from centaure.app.installation import Installation
from centaure.gateway.calls import Call, Purpose
from centaure.gateway.catalogue import CatalogueModel
from centaure.gateway.chat import ChatRequest, Message, Usage
from centaure.gateway.outcomes import End, Outcome
from centaure.gateway.records import Records
from centaure.guardrails.moderation import HeldWords, StoredModeration
from centaure.guardrails.verdicts import Action, Finding, Stage, Verdict
from centaure.kit.database import Database
from centaure.kit.errors import Conflict, InvalidInput
from centaure.kit.jobs import open_queue
from centaure.knowledge.indexing.generations import Wanted, begin_generation, list_generations
from centaure.knowledge.sources.reindexing import Means, keep_index
from contracts.company import Company

pytestmark = pytest.mark.anyio

Json = dict[str, Any]
QUESTION = "How much does the Quicksilver licence cost?"
FACT = "The Quicksilver licence costs 8250 euros per year."
WORDS = ("quicksilver", "8250")
ENDINGS = {"pdf": "PDF", "docx": "DOCX", "eml": "EML"}


def pdf(text: str = FACT, **more: Any) -> bytes:
    written = io.BytesIO()
    canvas = Canvas(written, **more)
    canvas.drawString(72, 720, "This page says nothing of it.")
    canvas.showPage()
    canvas.drawString(72, 720, text)
    canvas.save()
    return written.getvalue()


def docx() -> bytes:
    written = io.BytesIO()
    document = Document()
    document.add_heading("Licences", 1)
    document.add_paragraph(FACT)
    document.save(written)
    return written.getvalue()


def mail() -> bytes:
    message = EmailMessage()
    message["Subject"] = "Offer"
    message["From"] = "sales@example.org"
    message["Date"] = "Mon, 02 Mar 2026 10:00:00 +0100"
    message.set_content("See the attached note.")
    message.add_attachment(FACT, filename="offer.txt")
    return message.as_bytes()


def bomb() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", b"<a/>" * 30_000_000)
    return written.getvalue()


MADE: dict[str, Callable[[], bytes]] = {"pdf": pdf, "docx": docx, "eml": mail}


class Talk:
    """A conversation of somebody's with files in it."""

    def __init__(self, client: httpx2.AsyncClient, number: int) -> None:
        self.client = client
        self.address = f"/api/v1/conversations/{number}"
        self.number = number

    async def drop(self, content: bytes, name: str, **more: str) -> httpx2.Response:
        return await self.client.post(
            f"{self.address}/files", params={"name": name, **more}, content=content
        )

    async def files(self) -> list[Json]:
        found = await self.client.get(f"{self.address}/files")
        assert found.status_code == 200, found.text
        return found.json()

    async def ask(self, question: str = QUESTION) -> Json:
        answered = await self.client.post(f"{self.address}/ask", json={"question": question})
        assert answered.status_code == 200, answered.text
        last = answered.text.strip().split("\n\n")[-1].split("\n")
        assert last[0] == "event: done", answered.text
        return json.loads(last[1][6:])

    async def read(self) -> list[Json]:
        found = await self.client.get(self.address)
        assert found.status_code == 200, found.text
        return found.json()["turns"]


async def begin(company: Company, person: str = "owner", **new: Any) -> Talk:
    client = company.people[person]
    made = await client.post("/api/v1/conversations", json=new)
    return Talk(client, made.json()["id"])


@pytest.fixture(scope="module")
async def worker(clean_module: Installation) -> AsyncIterator[Database]:
    """Connections as the worker's role."""
    opened = clean_module.database("indexer")
    yield opened
    await opened.close()


async def work(worker: Database) -> None:
    """Do the jobs that wait, as a worker does that has just started."""
    queue = open_queue(worker, {"files": jobs})
    async with queue.open_async():
        await queue.run_worker_async(
            wait=False,
            additional_context={"database": worker},
            install_signal_handlers=False,
            delete_jobs="successful",
        )


@pytest.fixture
def owner(clean_module: Installation) -> "Iterator[psycopg.Connection[tuple[Any, ...]]]":
    """A plain connection that looks behind row level security."""
    with psycopg.connect(
        clean_module.schema.conninfo("owner"),
        autocommit=True,
        options="-c search_path=centaure,public",
    ) as connection:
        yield connection


LEFT = {
    "conversation_file": "select count(*) from conversation_file",
    "pieces": "select count(*) from conversation_file_piece",
    "documents": "select count(*) from document where source_id = 0",
    "readings": "select count(*) from reading join document on id = document_id where source_id = 0",
    "passages": "select count(*) from chunk where text ilike '%%quicksilver%%'",
    "entries": "select count(*) from chunk_index entry where not exists"
    " (select from document where document.id = entry.document_id and source_id > 0)",
    "vectors": "select count(*) from chunk_vector",
    "tasks": "select count(*) from embedding_task",
    "prompts": "select count(*) from model_generation_text",
    "quotes": "select count(*) from turn_citation where quote ilike '%%quicksilver%%'",
    "words": "select count(*) from vocabulary where word = 'quicksilver'",
    "jobs": "select count(*) from procrastinate_jobs where task_name = 'files:read'",
}


# As a model of embeddings, and one that writes answers, would have left it.
EMBEDDED = """
    with model as (
        insert into embedding_model (name, kind, dimensions, highest) values ('toy', 'toy', 2, 3) returning id
    ), task as (
        insert into embedding_task (document_id, side, model)
        select document.id, 0, model.id from document, model where source_id = 0
    )
    insert into chunk_vector (chunk_id, model, document_id, side, position, vector)
    select chunk.id, model.id, document_id, side, position, cast('[1,0]' as public.halfvec)
    from chunk join document on document.id = document_id, model where source_id = 0
"""
ASKED = """
    with asked as (
        insert into model_generation (principal, purpose, assistant, use_case, conversation, classification,
            language, prompt_version, attempt, parameters, prompt_characters)
        select owner, 'answer', '', '', id, 2, 'en', '', 1, '{}', 1
        from conversation where id = %(conversation)s
        returning id, principal
    )
    insert into model_generation_text (generation, principal, prompt)
    select id, principal, '["quicksilver"]' from asked
"""


def left(owner: "psycopg.Connection[tuple[Any, ...]]") -> dict[str, int]:
    """What there is of any file of any conversation."""
    found: dict[str, int] = {}
    for name, statement in LEFT.items():
        row = owner.execute(statement).fetchone()
        assert row is not None
        if row[0]:
            found[name] = row[0]
    return found


@pytest.mark.parametrize("ending", MADE)
async def test_a_file_is_read_searched_in_its_conversation_and_cited(
    company: Company, worker: Database, ending: str
) -> None:
    talk = await begin(company)
    content = MADE[ending]()
    dropped = await talk.drop(content, f"../../offers\\licence.{ending}")
    assert dropped.status_code == 201, dropped.text
    assert dropped.json()["state"] == "waiting"
    assert dropped.json()["name"] == f"licence.{ending}"
    assert dropped.json()["classification"] == "C2"
    assert not (await talk.ask())["answerable"]
    await work(worker)
    [file] = await talk.files()
    assert (file["state"], file["reason"], file["warnings"]) == ("read", "", [])
    answer = await talk.ask()
    assert answer["answerable"]
    assert "8250 euros" in answer["answer"]
    assert answer["classification"] == "C2"
    [citation] = answer["citations"]
    assert citation["document"]["source"] == "Files of this conversation"
    assert citation["page"] == (2 if ending == "pdf" else None)
    where = {"conversation": talk.number}
    document = f"/api/v1/documents/{citation['document']['id']}"
    for path in ("", f"/passages/{citation['chunk_id']}", "/original"):
        opened = await talk.client.get(document + path, params=where)
        assert opened.status_code == 200, opened.text
        assert (await talk.client.get(document + path)).status_code == 404
    original = await talk.client.get(
        f"/api/v1/documents/{file['document_id']}/original", params=where
    )
    assert original.content == content
    if ending == "pdf":
        page = await talk.client.get(f"{document}/pages/2.png", params=where)
        assert page.content.startswith(b"\x89PNG")
    summary = await talk.client.post(document + "/summary", params=where)
    assert "8250" in summary.text
    assert (await talk.read())[-1]["citations"] == answer["citations"]
    exported = await talk.client.get(f"{talk.address}/export")
    assert "8250" in exported.text


async def test_a_file_is_searched_in_a_conversation_about_other_documents_too(
    company: Company, worker: Database
) -> None:
    talk = await begin(company, documents=[company.open_document])
    file = (await talk.drop(mail(), "licence.eml")).json()
    await work(worker)
    answer = await talk.ask()
    assert "8250" in answer["answer"]
    whole = (await talk.client.get(talk.address)).json()
    assert [one["id"] for one in whole["documents"]] == [company.open_document]
    await talk.client.delete(f"{talk.address}/files/{file['id']}")
    assert not (await talk.ask())["answerable"]


async def test_a_file_shows_nowhere_else_and_to_nobody_else(
    company: Company, worker: Database, owner: "psycopg.Connection[tuple[Any, ...]]"
) -> None:
    talk, other = await begin(company), await begin(company)
    file = (await talk.drop(pdf(), "licence.pdf")).json()
    await work(worker)
    answer = await talk.ask()
    [citation] = answer["citations"]
    document, chunk = citation["document"]["id"], citation["chunk_id"]
    assert not (await other.ask())["answerable"]
    shared = {"users": ["neighbour", "administrator", "curator"]}
    assert (await talk.client.put(f"{talk.address}/shares", json=shared)).status_code == 200
    theirs = await begin(company, "neighbour")
    for person in ("owner", "neighbour", "curator", "administrator"):
        client = company.people[person]
        said = [
            (await client.get(f"/api/v1{path}")).text
            for path in (
                "/search?q=quicksilver+licence",
                "/search?q=quicksilvr",
                "/search/filters",
                "/sources",
            )
        ]
        said.append((await client.post("/api/v1/ask", json={"question": QUESTION})).text)
        completion = {"model": "centaure", "messages": [{"role": "user", "content": QUESTION}]}
        said.append((await client.post("/v1/chat/completions", json=completion)).text)
        told = (
            " ".join(said).lower().replace(QUESTION.lower(), "").replace("quicksilver licence", "")
        )
        for word in ("8250 euros", "licence.pdf", "files of this conversation", 'conversation"'):
            assert word not in told, f"{person} is told {word}"
        feedback = {"query": "licence", "document_id": document, "verdict": "useful"}
        assert (await client.post("/api/v1/search/feedback", json=feedback)).status_code == 404
        if person == "owner":
            continue
        for where in ("", f"?conversation={talk.number}", f"?conversation={theirs.number}"):
            for path in ("", f"/passages/{chunk}", "/original", "/pages/2.png"):
                opened = await client.get(f"/api/v1/documents/{document}{path}{where}")
                assert opened.status_code == 404, opened.text
        read = (await client.get(talk.address)).json()["turns"][-1]
        assert (read["citations"], read["answerable"]) == ([], False)
        assert "8250" not in str(read)
        for method, path, body in (
            ("GET", "/files", None),
            ("GET", f"/files/{file['id']}", None),
            ("DELETE", f"/files/{file['id']}", None),
            ("POST", "/files?name=a.txt", b"words"),
        ):
            refused = await client.request(method, talk.address + path, content=body)
            absent = await client.request(
                method, f"/api/v1/conversations/999999999{path}", content=body
            )
            assert refused.status_code == 404, refused.text
            assert refused.content == absent.content
    assert "words" not in left(owner)


async def test_the_database_shows_it_within_the_conversation_of_whom_it_acts_for_alone(
    company: Company, worker: Database, clean_module: Installation
) -> None:
    talk = await begin(company)
    await talk.drop(docx(), "licence.docx")
    await work(worker)
    database = clean_module.database("app")

    async def seen(login: str, within: int | None) -> int:
        async with worker.read(None) as session:
            person = await session.value(
                "select principal_id from user_account where login = %(login)s", {"login": login}
            )
        async with database.read(person, within) as session:
            return await session.value(
                "select (select count(*) from document where source_id = 0)"
                " + (select count(*) from chunk where text ilike '%%quicksilver%%')"
            )

    assert await seen("owner", talk.number) == 2
    assert await seen("owner", None) == 0
    assert await seen("owner", talk.number + 1) == 0
    assert await seen("neighbour", talk.number) == 0
    async with database.read(None, talk.number) as session:
        assert await session.value("select current_principals()") == []
    async with database.read(None) as session:
        assert await session.value("select current_setting('centaure.within', true)") in {None, ""}
    await database.close()


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (lambda: pdf(encrypt=StandardEncryption("secret")), "locked.pdf", "password"),
        (bomb, "bomb.docx", "unpack"),
        (lambda: b"\x7fELF" + b"\0" * 64, "program.bin", "a program"),
        (lambda: b"   \n", "blank.txt", "text"),
        (lambda: b"%PDF-1.7\nbroken", "broken.pdf", "damaged"),
    ],
    ids=["encrypted", "bomb", "unknown", "blank", "broken"],
)
async def test_a_file_that_cannot_be_read_says_why(
    company: Company, worker: Database, content: Callable[[], bytes], name: str, words: str
) -> None:
    talk = await begin(company)
    assert (await talk.drop(content(), name)).status_code == 201
    await work(worker)
    [file] = await talk.files()
    assert file["state"] == "refused"
    assert words in file["reason"].lower()
    assert file["document_id"] is None


async def test_what_is_too_much_is_refused_before_it_is_kept(
    company: Company, owner: "psycopg.Connection[tuple[Any, ...]]"
) -> None:
    talk = await begin(company)
    before = left(owner).get("pieces", 0)
    empty = await talk.drop(b"", "empty.txt")
    assert (empty.status_code, empty.json()["detail"]) == (422, "The file is empty.")
    large = await talk.drop(b" " * 50_000_001, "large.txt")
    assert large.status_code == 422
    assert "larger than 50 MB" in large.json()["detail"]

    async def unannounced() -> AsyncIterator[bytes]:
        for _ in range(51):
            yield b" " * 1_000_000

    streamed = await talk.client.post(
        f"{talk.address}/files", params={"name": "large.txt"}, content=unannounced()
    )
    assert "larger than 50 MB" in streamed.json()["detail"]
    nameless = await talk.drop(b"words", "folder/..")
    assert nameless.status_code == 422
    assert left(owner).get("pieces", 0) == before
    for number in range(MOST_FILES):
        assert (await talk.drop(b"words", f"{number}.txt")).status_code == 201
    full = await talk.drop(b"words", "more.txt")
    assert full.status_code == 409
    assert "has 20 files" in full.json()["detail"]


async def test_all_files_together_have_a_limit(
    company: Company, owner: "psycopg.Connection[tuple[Any, ...]]"
) -> None:
    talk = await begin(company)
    await talk.drop(b"words", "a.txt")
    owner.execute("update conversation_file set size = 199999999 where name = 'a.txt'")
    refused = await talk.drop(b"words", "b.txt")
    assert refused.status_code == 409
    assert "200 MB together" in refused.json()["detail"]


async def test_a_class_is_chosen_up_to_what_its_owner_may_read(
    company: Company, owner: "psycopg.Connection[tuple[Any, ...]]"
) -> None:
    talk = await begin(company)
    assert (await talk.drop(b"words", "a.txt", classification="C3")).json()[
        "classification"
    ] == "C3"
    owner.execute("update user_account set clearance = 1 where login = 'owner'")
    try:
        assert (await talk.drop(b"words", "b.txt")).json()["classification"] == "C1"
        refused = await talk.drop(b"words", "c.txt", classification="C2")
        assert refused.status_code == 422
        assert "up to C1" in refused.json()["detail"]
    finally:
        owner.execute("update user_account set clearance = 3 where login = 'owner'")


async def test_a_key_opens_a_file_where_it_opens_conversations(
    company: Company, worker: Database
) -> None:
    talk = await begin(company)
    await talk.drop(pdf(), "licence.pdf")
    await work(worker)
    [citation] = (await talk.ask())["citations"]
    where = f"/api/v1/documents/{citation['document']['id']}"
    here, nowhere = (f"?conversation={number}" for number in (talk.number, 999_999_999))
    paths = ("", f"/passages/{citation['chunk_id']}", "/pages/2.png", "/original")
    for scopes, status in (
        (["documents", "ask"], 404),
        (["documents", "ask", "conversations"], 200),
    ):
        new = {"label": "program", "scopes": scopes}
        made = await talk.client.post("/api/v1/keys", json=new)
        bearer = {"Authorization": f"Bearer {made.json()['secret']}"}
        for method, path in (*(("GET", path) for path in paths), ("POST", "/summary")):
            read = await talk.client.request(method, where + path + here, headers=bearer)
            assert read.status_code == status, read.text
            absent = await talk.client.request(method, where + path + nowhere, headers=bearer)
            assert absent.status_code == 404
            assert (read.content == absent.content) == (status == 404)
            open_to_all = f"/api/v1/documents/{company.open_document}{here}"
            assert (await talk.client.get(open_to_all, headers=bearer)).status_code == 200


async def test_removed_with_its_conversation_it_leaves_nothing(
    company: Company, worker: Database, owner: "psycopg.Connection[tuple[Any, ...]]"
) -> None:
    owner.execute("delete from conversation_file")
    await work(worker)
    assert left(owner) == {}
    talk = await begin(company)
    await talk.drop(mail(), "offer.eml")
    await work(worker)
    assert (await talk.ask())["answerable"]
    owner.execute(EMBEDDED)
    owner.execute(ASKED, {"conversation": talk.number})
    everything = {"pieces", "documents", "passages", "quotes", "vectors", "tasks", "prompts"}
    assert everything <= set(left(owner))
    await talk.drop(pdf(), "waits.pdf")  # and one that nobody has read yet
    assert (await talk.client.delete(talk.address)).status_code == 204
    await work(worker)
    assert left(owner) == {}


async def test_removed_by_itself_it_leaves_nothing_and_its_conversation_stays(
    company: Company, worker: Database, owner: "psycopg.Connection[tuple[Any, ...]]"
) -> None:
    talk = await begin(company)
    file = (await talk.drop(pdf(), "licence.pdf")).json()
    await work(worker)
    await talk.ask()
    owner.execute(ASKED, {"conversation": talk.number})
    assert (await talk.client.delete(f"{talk.address}/files/{file['id']}")).status_code == 204
    assert left(owner) == {}
    assert await talk.files() == []
    answer = (await talk.read())[-1]
    assert answer["citations"] == []
    assert not any(word in str(answer).lower() for word in WORDS)
    assert not (await talk.ask())["answerable"]
    again = await talk.client.delete(f"{talk.address}/files/{file['id']}")
    assert again.status_code == 404


async def test_a_call_under_way_brings_back_nothing_of_a_file_that_was_removed(
    company: Company,
    worker: Database,
    owner: "psycopg.Connection[tuple[Any, ...]]",
    clean_module: Installation,
) -> None:
    talk = await begin(company)
    file = (await talk.drop(pdf(), "licence.pdf")).json()
    await work(worker)
    app = clean_module.database("app")
    row = owner.execute("select principal_id from user_account where login = 'owner'").fetchone()
    assert row is not None

    async def say(erasures: int) -> tuple[bool, int]:
        """Whether the prompt of a call that read the conversation then is kept, and what is counted of it."""
        records = Records(app, clean_module.settings)
        prompt = ChatRequest((Message("user", FACT),), most_tokens=10)
        call = Call(prompt, row[0], Purpose.ANSWER, 2, conversation=talk.number, erasures=erasures)
        generation = await records.begin(
            call, CatalogueModel(id=7, name="scribe", kind="openai", model="scribe")
        )
        await records.finish(generation, Outcome(End.DONE, usage=Usage(3, 4), answer=FACT))
        await records.close()
        kept = owner.execute(
            "select count(*) from model_generation_text where generation = %s", [generation]
        ).fetchone()
        counted = owner.execute(
            "select prompt_characters from model_generation where id = %s", [generation]
        ).fetchone()
        assert kept is not None
        assert counted is not None
        return bool(kept[0]), counted[0]

    async with app.read(row[0]) as session:
        before = await count_erasures(session, talk.number)
    assert await say(before) == (True, len(FACT))
    removed = await talk.client.delete(f"{talk.address}/files/{file['id']}")
    assert removed.status_code == 204
    assert await say(before) == (False, len(FACT))
    async with app.read(row[0]) as session:
        after = await count_erasures(session, talk.number)
    assert await say(after) == (True, len(FACT))
    await app.close()
    owner.execute("delete from model_generation_text")


async def test_what_is_held_back_of_a_file_goes_with_it_and_none_comes_after(
    company: Company,
    worker: Database,
    owner: "psycopg.Connection[tuple[Any, ...]]",
    clean_module: Installation,
) -> None:
    talk = await begin(company)
    await talk.drop(pdf(), "licence.pdf")
    await work(worker)
    [file] = await talk.files()
    app = clean_module.database("app")
    row = owner.execute("select principal_id from user_account where login = 'owner'").fetchone()
    assert row is not None
    moderation = StoredModeration(app, clean_module.settings)
    why = Verdict(Action.MODERATE, 1.0, (Finding(0, 1, "words", "WORD", 1.0, "word.1"),))

    async def hold(erasures: int, *documents: int) -> None:
        words = HeldWords(QUESTION, "", f"{FACT} {documents}")
        prompt = ChatRequest((Message("user", FACT),))
        call = Call(
            prompt,
            row[0],
            Purpose.ANSWER,
            2,
            conversation=talk.number,
            erasures=erasures,
            documents=documents,
        )
        await moderation.hold(call, Stage.OUTPUT, why, words)

    def waits() -> list[list[int]]:
        found = owner.execute("select documents from held join held_text on held_id = id")
        return sorted(one[0] for one in found.fetchall())

    async with app.read(row[0]) as session:
        before = await count_erasures(session, talk.number)
    await hold(before, file["document_id"], company.open_document)
    await hold(before, company.open_document)
    assert len(waits()) == 2
    removed = await talk.client.delete(f"{talk.address}/files/{file['id']}")
    assert removed.status_code == 204
    assert waits() == [[company.open_document]]
    with pytest.raises(Conflict):
        await hold(before, file["document_id"])
    assert waits() == [[company.open_document]]
    await hold(before + 1)
    assert (await talk.client.delete(talk.address)).status_code == 204
    assert waits() == []
    await app.close()


async def test_what_is_kept_too_long_goes_with_its_files(
    company: Company, worker: Database, owner: "psycopg.Connection[tuple[Any, ...]]"
) -> None:
    talk = await begin(company)
    await talk.drop(pdf(), "licence.pdf")
    await work(worker)
    owner.execute(
        "update conversation set updated_at = now() - interval '401 days' where id = %s",
        [talk.number],
    )
    async with worker.write(None) as session:
        assert await forget_old(session, 400) == 1
    assert left(owner) == {}


async def test_a_worker_that_was_killed_is_made_up_for(
    company: Company, worker: Database, owner: "psycopg.Connection[tuple[Any, ...]]"
) -> None:
    talk = await begin(company)
    await talk.drop(pdf(), "licence.pdf")
    # Its job is lost, and it was being read.
    owner.execute("delete from procrastinate_jobs where task_name = 'files:read'")
    owner.execute(
        "update conversation_file set state = 'reading', added_at = now() - interval '2 minutes'"
    )
    queue = open_queue(worker, {"files": jobs})
    async with queue.open_async():
        with suppress(AlreadyEnqueued):  # its minute has come by itself
            await queue.configure_task("files:read_due").defer_async(timestamp=0)
    await work(worker)
    [file] = await talk.files()  # its document is one
    assert file["state"] == "read"
    assert (await talk.ask())["answerable"]


async def test_a_worker_whose_places_are_taken_reads_it_all_the_same(
    company: Company, clean_module: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy = Blueprint()
    held: list[int] = []

    @busy.task(name="hold")
    async def hold(place: int) -> None:
        held.append(place)
        await asyncio.sleep(600)

    blueprints = {"files": jobs, "busy": busy}
    monkeypatch.setattr("centaure.app.jobs.BLUEPRINTS", blueprints)
    worker = clean_module.database("indexer")
    queue = open_queue(worker, blueprints)
    working = asyncio.create_task(run_worker(clean_module))
    try:
        async with asyncio.timeout(60), queue.open_async():
            for place in range(clean_module.settings.worker_jobs + 1):
                await queue.configure_task("busy:hold").defer_async(place=place)
            while len(held) < clean_module.settings.worker_jobs:  # noqa: ASYNC110 - across processes
                await asyncio.sleep(0.05)
            talk = await begin(company)
            await talk.drop(docx(), "licence.docx")
            while (await talk.files())[0]["state"] != "read":  # noqa: ASYNC110 - as above
                await asyncio.sleep(0.1)
        assert held == [0, 1]
    finally:
        async with worker.write(None) as session:
            await session.execute("delete from procrastinate_jobs where status = 'todo'")
        monkeypatch.setattr("centaure.app.cli.serve.STOP_PATIENCE_S", 0.0)
        working.cancel()
        await asyncio.wait({working})
        await worker.close()
    await talk.client.delete(talk.address)


async def test_a_new_generation_of_the_index_takes_it_over(
    company: Company, worker: Database
) -> None:
    talk = await begin(company)
    await talk.drop(mail(), "offer.eml")
    await work(worker)
    before = await talk.ask()
    async with worker.write(None) as session:
        building = await begin_generation(session, Wanted(read_again=True), None)
    await keep_index(worker, Means(parsers=1))
    async with worker.read(None) as session:
        assert {one.id: one.state for one in await list_generations(session)}[building.id] == "live"
    after = await talk.ask()
    assert after["answer"] == before["answer"]
    assert after["citations"][0]["document"] == before["citations"][0]["document"]
    await talk.client.delete(talk.address)


async def test_a_few_files_of_one_account_arrive_at_once(company: Company) -> None:
    mine, theirs = await begin(company), await begin(company, "neighbour")
    end = asyncio.Event()
    begun = asyncio.Queue[None]()

    async def slowly() -> AsyncIterator[bytes]:
        yield b"words"
        begun.put_nowait(None)
        await end.wait()
        yield b" at last"

    async def drop(talk: Talk) -> int:
        where = f"{talk.address}/files"
        sent = await talk.client.post(where, params={"name": "slow.txt"}, content=slowly())
        return sent.status_code

    async with asyncio.timeout(60), asyncio.TaskGroup() as tasks:
        slow = [tasks.create_task(drop(mine)) for _ in range(MOST_AT_ONCE)]
        for _ in slow:
            await begun.get()
        refused = await mine.drop(b"words", "one more.txt")
        assert refused.status_code == 429
        assert "Wait until one of them" in refused.json()["detail"]
        assert (await theirs.drop(b"words", "theirs.txt")).status_code == 201
        end.set()
    assert [one.result() for one in slow] == [201] * MOST_AT_ONCE
    assert (await mine.drop(b"words", "again.txt")).status_code == 201


@pytest.mark.parametrize("length", ["9" * 19, "9" * 5000])
async def test_a_length_that_nobody_means_is_refused(company: Company, length: str) -> None:
    talk = await begin(company)
    headers = {"content-length": length}
    where = f"{talk.address}/files?name=a.txt"
    refused = await talk.client.post(where, content=b"words", headers=headers)
    assert refused.status_code == 422
    assert "more than any file has" in refused.json()["detail"]


async def test_a_file_that_drips_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("centaure.answering.conversations.files.receiving.PATIENCE_S", 0.2)
    given = 0

    async def drips() -> AsyncIterator[bytes]:
        nonlocal given
        while True:
            yield b"w"
            given += 1
            await asyncio.sleep(0.01)

    with pytest.raises(InvalidInput, match="too long"):
        async with asyncio.timeout(60), arrived(drips(), 10**6):
            pass
    assert given


async def test_a_file_that_comes_slowly_but_surely_arrives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("centaure.answering.conversations.files.receiving.PATIENCE_S", 0.05)

    async def surely() -> AsyncIterator[bytes]:
        yield bytes(SLOWEST * 60)
        await asyncio.sleep(0.1)
        yield b"end"

    async with arrived(surely(), SLOWEST * 100) as whole:
        assert whole.size == SLOWEST * 60 + 3


async def test_a_file_that_comes_too_slowly_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("centaure.answering.conversations.files.receiving.PATIENCE_S", 0.01)

    async def slow() -> AsyncIterator[bytes]:
        yield b"words"
        await asyncio.sleep(60)

    with pytest.raises(InvalidInput, match="too long"):
        async with arrived(slow(), 1000):
            pass


def test_a_name_is_plain() -> None:
    assert plain_name("C:\\files\\offer\u202e\n.pdf") == "offer .pdf"
    assert plain_name("é" * 300 + ".pdf") == "é" * 196 + ".pdf"
