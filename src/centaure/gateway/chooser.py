"""Which model for which use: five questions, and a ranking that says why.

The questions are those that an organisation asks itself before it chooses: how specific the use is, how much
general culture it takes, how well models do the task by the organisation's own evaluations, what weighs more
of cost and performance, and how sensitive the content is. Sensitivity decides; the others weigh.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from centaure.gateway.catalogue import CatalogueModel, Lifecycle
from centaure.gateway.routing import Reason, hindered_by, hindrance

Much = Literal["little", "some", "much"]
Weighs = Literal["cost", "balance", "performance"]
About = Literal[
    "evaluated", "size", "narrow", "weights", "price", "active", "language", "type", "lifecycle"
]
"""What a point is about."""
_SHARE: Mapping[Weighs, float] = {"cost": 0.2, "balance": 0.5, "performance": 0.8}
"""Of performance against cost."""
_WANTED: Mapping[Much, float] = {"little": 4.0, "some": 24.0, "much": 100.0}
"""Billions of parameters from which more general culture does not show: an order, not a measure."""
_UNKNOWN = 0.5


@dataclass(frozen=True, slots=True)
class Needs:
    """The five answers.

    Attributes:
        specific: how specific the use is: "much" is one narrow task, the same every day.
        culture: how much general culture it takes.
        weighs: what weighs more.
        classification: highest class of the content, 0 to 3.
        language: that people write in, two letters; empty: any.
        type: of model that is looked for, such as "code"; empty: any.
    """

    specific: Much = "some"
    culture: Much = "some"
    weighs: Weighs = "balance"
    classification: int = 1
    language: str = ""
    type: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """One reason for or against a model.

    Attributes:
        weight: how much it counts.
        value: 0 (against) to 1 (for).
        about: what it is about.
        why: a sentence.
        known: whether anything is known of that.
    """

    weight: float
    value: float
    about: About
    why: str
    known: bool = True


@dataclass(frozen=True, slots=True)
class Choice:
    """A model, and how well it fits.

    Attributes:
        model: which one.
        score: 0 to 1.
        points: what weighs most first.
    """

    model: CatalogueModel
    score: float
    points: tuple[Point, ...]

    @property
    def reasons(self) -> tuple[str, ...]:
        """The sentences of the points."""
        return tuple(point.why for point in self.points)


@dataclass(frozen=True, slots=True)
class Ranking:
    """What was found.

    Attributes:
        choices: the best first.
        left_out: models that may not, and why: in a sentence, and in a word.
        remarks: what the ranking does not know.
    """

    choices: tuple[Choice, ...]
    left_out: tuple[tuple[CatalogueModel, str, Reason], ...]
    remarks: tuple[str, ...]


def choose(
    models: Sequence[CatalogueModel],
    needs: Needs,
    evaluations: Mapping[str, float] | None = None,
) -> Ranking:
    """The models that may take the content, the one that fits best first.

    Args:
        models: the catalogue.
        needs: the answers.
        evaluations: by name of a model, how well it did the task, 0 to 1; None: nothing was evaluated.
    """
    left_out: list[tuple[CatalogueModel, str, Reason]] = []
    allowed: list[CatalogueModel] = []
    for model in models:
        why = hindrance(model, needs.classification)
        if why:
            left_out.append((model, why, hindered_by(model, needs.classification)))
        elif model.simulated:
            why = "It is simulated: it gives back sentences of the passages."
            left_out.append((model, why, "simulated"))
        else:
            allowed.append(model)
    dearest = max((_price(model) or 0.0 for model in allowed), default=0.0)
    choices = [_weighed(model, needs, evaluations or {}, dearest) for model in allowed]
    choices.sort(key=lambda choice: (-choice.score, choice.model.id))
    return Ranking(tuple(choices), tuple(left_out), _remarks(allowed, evaluations or {}))


@dataclass(slots=True)
class _Sheet:
    """Points of one model: values from 0 to 1, each with a weight and a reason."""

    points: list[Point] = field(default_factory=list[Point])

    def add(
        self, weight: float, value: float, about: About, why: str, *, known: bool = True
    ) -> None:
        self.points.append(Point(weight, value, about, why, known))

    def choice(self, model: CatalogueModel) -> Choice:
        total = sum(point.weight for point in self.points)
        score = sum(point.weight * point.value for point in self.points) / total
        told = sorted(self.points, key=lambda one: -one.weight * abs(one.value - _UNKNOWN))
        return Choice(model, round(score, 3), tuple(told))


def _weighed(
    model: CatalogueModel, needs: Needs, evaluations: Mapping[str, float], dearest: float
) -> Choice:
    sheet = _Sheet()
    share = _SHARE[needs.weighs]
    _weigh_performance(sheet, model, needs, evaluations, share)
    _weigh_cost(sheet, model, 1 - share, dearest)
    if needs.language:
        spoken = not model.languages or needs.language in model.languages
        told = "is not known" if not model.languages else "is said of it" if spoken else "is not"
        value = _UNKNOWN if not model.languages else float(spoken)
        sheet.add(
            0.4,
            value,
            "language",
            f"Language {needs.language}: {told}.",
            known=bool(model.languages),
        )
    if needs.type:
        fits = model.type == needs.type
        sheet.add(0.4, float(fits), "type", f"It is of type {model.type}.")
    if model.lifecycle is not Lifecycle.APPROVED:
        sheet.add(
            0.3,
            0.0,
            "lifecycle",
            f"It is {'on trial' if model.lifecycle is Lifecycle.TRIAL else 'deprecated'}.",
        )
    return sheet.choice(model)


def _weigh_performance(
    sheet: _Sheet,
    model: CatalogueModel,
    needs: Needs,
    evaluations: Mapping[str, float],
    share: float,
) -> None:
    """Evaluations say most; size stands for general culture, of which a narrow use needs less."""
    own = evaluations.get(model.name)
    if own is not None:
        sheet.add(2 * share, own, "evaluated", f"It did the task at {own:.0%} in your evaluations.")
    wanted = _WANTED[needs.culture]
    size = model.parameters_total
    if size is None:
        sheet.add(
            share,
            _UNKNOWN,
            "size",
            "Its size is not known, nor what that says of its culture.",
            known=False,
        )
    else:
        value = min(1.0, math.log1p(size) / math.log1p(wanted))
        enough = "enough" if value >= 1 else "less than is usual"
        sheet.add(
            share,
            value,
            "size",
            f"{size:g} billion parameters: {enough} for {needs.culture} culture.",
        )
    if needs.specific == "much":
        active = model.parameters_active or size
        small = _UNKNOWN if active is None else 1 / (1 + math.log1p(active) / math.log1p(24.0))
        sheet.add(
            0.5,
            small,
            "narrow",
            "The use is narrow: a small model, instructed or tuned, often suffices.",
        )
        if model.access in {"open source", "open weights"}:
            sheet.add(0.2, 1.0, "weights", f"Its weights are there to be tuned ({model.access}).")


def _weigh_cost(sheet: _Sheet, model: CatalogueModel, share: float, dearest: float) -> None:
    price = _price(model)
    if price is None:
        sheet.add(share, _UNKNOWN, "price", "Its price is not known.", known=False)
    else:
        value = 1.0 if dearest == 0 else 1 - math.log1p(price) / math.log1p(dearest)
        sheet.add(
            share, value, "price", f"{price:.2f} euros for a million tokens, in and out alike."
        )
    active = model.parameters_active
    if active is not None:
        frugal = 1 / (1 + active / 24.0)
        sheet.add(
            share / 2, frugal, "active", f"{active:g} billion parameters at work for each token."
        )


def _price(model: CatalogueModel) -> float | None:
    """The mean of both prices; None: one is unknown."""
    if model.price_in is None or model.price_out is None:
        return None
    return (model.price_in + model.price_out) / 2


def _remarks(
    allowed: Sequence[CatalogueModel], evaluations: Mapping[str, float]
) -> tuple[str, ...]:
    remarks: list[str] = []
    if not allowed:
        remarks.append("No model of the catalogue may take content of this class.")
    if not evaluations:
        remarks.append(
            "Nothing of your own was evaluated yet: size and price stand for performance. Try the first two "
            "on your own questions before you choose."
        )
    unknown = [model.name for model in allowed if model.parameters_total is None]
    if unknown:
        remarks.append(f"Size unknown: {', '.join(unknown)}.")
    return tuple(remarks)
