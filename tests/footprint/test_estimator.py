"""What is known of a model of the catalogue, and what that makes of its answers."""

from typing import Any

import pytest

from centaure.footprint.deployments import served
from centaure.footprint.estimation import UNKNOWN_BATCH, UNKNOWN_PUE
from centaure.footprint.estimator import EcoLogitsEstimator
from centaure.gateway.catalogue import CatalogueModel
from centaure.kit.errors import InvalidInput

ESTIMATOR = EcoLogitsEstimator()


def model(**said: Any) -> CatalogueModel:
    given = {"kind": "openai", "model": "ours", "parameters_active": 3, "parameters_total": 30}
    return CatalogueModel(id=1, name="a model", **(given | said))


def test_what_the_catalogue_says_is_taken_and_the_rest_is_a_range() -> None:
    known = served(model(zone="FRA", options={"batch": 32, "pue": [1.1, 1.2], "bits": 8}))
    assert known is not None
    assert (known.active, known.total, known.zone) == ((3, 3), (30, 30), "FRA")
    assert (known.batch, known.pue, known.bits) == ((32, 32), (1.1, 1.2), 8)
    unknown = served(model())
    assert unknown is not None
    assert (unknown.batch, unknown.pue, unknown.zone) == (UNKNOWN_BATCH, UNKNOWN_PUE, "")


@pytest.mark.parametrize("size", ["parameters_active", "parameters_total"])
def test_one_size_stands_for_both(size: str) -> None:
    known = served(model(**{"parameters_active": None, "parameters_total": None, size: 8}))
    assert known is not None
    assert known.active == known.total == (8, 8)


def test_a_size_that_is_not_said_is_the_one_that_is_supposed_of_the_name() -> None:
    known = served(model(parameters_active=None, parameters_total=None, model="gpt-4o-mini"))
    assert known is not None
    assert 0 < known.active.low < known.active.high


def test_an_unknown_size_is_no_estimate() -> None:
    nothing = {"parameters_active": None, "parameters_total": None}
    assert ESTIMATOR.estimate(model(**nothing), 500, 10) is None
    assert ESTIMATOR.carbon(model(**nothing)) is None
    extractive = model(kind="extractive", model="gpt-4o-mini", **nothing)
    assert ESTIMATOR.estimate(extractive, 500, 10) is None


def test_a_zone_that_is_none_counts_as_unknown() -> None:
    known = served(model(zone="Europe"))
    assert known is not None
    assert known.zone == ""


@pytest.mark.parametrize("batch", [0, "many", [3, 2], [1, 2, 3], {}])
def test_what_cannot_be_is_refused_and_makes_no_estimate(batch: object) -> None:
    wrong = model(options={"batch": batch})
    with pytest.raises(InvalidInput, match=r"\.$"):
        served(wrong)
    assert ESTIMATOR.estimate(wrong, 500, 10) is None


def test_an_answer_has_a_range_and_the_method_that_gave_it() -> None:
    found = ESTIMATOR.estimate(model(zone="FRA"), 500, 10)
    assert found is not None
    for low, high in (found.energy_kwh, found.co2e_g, found.water_l):
        assert 0 < low < high
    assert found.method.startswith("ecologits ")
    assert "FRA, batch 1-512" in found.method


def test_the_smaller_model_and_the_cleaner_electricity_have_less_carbon() -> None:
    carbon = [
        ESTIMATOR.carbon(one)
        for one in (
            model(zone="FRA", parameters_active=1, parameters_total=1),
            model(zone="FRA"),
            model(zone="POL"),
        )
    ]
    assert None not in carbon
    assert carbon == sorted(carbon, key=lambda grams: grams or 0)
