"""A prompt tried on several models side by side, on one input or a list of them."""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, field

from centaure.answering.prompts.templates import fill
from centaure.gateway.calls import Call, Purpose
from centaure.gateway.catalogue import shown_name
from centaure.gateway.chat import ChatRequest, Message
from centaure.gateway.costs import cost_micro_euros
from centaure.gateway.service import Gateway
from centaure.kit.errors import CentaureError, InvalidInput

MOST_MODELS = 4
MOST_INPUTS = 10
MOST_CELLS = 20
"""Of one trial: models times inputs."""
MOST_TOKENS = 2_000
_AT_ONCE = 4
_LONGEST_S = 120.0


@dataclass(frozen=True, slots=True)
class Trial:
    """What is tried.

    Attributes:
        text: a template.
        models: by name, in the order of the columns.
        inputs: values of its variables, one mapping for each row.
        temperature: None: each model's own.
        most_tokens: where answers stop.
    """

    text: str
    models: Sequence[str]
    inputs: Sequence[Mapping[str, str]] = field(default_factory=lambda: [dict[str, str]()])
    temperature: float | None = None
    most_tokens: int = 500


@dataclass(frozen=True, slots=True)
class Cell:
    """What one model answered to one input.

    Attributes:
        row, column: of the input and the model, from 0.
        text: the answer.
        model: who wrote it, as readers see it.
        prompt_tokens, completion_tokens: as far as they are known.
        cost_micro_euros: None: the price is not known.
        generation: the record of the call; None: there was none.
        problem: why there is no answer; empty: there is.
    """

    row: int
    column: int
    text: str = ""
    model: str = ""
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_micro_euros: int | None = None
    generation: int | None = None
    problem: str = ""


def prepared(trial: Trial) -> list[str]:
    """What is sent for each input.

    Raises:
        InvalidInput: too much is asked at once, or a variable has no value.
    """
    if not 1 <= len(trial.models) <= MOST_MODELS or len(set(trial.models)) < len(trial.models):
        raise InvalidInput(f"Choose between 1 and {MOST_MODELS} models, each once.")
    if not 1 <= len(trial.inputs) <= MOST_INPUTS:
        raise InvalidInput(f"Give between 1 and {MOST_INPUTS} inputs.")
    if len(trial.models) * len(trial.inputs) > MOST_CELLS:
        raise InvalidInput(f"A trial has {MOST_CELLS} answers at most: fewer models, or inputs.")
    return [fill(trial.text, values) for values in trial.inputs]


async def tried(
    gateway: Gateway, principal: int, trial: Trial, classification: int
) -> AsyncGenerator[Cell]:
    """The answers, as they are whole; each by the gateway, with its checks, quotas and records.

    Open no transaction around it; closing it ends the models' work.

    Args:
        gateway: the way to models.
        principal: for whom.
        trial: what is tried.
        classification: of what is sent, 0 to 3.

    Raises:
        InvalidInput: as in `prepared`.
    """
    texts = prepared(trial)
    turns = asyncio.Semaphore(_AT_ONCE)

    async def one(row: int, column: int) -> Cell:
        call = Call(
            ChatRequest(
                (Message("user", texts[row]),),
                most_tokens=trial.most_tokens,
                temperature=trial.temperature,
            ),
            principal,
            Purpose.CHAT,
            classification,
            model=trial.models[column],
            prompt_version="studio.trial 1",
            longest_s=_LONGEST_S,
        )
        async with turns:
            try:
                async with gateway.speak(call) as spoken:
                    text = "".join([delta.text async for delta in spoken])
            except CentaureError as error:
                return Cell(row, column, problem=error.message)
        model, used = spoken.model, spoken.usage
        return Cell(
            row,
            column,
            text,
            shown_name(model.name, simulated=model.simulated),
            used.prompt_tokens,
            used.completion_tokens,
            cost_micro_euros(model, used.prompt_tokens, used.completion_tokens),
            spoken.generation,
        )

    places = [(row, column) for row in range(len(texts)) for column in range(len(trial.models))]
    tasks = [asyncio.create_task(one(row, column)) for row, column in places]
    try:
        for done in asyncio.as_completed(tasks):
            yield await done
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
