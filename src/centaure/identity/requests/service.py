"""Asking for a right, and deciding on what others ask; each function in a session of the person who acts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from centaure.audit import Action, record
from centaure.identity.principal import Role
from centaure.identity.roles import need_role
from centaure.kit.database import ReadSession, WriteSession
from centaure.kit.errors import Conflict, InvalidInput, NotFound
from centaure.kit.words import LONGEST_REASON, one_line, reason_of

State = Literal["waiting", "approved", "refused"]
Decision = Literal["approved", "refused"]
LONGEST_NAME = 200
MOST_WAITING = 20
"""Requests of one person that wait at once."""
MOST_LISTED = 200
_ASKING = 0x41534B21  # "ASK!": keeps this lock apart from others of the database

TO_DO = (
    "Nothing is opened by this. Whoever applies it adds the person, or a group of theirs, to the readers in "
    "the manifest of the source (rights.yaml), or gives them the right where the documents are kept; it "
    "holds from the next synchronisation."
)
"""What is left to do once a request is approved."""

_SELECT = (
    "select access_request.id, access_request.principal, coalesce(user_account.login, '') as login, wanted,"
    " why, state, reason, applied_by, decided_by, decided_at, asked_at"
    " from access_request left join user_account on user_account.principal_id = access_request.principal"
)


@dataclass(frozen=True, slots=True)
class AccessRequest:
    """What somebody asks to be able to read.

    Attributes:
        id: its number.
        principal: who asks.
        login: theirs.
        wanted: a source, a folder or an assistant as they name it, whether it exists or not.
        why: they need it.
        state: whether a person has decided, and how.
        reason: why they did.
        applied_by: who is to open it, where the documents are kept; empty: it is not approved.
        decided_by: who decided; None: nobody yet, or somebody who is gone.
        decided_at: when.
        asked_at: when it was asked.
    """

    id: int
    principal: int
    login: str
    wanted: str
    why: str
    state: State
    reason: str
    applied_by: str
    decided_by: int | None
    decided_at: datetime | None
    asked_at: datetime


async def ask(session: WriteSession, wanted: str, why: str, keep_days: int) -> AccessRequest:
    """Ask for a right, as the principal of the session; nothing is looked up.

    What they ask already, in the same words, is not asked twice.

    Args:
        session: of who asks.
        wanted: a source, a folder or an assistant, in their words.
        why: they need it.
        keep_days: days after which the request is removed, decided on or not.

    Raises:
        InvalidInput: a text is empty or too long.
        Conflict: too many of their requests wait.
    """
    wanted = one_line(wanted, "What you need", LONGEST_NAME)
    why = one_line(why, "The reason", LONGEST_REASON)
    await session.one_at_a_time(_ASKING)
    waiting = await session.rows(
        f"{_SELECT} where access_request.principal = current_principal() and state = 'waiting'"
    )
    same = next((row for row in waiting if row.wanted == wanted), None)
    if same is not None:
        return AccessRequest(*same)
    if len(waiting) >= MOST_WAITING:
        raise Conflict(
            f"{MOST_WAITING} of your requests wait for a decision. Ask again once some are decided on."
        )
    number = await session.value(
        "insert into access_request (principal, wanted, why, expires_at)"
        " values (current_principal(), %(wanted)s, %(why)s, now() + make_interval(days => %(days)s))"
        " returning id",
        {"wanted": wanted, "why": why, "days": keep_days},
    )
    asked = AccessRequest(
        *await session.one(f"{_SELECT} where access_request.id = %(id)s", {"id": number})
    )
    await record(
        session, Action.ACCESS_REQUEST, f"access_request:{number}", details={"what": "asked"}
    )
    return asked


async def own(session: ReadSession) -> list[AccessRequest]:
    """What the principal of the session asked for, the latest first."""
    rows = await session.rows(
        f"{_SELECT} where access_request.principal = current_principal()"
        " order by asked_at desc, access_request.id desc limit %(most)s",
        {"most": MOST_LISTED},
    )
    return [AccessRequest(*row) for row in rows]


async def to_decide(session: ReadSession, state: State | None = "waiting") -> list[AccessRequest]:
    """What others asked for; whoever is no curator finds nothing.

    What waits comes the earliest first, what was decided the latest decision first.

    Args:
        session: of a curator.
        state: of those that are listed; None: any.
    """
    rows = await session.rows(
        f"{_SELECT} where access_request.principal <> current_principal()"
        " and (cast(%(state)s as text) is null or state = %(state)s)"
        " order by decided_at desc nulls first, asked_at, access_request.id limit %(most)s",
        {"state": state, "most": MOST_LISTED},
    )
    return [AccessRequest(*row) for row in rows]


async def decide(
    session: WriteSession, number: int, decision: Decision, reason: str, applied_by: str = ""
) -> None:
    """Approve or refuse what another person asked for; they read the reason, and it is put on record.

    Args:
        session: of a curator.
        number: of the request.
        decision: what is decided.
        reason: why.
        applied_by: of an approval, who is to open it where the documents are kept: a person or a team.

    Raises:
        Forbidden: the principal is no curator.
        InvalidInput: a text is missing, or too long.
        NotFound: there is no such request for them to decide on.
        Conflict: somebody has decided already.
    """
    await need_role(session, Role.CURATOR)
    reason = reason_of(reason)
    if decision == "approved":
        applied_by = one_line(applied_by, "Who is to apply it", LONGEST_NAME)
    elif applied_by:
        raise InvalidInput("Nobody applies what is refused.")
    others = "id = %(id)s and principal <> current_principal()"
    if not await session.rows(f"select id from access_request where {others}", {"id": number}):  # noqa: S608 - known words
        raise NotFound("There is no such request for you to decide on.")
    changed = await session.execute(
        "update access_request set state = %(state)s, reason = %(reason)s, applied_by = %(by)s,"  # noqa: S608 - as above
        f" decided_by = current_principal(), decided_at = now() where {others} and state = 'waiting'",
        {"id": number, "state": decision, "reason": reason, "by": applied_by},
    )
    if not changed:
        raise Conflict("Somebody has decided on this already. Look at the requests again.")
    details = {"what": decision, "reason": reason}
    await record(session, Action.ACCESS_REQUEST, f"access_request:{number}", details=details)


async def forget_requests(session: WriteSession) -> int:
    """Remove the requests that have been kept for long enough; how many there were."""
    return await session.execute("delete from access_request where expires_at <= now()")
