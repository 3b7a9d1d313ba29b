"""A structured prompt from what somebody wants: by rules, or as a model drafts it."""

import re
import tomllib
import unicodedata
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from centaure.answering.questions import question_language
from centaure.gateway.calls import Call, Purpose
from centaure.gateway.catalogue import shown_name
from centaure.gateway.chat import ChatRequest, Message
from centaure.gateway.service import Gateway

LONGEST_INTENTION = 2_000
_MOST_TOKENS = 1_000
_HEADINGS = {
    "fr": ("Ton rôle", "Ce que tu fais", "Le contexte", "Ce qui est attendu"),
    "en": ("Your role", "What you do", "The context", "What is expected"),
}
_TOLD = {
    "fr": "Améliore ce modèle de consigne pour un modèle de langue. Garde ses titres et ses variables entre "
    "doubles accolades, rends l'action et l'attente plus précises, et n'ajoute aucun fait. Écris seulement "
    "la consigne.",
    "en": "Improve this template of a prompt for a language model. Keep its headings and its variables in "
    "double braces, make the action and the expectation more precise, and add no fact. Write only the "
    "prompt.",
}


@dataclass(frozen=True, slots=True)
class Draft:
    """A prompt to begin with.

    Attributes:
        text: a template.
        language: "fr" or "en".
        kind: of the task, as the rules see it.
        by: who wrote it.
        model: that did; empty: rules.
    """

    text: str
    language: str
    kind: str
    by: Literal["rules", "model"] = "rules"
    model: str = ""


def by_rules(intention: str) -> Draft:
    """The template of an intention, in its language: role, action, context and expectation."""
    wanted = " ".join(intention.split())[:LONGEST_INTENTION]
    language = question_language(wanted)
    folded = _folded(wanted)
    kinds = _kinds()
    kind = next(
        (
            name
            for name, one in kinds.items()
            if any(re.search(rf"\b{stem}", folded) for stem in one[language])
        ),
        "other",
    )
    told = kinds[kind]
    variable = "{{" + told[f"variable_{language}"] + "}}"
    action = wanted[:1].upper() + wanted[1:]
    action = action if action.endswith((".", "!", "?", "…")) else f"{action}."
    parts = (told[f"role_{language}"], action, variable, told[f"expects_{language}"])
    text = "\n\n".join(
        f"# {heading}\n{part}" for heading, part in zip(_HEADINGS[language], parts, strict=True)
    )
    return Draft(text, language, kind)


async def by_model(
    gateway: Gateway, principal: int, intention: str, classification: int, model: str = ""
) -> Draft:
    """The same, as a model makes it better. Open no transaction around it.

    Args:
        gateway: the way to models.
        principal: for whom.
        intention: what they want.
        classification: of that, 0 to 3.
        model: name of the one that is asked; empty: the rules choose.

    Raises:
        NoModel, QuotaExhausted, Stopped, Unavailable: no model drafts it.
    """
    first = by_rules(intention)
    call = Call(
        ChatRequest(
            (Message("system", _TOLD[first.language]), Message("user", first.text)),
            most_tokens=_MOST_TOKENS,
        ),
        principal,
        Purpose.CHAT,
        classification,
        language=first.language,
        model=model,
        prompt_version="studio.draft 1",
        typed=(intention,),
    )
    said = await gateway.complete(call)
    text = said.text.strip()
    if not text:
        return first
    name = shown_name(said.model.name, simulated=said.model.simulated, language=first.language)
    return replace(first, text=text, by="model", model=name)


@cache
def _kinds() -> dict[str, dict[str, Any]]:
    here = files("centaure.answering.prompts")
    return tomllib.loads(here.joinpath("intentions.toml").read_text(encoding="utf-8"))


def _folded(text: str) -> str:
    spread = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in spread if not unicodedata.combining(c))
