"""What may come of a call that a model names: documents and tools can ask for one, never authorise it."""

from collections.abc import Collection
from enum import StrEnum

from centaure.gateway.chat import ToolCall


class Provenance(StrEnum):
    """Whose words a part of a prompt is."""

    INSTRUCTIONS = "instructions"
    PERSON = "person"
    DOCUMENT = "document"
    TOOL = "tool"
    MODEL = "model"


_OF_THE_CALLER = frozenset({Provenance.INSTRUCTIONS, Provenance.PERSON})


def may_run(
    call: ToolCall, read: Collection[Provenance], approved: Collection[ToolCall] = ()
) -> bool:
    """Whether a call that a model named may run.

    Once the model has read anything that is neither its instructions nor the words of the person, or where
    nobody knows what it has read, only a call that a person approved runs: the same tool with the same
    arguments. An approval is kept outside the conversation, so that nothing that is read can pass for one.

    Args:
        call: what the model named.
        read: whose words its prompt holds, all of them.
        approved: the calls that the person, or who may approve for them, has said yes to.
    """
    if any((one.name, one.arguments) == (call.name, call.arguments) for one in approved):
        return True
    return bool(read) and set(read) <= _OF_THE_CALLER
