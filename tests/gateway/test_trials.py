"""What is found on this machine, and what is said of a model that is tried."""

from collections.abc import AsyncGenerator
from urllib.parse import urlsplit

import pytest

from centaure.gateway.chat import ChatRequest, Delta
from centaure.gateway.detection import Detected, detect
from centaure.gateway.extractive import ExtractiveModel
from centaure.gateway.openai_compatible import OpenAICompatible
from centaure.gateway.simulation import Behaviour, Fault, SimulatedService
from centaure.gateway.trials import try_model

pytestmark = pytest.mark.anyio


def port(service: SimulatedService) -> int:
    return urlsplit(service.address).port or 0


async def test_a_server_on_this_machine_is_found_with_its_models(
    simulated: SimulatedService,
) -> None:
    found = await detect({1: "Ollama", port(simulated): "vLLM"})
    names = ("simulated", *(f"simulated-{fault}" for fault in Fault))
    assert found == [Detected("simulated", simulated.address, names)]


async def test_what_is_no_server_of_models_is_not_found(service: object) -> None:
    address = str(getattr(service, "address", ""))
    assert await detect({urlsplit(address).port or 1: "vLLM"}) == []


async def test_a_model_that_works_is_said_to(simulated: SimulatedService) -> None:
    simulated.behaviour = Behaviour(latency_s=0.05, tokens_per_second=100)
    model = OpenAICompatible(simulated.address, "simulated")
    told: list[str] = []
    trial = await try_model(model, context=9_000, tell=told.append)
    await model.close()
    assert (trial.answers, trial.streams, trial.tools, trial.json) == (True, True, True, True)
    assert trial.context == 8_000
    assert trial.first_ms is not None
    assert trial.first_ms >= 50
    assert trial.tokens_per_second is not None
    assert trial.problems == {}
    assert told == ["answers", "tools", "json", "context", "context"]


async def test_a_model_that_does_not_answer_is_asked_no_more(simulated: SimulatedService) -> None:
    model = OpenAICompatible(simulated.address, "simulated-401")
    trial = await try_model(model)
    await model.close()
    assert not trial.answers
    assert "refuses the key" in trial.problems["answers"]
    assert simulated.asked == 1


async def test_what_does_not_work_is_said_with_its_reason() -> None:
    class Poor(ExtractiveModel):
        async def stream(
            self, request: ChatRequest, *, first_s: float, longest_s: float
        ) -> AsyncGenerator[Delta]:
            del request, first_s, longest_s
            yield Delta("It is a nice day.", finish="stop")

    trial = await try_model(Poor())
    assert trial.answers
    assert trial.tokens_per_second is None
    assert trial.context == 0
    assert set(trial.problems) == {"streams", "tools", "json", "context"}
