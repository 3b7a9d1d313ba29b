"""Amounts of energy, carbon dioxide and water beside things that people know."""

from dataclasses import dataclass
from typing import Literal

from centaure.footprint.estimation import Impacts, Range

Measure = Literal["energy_kwh", "co2e_g", "water_l"]


@dataclass(frozen=True, slots=True)
class Reference:
    """Something that people know.

    Attributes:
        name: in a program, such as "train_km".
        words: in English, what is counted.
        measure: which of the impacts it is compared with.
        amount: of that measure, in one of it.
        source: where the amount is from.
    """

    name: str
    words: str
    measure: Measure
    amount: float
    source: str


REFERENCES = (
    Reference(
        "train_km",
        "kilometres by high-speed train in France",
        "co2e_g",
        2.93,
        "ADEME Base Empreinte, element 42760: 2.30 of electricity and 0.63 of construction, in g CO2e per "
        "passenger and km; https://impactco2.fr/outils/transport/tgv",
    ),
    Reference(
        "car_km",
        "kilometres alone in a car with a combustion engine",
        "co2e_g",
        217.6,
        "ADEME Impact CO2: 192 of fuel and 25.6 of construction, in g CO2e per km; "
        "https://impactco2.fr/outils/transport/voiturethermique",
    ),
    Reference("bulb_hours", "hours of a 10 W light bulb", "energy_kwh", 0.01, "10 W for one hour"),
    Reference("water_glasses", "glasses of water of 20 cl", "water_l", 0.2, "20 cl"),
)


@dataclass(frozen=True, slots=True)
class Equivalent:
    """So much of a reference, from low to high."""

    reference: Reference
    amount: Range


def equivalents(used: Impacts) -> list[Equivalent]:
    """The same amounts in each of the references."""
    found: list[Equivalent] = []
    for reference in REFERENCES:
        measured: Range = getattr(used, reference.measure)
        amount = Range(measured.low / reference.amount, measured.high / reference.amount)
        found.append(Equivalent(reference, amount))
    return found
