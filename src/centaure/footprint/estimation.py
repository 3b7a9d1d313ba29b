"""Energy, carbon dioxide and water of one answer, from what is known of the model and of where it runs.

The method is that of EcoLogits (https://ecologits.ai/latest/methodology/llm_inference/), whose core is called
for the two ends of what is known. What nobody said of a model stays between two ends, and so does the result.

For a given model the core is linear in the tokens of an answer and in the seconds of its generation: it is
asked once for what a token and a second cost, and an answer is two products.
"""

import math
import statistics
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.metadata import version
from typing import NamedTuple

from centaure.kit.errors import InvalidInput


class Range(NamedTuple):
    """From the lowest to the highest that it may be."""

    low: float
    high: float


UNKNOWN_BATCH = Range(1, 512)
"""A machine that serves one request at a time, to the most of the measurements behind the method."""
UNKNOWN_PUE = Range(1.09, 1.56)
"""The best large data centres, to the average of Uptime Institute's survey of 2024."""
UNKNOWN_WUE = Range(0.0, 1.8)
"""Litres per kWh: no water to cool, to the average of the United States (Li et al., arXiv:2304.03271)."""
LARGEST = 100_000.0
"""Billions of parameters, and any other figure, at most."""


@dataclass(frozen=True, slots=True)
class Served:
    """What is known of a model and of where it runs.

    Attributes:
        active: parameters that take part in one token, in billions.
        total: all of its parameters, in billions.
        zone: whose electricity: ISO 3166-1 alpha-3, or "WOR" for the world's mix; empty: not known.
        batch: requests that its server answers together.
        pue: energy of the data centre for each of its machines'.
        wue: litres of water that the data centre evaporates for each kWh of its machines.
        bits: of one parameter in memory.
    """

    active: Range
    total: Range
    zone: str = ""
    batch: Range = field(default=UNKNOWN_BATCH)
    pue: Range = field(default=UNKNOWN_PUE)
    wue: Range = field(default=UNKNOWN_WUE)
    bits: int = 16

    def __post_init__(self) -> None:
        """Refuse what no model is.

        Raises:
            InvalidInput: a figure is not between the ends that it can have, or the zone is none.
        """
        for name, given, least in (
            ("number of active parameters", self.active, 0.0),
            ("number of parameters", self.total, 0.0),
            ("batch", self.batch, 1.0),
            ("PUE", self.pue, 1.0),
            ("WUE", self.wue, 0.0),
            ("number of bits", Range(self.bits, self.bits), 1.0),
        ):
            if not least <= given.low <= given.high <= LARGEST:
                raise InvalidInput(
                    f"The {name} of a model is from {least:g} to {LARGEST:g}, the lower end first."
                )
        if not (self.active.low and self.total.low):
            raise InvalidInput("A model has more than 0 billion parameters.")
        if self.zone:
            _mix(self.zone)

    @property
    def method(self) -> str:
        """Name and version of the method, and what it was told: enough to do the estimate again."""
        zone = self.zone or "unknown zone"
        return (
            f"ecologits {_version()}: {_said(self.active)} of {_said(self.total)} billion "
            f"parameters, {self.bits} bits, {zone}, batch {_said(self.batch)}, PUE {_said(self.pue)}, "
            f"WUE {_said(self.wue)}"
        )


@dataclass(frozen=True, slots=True)
class Impacts:
    """What was used; each from low to high."""

    energy_kwh: Range
    co2e_g: Range
    water_l: Range


def impacts(served: Served, tokens: int, duration_s: float) -> Impacts:
    """What an answer costs.

    Args:
        served: the model.
        tokens: of the answer; those of the question are not counted.
        duration_s: how long the answer took, as it was measured: its generation took no longer.
    """
    low, high = (corner.answer(max(tokens, 0), max(duration_s, 0.0)) for corner in _corners(served))
    return Impacts(*(Range(least, most) for least, most in zip(low, high, strict=True)))


@dataclass(frozen=True, slots=True)
class _Corner:
    """What a token and a second of generation cost: kWh, g CO2e, litres."""

    token: tuple[float, float, float]
    second: tuple[float, float, float]
    seconds_per_token: float

    def answer(self, tokens: int, duration_s: float) -> tuple[float, ...]:
        seconds = min(tokens * self.seconds_per_token, duration_s)
        return tuple(
            tokens * token + seconds * second
            for token, second in zip(self.token, self.second, strict=True)
        )


class _Mix(NamedTuple):
    """Of electricity: kg CO2e and litres per kWh."""

    co2e: Range
    water: Range


@lru_cache(maxsize=1024)
def _corners(served: Served) -> tuple[_Corner, _Corner]:
    """The least and the most: a larger batch costs less, more of anything else costs more."""
    mix = _mix(served.zone)
    return (
        _corner(served.bits, served.active.low, served.total.low, served.batch.high,
                served.pue.low, served.wue.low, mix.co2e.low, mix.water.low),
        _corner(served.bits, served.active.high, served.total.high, served.batch.low,
                served.pue.high, served.wue.high, mix.co2e.high, mix.water.high),
    )  # fmt: skip


def _corner(  # noqa: PLR0913, PLR0917 - what the core needs
    bits: int, active: float, total: float, batch: float, pue: float, wue: float, co2e: float, water: float
) -> _Corner:  # fmt: skip
    # Few processes estimate anything.
    from ecologits.impacts.llm import compute_llm_impacts_dag  # noqa: PLC0415

    def core(request_latency: float, **told: float) -> tuple[tuple[float, float, float], float]:
        found = compute_llm_impacts_dag(
            model_active_parameter_count=active,
            model_total_parameter_count=total,
            output_token_count=1,
            request_latency=request_latency,
            if_electricity_mix_adpe=0.0,
            if_electricity_mix_pe=0.0,
            if_electricity_mix_gwp=co2e,
            if_electricity_mix_wue=water,
            datacenter_pue=pue,
            datacenter_wue=wue,
            model_quantization_bits=bits,
            batch_size=batch,
            **told,  # pyright: ignore[reportArgumentType] - a number, where it is one or another kind
        )
        energy, usage, embodied, litres, latency = (
            float(found[name])  # pyright: ignore[reportArgumentType] - numbers were given, numbers come
            for name in (
                "request_energy", "request_usage_gwp", "request_embodied_gwp", "request_usage_wcf",
                "generation_latency",
            )
        )  # fmt: skip
        return (energy, (usage + embodied) * 1000, litres), latency

    # No second: the processors' part alone. No energy of processors and a second: the server's part alone.
    token, _ = core(0.0)
    second, _ = core(1.0, gpu_energy_alpha=0.0, gpu_energy_gamma=0.0, latency_gamma=2.0)
    _, seconds_per_token = core(math.inf)
    return _Corner(token, second, seconds_per_token)


def _mix(zone: str) -> _Mix:
    """The electricity of a zone; of an unknown one, without the twentieth of zones at either end.

    Raises:
        InvalidInput: there is no such zone.
    """
    if not zone:
        return _mix_of_anywhere()
    found = _mixes().get(zone)
    if found is None:
        raise InvalidInput(
            f"'{zone}' is not a zone whose electricity is known: write the three letters of a country, such "
            "as FRA (ISO 3166-1 alpha-3), or WOR for the world."
        )
    co2e, water = found
    return _Mix(Range(co2e, co2e), Range(water, water))


@cache
def _mix_of_anywhere() -> _Mix:
    ends: list[Range] = []
    for values in zip(*_mixes().values(), strict=True):
        twentieths = statistics.quantiles(values, n=20)
        ends.append(Range(twentieths[0], twentieths[-1]))
    return _Mix(*ends)


def known_zone(zone: str) -> bool:
    """Whether the electricity of a zone is known."""
    return zone in _mixes()


@cache
def _version() -> str:
    return version("ecologits")


@cache
def _mixes() -> dict[str, tuple[float, float]]:
    from ecologits.electricity_mix_repository import electricity_mixes  # noqa: PLC0415 - as above

    return {mix.zone: (mix.gwp, mix.wue) for mix in electricity_mixes.list_electricity_mixes()}


def _said(given: Range) -> str:
    return f"{given.low:g}" if given.low == given.high else f"{given.low:g}-{given.high:g}"
