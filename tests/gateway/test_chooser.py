"""The chooser: sensitivity decides, the other answers weigh, and what is not known is said."""

from typing import Any

from centaure.gateway.catalogue import CatalogueModel, Lifecycle
from centaure.gateway.chooser import Needs, choose


def model(number: int, name: str, **more: Any) -> CatalogueModel:
    values: dict[str, Any] = {"kind": "openai", "highest": 1, **more}
    return CatalogueModel(id=number, name=name, **values)


SMALL = model(
    1, "small", price_in=0.1, price_out=0.1, parameters_active=3, parameters_total=3,
    access="open weights", highest=3,
)  # fmt: skip
LARGE = model(
    2, "large", price_in=4, price_out=12, parameters_active=120, parameters_total=400,
    access="proprietary",
)  # fmt: skip
TWIN = model(3, "twin", kind="extractive", highest=3)
ALL = (SMALL, LARGE, TWIN)


def names(needs: Needs, **more: Any) -> list[str]:
    return [choice.model.name for choice in choose(ALL, needs, **more).choices]


def test_what_may_not_take_the_content_is_out_whatever_else_it_is_good_at() -> None:
    found = choose(ALL, Needs(classification=3, culture="much", weighs="performance"))
    assert [choice.model.name for choice in found.choices] == ["small"]
    assert {one.name: reason for one, _, reason in found.left_out} == {
        "large": "class",
        "twin": "simulated",
    }


def test_a_narrow_use_where_cost_weighs_wants_a_small_model_general_culture_a_large_one() -> None:
    assert names(Needs(specific="much", culture="little", weighs="cost")) == ["small", "large"]
    assert names(Needs(specific="little", culture="much", weighs="performance")) == [
        "large",
        "small",
    ]


def test_own_evaluations_say_most_and_their_absence_is_said() -> None:
    needs = Needs(specific="little", culture="much", weighs="performance")
    assert names(needs, evaluations={"small": 0.95, "large": 0.3}) == ["small", "large"]
    assert "evaluated" in " ".join(choose(ALL, needs).remarks)
    assert "evaluated" not in " ".join(choose(ALL, needs, {"small": 0.9}).remarks)


def test_each_choice_has_its_reasons_and_what_is_unknown_is_one() -> None:
    found = choose((model(1, "bare", lifecycle=Lifecycle.TRIAL),), Needs(language="fr"))
    said = " ".join(found.choices[0].reasons)
    assert "price is not known" in said
    assert "size is not known" in said
    assert "on trial" in said
    assert 0 <= found.choices[0].score <= 1


def test_an_empty_catalogue_is_said_to_hold_nothing() -> None:
    found = choose((), Needs())
    assert found.choices == ()
    assert found.remarks
