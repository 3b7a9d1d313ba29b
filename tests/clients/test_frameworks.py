"""LangChain and pydantic-ai, unchanged, against `/v1`."""

import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from openai import AsyncOpenAI
from pydantic import BaseModel

from clients.conftest import Served

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of their own imports
    from langchain_core.tools import tool
    from langchain_openai import ChatOpenAI, OpenAIEmbeddings
    from pydantic_ai import Agent
    from pydantic_ai.models.openai import OpenAIChatModel
    from pydantic_ai.providers.openai import OpenAIProvider

pytestmark = pytest.mark.anyio


@tool
def weather(city: str) -> str:
    """The weather of a city."""
    return f"Il pleut à {city}."


class Place(BaseModel):
    """A city."""

    city: str


@asynccontextmanager
async def langchain(served: Served) -> AsyncIterator[ChatOpenAI]:
    chat = ChatOpenAI(
        base_url=f"{served.address}/v1", api_key=served.keys["owner"], model="echo", max_retries=0
    )
    yield chat
    await chat.root_async_client.close()


@asynccontextmanager
async def pydantic_ai(served: Served, model: str = "echo") -> AsyncIterator[OpenAIChatModel]:
    client = AsyncOpenAI(base_url=f"{served.address}/v1", api_key=served.keys["owner"])
    async with client:
        yield OpenAIChatModel(model, provider=OpenAIProvider(openai_client=client))


async def test_langchain_speaks_streams_calls_tools_and_asks_the_documents(served: Served) -> None:
    async with langchain(served) as chat:
        said = await chat.ainvoke("Bonjour")
        assert said.content == "« Bonjour »"
        assert said.usage_metadata["total_tokens"] == 8
        pieces = [piece.content async for piece in chat.astream("Bonjour")]
        assert "".join(pieces) == "« Bonjour »"
        assert len(pieces) > 2
        called = await chat.bind_tools([weather]).ainvoke("Quel temps fait-il ?")
        assert called.tool_calls[0]["args"] == {"city": "Orléans"}
        assert (await chat.with_structured_output(Place).ainvoke("Où ?")).city == "Orléans"
        chat.model_name = "centaure"
        assert "14 March" in (await chat.ainvoke("When is the Cobaltine purchase signed?")).content


async def test_langchain_embeds_texts_not_tokens(served: Served) -> None:
    told: dict[str, Any] = {"base_url": f"{served.address}/v1", "api_key": served.keys["owner"]}
    embeddings = OpenAIEmbeddings(
        **told, model="centaure-embeddings", check_embedding_ctx_length=False, max_retries=0
    )
    with pytest.raises(Exception, match="no embedding model"):
        await embeddings.aembed_query("Bonjour")
    await embeddings.async_client._client.close()


async def test_pydantic_ai_speaks_streams_and_calls_tools(served: Served) -> None:
    async with pydantic_ai(served) as model:
        agent = Agent(model)
        assert (await agent.run("Bonjour")).output == "« Bonjour »"
        async with agent.run_stream("Bonjour") as stream:
            pieces = [piece async for piece in stream.stream_text(delta=True, debounce_by=None)]
        assert "".join(pieces) == "« Bonjour »"

        @agent.tool_plain
        def forecast(city: str) -> str:
            """The weather of a city."""
            return f"Il pleut à {city}."

        assert (await agent.run("Quel temps fait-il ?")).output == "« Il pleut à Orléans. »"
        structured = Agent(model, output_type=Place)
        assert (await structured.run("Où ?")).output.city == "Orléans"


async def test_pydantic_ai_asks_the_documents(served: Served) -> None:
    async with pydantic_ai(served, "centaure") as model:
        agent = Agent(model)
        said = await agent.run("When is the Cobaltine purchase signed?")
        assert "14 March" in said.output
        async with agent.run_stream("When is the Cobaltine purchase signed?") as stream:
            assert await stream.get_output() == said.output
