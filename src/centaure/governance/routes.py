"""The audit over HTTP, for auditors in a browser: no key opens it."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from centaure.audit import START, Action, Head, Outcome, VerificationReport, record, verify
from centaure.audit.verification import What
from centaure.governance.reading import MOST, Wanted, entries
from centaure.identity import Principal, Role, find_user
from centaure.identity.access import require_role
from centaure.kit.database import Database

router = APIRouter(prefix="/audit", tags=["audit"])

Auditor = Annotated[Principal, Depends(require_role(Role.AUDITOR))]
Moment = Annotated[datetime | None, Query()]

AT_ONCE = 20_000
"""Entries that one call verifies."""


class AuditEntryRead(BaseModel):
    """An entry: who did what to what, and how it ended.

    `login` and `name` are those that its author has now. Details are identifiers, counts and settings.
    """

    model_config = ConfigDict(from_attributes=True)

    id: int
    at: datetime
    actor: int | None
    login: str
    name: str
    action: str
    subject: str
    outcome: Literal["done", "refused", "failed"]
    details: dict[str, Any]


class VerifyAsked(BaseModel):
    """Which part of the chain: what comes after the head `after`; `kept` is a head kept elsewhere."""

    after: Annotated[str, Field(max_length=100)] = ""
    kept: Annotated[str, Field(max_length=100)] = ""


class AuditFaultRead(BaseModel):
    """The first entry that is not as it was written: why, in a sentence and in a word."""

    entry: int
    reason: str
    what: What


class Verified(BaseModel):
    """What was found intact so far, up to `head`, of `entries`; `whole`: nothing is left to verify."""

    verified: int
    entries: int
    head: str
    whole: bool
    fault: AuditFaultRead | None

    @classmethod
    def of(cls, report: VerificationReport) -> Self:
        """A report, spelled for the API."""
        fault = report.fault
        return cls(
            verified=report.entries,
            entries=max(report.last, report.entries),
            head=str(report.head),
            whole=report.whole,
            fault=fault and AuditFaultRead(entry=fault.entry, reason=fault.reason, what=fault.what),
        )


@router.get("")
async def search_audit(
    request: Request,
    auditor: Auditor,
    action: Action | None = None,
    outcome: Outcome | None = None,
    login: Annotated[str | None, Query(max_length=200)] = None,
    subject: Annotated[
        str, Query(max_length=200, description="What its subject begins with.")
    ] = "",
    since: Moment = None,
    until: Moment = None,
    before: Annotated[int | None, Query(ge=1, le=2**63 - 1)] = None,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 50,
) -> list[AuditEntryRead]:
    """What was done, the latest first; the next page is what comes `before` the last of this one.

    `login` is that of who did it; empty: nobody signed in, or the machine itself.
    """
    database: Database = request.app.state.database
    async with database.read(auditor.id) as session:
        actor = (await find_user(session, login)).id if login else login if login is None else 0
        wanted = Wanted(action, outcome, actor, subject, since, until, before)
        found = await entries(session, wanted, limit)
    return [AuditEntryRead.model_validate(entry) for entry in found]


@router.post("/verification")
async def verify_audit(request: Request, auditor: Auditor, asked: VerifyAsked) -> Verified:
    """Recompute a part of the chain; ask for the next with the head that comes back.

    What was found at the end of the chain is put on record, with the entry that this part began at.
    """
    database: Database = request.app.state.database
    after = Head.parse(asked.after) if asked.after else START
    kept = Head.parse(asked.kept) if asked.kept else None
    async with database.read(auditor.id) as session:
        report = await verify(session, kept, after=after, most=AT_ONCE)
    if report.whole:
        details = {
            "what": "audit_verified",
            "from": after.entry + 1,
            "entries": report.entries,
            "intact": report.intact,
        }
        async with database.write(auditor.id) as session:
            await record(session, Action.ADMINISTRATION, "audit", details=details)
    return Verified.of(report)
