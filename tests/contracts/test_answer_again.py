"""An answer made again by a model that its reader chooses: that one or none, and never above its class."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from centaure.gateway.simulation import Behaviour, SimulatedService, simulated_service
from contracts.company import Company
from contracts.test_conversations import Json, Talk, events

pytestmark = pytest.mark.anyio

CANTEEN = "At what hour is it that the canteen opens and closes?"
SECRET = "When is the Cobaltine purchase signed?"

MODELS = {"open writer": "C1", "secret writer": "C3"}


@pytest.fixture
async def models(company: Company) -> AsyncIterator[SimulatedService]:
    """Two models of simulated services: one that may be sent open documents, one that may be sent all."""
    client = company.people["administrator"]
    added: list[int] = []
    async with simulated_service(Behaviour()) as service:
        for name, highest in MODELS.items():
            body = {
                "name": name, "location": service.address, "model": "simulated", "highest": highest,
                "lifecycle": "approved",
            }  # fmt: skip
            response = await client.post("/api/v1/models", json=body)
            assert response.status_code == 201, response.text
            added.append(response.json()["id"])
        await asyncio.sleep(0.3)  # a process sees them after a quarter of a second
        yield service
        for number in added:
            await client.delete(f"/api/v1/models/{number}")
        await asyncio.sleep(0.3)


async def offered(talk: Talk, answer: int) -> list[str]:
    response = await talk.get(f"/turns/{answer}/models")
    assert response.status_code == 200, response.text
    return [model["name"] for model in response.json()]


async def answer_to(talk: Talk, question: str) -> int:
    number: int = (await talk.ask(question))[0][1]["answer"]
    return number


async def again(talk: Talk, answer: int, model: str) -> Json:
    return events(await talk.post(f"/turns/{answer}/regenerate", model=model))[-1][1]


@pytest.mark.usefixtures("models")
async def test_each_model_that_is_chosen_answers_and_is_named(company: Company) -> None:
    talk = await Talk.begin(company, documents=[company.open_document])
    answer = await answer_to(talk, CANTEEN)
    assert await offered(talk, answer) == list(MODELS)
    for name in MODELS:
        done = await again(talk, answer, name)
        assert (done["model"], done["fallback"]) == (f"{name} (simulated)", None)
        assert (await talk.read())["turns"][-1]["model"] == done["model"]
    assert len((await talk.read())["turns"][-1]["siblings"]) == 1 + len(MODELS)


async def test_one_that_may_not_be_sent_what_was_answered_is_neither_offered_nor_asked(
    company: Company, models: SimulatedService
) -> None:
    talk = await Talk.begin(company)
    answer = await answer_to(talk, SECRET)
    assert await offered(talk, answer) == ["secret writer"]
    asked, turns = models.asked, (await talk.read())["turns"]
    refused = [
        await talk.post(f"/turns/{answer}/regenerate", model=name)
        for name in ("open writer", "no such writer")
    ]
    assert [response.status_code for response in refused] == [422, 422]
    told = [response.json()["detail"] for response in refused]
    assert told[0].replace("open writer", "no such writer") == told[1]
    assert "Choose another model." in told[0]
    assert (models.asked, (await talk.read())["turns"]) == (asked, turns)
    # What was answered before goes along with the next question.
    after = await answer_to(talk, CANTEEN)
    assert await offered(talk, after) == ["secret writer"]


async def test_documents_are_quoted_where_the_chosen_model_may_not_be_sent_them(
    company: Company, models: SimulatedService
) -> None:
    talk = await Talk.begin(company, documents=[company.open_document])
    answer = await answer_to(talk, SECRET)
    assert await offered(talk, answer) == list(MODELS)
    address = f"/api/v1/conversations/{talk.number}"
    await talk.client.patch(address, json={"documents": []})
    asked = models.asked
    done = await again(talk, answer, "open writer")
    assert (done["model"], done["fallback"], done["classification"]) == ("", "chosen", "C3")
    assert "14 March" in done["answer"]
    assert models.asked == asked


async def test_nothing_is_offered_where_there_is_no_model(company: Company) -> None:
    talk = await Talk.begin(company)
    answer = await answer_to(talk, CANTEEN)
    assert await offered(talk, answer) == []
    question = (await talk.read())["turns"][0]["id"]
    assert (await talk.get(f"/turns/{question}/models")).status_code == 404


@pytest.mark.usefixtures("models")
async def test_an_assistant_that_names_its_model_is_answered_by_no_other(company: Company) -> None:
    definition = {"name": "Open", "language": "en", "role": "You help.", "model": "open writer"}
    made = await company.people["owner"].post("/api/v1/assistants", json={"definition": definition})
    assert made.status_code == 201, made.text
    talk = await Talk.begin(company, assistant=made.json()["key"])
    answer = await answer_to(talk, CANTEEN)
    assert await offered(talk, answer) == ["open writer"]
    response = await talk.post(f"/turns/{answer}/regenerate", model="secret writer")
    assert response.status_code == 422
