"""Appending to the chain, and what may stand in it."""

import hashlib
import hmac
import json
import unicodedata
from collections.abc import Mapping, Sequence
from enum import StrEnum

from centaure.kit.database import WriteSession

Detail = str | int | bool | None | Sequence[str] | Sequence[int]


class Action(StrEnum):
    """What somebody did."""

    SIGN_IN = "sign_in"
    SIGN_OUT = "sign_out"
    SEARCH = "search"
    ASK = "ask"
    SUMMARY = "summary"
    CONVERSATION_SHARE = "conversation_share"
    CONVERSATION_EXPORT = "conversation_export"
    CONVERSATION_REMOVE = "conversation_remove"
    CONVERSATION_FILE = "conversation_file"
    ASSISTANT_CHANGE = "assistant_change"
    FEEDBACK = "feedback"
    DOCUMENT_OPEN = "document_open"
    ORIGINAL_DOWNLOAD = "original_download"
    PAGE_IMAGE = "page_image"
    RIGHTS_CHANGE = "rights_change"
    RIGHTS_EXPLAIN = "rights_explain"
    SOURCE_ADD = "source_add"
    SOURCE_CHANGE = "source_change"
    SYNC = "sync"
    THESAURUS_CHANGE = "thesaurus_change"
    GAP_CHANGE = "gap_change"
    USER_CREATE = "user_create"
    USER_CHANGE = "user_change"
    PASSWORD_CHANGE = "password_change"  # noqa: S105 - the name of an action
    INVITATION_CREATE = "invitation_create"
    INVITATION_USE = "invitation_use"
    KEY_CREATE = "key_create"
    KEY_REVOKE = "key_revoke"
    QUOTA_CHANGE = "quota_change"
    MODERATION = "moderation"
    ACCESS_REQUEST = "access_request"
    PROMPT_CHANGE = "prompt_change"
    COMPARISON = "comparison"
    PREFERENCE_EXPORT = "preference_export"
    ADMINISTRATION = "administration"


class Outcome(StrEnum):
    """How it ended: a refusal is recorded like a success."""

    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"


async def record(
    session: WriteSession,
    action: Action,
    subject: str,
    outcome: Outcome = Outcome.DONE,
    details: Mapping[str, Detail] | None = None,
) -> int:
    """Append an entry in this transaction and return its number.

    Call it last: the chain stays locked for every other writer until the transaction ends. If the
    transaction is rolled back, so is the entry: record a refusal in a transaction of its own.

    Args:
        session: its principal is the actor; without one, nobody signed in, or the machine itself.
        action: what was done.
        subject: what it was done to, by identifier, such as `document:12` or `user:3`; never a name,
            a path or a title. At most 500 characters.
        outcome: how it ended.
        details: identifiers, counts and settings; see the package for what must not be there.
    """
    entry = await session.value(
        "select audit_append(%(action)s, %(subject)s, %(outcome)s, cast(%(details)s as jsonb))",
        {
            "action": action.value,
            "subject": subject,
            "outcome": outcome.value,
            "details": json.dumps(dict(details or {})),
        },
    )
    return int(entry)


def digest(words: str, key: bytes) -> str:
    """A name for some words that only the holder of the key can link to them.

    HMAC-SHA-256, its first 16 bytes in hexadecimal, over the words in NFKC, caseless, with single spaces:
    the same question typed twice is recognised. Destroying the key makes every digest meaningless,
    which is how a chain forgets.
    """
    folded = " ".join(unicodedata.normalize("NFKC", words).casefold().split())
    return hmac.new(key, folded.encode(errors="replace"), hashlib.sha256).hexdigest()[:32]


def describe_question(question: str, key: bytes) -> dict[str, Detail]:
    """What the audit keeps of a question: its length in characters and its digest."""
    return {"question_length": len(question), "question_digest": digest(question, key)}
