"""Which models may take a request, in which order, and why each other one may not. Pure.

Before any preference stand the class that a model may be sent, its lifecycle, and what it can do. A rule
orders what is left, or narrows it; a wish for a model by name narrows it too. Nothing widens it.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from centaure.gateway.calls import Call
from centaure.gateway.catalogue import CatalogueModel, Lifecycle
from centaure.gateway.chat import ChatRequest
from centaure.gateway.tokens import tokens_of_prompt

Order = Literal["written", "cost", "carbon"]
Reason = Literal["class", "retired", "named", "rule", "trial", "lacking", "context", "simulated"]
"""Why a model is left out, in a word: its class, its state, a wish or a rule, or what it cannot do."""
CLASSES = ("C0", "C1", "C2", "C3")


@dataclass(frozen=True, slots=True)
class Rule:
    """What is preferred for some requests; the first rule whose conditions all hold decides.

    Attributes:
        name: for people.
        classes, purposes, assistants, languages: one of them is the request's; empty: any.
        capabilities: all of them are needed by the request.
        longer_than: tokens that the prompt has more of; None: any.
        models: names of those preferred, the best first; empty: all alike.
        exclusive: no other model is asked.
        by: the order among those preferred: as written, the cheapest first, or the least carbon first.
        hedge_s: silence after which a second model is asked as well; None: no second.
    """

    name: str
    classes: frozenset[int] = frozenset()
    purposes: frozenset[str] = frozenset()
    assistants: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    capabilities: frozenset[str] = frozenset()
    longer_than: int | None = None
    models: tuple[str, ...] = ()
    exclusive: bool = False
    by: Order = "written"
    hedge_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What routing knows of a request; never its words.

    Attributes:
        classification: highest class of everything in it.
        purpose, assistant, language: of the call.
        prompt_tokens: a low estimate.
        most_tokens: where the answer stops.
        capabilities: that it needs.
        model: name of the one that is wanted; empty: any.
    """

    classification: int
    purpose: str = "answer"
    assistant: str = ""
    language: str = ""
    prompt_tokens: int = 0
    most_tokens: int = 0
    capabilities: frozenset[str] = frozenset()
    model: str = ""

    @classmethod
    def of(cls, call: Call) -> "Facts":
        """The facts of a call."""
        request = call.request
        return cls(
            classification=call.classification,
            purpose=call.purpose,
            assistant=call.assistant,
            language=call.language,
            prompt_tokens=tokens_of_prompt(request),
            most_tokens=request.most_tokens,
            capabilities=_needed(request),
            model=call.model,
        )


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A model that may not take a request, and why, in a sentence.

    Attributes:
        cleared: whether it may be sent the content, and only does not suit the request.
        reason: the same as `why`, in a word.
    """

    model: CatalogueModel
    why: str
    cleared: bool
    reason: Reason


@dataclass(frozen=True, slots=True)
class Plan:
    """Who is asked, the best first.

    Attributes:
        models: in order; the next is asked when one fails.
        left_out: every other model.
        rule: the rule that decided; None: none did.
    """

    models: tuple[CatalogueModel, ...]
    left_out: tuple[LeftOut, ...]
    rule: Rule | None = None


Carbon = Callable[[CatalogueModel], float | None]


def active_parameters(model: CatalogueModel) -> float | None:
    """A stand-in for carbon where nothing estimates it: the electricity grows with them."""
    return model.parameters_active or model.parameters_total


def plan(
    models: Sequence[CatalogueModel],
    rules: Sequence[Rule],
    facts: Facts,
    carbon: Carbon = active_parameters,
) -> Plan:
    """Who may take a request, and in which order.

    Args:
        models: the catalogue.
        rules: in their order.
        facts: of the request.
        carbon: how much one answer of a model costs in carbon, in any unit; None: unknown.
    """
    rule = next((one for one in rules if _holds(one, facts)), None)
    allowed: list[CatalogueModel] = []
    left_out: list[LeftOut] = []
    for model in models:
        why = hindrance(model, facts.classification)
        unfit = None if why else _unfit(model, facts, rule)
        if why:
            left_out.append(
                LeftOut(model, why, cleared=False, reason=hindered_by(model, facts.classification))
            )
        elif unfit is not None:
            left_out.append(LeftOut(model, unfit[1], cleared=True, reason=unfit[0]))
        else:
            allowed.append(model)
    allowed.sort(key=lambda model: _rank(model, rule, facts, carbon))
    return Plan(tuple(allowed), tuple(left_out), rule)


def hindrance(model: CatalogueModel, classification: int) -> str:
    """Why a model may not be sent content of a class at all; empty: it may."""
    if not 0 <= classification < len(CLASSES):
        return "The request is of no known class."
    if model.highest < classification:
        return (
            f"It may be sent {CLASSES[model.highest]} at most; this is {CLASSES[classification]}."
        )
    if model.lifecycle is Lifecycle.RETIRED:
        return "It is retired."
    return ""


def hindered_by(model: CatalogueModel, classification: int) -> Reason:
    """What a hindrance is about."""
    return "class" if model.highest < classification else "retired"


def shown_class(classification: int) -> str:
    """A class as people write it."""
    return CLASSES[classification] if 0 <= classification < len(CLASSES) else "unknown"


def _unfit(model: CatalogueModel, facts: Facts, rule: Rule | None) -> tuple[Reason, str] | None:
    named = rule is not None and model.name in rule.models
    lacking = facts.capabilities - model.capabilities
    tokens = facts.prompt_tokens + facts.most_tokens
    if facts.model and model.name != facts.model:
        return "named", f"{facts.model} is asked for by name."
    if rule is not None and rule.exclusive and rule.models and not named:
        return "rule", f"The rule '{rule.name}' allows others only."
    if model.lifecycle is Lifecycle.TRIAL and not named and not facts.model:
        return "trial", "It is on trial: only a rule or a request that names it reaches it."
    if lacking:
        return "lacking", f"It does not offer {', '.join(sorted(lacking))}."
    if model.context is not None and tokens > model.context:
        return "context", f"It takes {model.context} tokens, and this needs about {tokens}."
    return None


def _holds(rule: Rule, facts: Facts) -> bool:
    conditions = (
        (rule.classes, facts.classification),
        (rule.purposes, facts.purpose),
        (rule.assistants, facts.assistant),
        (rule.languages, facts.language),
    )
    return (
        all(not wanted or found in wanted for wanted, found in conditions)
        and rule.capabilities <= facts.capabilities
        and (rule.longer_than is None or facts.prompt_tokens > rule.longer_than)
    )


def _rank(
    model: CatalogueModel, rule: Rule | None, facts: Facts, carbon: Carbon
) -> tuple[bool, bool, float, int]:
    """Those preferred first, then those that are not deprecated, then by the rule's order."""
    preferred = rule is not None and (not rule.models or model.name in rule.models)
    deprecated = model.lifecycle is Lifecycle.DEPRECATED
    measure: float | None = 0.0
    if rule is not None and rule.by == "cost":
        measure = _cost(model, facts)
    elif rule is not None and rule.by == "carbon":
        measure = carbon(model)
    elif rule is not None and model.name in rule.models:
        measure = float(rule.models.index(model.name))
    return not preferred, deprecated, math.inf if measure is None else measure, model.id


def _cost(model: CatalogueModel, facts: Facts) -> float | None:
    """Millionths of a euro at most; None: a price is unknown."""
    if model.price_in is None or model.price_out is None:
        return None
    return facts.prompt_tokens * model.price_in + facts.most_tokens * model.price_out


def _needed(request: ChatRequest) -> frozenset[str]:
    needed: set[str] = set()
    if request.tools:
        needed.add("tools")
    if request.response_format is not None and request.response_format.get("type") != "text":
        needed.add("json")
    return frozenset(needed)
