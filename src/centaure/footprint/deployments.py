"""How a model of the catalogue is served, as far as the catalogue and EcoLogits' list of models say."""

from functools import cache
from typing import TYPE_CHECKING, Any, cast

from centaure.footprint.estimation import (
    UNKNOWN_BATCH,
    UNKNOWN_PUE,
    UNKNOWN_WUE,
    Range,
    Served,
    known_zone,
)
from centaure.gateway.catalogue import CatalogueModel
from centaure.kit.errors import InvalidInput

if TYPE_CHECKING:
    from ecologits.utils.range_value import ValueOrRange


def served(model: CatalogueModel) -> Served | None:
    """What is known of a model; None where not even its size is.

    Its options may say `batch`, `pue` and `wue`, each as a number or as `[lowest, highest]`, and `bits`, of
    one parameter. A model without a size in the catalogue has the one that EcoLogits supposes of the
    provider's model of that name, if there is one. A zone whose electricity is not known counts as none.

    Raises:
        InvalidInput: what is said of it cannot be.
    """
    size = _size(model)
    if size is None:
        return None
    active, total = size
    options = model.options
    return Served(
        active=active,
        total=total,
        zone=model.zone if known_zone(model.zone) else "",
        batch=_range(options.get("batch"), UNKNOWN_BATCH, "batch"),
        pue=_range(options.get("pue"), UNKNOWN_PUE, "PUE"),
        wue=_range(options.get("wue"), UNKNOWN_WUE, "WUE"),
        bits=round(_range(options.get("bits"), Range(16, 16), "bits").low),
    )


def _size(model: CatalogueModel) -> tuple[Range, Range] | None:
    active = model.parameters_active or model.parameters_total
    total = model.parameters_total or model.parameters_active
    if active and total:
        return Range(active, active), Range(total, total)
    return None if model.simulated else supposed_sizes().get(model.model.lower())


@cache
def supposed_sizes() -> dict[str, tuple[Range, Range]]:
    """Active and total parameters that EcoLogits supposes, by a model's name; of all providers together."""
    from ecologits.model_repository import ParametersMoE, models  # noqa: PLC0415 - few need it

    found: dict[str, tuple[Range, Range]] = {}
    for one in models.list_models():
        size = one.architecture.parameters
        moe = isinstance(size, ParametersMoE)
        active, total = (_ends(size.active), _ends(size.total)) if moe else (_ends(size),) * 2
        name = one.name.lower()
        other_active, other_total = found.get(name, (active, total))
        found[name] = _hull(active, other_active), _hull(total, other_total)
    return found


def _ends(value: "ValueOrRange") -> Range:
    from ecologits.utils.range_value import RangeValue  # noqa: PLC0415 - few need it

    return Range(value.min, value.max) if isinstance(value, RangeValue) else Range(value, value)


def _hull(one: Range, other: Range) -> Range:
    return Range(min(one.low, other.low), max(one.high, other.high))


def _range(said: Any, unknown: Range, name: str) -> Range:
    if said is None:
        return unknown
    ends = cast("list[Any]", said) if isinstance(said, list | tuple) else [said, said]
    try:
        low, high = (float(end) for end in ends)
    except (TypeError, ValueError):
        raise InvalidInput(
            f"The {name} of a model is a number, or two: [lowest, highest]."
        ) from None
    return Range(low, high)
