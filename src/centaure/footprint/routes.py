"""Footprints over HTTP: one's own, and by group for administrators."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from centaure.footprint.schemas import FootprintRead, GroupMonthRead, UsedRead
from centaure.footprint.totals import footprint_of_groups, last_months, own_footprint
from centaure.identity.access import require_role, require_scope
from centaure.identity.principal import Principal, Role, Scope

router = APIRouter(tags=["footprint"])

Asker = Annotated[Principal, Depends(require_scope(Scope.ASK))]
Administrator = Annotated[
    Principal, Depends(require_role(Role.ADMINISTRATOR, Scope.ADMINISTRATION))
]
Months = Annotated[int, Query(ge=1, le=120, description="This month, and those before it.")]
Number = Annotated[int | None, Query(ge=1, le=2**63 - 1)]


@router.get("/footprint")
async def read_footprint(
    request: Request,
    principal: Asker,
    months: Months = 12,
    conversation: Number = None,
    generation: Number = None,
) -> FootprintRead:
    """What the caller's answers cost in energy, CO2e and water: all, of a conversation, or of one call."""
    since, until = last_months(months, datetime.now(UTC))
    async with request.app.state.database.read(principal.id) as session:
        parts = await own_footprint(
            session, since, until, conversation=conversation, generation=generation
        )
    return FootprintRead.of(parts)


@router.get("/footprint/groups")
async def read_footprint_of_groups(
    request: Request, principal: Administrator, months: Months = 12
) -> list[GroupMonthRead]:
    """What everybody's answers cost, by month and group; who is in two groups is counted in both."""
    since, until = last_months(months, datetime.now(UTC))
    async with request.app.state.database.read(principal.id) as session:
        parts = await footprint_of_groups(session, since, until)
    return [
        GroupMonthRead(month=part.month, used=UsedRead.of(part.used), group=part.group)
        for part in parts
    ]
