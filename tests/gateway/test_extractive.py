"""The offline twin: it quotes what answers, says when nothing does, and keeps a model's manners."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import validate

from centaure.gateway.chat import ChatRequest, Delta, Message, Tool
from centaure.gateway.extractive import ExtractiveModel, answer_to, deltas

MEALS = (
    '<passage number="1" title="Frais">Les frais sont remboursés sous 30 jours. '
    "Le plafond de remboursement d'un repas est de 25 euros.</passage>\n"
    '<passage number="2">Le train se réserve en ligne &amp; à l\'avance.\nLa salle ferme à 18 h</passage>\n'
)


def asked(text: str, **more: Any) -> ChatRequest:
    return ChatRequest((Message("system", "Answer."), Message("user", text)), **more)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (
            "Quel est le plafond de remboursement d'un repas ?",
            "Le plafond de remboursement d'un repas est de 25 euros [1].",
        ),
        ("Comment réserver le train ?", "Le train se réserve en ligne & à l'avance [2]."),
        ("À quelle heure ferme la salle ?", "La salle ferme à 18 h [2]."),
        (
            "Quelle est la couleur du cheval de Napoléon ?",
            "Je ne sais pas : les passages fournis ne le disent pas.",
        ),
        ("Who won the cup?", "I do not know: the passages given do not say."),
    ],
)
def test_it_quotes_the_sentence_that_answers_or_does_not_know(question: str, answer: str) -> None:
    assert answer_to(asked(f"{MEALS}<question>{question}</question>")) == answer


def test_without_passages_it_says_what_it_is() -> None:
    assert "simulated model" in answer_to(asked("Hello, who are you?"))
    assert "modèle simulé" in answer_to(asked("Quelle est ta couleur ?"))
    assert ExtractiveModel.simulated


def test_it_stops_where_it_is_told_to() -> None:
    pieces = list(deltas(asked("Hello", most_tokens=3)))
    assert [one.text for one in pieces] == ["I", " am", " a", ""]
    assert pieces[-1].finish == "length"
    assert (
        "".join(one.text for one in deltas(asked("Hello", stop=("model",)))) == "I am a simulated"
    )


WEATHER = Tool(
    "get_weather",
    "The weather.",
    {
        "type": "object",
        "properties": {
            "city": {"type": "string"},
            "days": {"type": "integer"},
            "unit": {"enum": ["celsius", "fahrenheit"]},
        },
        "required": ["city", "days", "unit"],
    },
)


def called(request: ChatRequest) -> Any:
    first = next(deltas(request))
    return [(one.name, json.loads(one.arguments)) for one in first.tool_calls]


def test_a_tool_is_called_when_it_is_named_or_demanded() -> None:
    question = "Use get weather for “Lyon” in 3 days, in fahrenheit"
    arguments = {"city": "Lyon", "days": 3, "unit": "fahrenheit"}
    assert called(asked(question, tools=(WEATHER,)))[0][0] == "get_weather"
    quoted = called(asked("Get weather of “Lyon, 3 days, fahrenheit”", tools=(WEATHER,)))[0][1]
    assert quoted == arguments | {"city": "Lyon, 3 days, fahrenheit"}
    assert called(asked("Hello", tools=(WEATHER,))) == []
    assert called(asked("Hello", tools=(WEATHER,), tool_choice="required"))
    assert called(asked("Hello", tools=(WEATHER,), tool_choice="get_weather"))
    assert called(asked(question, tools=(WEATHER,), tool_choice="none")) == []


def test_what_a_tool_answered_is_said() -> None:
    messages = (Message("user", "get weather"), Message("tool", "sunny", tool_call_id="c"))
    assert answer_to(ChatRequest(messages, tools=(WEATHER,))) == "The tool answered: sunny"


@given(
    st.recursive(
        st.sampled_from(
            [
                {"type": "string"},
                {"type": "integer"},
                {"type": "number"},
                {"type": "boolean"},
                {"type": ["null", "string"]},
                {"enum": ["a", 3]},
                {"const": False},
                {"anyOf": [{"type": "string"}, {"type": "null"}]},
            ]
        ),
        lambda inner: (
            inner.map(lambda one: {"type": "array", "items": one, "minItems": 2})
            | inner.map(lambda one: {"type": "object", "properties": {"x": one}, "required": ["x"]})
        ),
        max_leaves=5,
    )
)
def test_a_json_schema_is_answered_with_its_json(schema: dict[str, Any]) -> None:
    wanted = {"type": "json_schema", "json_schema": {"name": "n", "schema": schema}}
    question = f"{MEALS}<question>Comment réserver le train ?</question>"
    validate(json.loads(answer_to(asked(question, response_format=wanted))), schema)


def test_a_json_object_is_one() -> None:
    request = asked("Hello", response_format={"type": "json_object"})
    assert set(json.loads(answer_to(request))) == {"answer"}


@given(st.text())
def test_whatever_is_asked_it_answers(text: str) -> None:
    *_, last = deltas(asked(f'<passage number="1">{text}</passage><question>{text}</question>'))
    assert last.finish == "stop"


@pytest.mark.anyio
async def test_it_streams_as_a_model_does() -> None:
    got: list[Delta] = [
        one async for one in ExtractiveModel().stream(asked("Hi"), first_s=1, longest_s=1)
    ]
    assert len(got) > 3
    assert got[-1].usage is not None


def test_a_passage_ends_before_the_next_begins() -> None:
    said = '<passage number="1">Lost' * 3_000 + ". Lyon opens at 9.</passage>"
    asked = ChatRequest((Message("user", f"{said}<question>When opens Lyon?</question>"),))
    assert answer_to(asked) == "Lyon opens at 9 [1]."
