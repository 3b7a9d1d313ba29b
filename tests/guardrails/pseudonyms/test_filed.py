"""The commands that take personal data out of texts and put it back, and the file between them."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from centaure.app.cli import make_app
from centaure.app.cli.guard_pseudonyms import pseudonymised, restored
from centaure.guardrails.policy import Label, Policy, Treatment
from centaure.guardrails.pseudonyms import FileVault
from centaure.kit.errors import InvalidInput, Unavailable
from centaure.kit.settings import Settings

MAIL = "claire@example.org"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path)


def test_values_come_back_by_the_id_of_their_text(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "vault.db"
    vault = FileVault(path, settings)
    told = pseudonymised({"id": "mail-claire", "text": f"À {MAIL} :"}, vault)
    assert told == {
        "id": "mail-claire",
        "text": "À [EMAIL_1] :",
        "spans": [{"start": 2, "end": 20, "label": "EMAIL", "placeholder": "[EMAIL_1]"}],
    }
    vault.close()
    assert path.stat().st_mode & 0o777 == 0o600
    assert b"claire" not in path.read_bytes()

    vault = FileVault(path, settings)
    assert restored({"id": "mail-claire", "text": "Parti chez email_1."}, vault) == {
        "id": "mail-claire",
        "text": f"Parti chez {MAIL}.",
    }
    assert restored({"id": "other", "text": "[EMAIL_1]"}, vault)["text"] == "[EMAIL_1]"
    vault.close()


def test_lines_of_one_conversation_share_placeholders(settings: Settings, tmp_path: Path) -> None:
    vault = FileVault(tmp_path / "vault.db", settings)
    for name, text in (("a", MAIL), ("b", f"x@example.org, {MAIL}")):
        told = pseudonymised({"id": name, "conversation": "c", "text": text}, vault)
    assert told["text"] == "[EMAIL_2], [EMAIL_1]"
    assert restored({"id": "b", "text": "[EMAIL_1]"}, vault)["text"] == MAIL
    assert restored({"id": "new", "conversation": "c", "text": "[EMAIL_1]"}, vault)["text"] == MAIL
    turns = [{"role": "user", "text": f"Je suis {MAIL}"}, {"role": "assistant", "text": "Bien."}]
    told = pseudonymised({"id": 3, "turns": turns}, vault)
    assert [told["text"], told["spans"]] == ["Bien.", []]
    masked = told["turns"]
    assert [turn["text"] for turn in masked] == ["Je suis [EMAIL_1]", "Bien."]
    assert restored({"id": 3, "turns": masked}, vault)["turns"] == turns
    vault.close()


def test_kinds_are_treated_as_a_policy_says(settings: Settings, tmp_path: Path) -> None:
    vault = FileVault(tmp_path / "vault.db", settings)
    text = f"{MAIL}, 01 44 55 66 77"
    policy = Policy(personal_data={Label.EMAIL: Treatment.GENERALISE})
    told = pseudonymised({"id": 1, "text": text}, vault, policy.personal_data)
    assert told["text"] == "…@example.org, [PHONE_1]"
    policy = Policy(personal_data={Label.EMAIL: Treatment.PASS, Label.PHONE: Treatment.BLOCK})
    with pytest.raises(InvalidInput, match=r"blocks: PHONE\.") as fault:
        pseudonymised({"id": 1, "text": text}, vault, policy.personal_data)
    assert "01 44" not in fault.value.message
    vault.close()


def test_what_has_expired_is_gone(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "vault.db"
    vault = FileVault(path, settings)
    pseudonymised({"id": 1, "text": MAIL}, vault)
    vault.close()
    with sqlite3.connect(path) as file:
        file.execute("update pseudonym set expires_at = '2001-01-01T00:00:00+00:00'")
    file.close()
    vault = FileVault(path, settings)
    assert restored({"id": 1, "text": "[EMAIL_1]"}, vault)["text"] == "[EMAIL_1]"
    vault.close()


def test_faults_are_told(settings: Settings, tmp_path: Path) -> None:
    other = tmp_path / "no-vault"
    other.write_text("This is no vault. " * 100)
    with pytest.raises(Unavailable, match="--vault"):
        FileVault(other, settings)
    vault = FileVault(tmp_path / "vault.db", settings)
    faulty: list[dict[str, Any]] = [
        {"id": 1},
        {"text": "a"},
        {"id": 1, "turns": []},
        {"id": 1, "turns": [3]},
        {"id": True, "text": "a"},
    ]
    for wrong in faulty:
        with pytest.raises(InvalidInput):
            pseudonymised(wrong, vault)
    with pytest.raises(InvalidInput, match="conversation"):
        pseudonymised({"id": 1, "text": "a", "conversation": ["c"]}, vault)
    pseudonymised({"id": 1, "text": MAIL}, vault)
    vault.close()
    stranger = FileVault(tmp_path / "vault.db", Settings(home=tmp_path / "elsewhere"))
    assert restored({"id": 1, "text": "[EMAIL_1]"}, stranger)["text"] == "[EMAIL_1]"
    stranger.close()


def test_the_commands_name_the_line_and_make_no_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CENTAURE_HOME", str(tmp_path / "home"))
    given = '{"id": 1, "text": "a"}\n{"id": true, "text": "b"}\n'
    words = ["guard", "pseudonymise", "--jsonl", "-"]
    done = CliRunner().invoke(make_app("guard"), words, input=given)
    assert (done.exit_code, len(done.stdout.splitlines())) == (1, 1)
    assert done.stderr.startswith("Line 2: ")
    nowhere = tmp_path / "absent" / "vault.db"
    refused = CliRunner().invoke(make_app("guard"), [*words, "--vault", str(nowhere)], input=given)
    assert isinstance(refused.exception, InvalidInput)
    assert not nowhere.parent.exists()
