"""`centaure guard pseudonymise` and `restore`: personal data out of texts and back; no database, no model."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, cast

import typer

from centaure.app.cli.guard import Assistant, Jsonl, guard, policy_of
from centaure.app.cli.lines import Line, answer_lines, identifier_of, is_name, list_of, text_of
from centaure.app.cli.output import AsJson, note, printable
from centaure.guardrails.policy import Label, Treatment
from centaure.guardrails.pseudonyms import EVERYTHING, FileVault, Masked, mask_all, restore
from centaure.kit.errors import InvalidInput
from centaure.kit.settings import load_settings

VaultFile = Annotated[
    str,
    typer.Option(
        "--vault",
        help="Where the values are kept, encrypted, in a folder that exists; else in the data folder.",
        metavar="FILE",
    ),
]


def add_to(_: typer.Typer) -> None:
    """The commands stand below `guard`."""


@guard.command("pseudonymise")
def pseudonymise_command(
    jsonl: Jsonl, assistant: Assistant = "", vault: VaultFile = "", *, as_json: AsJson = False
) -> None:
    """Replace personal data by placeholders; the same value has the same one in a conversation.

    A line is {"id", "text"} or {"id", "turns": [{"role", "text"}]}, the oldest turn first; lines with the
    same "conversation", a name, are one.

    Each kind is treated as before a model that is not cleared for it; a text with a kind that the policy
    blocks is not printed.
    """
    del as_json  # it prints nothing else
    treatments = policy_of(assistant).personal_data
    with _vault(vault) as kept:
        answer_lines(jsonl, lambda given: pseudonymised(given, kept, treatments))


@guard.command("restore")
def restore_command(jsonl: Jsonl, vault: VaultFile = "", *, as_json: AsJson = False) -> None:
    """Put values back where texts, such as answers of a model, write their placeholders.

    A line is what `pseudonymise` printed, or has the same "id" or "conversation" and another "text" or
    "turns".
    """
    del as_json  # it prints nothing else
    with _vault(vault) as kept:
        answer_lines(jsonl, lambda given: restored(given, kept))


def pseudonymised(
    given: Line, vault: FileVault, treatments: Mapping[Label, Treatment] = EVERYTHING
) -> dict[str, Any]:
    """What is printed for one line: the text, or the last turn and all of them.

    Raises:
        InvalidInput: a field is missing or of another type, or a text holds what is blocked.
        Unavailable: what is kept of the conversation cannot be opened.
    """
    identifier = identifier_of(given)
    conversation = vault.named(_conversation(given) or str(identifier))
    pseudonyms = vault.load(conversation)
    turns = _turns(given)
    masked = mask_all([str(turn["text"]) for turn in turns], pseudonyms, treatments)
    blocked = sorted({label for one in masked for label in one.blocked})
    if blocked:
        raise InvalidInput(
            f"{printable(str(identifier))} holds what the policy blocks: {', '.join(blocked)}."
        )
    vault.save(conversation, str(identifier), pseudonyms)
    answer: dict[str, Any] = {"id": identifier, **_told(masked[-1])}
    if "turns" in given:
        answer["turns"] = [{**turn, **_told(one)} for turn, one in zip(turns, masked, strict=True)]
    return answer


def restored(given: Line, vault: FileVault) -> dict[str, Any]:
    """What is printed for one line; a text of which nothing is kept stays as it is.

    Raises:
        InvalidInput: a field is missing or of another type.
        Unavailable: what is kept of the conversation cannot be opened.
    """
    identifier = identifier_of(given)
    named = _conversation(given)
    conversation = vault.named(named) if named else vault.conversation_of(str(identifier))
    pseudonyms = vault.load(conversation or vault.named(str(identifier)))
    if conversation is None:
        note(
            f"Nothing is kept of {printable(str(identifier))}: it was never pseudonymised with this vault "
            "and secret, or too long ago. Its text stays as it is."
        )
    turns = [{**turn, "text": restore(str(turn["text"]), pseudonyms)} for turn in _turns(given)]
    answer: dict[str, Any] = {"id": identifier, "text": turns[-1]["text"]}
    if "turns" in given:
        answer["turns"] = turns
    return answer


def _told(masked: Masked) -> dict[str, object]:
    spans = [
        {
            "start": span.start,
            "end": span.end,
            "label": span.label,
            "placeholder": span.placeholder,
        }
        for span in masked.spans
    ]
    return {"text": masked.text, "spans": spans}


def _conversation(given: Line) -> str:
    name = given.get("conversation", "")
    if not is_name(name):
        raise InvalidInput('"conversation" is neither text nor a whole number.')
    return str(name)


def _turns(given: Line) -> list[dict[str, Any]]:
    """The turns of a conversation; a text is one turn."""
    if "turns" not in given:
        return [{"text": text_of(given, "text")}]
    turns: list[dict[str, Any]] = []
    for each in list_of(given, "turns"):
        fields = cast("dict[str, Any]", each) if isinstance(each, dict) else {}
        turns.append({"role": text_of(fields, "role", "user"), "text": text_of(fields, "text")})
    if not turns:
        raise InvalidInput('"turns" is empty.')
    return turns


@contextmanager
def _vault(name: str) -> Generator[FileVault]:
    settings = load_settings()
    if name and not Path(name).parent.is_dir():
        raise InvalidInput(
            f"There is no folder {Path(name).parent}. Make it, or name another file."
        )
    vault = FileVault(Path(name) if name else settings.home / "pseudonyms.db", settings)
    try:
        yield vault
    finally:
        vault.close()
