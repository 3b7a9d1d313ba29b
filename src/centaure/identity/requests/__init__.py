"""Requests for rights, and what a person decides on them; never in a conversation.

Owns the table `access_request` (migrations/sql/access_requests.sql). Whoever asks is the principal of the
session, and names what they need in words that nothing looks up: what exists and what does not are asked for
alike. A curator decides, never on a request of their own. A decision opens nothing: rights are those of the
source, and an approval says who is to open it there.
"""

from centaure.identity.requests.service import (
    AccessRequest,
    Decision,
    State,
    ask,
    decide,
    forget_requests,
    own,
    to_decide,
)

__all__ = [
    "AccessRequest",
    "Decision",
    "State",
    "ask",
    "decide",
    "forget_requests",
    "own",
    "to_decide",
]
