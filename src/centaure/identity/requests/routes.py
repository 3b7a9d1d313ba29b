"""Requests for rights over HTTP, for people in a browser: no key, and so no program or model, opens these."""

from datetime import datetime
from typing import Annotated, Literal, Self

from fastapi import APIRouter, Depends, Path, Request, status
from pydantic import BaseModel, Field

from centaure.identity.access import require_role, signed_in
from centaure.identity.principal import Principal, Role
from centaure.identity.requests import service
from centaure.identity.requests.service import (
    LONGEST_NAME,
    TO_DO,
    AccessRequest,
    Decision,
    State,
)
from centaure.kit.database import Database
from centaure.kit.words import LONGEST_REASON

router = APIRouter(prefix="/access-requests", tags=["access requests"])

Person = Annotated[Principal, Depends(signed_in)]
Curator = Annotated[Principal, Depends(require_role(Role.CURATOR))]
Reason = Annotated[str, Field(min_length=1, max_length=LONGEST_REASON)]


class AccessRequestRead(BaseModel):
    """A request: who asks for what and why, and what a person decided.

    `reason` is that of the decision; `applied_by` says who is to open it where the documents are kept.
    """

    id: int
    login: str
    wanted: str
    why: str
    state: State
    reason: str
    applied_by: str
    asked_at: datetime
    decided_at: datetime | None

    @classmethod
    def of(cls, request: AccessRequest) -> Self:
        """The same, spelled for the API."""
        return cls.model_validate(request, from_attributes=True)


class AccessRequests(BaseModel):
    """The caller's own requests, the latest first, and what others ask that the caller may decide on."""

    own: list[AccessRequestRead]
    to_decide: list[AccessRequestRead]


class AccessAsked(BaseModel):
    """A source, a folder or an assistant in the caller's words, and why they need it."""

    wanted: Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]
    why: Reason


class AccessDecided(BaseModel):
    """What a person decides; whoever asked reads the reason, which stays in the audit, and `applied_by`.

    `applied_by` goes with an approval: the person or the team who is to open it.
    """

    decision: Decision
    reason: Reason
    applied_by: Annotated[str, Field(max_length=LONGEST_NAME)] = ""


class AccessOutcome(BaseModel):
    """What was decided, and what is left to do: a decision opens nothing by itself."""

    decision: Decision
    to_do: str


@router.get("")
async def list_access_requests(
    request: Request, person: Person, state: State | Literal["any"] = "waiting"
) -> AccessRequests:
    """The caller's own requests; for curators, those of others in this `state` as well."""
    database: Database = request.app.state.database
    async with database.read(person.id) as session:
        mine = await service.own(session)
        others = await service.to_decide(session, None if state == "any" else state)
    return AccessRequests(
        own=[AccessRequestRead.of(one) for one in mine],
        to_decide=[AccessRequestRead.of(one) for one in others],
    )


@router.post("", status_code=status.HTTP_202_ACCEPTED)
async def ask_for_access(request: Request, person: Person, asked: AccessAsked) -> AccessRequestRead:
    """Ask for a right, for oneself; taken alike whether or not what is named exists."""
    database: Database = request.app.state.database
    days: int = request.app.state.settings.keep_access_requests_days
    async with database.write(person.id) as session:
        made = await service.ask(session, asked.wanted, asked.why, days)
    return AccessRequestRead.of(made)


@router.post("/{request_id}/decision")
async def decide_on_access(
    request: Request,
    request_id: Annotated[int, Path(ge=1, le=2**63 - 1)],
    curator: Curator,
    asked: AccessDecided,
) -> AccessOutcome:
    """Approve or refuse what another person asks for; nobody decides on a request of their own."""
    database: Database = request.app.state.database
    async with database.write(curator.id) as session:
        await service.decide(session, request_id, asked.decision, asked.reason, asked.applied_by)
    return AccessOutcome(
        decision=asked.decision, to_do=TO_DO if asked.decision == "approved" else ""
    )
