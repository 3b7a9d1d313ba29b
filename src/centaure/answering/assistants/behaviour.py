"""What an assistant changes in an answer: what a model is told besides, where is searched, who is asked."""

from dataclasses import dataclass

from centaure.answering.assistants.definition import Definition, Kind, Language
from centaure.answering.assistants.service import Assistant, find
from centaure.kit.database import ReadSession
from centaure.knowledge.retrieval.filters import Scope

_NAMES: dict[Language, tuple[str, str, str]] = {
    "fr": ("Rôle\N{NO-BREAK SPACE}: ", "Ton\N{NO-BREAK SPACE}: ", "Consignes\N{NO-BREAK SPACE}:\n"),
    "en": ("Role: ", "Tone: ", "Instructions:\n"),
}


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How an assistant answers.

    Attributes:
        key: of the assistant.
        version: what its calls are recorded with, such as "email-reply" or "quotes-k7w2ma v3".
        kind: whether it answers from documents, or a model writes.
        told: its role, tone and instructions, as a model is told them; may be empty.
        scope: what is searched at most.
        model: name of the one that is asked; empty: the rules choose.
        language: that it is written in.
    """

    key: str
    version: str
    kind: Kind
    told: str
    scope: Scope
    model: str
    language: Language


def behaviour_of(assistant: Assistant) -> Behaviour:
    """How an assistant answers."""
    definition = assistant.definition
    number = "" if assistant.version is None else f" v{assistant.version}"
    return Behaviour(
        assistant.key,
        assistant.key + number,
        definition.kind,
        told(definition),
        definition.scope.scope(),
        definition.model,
        definition.language,
    )


async def find_behaviour(session: ReadSession, key: str, language: Language) -> Behaviour:
    """How an assistant that the principal can use answers.

    Args:
        session: of the principal.
        key: of the assistant.
        language: of what is asked, which decides among the languages of one that is shipped.

    Raises:
        NotFound: it does not exist, or is not theirs to use.
    """
    return behaviour_of(await find(session, key, language))


def told(definition: Definition) -> str:
    """Role, tone and instructions in one text."""
    names = _NAMES[definition.language]
    parts = (definition.role, definition.tone, definition.instructions)
    return "\n".join(name + said for name, said in zip(names, parts, strict=True) if said)
