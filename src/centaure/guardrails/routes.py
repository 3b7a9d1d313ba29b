"""The policies of guardrails over HTTP, for administrators."""

from datetime import datetime
from typing import Annotated, Self

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, Field

from centaure.guardrails import policies
from centaure.guardrails.policies import PolicyVersion
from centaure.guardrails.policy import Policy
from centaure.identity import Principal, Role, Scope
from centaure.identity.access import require_role
from centaure.kit.database import Database

router = APIRouter(prefix="/guardrails", tags=["guardrails"])

Administrator = Annotated[
    Principal, Depends(require_role(Role.ADMINISTRATOR, Scope.ADMINISTRATION))
]
Assistant = Annotated[str, Query(max_length=100, description="Empty: where no assistant is named.")]
Version = Annotated[int, Field(ge=1, le=2**31 - 1)]


class PolicyRead(BaseModel):
    """A policy as it was written; `changed_by` is absent where the owner of the machine did."""

    assistant: str
    version: int
    policy: Policy
    changed_by: int | None
    changed_at: datetime

    @classmethod
    def of(cls, kept: PolicyVersion) -> Self:
        """A version, spelled for the API."""
        return cls.model_validate(kept, from_attributes=True)


class PolicyWritten(BaseModel):
    """The version that a policy became."""

    version: int


class RolledBack(BaseModel):
    """Which version is to be in force again."""

    version: Version


@router.get("/policies")
async def list_guard_policies(request: Request, administrator: Administrator) -> list[PolicyRead]:
    """The policy in force of each assistant that has one; the others act as the default says."""
    database: Database = request.app.state.database
    async with database.read(administrator.id) as session:
        return [PolicyRead.of(one) for one in await policies.in_force(session)]


@router.get("/policies/history")
async def list_policy_versions(
    request: Request, administrator: Administrator, assistant: Assistant = ""
) -> list[PolicyRead]:
    """Every policy that an assistant ever had, the newest first."""
    database: Database = request.app.state.database
    async with database.read(administrator.id) as session:
        return [PolicyRead.of(one) for one in await policies.history(session, assistant)]


@router.put("/policies")
async def write_guard_policy(
    request: Request, administrator: Administrator, asked: Policy, assistant: Assistant = ""
) -> PolicyWritten:
    """Put a policy in force; every process follows it within a moment."""
    database: Database = request.app.state.database
    async with database.write(administrator.id) as session:
        version = await policies.write(session, assistant, asked, administrator.id)
    return PolicyWritten(version=version)


@router.post("/policies/rollback")
async def roll_back_guard_policy(
    request: Request, administrator: Administrator, asked: RolledBack, assistant: Assistant = ""
) -> PolicyWritten:
    """Put an older policy in force again, as a new version."""
    database: Database = request.app.state.database
    async with database.write(administrator.id) as session:
        version = await policies.roll_back(session, assistant, asked.version, administrator.id)
    return PolicyWritten(version=version)
