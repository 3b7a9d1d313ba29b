"""What an answer costs: money by the price of its model; energy, carbon dioxide and water as estimated."""

from dataclasses import dataclass
from typing import Protocol

from centaure.gateway.catalogue import CatalogueModel


@dataclass(frozen=True, slots=True)
class Footprint:
    """What an answer took, from the lowest to the highest that it may be.

    Attributes:
        energy_kwh: kilowatt-hours.
        co2e_g: grams of carbon dioxide, or of other gases that warm as much.
        water_l: litres.
        method: that said so, and its version.
    """

    energy_kwh: tuple[float, float]
    co2e_g: tuple[float, float]
    water_l: tuple[float, float]
    method: str


class FootprintEstimator(Protocol):
    """Says what an answer takes."""

    def estimate(
        self, model: CatalogueModel, completion_tokens: int, duration_s: float
    ) -> Footprint | None:
        """The footprint of an answer of so many tokens that took so long; None: it cannot be said."""
        ...


def cost_micro_euros(
    model: CatalogueModel, prompt_tokens: int, completion_tokens: int
) -> int | None:
    """What so many tokens cost, in millionths of a euro; None: the model's price is not known.

    Euros per million tokens are millionths of a euro per token.
    """
    if model.price_in is None or model.price_out is None:
        return None
    return round(prompt_tokens * model.price_in + completion_tokens * model.price_out)
