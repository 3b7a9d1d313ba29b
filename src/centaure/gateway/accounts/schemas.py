"""What the routes of accounts take and give, as JSON."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Self

from pydantic import BaseModel, Field

from centaure.gateway.quotas import LARGEST, Measure, NewQuota, Period, Quota, Share, Subject
from centaure.gateway.usage import By, Total, Usage


class QuotaSet(BaseModel):
    """A quota as an administrator sets it.

    `name` is the login of the user, the key or the label of the group, the name of the assistant or of the
    use case, or the number of the API key; empty for everybody. `each`: every person has the amount to
    themselves.
    """

    subject: Subject
    name: Annotated[str, Field(max_length=200)] = ""
    measure: Measure
    amount: Annotated[Decimal, Field(ge=0, le=LARGEST, decimal_places=6)]
    period: Period
    each: bool = False

    def said(self) -> NewQuota:
        """The same, as the gateway takes it."""
        return NewQuota(
            self.subject, self.name, self.measure, self.amount, self.period, each=self.each
        )


class _Said(BaseModel):
    subject: Subject
    name: str
    measure: Measure
    amount: float
    period: Period
    each: bool


class QuotaRead(_Said):
    """A quota; `used` and `held` (by calls that go on) are of now, null where each has their own."""

    id: int
    used: float | None
    held: float | None

    @classmethod
    def of(cls, quota: Quota) -> Self:
        """The quota that is kept."""
        return cls(
            id=quota.id, **_words(quota.said), used=_float(quota.used), held=_float(quota.held)
        )


class ShareRead(_Said):
    """What a quota leaves to the caller, and when it is renewed."""

    used: float
    held: float
    renews: datetime

    @classmethod
    def of(cls, share: Share) -> Self:
        """The share of the caller."""
        return cls(
            **_words(share.said),
            used=float(share.used),
            held=float(share.held),
            renews=share.renews,
        )


class Range(BaseModel):
    """From the lowest to the highest that it may be."""

    low: float
    high: float


class UsageTotal(BaseModel):
    """What calls used together.

    Of those that were answered, `estimated` have tokens that no provider counted, `unpriced` no known price,
    and `unmeasured` no estimate of energy, CO2e and water.
    """

    calls: int
    refused: int
    failed: int
    prompt_tokens: int
    completion_tokens: int
    estimated: int
    euros: float
    unpriced: int
    energy_kwh: Range
    co2e_g: Range
    water_l: Range
    unmeasured: int

    @classmethod
    def of(cls, total: Total) -> Self:
        """The total of some calls."""
        return cls(
            calls=total.calls,
            refused=total.refused,
            failed=total.failed,
            prompt_tokens=total.prompt_tokens,
            completion_tokens=total.completion_tokens,
            estimated=total.estimated,
            euros=total.cost_micro_euros / 1_000_000,
            unpriced=total.unpriced,
            energy_kwh=_range(total.energy_kwh),
            co2e_g=_range(total.co2e_g),
            water_l=_range(total.water_l),
            unmeasured=total.unmeasured,
        )


class UsagePart(UsageTotal):
    """The total of one day, model ...; an empty name: of calls without one."""

    name: str


class UsageRead(BaseModel):
    """What was used from `since` up to `until`, together and in parts."""

    since: datetime
    until: datetime
    by: By
    total: UsageTotal
    parts: list[UsagePart]

    @classmethod
    def of(cls, usage: Usage) -> Self:
        """The usage of a span."""
        return cls(
            since=usage.span.since,
            until=usage.span.until,
            by=usage.by,
            total=UsageTotal.of(usage.total),
            parts=[
                UsagePart(name=name, **UsageTotal.of(part).model_dump())
                for name, part in usage.parts.items()
            ],
        )


class OwnUsage(UsageRead):
    """What the caller used, and what their quotas leave them."""

    quotas: list[ShareRead]


def _words(said: NewQuota) -> dict[str, Any]:
    return {
        "subject": said.subject,
        "name": said.name,
        "measure": said.measure,
        "amount": float(said.amount),
        "period": said.period,
        "each": said.each,
    }


def _float(number: Decimal | None) -> float | None:
    return None if number is None else float(number)


def _range(ends: tuple[float, float]) -> Range:
    return Range(low=ends[0], high=ends[1])
