"""Accounts over HTTP: an administrator sets quotas and reads totals, everybody reads their own."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, status

from centaure.gateway.accounts.schemas import OwnUsage, QuotaRead, QuotaSet, ShareRead, UsageRead
from centaure.gateway.quotas import list_quotas, own_shares, remove_quota, set_quota
from centaure.gateway.usage import By, own_usage, span_of, usage_of_all
from centaure.identity.access import require_role, require_scope
from centaure.identity.principal import Principal, Role, Scope
from centaure.kit.database import Database

router = APIRouter(tags=["usage"])

Person = Annotated[Principal, Depends(require_scope(Scope.ASK))]
Administrator = Annotated[
    Principal, Depends(require_role(Role.ADMINISTRATOR, Scope.ADMINISTRATION))
]
Moment = Annotated[datetime | None, Query()]


@router.get("/usage/me")
async def read_own_usage(
    request: Request,
    person: Person,
    since: Moment = None,
    until: Moment = None,
    by: Annotated[By, Query()] = By.DAY,
) -> OwnUsage:
    """What the caller used of language models, this month or in another time, and what is left to them."""
    database: Database = request.app.state.database
    async with database.read(person.id) as session:
        used = UsageRead.of(await own_usage(session, span_of(since, until), by))
        shares = [ShareRead.of(share) for share in await own_shares(session)]
    return OwnUsage(**dict(used), quotas=shares)


@router.get("/usage")
async def read_usage(
    request: Request,
    administrator: Administrator,
    since: Moment = None,
    until: Moment = None,
    by: Annotated[By, Query()] = By.DAY,
) -> UsageRead:
    """What everybody used of language models, in totals."""
    database: Database = request.app.state.database
    async with database.read(administrator.id) as session:
        used = await usage_of_all(session, span_of(since, until), by)
    return UsageRead.of(used)


@router.get("/quotas")
async def read_quotas(request: Request, administrator: Administrator) -> list[QuotaRead]:
    """Every quota, and what is used of those that are shared."""
    database: Database = request.app.state.database
    async with database.read(administrator.id) as session:
        return [QuotaRead.of(quota) for quota in await list_quotas(session)]


@router.put("/quotas")
async def put_quota(request: Request, administrator: Administrator, wanted: QuotaSet) -> QuotaRead:
    """Set a quota, or another amount of one that is there; calls from then on are held to it."""
    database: Database = request.app.state.database
    async with database.write(administrator.id) as session:
        return QuotaRead.of(await set_quota(session, wanted.said()))


@router.delete("/quotas/{quota_id}", status_code=status.HTTP_204_NO_CONTENT)
async def delete_quota(
    request: Request,
    administrator: Administrator,
    quota_id: Annotated[int, Path(ge=1, le=2**31 - 1)],
) -> None:
    """Remove a quota: from then on it limits nothing."""
    database: Database = request.app.state.database
    async with database.write(administrator.id) as session:
        await remove_quota(session, quota_id)
