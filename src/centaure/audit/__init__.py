"""The record of what was done: append-only, chained by hashes, free of content.

An entry names who acted (the principal of the transaction), the action, what it was about, its outcome
and a few details. `record` is the only way in and comes last in a transaction; `verify` recomputes the
chain. No text of a document, no name, no login and no question is ever written: what is in a chain
cannot be erased, so words appear as their length and a keyed digest (`digest`) at most.
"""

from centaure.audit.chain import Action, Detail, Outcome, describe_question, digest, record
from centaure.audit.verification import START, Fault, Head, VerificationReport, verify

__all__ = [
    "START",
    "Action",
    "Detail",
    "Fault",
    "Head",
    "Outcome",
    "VerificationReport",
    "describe_question",
    "digest",
    "record",
    "verify",
]
