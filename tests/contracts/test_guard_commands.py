"""What curators and administrators do by command with approved answers and with what is held back."""

import json
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest
from anyio import to_thread
from typer.testing import CliRunner, Result

from centaure.app.cli import make_app
from centaure.app.installation import Installation
from centaure.gateway.calls import Call, Purpose
from centaure.gateway.chat import ChatRequest, Message
from centaure.guardrails.moderation import HeldWords, StoredModeration
from centaure.guardrails.verdicts import Action, Finding, Stage, Verdict
from centaure.identity import Role
from centaure.kit.database import Database
from centaure.kit.errors import CentaureError
from readers import user

pytestmark = pytest.mark.anyio

Connection = psycopg.Connection[tuple[object, ...]]
QUESTION, ANSWER = "Qui valide les notes de frais ?", "Le responsable direct."
GROUP = "source:1/group:atelier"
WHY = Verdict(Action.MODERATE, 1.0, (Finding(0, 4, "words", "WORD", 1.0, "word.3"),))


def person(connection: Connection, login: str, *roles: Role) -> int:
    number = user(connection, login)
    connection.execute(
        "update user_account set roles = %s where principal_id = %s",
        [[Role.READER.value, *(role.value for role in roles)], number],
    )
    return number


class Commands:
    """Commands of one subject as somebody, in this process: to start one takes seconds."""

    def __init__(self, installation: Installation, login: str, *subject: str) -> None:
        settings = installation.settings
        self.environment = {"CENTAURE_HOME": str(settings.home)}
        if settings.database_url is not None:
            self.environment["CENTAURE_DATABASE_URL"] = settings.database_url.get_secret_value()
        self.app = make_app(subject[0])
        self.subject = subject
        self.end = ("--json", "--as", login)

    async def told(self, *words: str) -> Any:
        done = await self._run(*words)
        assert done.exit_code == 0, (done.output, done.exception)
        return json.loads(done.stdout)

    async def refused(self, *words: str) -> CentaureError:
        done = await self._run(*words)
        assert isinstance(done.exception, CentaureError), (done.output, done.exception)
        assert done.stdout == ""
        return done.exception

    async def _run(self, *words: str) -> Result:
        line = [*self.subject, *words, *self.end]
        run = partial(CliRunner().invoke, self.app, line, env=self.environment)
        return await to_thread.run_sync(run)


def lines(path: Path, *entries: dict[str, Any]) -> str:
    path.write_text("".join(f"{json.dumps(entry)}\n" for entry in entries))
    return str(path)


async def test_a_curator_approves_answers_and_looks_after_them(
    clean: Installation, owner_connection: Connection, tmp_path: Path
) -> None:
    person(owner_connection, "clara", Role.CURATOR)
    person(owner_connection, "alice")
    owner_connection.execute(
        "insert into principal (kind, key, label) values ('group', %s, 'Atelier')", [GROUP]
    )
    clara = Commands(clean, "clara", "guard", "approved")
    assert await clara.told("groups") == [{"key": GROUP, "label": "Atelier"}]
    unknown = await clara.refused("add", QUESTION, ANSWER, "--reader", "ateliers")
    assert unknown.exit_code == 2
    assert f"Did you mean {GROUP}?" in unknown.message
    assert "guard approved groups" in unknown.message
    days = ("--from", "2026-01-31", "--review", "2026-06-30")
    added = await clara.told("add", QUESTION, ANSWER, "--reader", GROUP, *days)
    assert added == {"id": 1}
    listed = await clara.told("list")
    assert listed == [
        {
            "id": 1,
            "question": QUESTION,
            "answer": ANSWER,
            "readers": [GROUP],
            "owner": "clara",
            "classification": "C1",
            "phrasings": [],
            "sources": "",
            "assistant": "",
            "language": "fr",
            "valid_from": "2026-01-31",
            "valid_to": None,
            "review_on": "2026-06-30",
        }
    ]
    one = {"question": "Où est la cantine ?", "answer": "Au deuxième étage.", "readers": ["*"]}
    two = {**one, "question": "Qui paie la cantine ?", "answer": "L'employeur, pour moitié."}
    file = tmp_path / "answers.jsonl"
    wrong = two | {"reader": "*", "readers": 3}
    said = (await clara.refused("import", lines(file, one, wrong))).message
    assert "Line 2: readers: " in said
    assert "reader: There is no such field." in said
    english = two | {"phrasings": ["Who pays for the canteen?"]}
    said = (await clara.refused("import", lines(file, one, english))).message
    assert "Line 2: phrasings: 'Who pays for the canteen?' reads as English" in said
    assert await clara.told("list") == listed
    assert len((await clara.told("import", lines(file, one, two)))["ids"]) == 2
    await clara.told("review", "1", "--next", "2027-06-30")
    due = await clara.told("list", "--due", "2027-06-30")
    assert (1, "2027-06-30") in [(line["id"], line["review_on"]) for line in due]
    assert await clara.told("contradictions") == []
    reader = await Commands(clean, "alice", "guard", "approved").refused("list")
    assert (reader.exit_code, "the role curator" in reader.message) == (4, True)
    told = await Commands(clean, "alice", "ask").told("Qui paie la cantine ?")
    assert told["answer"] == two["answer"]
    assert isinstance(told["approved"], int)
    assert told["held"] is None


async def test_an_administrator_decides_on_what_is_held_back(
    clean: Installation, owner_connection: Connection, database: Database
) -> None:
    alice = person(owner_connection, "alice")
    person(owner_connection, "maud", Role.ADMINISTRATOR)
    moderation = StoredModeration(database, clean.settings)
    numbers: list[str] = []
    for question in ("What does Zoé earn?", "What does Max earn?"):
        call = Call(ChatRequest((Message("user", question),)), alice, Purpose.ANSWER, 1)
        words = HeldWords(question, "", "4,711 euros.")
        held = await moderation.hold(call, Stage.INPUT, WHY, words)
        numbers.append(str(held))
        owner_connection.execute("update held set digest = id::text")
    queue = Commands(clean, "maud", "guard", "queue")
    why = ("--reason", "to decide")
    assert [str(one["id"]) for one in await queue.told("list")] == numbers
    assert (await queue.told("show", numbers[0], *why))["words"]["asked"] == "What does Zoé earn?"
    await queue.told("release", numbers[0], *why)
    await queue.told("refuse", numbers[1], *why)
    assert await queue.told("list") == []
    assert [str(one["id"]) for one in await queue.told("list", "--state", "refused")] == numbers[1:]
    assert (await queue.refused("release", numbers[0], *why)).exit_code == 5
    reader = Commands(clean, "alice", "guard", "queue")
    for words in (("list",), ("show", numbers[0], *why)):
        refused = await reader.refused(*words)
        assert (refused.exit_code, "the role administrator" in refused.message) == (4, True)
