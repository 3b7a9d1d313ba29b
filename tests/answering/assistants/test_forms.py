"""A form becomes a prompt by plain placeholders; what is shipped is whole; a scope is never widened."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from centaure.answering.assistants.changes import changes
from centaure.answering.assistants.definition import Definition
from centaure.answering.assistants.forms import filled
from centaure.answering.assistants.shipped import ORDER, shipped
from centaure.kit.errors import InvalidInput
from centaure.knowledge.retrieval.filters import both, deeper

FIELDS = [
    {"name": "what", "label": "What", "required": True},
    {"name": "when", "label": "When", "kind": "date"},
    {"name": "how", "label": "How", "kind": "choice", "choices": ["short", "long"]},
    {"name": "number", "label": "Number", "kind": "number"},
    {"name": "notes", "label": "Notes", "kind": "text"},
]
TEMPLATE = "Write {what}.\nOn {when}, {how}.\nFor {number} people.\n\nNotes:\n{notes}"


def assistant(**said: object) -> Definition:
    return Definition.model_validate(
        {"name": "A", "language": "en", "fields": FIELDS, "template": TEMPLATE, **said}
    )


def test_values_take_the_places_of_their_names_and_empty_lines_are_left_out() -> None:
    values = {"what": " a note ", "how": "short", "notes": "one\n two"}
    prompt = filled(assistant(), values)
    assert prompt == "Write a note.\nOn , short.\n\nNotes:\none\n two"


@given(st.text(max_size=60))
def test_what_a_person_types_is_never_read_as_a_placeholder(typed: str) -> None:
    values = {"what": "x", "notes": typed + "{what} {0} {what!r} {notes.__class__}"}
    prompt = filled(assistant(), values)
    assert prompt.endswith("{what} {0} {what!r} {notes.__class__}")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "What"),
        ({"what": "x", "when": "tomorrow"}, "When"),
        ({"what": "x", "how": "longer"}, "How"),
        ({"what": "x", "number": "ten"}, "Number"),
        ({"what": "x", "other": "y"}, "other"),
        ({"what": "x" * 10_001}, "Shorten"),
        ({"what": "x" * 50_000}, "50,000"),
    ],
)
def test_a_value_that_does_not_fit_names_its_field(values: dict[str, str], words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        filled(assistant(), values)


@pytest.mark.parametrize(
    "said",
    [
        {"template": "{unknown} {what} {when} {how} {number} {notes}"},
        {"template": "only {what}"},
        {"fields": []},
        {"fields": [*FIELDS, FIELDS[0]]},
        {"name": "a\x00b"},
        {"tools": ["mail"]},
        {"fields": [{"name": "Bad Name", "label": "x"}], "template": "{Bad Name}"},
        {"fields": [{"name": "one", "label": "x", "kind": "choice"}], "template": "{one}"},
    ],
)
def test_a_form_that_cannot_work_is_refused(said: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        assistant(**said)


def test_what_changed_is_told_field_by_field() -> None:
    after = assistant(tone="Warm.", fields=FIELDS[:-1], template=TEMPLATE[: TEMPLATE.index("\n\n")])
    told = {change.field: (change.before, change.after) for change in changes(assistant(), after)}
    assert set(told) == {"tone", "fields.notes", "template"}
    assert told["tone"] == ("", "Warm.")
    assert told["fields.notes"][1] == ""
    assert changes(after, after) == []


def test_french_punctuation_stays_on_the_line_of_its_word() -> None:
    for one in shipped().values():
        said = one.definitions["fr"].model_dump_json()
        assert not any(f" {mark}" in said for mark in "?!;:»"), one.key
        assert "« " not in said, one.key


def test_what_is_shipped_is_the_same_assistant_in_both_languages() -> None:
    assert len(ORDER) == 12
    for one in shipped().values():
        french, english = one.definitions["fr"], one.definitions["en"]
        assert french.kind == english.kind
        assert french.scope == english.scope
        shapes = [
            [(field.kind, field.required, len(field.choices)) for field in said.fields]
            for said in (french, english)
        ]
        assert shapes[0] == shapes[1], one.key
        assert bool(french.openings) == bool(english.openings)
        assert french.openings or french.fields, one.key


@pytest.mark.parametrize(
    ("asked", "within", "found"),
    [
        ((), (), ()),
        (("a",), (), ("a",)),
        ((), ("a", "b"), ("a", "b")),
        (("a",), ("a", "b"), ("a",)),
        (("c",), ("a", "b"), None),
    ],
)
def test_both_is_never_more_than_either(
    asked: tuple[str, ...], within: tuple[str, ...], found: tuple[str, ...] | None
) -> None:
    assert both(asked, within) == found


@pytest.mark.parametrize(
    ("asked", "within", "found"),
    [
        (("hr/pay",), ("hr",), ("hr/pay",)),
        (("hr",), ("hr/pay", "hr/rules"), ("hr/pay", "hr/rules")),
        (("hr",), ("hr",), ("hr",)),
        (("hr",), ("hrx",), None),
        (("finance",), ("hr",), None),
    ],
)
def test_of_two_folders_the_deeper_one_is_searched(
    asked: tuple[str, ...], within: tuple[str, ...], found: tuple[str, ...] | None
) -> None:
    assert deeper(asked, within) == found
