"""A call that a model names runs where nothing but its caller's words were read, or where it was approved."""

import pytest

from centaure.gateway.chat import ToolCall
from centaure.guardrails.documents.authority import Provenance, may_run

CALL = ToolCall("1", "send", '{"to": "a"}')
CALLER = {Provenance.INSTRUCTIONS, Provenance.PERSON}


def test_a_call_of_the_caller_may_run() -> None:
    assert may_run(CALL, CALLER)


@pytest.mark.parametrize("more", [Provenance.DOCUMENT, Provenance.TOOL, Provenance.MODEL])
def test_what_was_read_beside_authorises_nothing(more: Provenance) -> None:
    assert not may_run(CALL, {*CALLER, more})
    assert may_run(CALL, {*CALLER, more}, [ToolCall("2", CALL.name, CALL.arguments)])
    assert not may_run(CALL, {*CALLER, more}, [ToolCall("1", "send", '{"to": "b"}')])


def test_nothing_runs_where_nobody_knows_what_was_read() -> None:
    assert not may_run(CALL, set())
