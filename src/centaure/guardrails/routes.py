"""Guardrails over HTTP: policies and the moderation queue, for administrators; what waits, for who asked."""

from datetime import datetime
from typing import Annotated, Literal, Self

from fastapi import APIRouter, Depends, Path, Query, Request, status
from pydantic import BaseModel, Field

from centaure.guardrails import moderation, policies
from centaure.guardrails.moderation import Held, HeldWords, State, vault_of
from centaure.guardrails.policies import PolicyVersion
from centaure.guardrails.policy import Policy
from centaure.guardrails.verdicts import Stage
from centaure.identity import Principal, Role, Scope
from centaure.identity.access import require_role, require_scope
from centaure.kit.database import Database
from centaure.kit.words import LONGEST_REASON

router = APIRouter(prefix="/guardrails", tags=["guardrails"])

Administrator = Annotated[
    Principal, Depends(require_role(Role.ADMINISTRATOR, Scope.ADMINISTRATION))
]
Asker = Annotated[Principal, Depends(require_scope(Scope.CONVERSATIONS))]
Assistant = Annotated[str, Query(max_length=100, description="Empty: where no assistant is named.")]
Version = Annotated[int, Field(ge=1, le=2**31 - 1)]
Number = Annotated[int, Path(ge=1, le=2**63 - 1)]
Reason = Annotated[str, Field(min_length=1, max_length=LONGEST_REASON)]


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


class HeldRead(BaseModel):
    """Something held back, without its words: who asked, where, why, and what a person decided.

    `asked_by` and `decider` are names; `decider` is empty where the caller may not know who decided.
    `changed`: a document that its words rest on says something else now, or is not the caller's to read any
    more; what waits then is nobody's to decide on.
    """

    id: int
    principal: int
    asked_by: str
    conversation_id: int | None
    assistant: str
    stage: Stage
    action: Literal["moderate", "hand-over"]
    rules: list[str]
    classification: Literal["C0", "C1", "C2", "C3"]
    state: State
    reason: str
    decided_by: int | None
    decider: str
    decided_at: datetime | None
    held_at: datetime
    expires_at: datetime
    changed: bool

    @classmethod
    def of(cls, held: Held) -> Self:
        """The same, spelled for the API."""
        fields = {name: getattr(held, name) for name in cls.model_fields}
        return cls.model_validate(
            {
                **fields,
                "rules": list(held.rules),
                "classification": f"C{held.classification}",
            }
        )


class WordsRead(BaseModel):
    """Words of something held back: what was typed last, what was shown of the answer, and what is held.

    `earlier` is what was typed before a question, the oldest first: a release holds for the question after
    it.
    """

    earlier: list[str]
    asked: str
    shown: str
    text: str

    @classmethod
    def of(cls, words: HeldWords) -> Self:
        """The same, spelled for the API."""
        return cls.model_validate(words, from_attributes=True)


class WholeHeld(BaseModel):
    """Something held back; `words` is null where whoever asks may not read them, or not yet."""

    held: HeldRead
    words: WordsRead | None


class Why(BaseModel):
    """A reason, which stays in the audit: name nobody in it, and quote nothing."""

    reason: Reason


class Decided(Why):
    """What a person decides; whoever asked reads the reason."""

    decision: Literal["released", "refused"]


@router.get("/queue")
async def list_held(
    request: Request,
    administrator: Administrator,
    state: State | Literal["any"] = "waiting",
    after: Annotated[
        int | None, Query(ge=1, le=2**63 - 1, description="The last one of the page before.")
    ] = None,
) -> list[HeldRead]:
    """What waits for a person, the earliest first, or was decided, the latest first, 200 at once.

    It is what others asked, of what the caller may read; with `any`, what was asked last comes first.
    """
    database: Database = request.app.state.database
    wanted = None if state == "any" else state
    async with database.read(administrator.id) as session:
        return [HeldRead.of(one) for one in await moderation.queue(session, wanted, after)]


@router.post("/queue/{entry_id}/read")
async def read_held(
    request: Request, entry_id: Number, administrator: Administrator, asked: Why
) -> WholeHeld:
    """Read the words of something held back; that the caller did, and why, is put on record."""
    database: Database = request.app.state.database
    vault = vault_of(request.app.state.settings)
    async with database.write(administrator.id) as session:
        held, words = await moderation.read_for_decision(session, vault, entry_id, asked.reason)
    return WholeHeld(held=HeldRead.of(held), words=WordsRead.of(words))


@router.post("/queue/{entry_id}/decision", status_code=status.HTTP_204_NO_CONTENT)
async def decide_on_held(
    request: Request, entry_id: Number, administrator: Administrator, asked: Decided
) -> None:
    """Release something held back, or refuse it; nobody decides on what they asked themselves."""
    database: Database = request.app.state.database
    async with database.write(administrator.id) as session:
        await moderation.decide(session, entry_id, asked.decision, asked.reason)


@router.get("/held")
async def list_own_held(request: Request, reader: Asker) -> list[HeldRead]:
    """What is held back of what the caller asked, the latest first."""
    database: Database = request.app.state.database
    async with database.read(reader.id) as session:
        return [HeldRead.of(one) for one in await moderation.own(session)]


@router.get("/held/{entry_id}")
async def read_own_held(request: Request, entry_id: Number, reader: Asker) -> WholeHeld:
    """Something held back of what the caller asked, with its words once they are released."""
    database: Database = request.app.state.database
    vault = vault_of(request.app.state.settings)
    async with database.read(reader.id) as session:
        held, words = await moderation.read_released(session, vault, entry_id)
    return WholeHeld(held=HeldRead.of(held), words=words and WordsRead.of(words))
