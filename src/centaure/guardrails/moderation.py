"""What a policy holds back until a person has decided: kept sealed, for a time, and released or refused.

A question that is held reaches no model; once it is released, the same words of the same person pass, to the
letter and after the same questions. An answer that is held is shown to nobody; once it is released, whoever
asked may read it. Nobody decides on what they asked themselves, nor on what rests on words that a document
may have lost since.
"""

import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal, LiteralString, Protocol

from centaure.audit import Action, record
from centaure.gateway.calls import Call
from centaure.guardrails.verdicts import Stage, Verdict
from centaure.kit.database import Database, ReadSession, Row, WriteSession
from centaure.kit.errors import Conflict, NotFound
from centaure.kit.settings import Settings
from centaure.kit.vault import Vault
from centaure.kit.words import reason_of

State = Literal["waiting", "released", "refused"]
Decision = Literal["released", "refused"]
MOST_WAITING = 20
"""Of one person, at once."""
MOST_LISTED = 200
_HOLDING = 0x48454C44  # "HELD": keeps this lock apart from others of the database
_Order = tuple[LiteralString, LiteralString]
_DECIDED: _Order = (
    "decided_at desc, id desc",
    "(decided_at, id) < (select last.decided_at, last.id from held last where last.id = %(after)s)",
)
_ORDERS: Mapping[State | None, _Order] = {
    "waiting": ("id", "id > %(after)s"),
    "released": _DECIDED,
    "refused": _DECIDED,
    None: ("id desc", "id < %(after)s"),
}
"""How each state is listed, and what comes after one of them."""
_COLUMNS = (
    "id, principal, conversation_id, assistant, stage, action, rules, classification, state, reason,"
    " decided_by, decided_at, held_at, expires_at,"
    " stage <> 'input' and exists ("
    "select from unnest(documents, versions) as one(id, version) where not exists ("
    "select from document where document.id = one.id and document.content_hash = one.version)) as changed,"
    " coalesce((select name from user_account where principal_id = held.principal), '') as asked_by,"
    " coalesce((select name from user_account where principal_id = held.decided_by), '') as decider"
)
_SAME = (
    "select id from held where principal = current_principal() and stage = %(stage)s"
    " and digest = %(digest)s and state = 'waiting'"
)
_WAITING = (
    "select count(*) from held where principal = current_principal() and state = 'waiting'"
    " and expires_at > now()"
)

# A document whose words may be those of another version is kept without one: it changed since the question
# was asked, or answers before that were made from another.
_HOLD = """
    insert into held (principal, conversation_id, assistant, stage, action, rules, classification, documents,
        versions, digest, digests, expires_at)
    select current_principal(), %(conversation)s, %(assistant)s, %(stage)s, %(action)s, %(rules)s,
        %(classification)s, %(documents)s,
        array(
            select coalesce(known.version, '')
            from unnest(cast(%(documents)s as bigint[])) with ordinality as one(id, place)
            left join lateral (
                select document.content_hash as version from document
                where document.id = one.id
                    and exists (
                        select from reading
                        where reading.document_id = document.id
                            and reading.indexed_at < clock_timestamp() - make_interval(secs => %(since)s))
                    and not exists (
                        select from turn join turn_document earlier on earlier.turn_id = turn.id
                        where turn.conversation_id = %(conversation)s and turn.shown
                            and earlier.document_id = document.id
                            and earlier.content_hash <> document.content_hash)
            ) known on true
            order by one.place),
        %(digest)s, %(digests)s, now() + make_interval(days => %(days)s)
    returning id
"""


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
        changed: whether a document that its words rest on has others now, or is not the reader's to read:
            what waits then is nobody's to decide on.
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
    changed: bool
    asked_by: str
    decider: str


@dataclass(frozen=True, slots=True)
class HeldWords:
    """The words of something held back.

    Attributes:
        asked: what the person typed last; empty where nobody typed.
        shown: what they were shown of the answer.
        text: what is held.
        earlier: of a question, what the person typed before it, the oldest first.
    """

    asked: str
    shown: str
    text: str
    earlier: tuple[str, ...] = ()


class QueueFull(Conflict):
    """So much of one person waits already that no more is kept: it is stopped, and nobody will read it."""


class Moderation(Protocol):
    """What a guard asks of where things are held back."""

    async def hold(self, call: Call, stage: Stage, verdict: Verdict, words: HeldWords) -> int:
        """Keep something for a person to decide on; its number.

        Raises:
            QueueFull: `MOST_WAITING` of whoever asks wait already.
        """
        ...

    async def released(
        self, call: Call, stage: Stage, words: HeldWords, *, past: bool = False
    ) -> bool:
        """Whether a person let these very words pass, for whoever asks, in the same place and after the same.

        Args:
            call: that they are in.
            stage: of them.
            words: as they would be held.
            past: whether they were asked before in a conversation, which is read from some turn on: then it
                is enough that what stands before them in the call stood there.
        """
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
            QueueFull: as in `Moderation`.
        """
        digests = self._digests(call, words)
        key = {"stage": stage.value, "digest": digests[-1]}
        async with self._database.write(call.principal) as session:
            await session.one_at_a_time(_HOLDING)
            await _as_it_was(session, call)
            same: int | None = await session.value(_SAME, key)
            if same is not None:
                return same
            waiting = await session.value(_WAITING)
            if waiting >= MOST_WAITING:
                raise QueueFull(
                    f"{MOST_WAITING} of your requests wait for a decision. Ask again once some are decided."
                )
            number: int = await session.value(
                _HOLD,
                {
                    **key,
                    "digests": digests if stage is Stage.INPUT and call.conversation else [],
                    "since": max(time.monotonic() - call.began, 0.0),
                    "conversation": call.conversation,
                    "assistant": call.assistant,
                    "action": verdict.action.word,
                    "rules": list(verdict.rules()),
                    "classification": call.classification,
                    "documents": sorted(set(call.documents)),
                    "days": self._settings.keep_held_days,
                },
            )
            sealed = self._vault.lock(asdict(words), _purpose(call.principal))
            await session.execute(
                "insert into held_text (held_id, sealed) values (%(id)s, %(sealed)s)",
                {"id": number, "sealed": sealed},
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

    async def released(
        self, call: Call, stage: Stage, words: HeldWords, *, past: bool = False
    ) -> bool:
        """As in `Moderation`."""
        digest = self._digests(call, words)[-1]
        async with self._database.read(call.principal) as session:
            found: bool = await session.value(
                "select exists (select from held where principal = current_principal() and stage = %(stage)s"
                " and (digest = %(digest)s or (%(past)s and %(digest)s = any(digests)))"
                " and state = 'released' and expires_at > now())",
                {"stage": stage.value, "digest": digest, "past": past},
            )
        return found

    def _digests(self, call: Call, words: HeldWords) -> list[str]:
        """Names for words in their place and after none, the last, the last two, ... all of what was before.

        A release elsewhere, or after something else, does not hold for them. Unlike the digests of the audit,
        these tell every character apart.
        """
        text, before = self._name(words.text), ""
        names = [self._name(call.conversation, call.assistant, text, before)]
        for turn in reversed(words.earlier):
            before = self._name(before, turn)
            names.append(self._name(call.conversation, call.assistant, text, before))
        return names

    def _name(self, *parts: str | int | None) -> str:
        content = json.dumps(parts).encode()
        return hmac.new(self._settings.digest_key, content, hashlib.sha256).hexdigest()


def vault_of(settings: Settings) -> Vault:
    """What seals and opens the words of what is held back."""
    return Vault(bytes.fromhex(settings.derived_secret("held back")))


async def queue(
    session: ReadSession, state: State | None = "waiting", after: int | None = None
) -> list[Held]:
    """What others asked that the principal of the session may decide on, `MOST_LISTED` at once.

    What waits comes the earliest first, what was decided the latest decision first, and both together the
    latest that was asked first.

    Args:
        session: of a moderator; others find nothing in it.
        state: of those that are listed; None: any.
        after: number of the last one that was listed before; None: from the first.
    """
    order, follows = _ORDERS[state]
    rows = await session.rows(
        f"select {_COLUMNS} from held where principal <> current_principal()"  # noqa: S608 - known words
        " and (cast(%(state)s as text) is null or state = %(state)s)"
        f" and (cast(%(after)s as bigint) is null or {follows})"
        f" order by {order} limit %(most)s",
        {"state": state, "after": after, "most": MOST_LISTED},
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
    words = vault.open(bytes(sealed), _purpose(held.principal))
    earlier = tuple(words["earlier"])
    return HeldWords(words["asked"], words["shown"], words["text"], earlier)


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
        row.changed,
        row.asked_by,
        row.decider,
    )
