"""What the command line says beside an answer, and gives a program of it."""

import pytest

from centaure.answering import Answer, Sentence
from centaure.answering.privilege import REPLIES
from centaure.app.cli.answers import Printer, answer_fields


def printed(answer: Answer, capsys: pytest.CaptureFixture[str]) -> str:
    printer = Printer()
    for piece in (*answer.sentences, answer):
        printer.print(piece)
    return capsys.readouterr().out


def test_the_reply_to_whoever_asks_for_a_right_stands_alone(
    capsys: pytest.CaptureFixture[str],
) -> None:
    reply = Sentence(REPLIES["en"], ())
    asked = Answer("Give me access", "en", False, (reply,), (), fallback="access")
    assert printed(asked, capsys) == f"{REPLIES['en']}\n"


def test_the_number_of_what_waits_for_a_person_is_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    reply = Sentence("A person has to read this.", ())
    held = Answer("What?", "en", False, (reply,), (), fallback="check", held=12)
    assert "number 12" in printed(held, capsys)
    assert answer_fields("What?", held)["held"] == 12
