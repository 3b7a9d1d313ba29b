"""An answer's footprint: the method's own figures, between the ends of what is known."""

import math
from dataclasses import replace

import pytest
from ecologits.electricity_mix_repository import electricity_mixes
from ecologits.impacts.llm import compute_llm_impacts
from ecologits.utils.range_value import RangeValue
from hypothesis import given, settings
from hypothesis import strategies as st

from centaure.footprint.equivalents import equivalents
from centaure.footprint.estimation import Range, Served, impacts
from centaure.kit.errors import InvalidInput


def exactly(value: float) -> Range:
    return Range(value, value)


KNOWN = Served(
    active=exactly(3.0),
    total=exactly(30.0),
    zone="FRA",
    batch=exactly(16),
    pue=exactly(1.3),
    wue=exactly(0.2),
    bits=8,
)


def of_the_core(served: Served, tokens: int, duration_s: float) -> tuple[float, float, float]:
    """What EcoLogits itself says where everything is known: kWh, g CO2e, litres."""
    mix = electricity_mixes.find_electricity_mix(served.zone)
    assert mix is not None
    found = compute_llm_impacts(
        model_active_parameter_count=served.active.low,
        model_total_parameter_count=served.total.low,
        output_token_count=tokens,
        request_latency=duration_s,
        if_electricity_mix_adpe=mix.adpe,
        if_electricity_mix_pe=mix.pe,
        if_electricity_mix_gwp=mix.gwp,
        if_electricity_mix_wue=mix.wue,
        datacenter_pue=served.pue.low,
        datacenter_wue=served.wue.low,
        batch_size=served.batch.low,
        model_quantization_bits=served.bits,
    )
    values = (found.energy.value, found.gwp.value, found.wcf.value)
    assert not any(isinstance(value, RangeValue) for value in values)
    energy, co2e_kg, water = values
    return energy, co2e_kg * 1000, water


numbers = st.floats(0.1, 2000, allow_nan=False)
served_exactly = st.builds(
    Served,
    active=numbers.map(exactly),
    total=numbers.map(exactly),
    zone=st.sampled_from(["FRA", "DEU", "USA", "WOR"]),
    batch=st.integers(1, 512).map(exactly),
    pue=st.floats(1, 3).map(exactly),
    wue=st.floats(0, 5).map(exactly),
    bits=st.sampled_from([4, 8, 16, 32]),
)


@given(served_exactly, st.integers(0, 100_000), st.floats(0, 1000))
@settings(deadline=None)
def test_where_everything_is_known_it_is_what_the_method_says(
    served: Served, tokens: int, duration_s: float
) -> None:
    found = impacts(served, tokens, duration_s)
    for ours, theirs in zip(
        (found.energy_kwh, found.co2e_g, found.water_l),
        of_the_core(served, tokens, duration_s),
        strict=True,
    ):
        assert ours == (pytest.approx(theirs), pytest.approx(theirs))


@given(served_exactly, st.integers(0, 10_000), st.floats(0, 1000), st.data())
@settings(deadline=None)
def test_what_is_not_known_widens_the_range_around_what_it_may_be(
    served: Served, tokens: int, duration_s: float, data: st.DataObject
) -> None:
    def around(known: Range, least: float) -> Range:
        low = data.draw(st.floats(least, known.low))
        return Range(low, known.low + data.draw(st.floats(0, 100)))

    wide = replace(
        served,
        active=around(served.active, 0.1),
        total=around(served.total, 0.1),
        batch=around(served.batch, 1),
        pue=around(served.pue, 1),
        wue=around(served.wue, 0),
    )
    inner, outer = impacts(served, tokens, duration_s), impacts(wide, tokens, duration_s)
    for name in ("energy_kwh", "co2e_g", "water_l"):
        known, range_ = getattr(inner, name), getattr(outer, name)
        assert 0 <= range_.low <= known.low * (1 + 1e-9)
        assert range_.high >= known.high * (1 - 1e-9)


def test_more_tokens_cost_more_and_no_tokens_nothing() -> None:
    nothing, some, more = (impacts(KNOWN, tokens, 1e9) for tokens in (0, 100, 200))
    assert nothing.energy_kwh == (0, 0)
    assert more.co2e_g.low == pytest.approx(2 * some.co2e_g.low)


def test_an_unknown_place_lies_between_nearly_all_places() -> None:
    anywhere, france = impacts(replace(KNOWN, zone=""), 500, 60), impacts(KNOWN, 500, 60)
    assert anywhere.energy_kwh == france.energy_kwh
    assert anywhere.co2e_g.low < france.co2e_g.low < anywhere.co2e_g.high
    assert math.isfinite(anywhere.water_l.high)


def test_the_method_says_what_it_was_told() -> None:
    assert KNOWN.method.startswith("ecologits 0.11")
    assert "3 of 30 billion parameters, 8 bits, FRA, batch 16, PUE 1.3, WUE 0.2" in KNOWN.method
    assert "unknown zone, batch 1-512" in Served(exactly(7), exactly(7)).method


@pytest.mark.parametrize(
    "wrong",
    [
        {"zone": "France"},
        {"active": exactly(0)},
        {"total": Range(30, 3)},
        {"batch": exactly(0)},
        {"pue": exactly(0.5)},
        {"wue": exactly(math.nan)},
        {"bits": 0},
        {"total": exactly(math.inf)},
    ],
)
def test_what_no_model_is_is_refused_in_a_sentence(wrong: dict[str, object]) -> None:
    with pytest.raises(InvalidInput, match=r"\.$"):
        replace(KNOWN, **wrong)


def test_equivalents_are_the_same_amount_in_other_words() -> None:
    used = impacts(Served(exactly(7), exactly(7)), 500, 60)
    found = {one.reference.name: one.amount for one in equivalents(used)}
    assert found["bulb_hours"] == (used.energy_kwh.low * 100, used.energy_kwh.high * 100)
    assert found["train_km"].high == pytest.approx(used.co2e_g.high / 2.93)
    assert found["water_glasses"].high == pytest.approx(used.water_l.high * 5)
