"""What the API says of footprints."""

from collections.abc import Iterable
from typing import Self

from pydantic import BaseModel, Field

from centaure.footprint.equivalents import equivalents
from centaure.footprint.estimation import Range
from centaure.footprint.totals import Part, Used, together


class AmountRead(BaseModel):
    """From the lowest to the highest that it may be."""

    low: float
    high: float

    @classmethod
    def of(cls, amount: Range) -> Self:
        """The same amount."""
        return cls(low=amount.low, high=amount.high)


class UsedRead(BaseModel):
    """What some answers cost."""

    calls: int = Field(description="Calls of models that gave an answer or a part of one.")
    estimated: int = Field(description="How many could be estimated; the others are in no amount.")
    energy_kwh: AmountRead
    co2e_g: AmountRead
    water_l: AmountRead

    @classmethod
    def of(cls, used: Used) -> Self:
        """The same sum."""
        return cls(
            calls=used.calls,
            estimated=used.estimated,
            energy_kwh=AmountRead.of(used.impacts.energy_kwh),
            co2e_g=AmountRead.of(used.impacts.co2e_g),
            water_l=AmountRead.of(used.impacts.water_l),
        )


class EquivalentRead(BaseModel):
    """The same amount of something that people know."""

    name: str
    words: str
    amount: AmountRead
    source: str


class MonthRead(BaseModel):
    """What the answers of a month cost."""

    month: str
    used: UsedRead


class GroupMonthRead(MonthRead):
    """What the answers of a month cost that a group asked for."""

    group: str | None = Field(description="Its name; null: everybody together.")


class FootprintRead(BaseModel):
    """What answers cost, month by month, the latest first."""

    total: UsedRead
    equivalents: list[EquivalentRead]
    months: list[MonthRead]

    @classmethod
    def of(cls, parts: Iterable[Part]) -> Self:
        """The same months, and their sum."""
        found = list(parts)
        total = together(found)
        return cls(
            total=UsedRead.of(total),
            equivalents=[
                EquivalentRead(
                    name=one.reference.name,
                    words=one.reference.words,
                    amount=AmountRead.of(one.amount),
                    source=one.reference.source,
                )
                for one in equivalents(total.impacts)
            ],
            months=[MonthRead(month=part.month, used=UsedRead.of(part.used)) for part in found],
        )
