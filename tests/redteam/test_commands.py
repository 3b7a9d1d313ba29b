"""`centaure redteam` without a database: on the simulated model, and on an address."""

import json
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from centaure.app.cli import make_app
from centaure.kit.errors import CentaureError, Conflict, InvalidInput

OBEDIENT = ("--target", "simulated-obedient")


def invoke(*words: str, text: str | None = None) -> Result:
    return CliRunner().invoke(make_app("redteam"), ["redteam", *words], input=text)


def refused(*words: str) -> CentaureError:
    error = invoke(*words).exception
    assert isinstance(error, CentaureError), error
    return error


def test_a_campaign_ends_with_its_reports_and_an_exit_status(tmp_path: Path) -> None:
    bare, guarded = str(tmp_path / "bare"), str(tmp_path / "guarded")
    run = ("run", *OBEDIENT, "--cases", "20", "--fail-over", "0")
    open_wide = invoke(*run, "--to", bare, "--no-guard")
    assert open_wide.exit_code == 9, open_wide.output
    assert "20 of 20 cases" in open_wide.stdout
    held = invoke(*run, "--to", guarded, "--before", bare, "--language", "fr", "--json")
    assert held.exit_code == 0, held.output
    told = json.loads(held.stdout)
    assert (told["totals"]["held"], len(told["trend"]["newly_held"])) == (20, 20)
    assert "Campagne" in (tmp_path / "guarded" / "report.html").read_text("utf-8")
    kept = json.loads((tmp_path / "bare" / "report.json").read_text("utf-8"))
    assert kept["totals"]["broken"] == 20
    again = invoke("report", bare, "--language", "fr", "--before", guarded)
    assert again.exit_code == 0, again.output
    assert "20 newly broken" in again.stdout
    assert "Nouvellement percés" in (tmp_path / "bare" / "report.html").read_text("utf-8")


def test_the_same_command_goes_on_and_another_has_another_folder(tmp_path: Path) -> None:
    run = ("run", *OBEDIENT, "--to", str(tmp_path), "--cases", "5")
    assert invoke(*run).exit_code == 0
    file = tmp_path / "results.jsonl"
    lines = file.read_text("utf-8").splitlines()
    file.write_text("\n".join(lines[:3]), "utf-8")
    assert invoke(*run).exit_code == 0
    again = file.read_text("utf-8").splitlines()
    assert (again[:3], sorted(again)) == (lines[:3], sorted(lines))
    assert isinstance(refused(*run, "--seed", "1"), Conflict)


def test_a_run_that_is_done_is_not_taken_for_a_new_one(tmp_path: Path) -> None:
    """Else a gate would pass by what was measured before the change."""
    run = ("run", *OBEDIENT, "--to", str(tmp_path), "--cases", "5")
    assert invoke(*run).exit_code == 0
    assert "done" in refused(*run).message


def test_an_address_with_a_key_in_it_is_written_nowhere(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    refused("run", "--to", str(folder), "--target", "https://u:k@m.example/v1", "--model", "m")
    assert not folder.exists()


def test_a_policy_is_tried_before_it_is_in_force(tmp_path: Path) -> None:
    policy = tmp_path / "policy.json"
    policy.write_text('{"off": ["leak", "links", "attack", "planted"]}')
    loose = invoke(
        "run", *OBEDIENT, "--to", str(tmp_path / "run"), "--cases", "5", "--policy", str(policy),
        "--fail-over", "4",
    )  # fmt: skip
    assert loose.exit_code == 9, loose.output


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ((*OBEDIENT, "--family", "nothing"), "no family"),
        ((*OBEDIENT, "--mutator", "nothing"), "no disguise"),
        ((*OBEDIENT, "--as", "ruth"), "--as"),
        ((*OBEDIENT, "--model", "m"), "--model"),
        ((*OBEDIENT, "--no-guard", "--policy", "x"), "--guard"),
        (("--target", "https://models.example/v1"), "--model"),
        (("--target", "http://models.example/v1", "--model", "m"), "in clear"),
        (("--target", "https://models.example/v1?key=1", "--model", "m"), "https://host/v1"),
        (("--target", "https://m.example/v1", "--model", "m", "--key-file", "/nowhere"), "key"),
        (("--target", "mistral"), "--as"),
        (("--target", "mistral", "--policy", "x"), "catalogue"),
        ((*OBEDIENT, "--before", "/nowhere"), "report"),
    ],
)
def test_what_is_wrong_is_a_sentence(tmp_path: Path, words: tuple[str, ...], why: str) -> None:
    error = refused("run", "--to", str(tmp_path / "run"), *words)
    assert isinstance(error, InvalidInput)
    assert why in error.message
