"""What a policy holds back until a person has decided: kept sealed, for a time, and released or refused.

A question that is held reaches no model; once it is released, the same words of the same person pass. An
answer that is held is shown to nobody; once it is released, whoever asked may read it. Nobody decides on what
they asked themselves.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from centaure.audit import Action, digest, record
from centaure.gateway.calls import Call
from centaure.guardrails.verdicts import Stage, Verdict
from centaure.kit.database import Database, ReadSession, Row, WriteSession
from centaure.kit.errors import Conflict, NotFound
from centaure.kit.settings import Settings
from centaure.kit.vault import Vault
from centaure.kit.words import reason_of

State = Literal["waiting", "released", "refused"]
Decision = Literal["released", "refused"]
MOST_LISTED = 200
_COLUMNS = (
    "id, principal, conversation_id, assistant, stage, action, rules, classification, state, reason,"
    " decided_by, decided_at, held_at, expires_at,"
    " coalesce((select name from user_account where principal_id = held.principal), '') as asked_by,"
    " coalesce((select name from user_account where principal_id = held.decided_by), '') as decider"
)


@dataclass(frozen=True, slots=True)
class Held:
    """What is known of something held back, without its words.

    Attributes:
        id: its number.
        principal: who asked.
        conversation_id: where; None: in none.
        assistant: whose policy holds it; empty: where no assistant is named.
        stage: `input`, a question; `document`, what a tool said; `output`, an answer.
        action: `moderate` or `hand-over`.
        rules: that found something, with their versions.
        classification: 0 to 3, highest of what it may repeat.
        state: whether a person has decided, and how.
        reason: why they did.
        decided_by: who; None: nobody yet, or somebody who is gone.
        decided_at: when.
        held_at: since when.
        expires_at: from when it is removed, decided on or not.
        asked_by: name of who asked.
        decider: name of who decided; empty: nobody yet, somebody who is gone, or nobody whose name the
            principal of the session may know.
    """

    id: int
    principal: int
    conversation_id: int | None
    assistant: str
    stage: Stage
    action: str
    rules: tuple[str, ...]
    classification: int
    state: State
    reason: str
    decided_by: int | None
    decided_at: datetime | None
    held_at: datetime
    expires_at: datetime
    asked_by: str
    decider: str


@dataclass(frozen=True, slots=True)
class HeldWords:
    """The words of something held back.

    Attributes:
        asked: what the person typed last; empty where nobody typed.
        shown: what they were shown of the answer.
        text: what is held.
    """

    asked: str
    shown: str
    text: str


class Moderation(Protocol):
    """What a guard asks of where things are held back."""

    async def hold(self, call: Call, stage: Stage, verdict: Verdict, words: HeldWords) -> int:
        """Keep something for a person to decide on; its number."""
        ...

    async def released(self, call: Call, stage: Stage, text: str) -> bool:
        """Whether a person let these very words pass, for whoever asks and in the same place."""
        ...


class StoredModeration:
    """What is held back, in the database; each method is one short transaction of whoever asks."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._settings = settings
        self._vault = vault_of(settings)

    async def hold(self, call: Call, stage: Stage, verdict: Verdict, words: HeldWords) -> int:
        """As in `Moderation`; what waits already is not kept twice.

        Raises:
            Conflict: the conversation, or a file of it, was removed since it was read for the call.
        """
        key = {
            "principal": call.principal,
            "stage": stage.value,
            "digest": self._digest(call, words.text),
        }
        async with self._database.write(call.principal) as session:
            await _as_it_was(session, call)
            number: int | None = await session.value(
                "insert into held (principal, conversation_id, assistant, stage, action, rules,"
                " classification, documents, digest, expires_at)"
                " values (%(principal)s, %(conversation)s, %(assistant)s, %(stage)s, %(action)s, %(rules)s,"
                " %(classification)s, %(documents)s, %(digest)s, now() + make_interval(days => %(days)s))"
                " on conflict (principal, stage, digest) where state = 'waiting' do nothing returning id",
                {
                    **key,
                    "conversation": call.conversation,
                    "assistant": call.assistant,
                    "action": verdict.action.word,
                    "rules": list(verdict.rules()),
                    "classification": call.classification,
                    "documents": sorted(set(call.documents)),
                    "days": self._settings.keep_held_days,
                },
            )
            if number is None:
                return int(
                    await session.value(
                        "select id from held where principal = %(principal)s and stage = %(stage)s"
                        " and digest = %(digest)s and state = 'waiting'",
                        key,
                    )
                )
            told = {"asked": words.asked, "shown": words.shown, "text": words.text}
            await session.execute(
                "insert into held_text (held_id, sealed) values (%(id)s, %(sealed)s)",
                {"id": number, "sealed": self._vault.lock(told, _purpose(call.principal))},
            )
            details = {
                "what": "held",
                "stage": stage.value,
                "action": verdict.action.word,
                "rules": list(verdict.rules()),
                "classification": call.classification,
            }
            await record(session, Action.MODERATION, f"held:{number}", details=details)
        return number

    async def released(self, call: Call, stage: Stage, text: str) -> bool:
        """As in `Moderation`."""
        async with self._database.read(call.principal) as session:
            found: bool = await session.value(
                "select exists (select from held where principal = current_principal() and stage = %(stage)s"
                " and digest = %(digest)s and state = 'released' and expires_at > now())",
                {"stage": stage.value, "digest": self._digest(call, text)},
            )
        return found

    def _digest(self, call: Call, text: str) -> str:
        """A name for words in their place: a release elsewhere does not hold for them."""
        place = f"{call.conversation or 0} {call.assistant} "
        return digest(place + text, self._settings.digest_key)


def vault_of(settings: Settings) -> Vault:
    """What seals and opens the words of what is held back."""
    return Vault(bytes.fromhex(settings.derived_secret("held back")))


async def queue(session: ReadSession, state: State | None = "waiting") -> list[Held]:
    """What others asked that the principal of the session may decide on.

    What waits comes the earliest first, what was decided the latest decision first.

    Args:
        session: of a moderator; others find nothing in it.
        state: of those that are listed; None: any.
    """
    rows = await session.rows(
        f"select {_COLUMNS} from held where principal <> current_principal()"  # noqa: S608 - known words
        " and (cast(%(state)s as text) is null or state = %(state)s)"
        " order by decided_at desc nulls first, held_at, id limit %(most)s",
        {"state": state, "most": MOST_LISTED},
    )
    return [_read(row) for row in rows]


async def own(session: ReadSession) -> list[Held]:
    """What is held back of what the principal of the session asked, the latest first."""
    rows = await session.rows(
        f"select {_COLUMNS} from held where principal = current_principal()"  # noqa: S608 - as above
        " order by held_at desc, id desc limit %(most)s",
        {"most": MOST_LISTED},
    )
    return [_read(row) for row in rows]


async def read_for_decision(
    session: WriteSession, vault: Vault, number: int, reason: str
) -> tuple[Held, HeldWords]:
    """The words of something that another person asked; that they were read, and why, is put on record.

    Raises:
        InvalidInput: no reason is given.
        NotFound: there is no such thing that the principal of the session may decide on.
        Unavailable: it was sealed with another secret.
    """
    why = reason_of(reason)
    held = await _others(session, number)
    words = await _words(session, vault, held)
    details = {"what": "read", "reason": why}
    await record(session, Action.MODERATION, f"held:{number}", details=details)
    return held, words


async def decide(session: WriteSession, number: int, decision: Decision, reason: str) -> None:
    """Release or refuse what another person asked; the reason is shown to them, and put on record.

    Raises:
        InvalidInput: no reason is given.
        NotFound: there is no such thing that the principal of the session may decide on.
        Conflict: somebody has decided already.
    """
    why = reason_of(reason)
    held = await _others(session, number)
    changed = await session.execute(
        "update held set state = %(state)s, reason = %(reason)s, decided_by = current_principal(),"
        " decided_at = now() where id = %(id)s and state = 'waiting'",
        {"id": held.id, "state": decision, "reason": why},
    )
    if not changed:
        raise Conflict("Somebody has decided on this already. Look at the queue again.")
    details = {"what": decision, "reason": why}
    await record(session, Action.MODERATION, f"held:{number}", details=details)


async def read_released(
    session: ReadSession, vault: Vault, number: int
) -> tuple[Held, HeldWords | None]:
    """Something that the principal of the session asked, with its words where they are released.

    Raises:
        NotFound: they asked no such thing.
        Unavailable: it was sealed with another secret.
    """
    row = await session.row(
        f"select {_COLUMNS} from held where id = %(id)s"  # noqa: S608 - as above
        " and principal = current_principal()",
        {"id": number},
    )
    if row is None:
        raise NotFound
    held = _read(row)
    try:
        return held, await _words(session, vault, held)
    except NotFound:
        return held, None


async def _as_it_was(session: WriteSession, call: Call) -> None:
    """Hold the conversation of a call, of which nothing was erased since it was read.

    Raises:
        Conflict: something was.
    """
    if call.conversation is None:
        return
    found = await session.rows(
        "select id from conversation where id = %(id)s and owner = current_principal()"
        " and erasures = %(erasures)s for key share",
        {"id": call.conversation, "erasures": call.erasures},
    )
    if not found:
        raise Conflict("Something of this conversation was removed meanwhile. Ask again.")


async def _others(session: ReadSession, number: int) -> Held:
    row = await session.row(
        f"select {_COLUMNS} from held where id = %(id)s"  # noqa: S608 - as above
        " and principal <> current_principal()",
        {"id": number},
    )
    if row is None:
        raise NotFound("There is no such thing for you to decide on.")
    return _read(row)


async def _words(session: ReadSession, vault: Vault, held: Held) -> HeldWords:
    sealed = await session.value(
        "select sealed from held_text where held_id = %(id)s", {"id": held.id}
    )
    if sealed is None:
        raise NotFound
    return HeldWords(**vault.open(bytes(sealed), _purpose(held.principal)))


def _purpose(principal: int) -> str:
    return f"held back from {principal}"


def _read(row: Row) -> Held:
    return Held(
        row.id,
        row.principal,
        row.conversation_id,
        row.assistant,
        Stage(row.stage),
        row.action,
        tuple(row.rules),
        row.classification,
        row.state,
        row.reason,
        row.decided_by,
        row.decided_at,
        row.held_at,
        row.expires_at,
        row.asked_by,
        row.decider,
    )
