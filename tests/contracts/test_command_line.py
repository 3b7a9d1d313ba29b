"""Every command is in the walk; those that show content show it to the one whose rights open it only."""

import json
import os
import sys
from subprocess import CompletedProcess

import anyio
import pytest
import typer
from typer.core import TyperGroup

from centaure.app.cli import make_app
from centaure.app.installation import Installation
from contracts.company import SECRETS, Company

pytestmark = pytest.mark.anyio

# Commands that show content take the person whose rights apply; the others show none.
CONTENT = {
    "search": ("--as", "zanzibar cobaltine canteen"),
    "ask": ("--as", "When is the Cobaltine purchase signed?"),
}
# This takes the path of a document: what may not be read is not found.
NAMED = {"summarise"}
# These take a curator: what they show is what that curator may see.
CURATED = {
    "thesaurus list", "thesaurus add", "thesaurus accept", "thesaurus refuse", "thesaurus remove",
    "guard approved add", "guard approved import", "guard approved list", "guard approved groups",
    "guard approved review",
    "guard approved contradictions",
    "thesaurus suggest", "thesaurus asked", "thesaurus import", "thesaurus export",
}  # fmt: skip
# These take anybody, who sees and writes assistants of their own and those shared with them.
ASSISTED = {"assistant list", "assistant show", "assistant export", "assistant import"}
# These take an administrator: what they show is what that administrator may read of what others asked.
MODERATED = {"guard queue list", "guard queue show", "guard queue release", "guard queue refuse"}
# These take a curator: what people typed, which is looked up nowhere.
REQUESTED = {"access requests", "access approve", "access refuse"}
MACHINE_ONLY = {
    "serve", "worker", "stop", "doctor", "simulate",
    "source add", "source list", "source sync", "source status", "source set", "source remove",
    "source exclude", "source include", "source retry",
    "ground",
    "reindex", "index list", "index switch", "index remove",
    "embedding add", "embedding fetch", "embedding list", "embedding remove",
    "reranker add", "reranker list", "reranker use", "reranker off", "reranker remove",
    "models add", "models list", "models set", "models remove", "models rules", "models route",
    "models choose", "models load",
    "models detect", "models test",
    "guard scan", "guard policy show", "guard policy set", "guard policy history", "guard policy rollback",
    "guard pseudonymise", "guard restore",
    "redteam run", "redteam report", "redteam bias", "redteam game", "redteam board",
    "rights explain",
    "user add", "user invite", "user list", "user role", "user password", "user disable", "user enable",
    "key create", "key list", "key revoke",
    "quota list", "quota set", "quota remove", "usage",
    "footprint",
    "compare ranking",
    "audit verify",
    "db status", "db upgrade",
}  # fmt: skip


def commands(group: object, prefix: str = "") -> set[str]:
    if not isinstance(group, TyperGroup):
        return {prefix.strip()}
    return {
        found
        for name, command in group.commands.items()
        for found in commands(command, f"{prefix} {name}")
    }


def options(group: object, prefix: str = "") -> dict[str, set[str]]:
    if not isinstance(group, TyperGroup):
        return {prefix.strip(): {name for option in group.params for name in option.opts}}
    return {
        found: names
        for word, command in group.commands.items()
        for found, names in options(command, f"{prefix} {word}").items()
    }


def test_every_command_speaks_to_programs_too() -> None:
    """All but those that run until they are stopped."""
    silent = {
        name
        for name, given in options(typer.main.get_command(make_app())).items()
        if "--json" not in given
    }
    assert silent == {"serve", "worker", "simulate"}


def test_every_command_is_in_the_walk() -> None:
    assert (
        commands(typer.main.get_command(make_app()))
        == set(CONTENT) | NAMED | CURATED | MODERATED | REQUESTED | ASSISTED | MACHINE_ONLY
    )


async def centaure(installation: Installation, *words: str) -> "CompletedProcess[bytes]":
    settings = installation.settings
    environment = {**os.environ, "CENTAURE_HOME": str(settings.home), "NO_COLOR": "1"}
    if settings.database_url is not None:
        environment["CENTAURE_DATABASE_URL"] = settings.database_url.get_secret_value()
    return await anyio.run_process(
        [sys.executable, "-m", "centaure.app.cli", *words], check=False, env=environment
    )


def learns_nothing(done: "CompletedProcess[bytes]", question: str) -> None:
    said = (done.stdout + done.stderr).decode().lower().replace(question.lower(), "")
    for secret in SECRETS:
        assert secret not in said


@pytest.mark.parametrize("command", CONTENT)
async def test_content_is_shown_within_the_rights_of_the_person_named(
    company: Company,  # noqa: ARG001 - it is what is asked about
    installation: Installation,
    command: str,
) -> None:
    option, question = CONTENT[command]
    stranger = await centaure(installation, command, option, "nobody", "--json", question)
    assert stranger.returncode == 3
    assert stranger.stdout == b""
    for person in ("neighbour", "administrator"):
        other = await centaure(installation, command, option, person, "--json", question)
        assert other.returncode == 0, other.stderr
        learns_nothing(other, question)
    owner = await centaure(installation, command, option, "owner", "--json", question)
    assert b"confidentiel-zanzibar/confidentiel-" in owner.stdout


async def test_a_document_is_summarised_for_those_who_may_read_it(
    company: Company, installation: Installation
) -> None:
    path = "confidentiel-zanzibar/confidentiel-plan.pdf"
    refused = set()
    for person in ("nobody", "neighbour", "administrator"):
        for name in (path, str(company.pdf), "absent.pdf"):
            done = await centaure(installation, "summarise", "--as", person, "--json", name)
            assert (done.returncode, done.stdout) == (3, b"")
            learns_nothing(done, name)
            if person != "nobody":
                refused.add(done.stderr)
    assert len(refused) == 1
    for name in (path, str(company.pdf)):
        done = await centaure(installation, "summarise", "--as", "owner", "--json", name)
        assert done.returncode == 0, done.stderr
        told = json.loads(done.stdout)
        assert told["classification"] == "C3"
        assert (told["fallback"], told["models"]) == ("no_model", [])
        assert told["sentences"][0]["pages"] == [1]
    shown = await centaure(installation, "summarise", "--as", "owner", path)
    assert b"(page 1)" in shown.stdout
    assert b"no language model that may be sent it" in shown.stdout


async def test_what_is_hidden_and_what_is_not_there_give_the_same_answer(
    company: Company,  # noqa: ARG001 - it is what is asked about
    installation: Installation,
) -> None:
    """Cobaltine exists and is hidden from the neighbour; Quexolite is in no document."""
    said = []
    for name in ("Cobaltine", "Quexolite"):
        done = await centaure(
            installation,
            "ask",
            "--as",
            "neighbour",
            "--json",
            f"When is the {name} purchase signed?",
        )
        answer = json.loads(done.stdout)
        assert not answer["answerable"]
        said.append(done.stdout.replace(name.encode(), b"NAME"))
    assert said[0] == said[1]


@pytest.mark.parametrize("command", ["list", "suggest"])
async def test_the_thesaurus_is_for_curators(
    company: Company,  # noqa: ARG001 - it is what is asked about
    installation: Installation,
    command: str,
) -> None:
    """The administrator is no curator; the curator may not read what is secret, and sees nothing of it."""
    for person in ("nobody", "neighbour", "owner", "administrator"):
        refused = await centaure(installation, "thesaurus", command, "--as", person, "--json")
        assert refused.returncode == (3 if person == "nobody" else 4)
        assert refused.stdout == b""
    given = await centaure(installation, "thesaurus", command, "--as", "curator", "--json")
    assert given.returncode == 0, given.stderr
    learns_nothing(given, "")


async def test_an_assistant_is_carried_from_one_person_to_another(
    company: Company, installation: Installation
) -> None:
    for person in ("nobody", "neighbour", "curator", "administrator"):
        for command in ("show", "export"):
            refused = await centaure(
                installation, "assistant", command, "--as", person, company.assistant
            )
            assert (refused.returncode, refused.stdout) == (3, b"")
    listed = await centaure(installation, "assistant", "list", "--as", "neighbour", "--json")
    assert len(json.loads(listed.stdout)) == 12
    learns_nothing(listed, "")
    exported = await centaure(
        installation, "assistant", "export", "--as", "owner", company.assistant
    )
    assert exported.returncode == 0, exported.stderr
    file = company.root / "assistant.yaml"
    file.write_bytes(exported.stdout)
    written = await centaure(
        installation, "assistant", "import", "--as", "curator", "--json", str(file)
    )
    assert written.returncode == 0, written.stderr
    key = json.loads(written.stdout)["key"]
    shown = await centaure(installation, "assistant", "show", "--as", "curator", "--json", key)
    assert json.loads(shown.stdout)["definition"]["role"] == "You know Cobaltine."
    file.write_text("name: x\nlanguage: en\ntools: [mail]\n")
    wrong = await centaure(installation, "assistant", "import", "--as", "curator", str(file))
    assert wrong.returncode == 2
    assert b"tools" in wrong.stderr


async def test_a_command_without_a_person_is_refused(installation: Installation) -> None:
    done = await centaure(installation, "ask", "When?")
    assert done.returncode == 2
    assert b"--as" in done.stderr


async def test_a_reranker_is_added_used_and_forgotten(clean: Installation) -> None:
    kind = "proximity"

    async def told(*words: str) -> object:
        done = await centaure(clean, "reranker", *words, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    await told("add", "one", kind, "--up-to", "C2")
    row = {"name": "one", "kind": kind, "location": "", "up_to": "C2", "live": False, "problem": ""}
    assert await told("list") == [row]
    assert await told("use", "one") == {"live": "one"}
    assert await told("list") == [{**row, "live": True}]
    again = await centaure(clean, "reranker", "add", "one", kind)
    assert again.returncode == 5
    assert await told("off") == {"live": None}
    assert await told("list") == [row]
    assert await told("remove", "one") == {"removed": "one"}
    unknown = await centaure(clean, "reranker", "use", "one")
    assert unknown.returncode == 3
    assert b"`centaure reranker list`" in unknown.stderr
    assert await told("list") == []


async def test_a_reranker_below_the_class_of_questions_is_said_to_get_none(
    clean: Installation,
) -> None:
    add = ("add", "low", "proximity", "--up-to", "C0")
    assert (await centaure(clean, "reranker", *add)).returncode == 0
    used = (await centaure(clean, "reranker", "use", "low")).stdout.decode()
    listed = json.loads((await centaure(clean, "reranker", "list", "--json")).stdout)[0]["problem"]
    for said in (used, listed):
        assert "--up-to C1" in said
        assert "CENTAURE_QUESTION_CLASS" in said
    forgot = (await centaure(clean, "reranker", "remove", "low")).stdout.decode()
    assert "Passages stay in the order of the search." in forgot
