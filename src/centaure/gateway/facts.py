"""What the record of a call says, as the database takes it."""

import json
from dataclasses import asdict
from typing import Any

from centaure.gateway.calls import Call
from centaure.gateway.catalogue import CatalogueModel
from centaure.gateway.chat import Message, Usage
from centaure.gateway.costs import Footprint, FootprintEstimator, cost_micro_euros
from centaure.gateway.outcomes import Attempt, End, Outcome
from centaure.gateway.tokens import used

LONGEST_PROBLEM = 1000
_GRACE_S = 60.0
"""Beyond the longest call before a record that is still open counts as lost."""


def prompt_of(call: Call) -> str:
    """The turns that a model is shown, as JSON."""
    return json.dumps([_turn(message) for message in call.request.messages], ensure_ascii=False)


def facts_of(call: Call, model: CatalogueModel | None, attempt: Attempt) -> str:
    """What is known of a call before it is made, as JSON; no model: none is asked."""
    request = call.request
    parameters = {
        "most_tokens": request.most_tokens,
        "temperature": request.temperature,
        "top_p": request.top_p,
        "seed": request.seed,
        "stop": len(request.stop),
        "tools": [storable(tool.name) for tool in request.tools],
        "tool_choice": storable(request.tool_choice),
        "response_format": str((request.response_format or {}).get("type", "text")),
    }
    facts: dict[str, Any] = {
        "longest_s": call.longest_s + _GRACE_S,
        "key_id": call.key_id,
        "purpose": call.purpose.value,
        "assistant": storable(call.assistant),
        "use_case": storable(call.use_case),
        "conversation": call.conversation,
        "erasures": call.erasures,
        "classification": call.classification,
        "language": call.language,
        "prompt_version": call.prompt_version,
        "attempt": attempt.number,
        "follows": attempt.follows,
        "follows_as": attempt.follows_as,
        "parameters": parameters,
        "prompt_characters": sum(len(message.content) for message in request.messages),
        "verdicts": [asdict(verdict) for verdict in call.verdicts],
    }
    if model is not None:
        facts |= {
            "model_id": model.id or None,
            "model_name": model.name,
            "model_kind": model.kind,
            "provider_model": model.model,
            "zone": model.zone,
        }
    return json.dumps(facts)


def measured(
    call: Call, model: CatalogueModel, outcome: Outcome, estimator: FootprintEstimator | None
) -> str:
    """What is known of a call that ended, as JSON; one that failed without a word used no tokens."""
    counted = outcome.usage
    if counted is None and not outcome.answer and outcome.end in {End.FAILED, End.REFUSED}:
        usage = Usage(0, 0)
    else:
        usage = used(call.request, outcome.answer, counted)
    facts: dict[str, Any] = {
        "ended": outcome.end.value,
        "problem": storable(outcome.problem, LONGEST_PROBLEM),
        "answer_characters": len(outcome.answer),
        "prompt_tokens": usage.prompt_tokens,
        "completion_tokens": usage.completion_tokens,
        "tokens_counted": counted is not None,
        "cost_micro_euros": cost_micro_euros(model, usage.prompt_tokens, usage.completion_tokens),
        "first_ms": None if outcome.first_s is None else round(outcome.first_s * 1000),
        "duration_ms": round(outcome.duration_s * 1000),
        "verdicts": [asdict(verdict) for verdict in outcome.verdicts],
    }
    supposed = estimated(estimator, model, usage.completion_tokens, outcome.duration_s)
    if supposed:
        facts["footprint_method"] = supposed.method
        for name in ("energy_kwh", "co2e_g", "water_l"):
            facts[f"{name}_low"], facts[f"{name}_high"] = getattr(supposed, name)
    return json.dumps(facts)


def estimated(
    estimator: FootprintEstimator | None, model: CatalogueModel, tokens: int, seconds: float
) -> Footprint | None:
    """What an answer of so many tokens, in so many seconds, may have used; None: unknown."""
    return None if estimator is None else estimator.estimate(model, tokens, seconds)


def _turn(message: Message) -> dict[str, Any]:
    turn: dict[str, Any] = {"role": message.role, "content": storable(message.content)}
    if message.tool_calls:
        calls = [f"{one.name}({one.arguments})" for one in message.tool_calls]
        turn["tool_calls"] = [storable(one) for one in calls]
    return turn


def storable(text: str, most: int | None = None) -> str:
    """The first characters of a text, all where `most` is None, as PostgreSQL can keep them.

    It takes neither zeros nor halves of characters.
    """
    return text.replace("\0", "").encode(errors="replace").decode()[:most]
