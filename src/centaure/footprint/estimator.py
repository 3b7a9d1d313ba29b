"""What the gateway asks of a model's footprint: before an answer, to choose and to reserve, and after it."""

from centaure.footprint.deployments import served, supposed_sizes
from centaure.footprint.estimation import Impacts, Range, Served, impacts
from centaure.gateway.catalogue import CatalogueModel
from centaure.gateway.costs import Footprint
from centaure.kit.errors import InvalidInput

_COMPARED_TOKENS = 500
_COMPARED_S = 60.0


class EcoLogitsEstimator:
    """Estimates by EcoLogits' method; a `FootprintEstimator` of the gateway's records."""

    def estimate(
        self, model: CatalogueModel, completion_tokens: int, duration_s: float
    ) -> Footprint | None:
        """What an answer cost; None where it cannot be said: the model's size is not known."""
        found = _estimate(model, completion_tokens, duration_s)
        if found is None:
            return None
        known, used = found
        return Footprint(used.energy_kwh, used.co2e_g, used.water_l, known.method)

    def carbon(self, model: CatalogueModel) -> float | None:
        """Grams of CO2e of an answer of 500 tokens, the middle of the range, to compare models by."""
        found = _estimate(model, _COMPARED_TOKENS, _COMPARED_S)
        return None if found is None else sum(found[1].co2e_g) / 2


def load() -> None:
    """Load the method and its tables, which takes a moment, before somebody waits for it."""
    supposed_sizes()
    impacts(Served(Range(1, 1), Range(1, 1)), 1, 1.0)


def _estimate(
    model: CatalogueModel, tokens: int, duration_s: float
) -> tuple[Served, Impacts] | None:
    try:
        known = served(model)
    except InvalidInput:  # the catalogue says what cannot be: as if it said nothing
        return None
    return None if known is None else (known, impacts(known, tokens, duration_s))
