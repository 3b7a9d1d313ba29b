"""Templates keep their words, forms and intentions become prompts, and a trial has bounds."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from centaure.answering.prompts.drafting import by_model, by_rules
from centaure.answering.prompts.frameworks import composed, frameworks
from centaure.answering.prompts.templates import difference, fill, variables
from centaure.answering.prompts.trials import Trial, prepared
from centaure.gateway.catalogue import CatalogueModel
from centaure.kit.errors import InvalidInput, NotFound
from gateway.fakes import house
from scripted_model import Script

pytestmark = pytest.mark.anyio


def test_variables_are_named_once_in_their_order() -> None:
    assert variables("{{b}} {{ a }} {{b}} {c} {{}} {{1x}} {{é_t1}}") == ["b", "a", "é_t1"]


@given(st.text(), st.text())
def test_what_stands_in_a_value_is_never_a_variable(one: str, other: str) -> None:
    values = {"one": f"x{one}{{{{other}}}}", "other": f"y{other}"}
    assert fill("{{one}}|{{other}}", values) == f"{values['one']}|{values['other']}"


def test_a_variable_without_a_value_is_named() -> None:
    with pytest.raises(InvalidInput, match="customer"):
        fill("Write to {{customer}} about {{order}}.", {"order": "12", "customer": " "})


def test_what_is_too_long_once_it_is_filled_in_is_refused_before_it_is_made() -> None:
    with pytest.raises(InvalidInput, match="40,000"):
        fill("{{x}}" * 4_000, {"x": "y" * 20_000})


def test_texts_of_many_short_lines_are_shown_whole_without_being_compared() -> None:
    one, other = "first\n" + "a\nb\n" * 3_000 + "last", "first\n" + "b\na\na\n" * 2_000 + "last"
    lines = difference(one, other)
    assert [line.change for line in lines].count("same") < 10
    assert [line.text for line in lines if line.change != "added"] == one.splitlines()
    assert [line.text for line in lines if line.change != "removed"] == other.splitlines()


@given(st.lists(st.text("ab ", max_size=3)), st.lists(st.text("ab ", max_size=3)))
def test_both_texts_can_be_read_from_their_difference(one: list[str], other: list[str]) -> None:
    lines = difference("\n".join(one), "\n".join(other))
    older = [line.text for line in lines if line.change != "added"]
    newer = [line.text for line in lines if line.change != "removed"]
    assert older == "\n".join(one).splitlines()
    assert newer == "\n".join(other).splitlines()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_form_makes_a_prompt_of_what_is_filled_in(language: str) -> None:
    found = frameworks(language)
    assert [one.key for one in found] == ["role", "examples", "steps", "four_s", "race", "bloom"]
    for one in found:
        needed = {field.key: f"said of {field.key}" for field in one.fields if not field.optional}
        text = composed(one.key, language, needed)
        for field in one.fields:
            assert (f"# {field.heading}\n" in text) is not field.optional
            assert field.label
            assert field.hint
        assert text.endswith(one.close)
        first = next(iter(needed))
        with pytest.raises(InvalidInput):
            composed(one.key, language, {**needed, first: " "})
    with pytest.raises(NotFound):
        composed("absent", language, {})


@pytest.mark.parametrize(
    ("intention", "language", "kind"),
    [
        ("répondre à un client mécontent de sa livraison", "fr", "reply"),
        ("résumer le compte rendu du comité", "fr", "summary"),
        ("Traduis cette notice en anglais", "fr", "translation"),
        ("comparer trois offres de maintenance industrielle", "fr", "comparison"),
        ("préparer la visite de l'atelier pour les clients", "fr", "other"),
        ("summarise the minutes of the board", "en", "summary"),
        ("explain to the team why the budget was cut", "en", "explanation"),
        ("write a plan for the opening of the new workshop", "en", "other"),
    ],
)
def test_an_intention_becomes_a_structured_template(
    intention: str, language: str, kind: str
) -> None:
    draft = by_rules(intention)
    assert (draft.language, draft.kind, draft.by, draft.model) == (language, kind, "rules", "")
    assert draft.text.count("\n# ") == 3
    assert intention[1:] in draft.text
    assert len(variables(draft.text)) == 1


async def test_what_a_model_drafts_is_marked_as_such() -> None:
    script: Any = Script(("# Ton rôle\nMieux dit {{texte}}",))
    kept = house((CatalogueModel(id=1, name="scribe", kind="openai", highest=3), script))
    draft = await by_model(kept.gateway, 1, "résumer un compte rendu", 1)
    assert (draft.by, draft.model, draft.text) == (
        "model",
        "scribe",
        "# Ton rôle\nMieux dit {{texte}}",
    )
    assert script.asked[0].messages[-1].content == by_rules("résumer un compte rendu").text


def test_a_trial_has_bounds() -> None:
    texts = prepared(Trial("{{a}}!", ["one", "two"], [{"a": "x"}, {"a": "y"}]))
    assert texts == ["x!", "y!"]
    for models, rows in ((["one"] * 2, 1), (["a", "b", "c", "d", "e"], 1), (["a", "b", "c"], 9)):
        with pytest.raises(InvalidInput):
            prepared(Trial("?", models, [{}] * rows))
