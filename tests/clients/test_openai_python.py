"""OpenAI's own Python client, unchanged, against `/v1`."""

import asyncio
import json
import os
from time import sleep

import openai
import pytest
from openai import OpenAI

from centaure.gateway.administration import add
from centaure.gateway.descriptions import ModelDescription
from centaure.kit.vault import Vault
from clients.conftest import Served
from clients.scripted import ARGUMENTS

HELLO = [{"role": "user", "content": "Bonjour, ça va ?"}]
TOOL = {
    "type": "function",
    "function": {
        "name": "weather",
        "description": "The weather of a city.",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
    },
}
SECRET = "When is the Cobaltine purchase signed?"


def client(served: Served, who: str = "owner", **more: str) -> OpenAI:
    return OpenAI(
        base_url=f"{served.address}/v1",
        api_key=served.keys[who],
        default_headers=more,
        max_retries=0,
    )


def test_a_model_speaks_whole_and_in_pieces(served: Served) -> None:
    api = client(served)
    whole = api.chat.completions.create(model="echo", messages=HELLO, temperature=0.5, seed=3)
    assert whole.choices[0].message.content == "« Bonjour, ça va ? »"
    assert whole.choices[0].finish_reason == "stop"
    assert (whole.model, whole.usage.total_tokens) == ("echo", 8)
    call = served.models.calls[-1]
    assert (call.request.temperature, call.request.seed, call.classification) == (0.5, 3, 1)
    assert call.key_id is not None
    pieces = list(api.chat.completions.create(model="echo", messages=HELLO, stream=True))
    assert (
        "".join(piece.choices[0].delta.content or "" for piece in pieces) == "« Bonjour, ça va ? »"
    )
    assert pieces[-1].choices[0].finish_reason == "stop"
    *_, last = api.chat.completions.create(
        model="echo", messages=HELLO, stream=True, stream_options={"include_usage": True}
    )
    assert (last.choices, last.usage.prompt_tokens) == ([], 5)


def test_tools_are_called_and_answered(served: Served) -> None:
    api = client(served)
    asked = {"model": "echo", "messages": HELLO, "tools": [TOOL], "tool_choice": "required"}
    message = api.chat.completions.create(**asked).choices[0].message
    (call,) = message.tool_calls
    assert (call.function.name, call.function.arguments) == ("weather", ARGUMENTS)
    assert served.models.calls[-1].request.tool_choice == "required"
    with api.chat.completions.stream(**asked) as stream:
        final = stream.get_final_completion()
    assert final.choices[0].message.tool_calls[0].function.arguments == ARGUMENTS
    told = [*HELLO, message, {"role": "tool", "tool_call_id": call.id, "content": "Il pleut."}]
    said = api.chat.completions.create(model="echo", messages=told, tools=[TOOL])
    assert said.choices[0].message.content == "« Il pleut. »"
    assert served.models.calls[-1].request.messages[1].tool_calls[0].id == call.id


def test_the_form_of_an_answer_can_be_asked_for(served: Served) -> None:
    schema = {"name": "place", "schema": TOOL["function"]["parameters"]}
    form = {"type": "json_schema", "json_schema": schema}
    said = client(served).chat.completions.create(
        model="echo", messages=HELLO, response_format=form
    )
    assert json.loads(said.choices[0].message.content) == {"city": "Orléans"}
    assert served.models.calls[-1].request.response_format == form


def test_errors_are_the_clients_own(served: Served) -> None:
    api = client(served)
    for model, error, code in (
        ("nothing", openai.NotFoundError, "model_not_found"),
        ("poor", openai.RateLimitError, "insufficient_quota"),
        ("away", openai.InternalServerError, "service_unavailable"),
    ):
        with pytest.raises(error) as raised:
            api.chat.completions.create(model=model, messages=HELLO)
        assert raised.value.code == code
    with pytest.raises(openai.BadRequestError, match="less than or equal to 1"):
        api.chat.completions.create(model="echo", messages=HELLO, n=2)
    picture = [{"type": "image_url", "image_url": {"url": "https://example.org/a.png"}}]
    with pytest.raises(openai.BadRequestError, match="only text"):
        api.chat.completions.create(model="echo", messages=[{"role": "user", "content": picture}])
    with pytest.raises(openai.PermissionDeniedError):
        client(served, "searcher").models.list()
    api.api_key = "cen_unknown"
    with pytest.raises(openai.AuthenticationError):
        api.models.list()
    with pytest.raises(openai.APIError, match="stopped in the middle"):
        list(client(served).chat.completions.create(model="cut", messages=HELLO, stream=True))
    with pytest.raises(openai.InternalServerError, match="stopped in the middle"):
        client(served).chat.completions.create(model="cut", messages=HELLO)


def test_a_client_that_leaves_stops_the_model(served: Served) -> None:
    served.models.left.clear()
    stream = client(served).chat.completions.create(model="slow", messages=HELLO, stream=True)
    assert next(iter(stream)).choices[0].delta.content == "Well"
    stream.close()
    assert served.models.left.wait(10)
    served.models.left.clear()
    with pytest.raises(openai.APITimeoutError):
        client(served).chat.completions.create(model="slow", messages=HELLO, timeout=0.5)
    assert served.models.left.wait(10)


def test_content_of_a_higher_class_reaches_cleared_models_only(served: Served) -> None:
    confidential = client(served, **{"X-Centaure-Classification": "C2"}).chat.completions
    asked = len(served.models.calls)
    with pytest.raises(openai.NotFoundError):
        confidential.create(model="echo", messages=HELLO)
    assert len(served.models.calls) == asked
    confidential.create(model="secret", messages=HELLO)
    assert served.models.calls[-1].classification == 2
    lowered = client(served, **{"X-Centaure-Classification": "C0"}).chat.completions
    lowered.create(model="echo", messages=HELLO)
    assert served.models.calls[-1].classification == 1, "never lower than a question"
    with pytest.raises(openai.BadRequestError):
        client(served, **{"X-Centaure-Classification": "C9"}).chat.completions.create(
            model="echo", messages=HELLO
        )


def test_models_are_listed(served: Served) -> None:
    api = client(served)
    names = {model.id for model in api.models.list()}
    assert {"centaure", "echo", "secret"} <= names
    assert api.models.retrieve("echo").id == "echo"
    with pytest.raises(openai.NotFoundError):
        api.models.retrieve("nothing")


def test_centaure_answers_from_what_the_caller_may_read(served: Served) -> None:
    asked = {"model": "centaure", "messages": [{"role": "user", "content": SECRET}]}
    response = client(served).chat.completions.with_raw_response.create(**asked)
    answer = response.parse()
    sources = answer.model_extra["centaure"]["sources"]
    assert response.headers["x-centaure-sources"] == str(len(sources))
    assert "14 March" in answer.choices[0].message.content
    assert {source["document"]["classification"] for source in sources} == {"C3"}
    assert answer.model_extra["centaure"]["fallback"] == "no_model"
    *pieces, last = client(served).chat.completions.create(**asked, stream=True)
    text = "".join(piece.choices[0].delta.content or "" for piece in pieces)
    assert text == answer.choices[0].message.content
    assert last.model_extra["centaure"]["sources"] == sources
    nothing = client(served, "neighbour").chat.completions.create(**asked)
    assert nothing.model_extra["centaure"]["sources"] == []
    assert "14 March" not in nothing.choices[0].message.content
    follow = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "What does lunch cost at the canteen?"},
        {"role": "assistant", "content": "9 euros."},
        {"role": "user", "content": "When does it open?"},
    ]
    said = client(served, "neighbour").chat.completions.create(model="centaure", messages=follow)
    assert "noon" in said.choices[0].message.content
    with pytest.raises(openai.BadRequestError):
        client(served).chat.completions.create(
            model="centaure", messages=[{"role": "assistant", "content": "Hm."}]
        )


def test_a_model_writes_what_centaure_answers_where_there_is_one(served: Served) -> None:
    async def offer(*names: str) -> None:
        indexer = served.installation.database("indexer")
        async with indexer.write(None) as session:
            await session.execute("delete from model")
            for name in names:
                said = {
                    "name": name,
                    "kind": "extractive",
                    "highest": "C3",
                    "lifecycle": "approved",
                }
                vault = Vault.of(served.installation.settings)
                await add(session, ModelDescription.model_validate(said), "", vault)
        await indexer.close()

    asked = {"model": "centaure", "messages": [{"role": "user", "content": SECRET}]}
    asyncio.run(offer("twin"))
    sleep(0.3)
    answer = client(served).chat.completions.create(**asked)
    told = answer.model_extra["centaure"]
    assert told["model"] == "twin (simulated)"
    assert (told["fallback"], told["classification"]) == (None, "C3")
    assert {sentence["support"] for sentence in told["sentences"]} == {"supported"}
    *pieces, last = client(served).chat.completions.create(**asked, stream=True)
    text = "".join(piece.choices[0].delta.content or "" for piece in pieces)
    assert text == answer.choices[0].message.content
    assert last.model_extra["centaure"]["sources"] == told["sources"]
    asyncio.run(offer())


def test_there_is_no_embedding_model_until_one_is_live(served: Served) -> None:
    with pytest.raises(openai.NotFoundError, match="embedding model"):
        client(served).embeddings.create(model="centaure-embeddings", input="Bonjour")


def test_the_environment_of_the_client_is_enough(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(os.environ, "OPENAI_BASE_URL", f"{served.address}/v1")
    monkeypatch.setitem(os.environ, "OPENAI_API_KEY", served.keys["owner"])
    assert OpenAI().models.retrieve("centaure").owned_by == "centaure"
