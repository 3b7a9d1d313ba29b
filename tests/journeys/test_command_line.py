"""From an empty data folder to a sourced answer, by the commands that the README gives."""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.journey

COMPANY = Path(__file__).parents[2] / "examples" / "company"


class CommandLine:
    """`centaure`, on a data folder of its own."""

    def __init__(self, home: Path) -> None:
        self.environment = {
            **{
                name: value for name, value in os.environ.items() if name != "CENTAURE_DATABASE_URL"
            },
            "CENTAURE_HOME": str(home),
            "NO_COLOR": "1",
        }

    def run(self, *words: str, code: int = 0) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "centaure.app.cli", *words],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == code, f"{done.returncode}: {done.stdout}\n{done.stderr}"
        return done.stdout if code == 0 else done.stderr

    def json(self, *words: str) -> Any:
        return json.loads(self.run(*words, "--json"))


@pytest.fixture(scope="module")
def documents() -> Iterator[Path]:
    """A copy of the sample company that a test may change."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(COMPANY, Path(folder) / "company")
        yield Path(folder) / "company"


@pytest.fixture(scope="module")
def centaure(documents: Path) -> Iterator[CommandLine]:
    """The command line with the sample company loaded."""
    with tempfile.TemporaryDirectory(prefix="centaure-cli-", ignore_cleanup_errors=True) as home:
        Path(home).chmod(0o711)
        line = CommandLine(Path(home))
        line.run(
            "source", "add", "folder", str(documents / "documents"),
            "--rights", str(documents / "rights.yaml"), "--name", "company",
        )  # fmt: skip
        yield line


def test_a_sync_ends_with_a_report_and_the_next_one_has_nothing_to_do(
    centaure: CommandLine,
) -> None:
    first = centaure.json("source", "sync", "--wait")
    assert first["state"] == "succeeded"
    assert first["source"] == "company"
    again = centaure.json("source", "sync", "--wait")
    assert again["state"] == "succeeded"
    status = centaure.json("source", "status")[0]
    assert status["documents"] > 50
    assert not [line for line in status["ledger"] if line["status"] == "corrupted"]


def test_a_file_is_answered_from_and_forgotten(centaure: CommandLine, tmp_path: Path) -> None:
    offer = tmp_path / "offer.txt"
    offer.write_text("The Quicksilver licence costs 8250 euros per year.")
    asked = ("ask", "--as", "hugo.vasseret", "How much does the Quicksilver licence cost?")
    found = centaure.json(*asked, "--file", str(offer))
    assert "8250 euros" in found["answer"]
    assert found["classification"] == "C2"
    assert not centaure.json(*asked)["answerable"]
    offer.write_bytes(b"%PDF-1.7 broken")
    assert "offer.txt was not read" in centaure.run(*asked, "--file", str(offer), code=2)
    assert "is not a file" in centaure.run(*asked, "--file", str(tmp_path), code=2)


def test_two_people_get_two_answers_to_the_same_question(centaure: CommandLine) -> None:
    question = "Quel est le plafond de remboursement d'un repas en déplacement ?"
    answers = {
        user: centaure.json("ask", "--as", user, question)
        for user in ("lea.fontanier", "hugo.vasseret")
    }
    for answer in answers.values():
        assert set(answer) == {
            "question", "answerable", "answer", "sentences", "citations", "classification", "helped_by",
            "model", "generation", "prompt_version", "fallback", "problem", "stopped", "warning", "approved",
            "left_out", "held",
        }  # fmt: skip
        assert answer["fallback"] == "no_model"
        assert all(sentence["support"] is None for sentence in answer["sentences"])
        assert not answer["helped_by"]
        assert answer["question"] == question
        assert answer["answerable"]
        assert all(set(citation) == {"path", "page", "quote"} for citation in answer["citations"])
    assert "22 euros" in answers["lea.fontanier"]["answer"]
    assert "38 euros" in answers["hugo.vasseret"]["answer"]
    assert answers["lea.fontanier"]["classification"] == "C1"
    assert answers["hugo.vasseret"]["classification"] == "C2"


def test_a_search_prints_the_fields_that_programs_rely_on(centaure: CommandLine) -> None:
    found = centaure.json("search", "--as", "lea.fontanier", "indemnité d'astreinte week-end")
    assert set(found) == {"query", "reranked", "hits"}
    best = found["hits"][0]
    assert set(best) == {
        "path", "title", "page", "page_last", "heading", "text", "highlights", "score", "rerank_score",
        "classification", "modified", "merged",
    }  # fmt: skip
    assert best["path"] == "ressources-humaines/politiques/accord-temps-travail.pdf"
    assert best["page"] <= 2 <= best["page_last"]
    start, end = best["highlights"][0]
    assert best["text"][start:end].strip()


def test_a_search_explains_itself(centaure: CommandLine) -> None:
    question = "indemnité d'astrinte week-end"
    told = centaure.json("search", "--as", "lea.fontanier", question, "--explain")
    kinds = {(one["kind"], one["term"], one["other"]) for one in told["explanation"]["expansions"]}
    assert ("spelling", "astrinte", "astreinte") in kinds
    assert told["hits"][0]["path"] == "ressources-humaines/politiques/accord-temps-travail.pdf"
    assert told["hits"][0]["explanation"]["found_by"] == ["words"]
    words = centaure.run("search", "--as", "lea.fontanier", question, "--explain")
    assert "spelling x1: astrinte -> astreinte" in words
    assert "found by words (words" in words


def test_a_sheet_is_named_where_a_page_would_be(centaure: CommandLine) -> None:
    found = centaure.json("search", "--as", "marc.tessandier", "budget 2027", "--type", "xlsx")
    assert found["hits"]
    assert all(isinstance(hit["page"], str) for hit in found["hits"])


def test_earlier_turns_complete_a_question(centaure: CommandLine, tmp_path: Path) -> None:
    history = tmp_path / "history.json"
    turn = {
        "role": "user",
        "text": "Combien de jours de télétravail par semaine sont autorisés ?",
    }
    history.write_text(json.dumps([turn]))
    answer = centaure.json(
        "ask", "--as", "marc.tessandier", "--history", str(history),
        "Et quelle est l'indemnité par jour ?",
    )  # fmt: skip
    assert answer["answerable"]
    assert answer["citations"][0]["path"] == "commun/intranet/teletravail.html"
    history.write_text("nonsense")
    said = centaure.run("ask", "--as", "marc.tessandier", "--history", str(history), "Et ?", code=2)
    assert "is not a history" in said


def test_rights_are_explained_in_words(centaure: CommandLine) -> None:
    path = "production/incidents/enquete-presse-3.docx"
    refused = centaure.json("rights", "explain", "--user", "hugo.vasseret", path)
    assert not refused["readable"]
    assert any("Deny beats read" in sentence for sentence in refused["sentences"])
    allowed = centaure.json("rights", "explain", "--user", "sylvie.arnoult", path)
    assert allowed["readable"]


def test_a_changed_manifest_takes_effect_at_the_next_sync(
    centaure: CommandLine, documents: Path
) -> None:
    question = "indemnité d'astreinte week-end"
    before = centaure.json("search", "--as", "oscar.delmas", question)
    assert not any("temps-travail" in hit["path"] for hit in before["hits"])
    manifest = documents / "rights.yaml"
    kept = manifest.read_text()
    manifest.write_text(kept.replace("groups: [prestataires]", "groups: [salaries]"))
    manifest.write_text(manifest.read_text().replace("    clearance: C0\n", ""))
    centaure.json("source", "sync", "--wait")
    after = centaure.json("search", "--as", "oscar.delmas", question)
    assert any("temps-travail" in hit["path"] for hit in after["hits"])
    manifest.write_text(kept)
    centaure.json("source", "sync", "--wait")
    assert centaure.json("search", "--as", "oscar.delmas", question)["hits"] == before["hits"]


def test_mistakes_are_sentences_with_an_exit_code(centaure: CommandLine, tmp_path: Path) -> None:
    assert "There is no user 'nobody'" in centaure.run("ask", "--as", "nobody", "Why?", code=3)
    assert "cannot be used" in centaure.run(
        "source", "add", "folder", str(tmp_path / "missing"), code=2
    )
    broken = tmp_path / "rights.yaml"
    broken.write_text("rules: [{path: a, type: folder, classification: C9, read: {}}]")
    (tmp_path / "other").mkdir()
    said = centaure.run(
        "source", "add", "folder", str(tmp_path / "other"), "--rights", str(broken), code=2
    )
    assert "C9" in said
    assert "Traceback" not in said
    said = centaure.run("source", "add", "folder", str(tmp_path / "other"), code=2)
    assert "docs/rights.md" in said
    assert "NAME --accept-loss" in centaure.run("source", "sync", "--accept-loss", code=2)
    asked = ("search", "--as", "lea.fontanier")
    assert "pdf" in centaure.run(*asked, "leave", "--type", "pdff", code=2)
    assert "Write what" in centaure.run(*asked, " ", code=2)


def test_it_says_its_version(centaure: CommandLine) -> None:
    assert centaure.run("--version").startswith("centaure 0.")


def test_a_setting_that_cannot_be_used_is_a_sentence(centaure: CommandLine) -> None:
    centaure.environment["CENTAURE_PORT"] = "abc"
    try:
        said = centaure.run("user", "list", code=2)
    finally:
        del centaure.environment["CENTAURE_PORT"]
    assert said.startswith("CENTAURE_PORT: ")
    assert "Traceback" not in said


def test_a_link_names_the_address_that_is_served(centaure: CommandLine, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [sys.executable, "-m", "centaure.app.cli", "serve", "--no-worker", "--port", str(port)]
    with (tmp_path / "log").open("w") as log:
        server = subprocess.Popen(words, env=centaure.environment, stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + 60
        while "answers at" not in (tmp_path / "log").read_text() and time.monotonic() < deadline:
            time.sleep(0.1)
        link = centaure.json("user", "add", "new.person")["link"]
        assert link.startswith(f"http://127.0.0.1:{port}/setup?token=")
    finally:
        assert centaure.json("stop") == {"stopped": True}
        server.wait(60)
    assert ":8600/" in centaure.json("user", "invite", "new.person")["link"]


def test_a_generation_with_vectors_is_built_made_live_and_taken_back(centaure: CommandLine) -> None:
    misspelt = ("search", "--as", "lea.fontanier", "teletravviall")
    assert centaure.json(*misspelt)["hits"] == []
    assert "letters" in centaure.run("embedding", "add", "letters", "trigrams")
    assert "no generation" in centaure.run("index", "switch", "9", code=3)
    assert "--embedding" in centaure.run("reindex", code=2)
    made = centaure.json("reindex", "--embedding", "letters", "--wait")
    assert (made["state"], made["embedding"], made["to_embed"]) == ("live", "letters", 0)
    assert centaure.json(*misspelt)["hits"]
    assert "is live" in centaure.run("index", "remove", "2", code=5)
    assert "Generation 2 uses" in centaure.run("embedding", "remove", "letters", code=5)
    assert "Generation 1 is live" in centaure.run("index", "switch", "1")
    assert centaure.json(*misspelt)["hits"] == []
    centaure.run("index", "remove", "2")
    assert centaure.json("index", "list")["generations"][0]["state"] == "leaving"
    centaure.run("index", "remove", "2", "--wait")
    centaure.run("embedding", "remove", "letters")
    listed = centaure.json("index", "list")
    assert [one["state"] for one in listed["generations"]] == ["live"]
    assert listed["outdated"] == 0


def test_quotas_are_set_in_words_and_usage_is_told_in_figures(centaure: CommandLine) -> None:
    assert centaure.run("quota", "set", "200", "requests", "day", "--each") == (
        "Quota 1: 200 requests a day for each person.\n"
    )
    centaure.run("user", "add", "comptable")
    kept = centaure.json("quota", "set", "2.5", "euros", "month", "--user", "comptable")
    assert (kept["id"], kept["name"], kept["amount"], kept["used"]) == (2, "comptable", 2.5, 0)
    assert "2.5 euros a month for comptable" in centaure.run("quota", "list")
    assert "is for one" in centaure.run(
        "quota", "set", "1", "euros", "day", "--user", "a", "--key", "3", code=2
    )
    assert "no number" in centaure.run("quota", "set", "much", "euros", "day", code=2)
    assert "no group" in centaure.run("quota", "set", "1", "euros", "day", "--group", "x", code=3)
    centaure.run("quota", "remove", "1")
    assert "no quota 1" in centaure.run("quota", "remove", "1", code=3)
    assert [quota["id"] for quota in centaure.json("quota", "list")] == [2]
    used = centaure.json("usage", "--by", "model")
    assert (used["total"]["calls"], used["parts"]) == (0, [])
    assert "together" in centaure.run("usage", "--user", "comptable")
    assert "no user" in centaure.run("usage", "--user", "nobody", code=3)


def test_the_audit_of_all_that_is_whole(centaure: CommandLine) -> None:
    report = centaure.json("audit", "verify")
    assert report["intact"]
    assert report["entries"] > 10
