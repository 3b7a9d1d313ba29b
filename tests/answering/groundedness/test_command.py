"""`centaure ground` reads lines and writes lines, without a database."""

import json
from pathlib import Path

from typer.testing import CliRunner

from centaure.app.cli import make_app

GOOD = {
    "id": "a",
    "question": "Quel préavis ?",
    "passages": [{"id": "p1", "text": "Le préavis de démission est de 30 jours."}],
    "answer": "Le préavis de démission est de 30 jours [p1].",
}


def test_each_line_gets_a_line() -> None:
    given = json.dumps(GOOD)
    done = CliRunner().invoke(
        make_app("ground"), ["ground", "--jsonl", "-"], input=f"{given}\n\n{given}\n"
    )
    assert done.exit_code == 0
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["id"] for line in lines] == ["a", "a"]
    sentence = lines[0]["sentences"][0]
    assert sentence["text"] == GOOD["answer"]
    assert (sentence["start"], sentence["end"]) == (0, len(str(GOOD["answer"])))
    assert (sentence["outcome"], sentence["passage"]) == ("supported", "p1")


def test_a_bad_line_is_named_and_the_others_go_on(tmp_path: Path) -> None:
    file = tmp_path / "answers.jsonl"
    bad = [
        "{",
        "[]",
        json.dumps({**GOOD, "passages": [{"id": "x"}]}),
        json.dumps({**GOOD, "answer": 3}),
    ]
    file.write_text("\n".join([*bad, json.dumps(GOOD)]), encoding="utf-8")
    done = CliRunner().invoke(make_app("ground"), ["ground", "--jsonl", str(file)])
    assert done.exit_code == 1
    assert len(done.stdout.splitlines()) == 1
    assert [line.partition(":")[0] for line in done.stderr.splitlines()] == [
        "Line 1", "Line 2", "Line 3", "Line 4",
    ]  # fmt: skip
