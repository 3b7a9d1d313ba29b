"""Access tokens of an identity provider at `/mcp`: the official MCP client signs in by itself."""

import json
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from mcp import Client
from mcp.client.auth import OAuthClientProvider
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.auth import (
    AuthorizationCodeResult,
    OAuthClientInformationFull,
    OAuthClientMetadata,
    OAuthToken,
    ProtectedResourceMetadata,
)
from pydantic import AnyUrl

from centaure.app.api import make_api
from centaure.app.installation import Installation
from centaure.identity import service
from centaure.identity.oidc import IdentityProvider
from clients.conftest import fill
from contracts.company import SECRETS
from listening import listening
from token_issuer import TokenIssuer, issuing

pytestmark = pytest.mark.anyio

BACK = "http://127.0.0.1:3030/back"


@dataclass
class Provided:
    """A server that takes the tokens of a provider."""

    address: str
    issuer: TokenIssuer
    api: FastAPI
    installation: Installation


@dataclass
class Memory:
    """What the client keeps; it was registered at the provider beforehand, as most providers want it."""

    tokens: OAuthToken | None = None
    client: OAuthClientInformationFull | None = field(
        default_factory=lambda: OAuthClientInformationFull(
            client_id="assistant",
            redirect_uris=[AnyUrl(BACK)],
            token_endpoint_auth_method="none",
        )
    )

    async def get_tokens(self) -> OAuthToken | None:
        return self.tokens

    async def set_tokens(self, tokens: OAuthToken) -> None:
        self.tokens = tokens

    async def get_client_info(self) -> OAuthClientInformationFull | None:
        return self.client

    async def set_client_info(self, client_info: OAuthClientInformationFull) -> None:
        self.client = client_info


@pytest.fixture(scope="module")
def provided(
    clean_module: Installation, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Provided]:
    fill(clean_module, tmp_path_factory.mktemp("company"))
    api = make_api(clean_module)
    with issuing() as issuer, listening(api) as address:
        settings = clean_module.settings.model_copy(
            update={"public_url": address, "oidc_issuer": issuer.address}
        )
        api.state.settings = settings
        api.state.identity_provider = IdentityProvider.of(settings, f"{address}/mcp")
        yield Provided(address, issuer, api, clean_module)


@pytest.fixture
def issuer(provided: Provided) -> TokenIssuer:
    provided.issuer.person = "owner"
    return provided.issuer


@asynccontextmanager
async def signed_in(provided: Provided, memory: Memory) -> AsyncGenerator[Client]:
    """The official client, which finds the provider, signs in there and comes back with a token."""
    answers: list[str] = []

    async def visit(address: str) -> None:
        async with httpx2.AsyncClient() as browser:
            answers.append((await browser.get(address)).headers["location"])

    async def come_back() -> AuthorizationCodeResult:
        told = httpx2.URL(answers.pop()).params
        return AuthorizationCodeResult(code=told["code"], state=told["state"])

    sign_in = OAuthClientProvider(
        f"{provided.address}/mcp",
        OAuthClientMetadata(redirect_uris=[AnyUrl(BACK)], token_endpoint_auth_method="none"),
        memory,
        redirect_handler=visit,
        callback_handler=come_back,
    )
    async with httpx2.AsyncClient(auth=sign_in, timeout=60) as http:
        transport = streamable_http_client(f"{provided.address}/mcp", http_client=http)
        async with Client(transport) as client:
            yield client


async def ask(provided: Provided, token: str) -> httpx2.Response:
    asked = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    headers = {
        "Authorization": f"Bearer {token}",
        "Accept": "application/json, text/event-stream",
    }
    async with httpx2.AsyncClient(timeout=60) as client:
        return await client.post(f"{provided.address}/mcp", json=asked, headers=headers)


async def test_the_official_client_signs_in_and_reads_what_the_person_may(
    provided: Provided, issuer: TokenIssuer
) -> None:
    memory = Memory()
    async with signed_in(provided, memory) as owner:
        found = await owner.call_tool("search", {"query": "Cobaltine purchase"})
        assert found.structured_content["hits"]
        answer = await owner.call_tool(
            "ask", {"question": "When is the Cobaltine purchase signed?"}
        )
        assert "14 March" in answer.structured_content["answer"]
    assert memory.tokens is not None
    issuer.person = "neighbour"
    async with signed_in(provided, Memory()) as neighbour:
        told = [
            (await neighbour.call_tool("search", {"query": "purchase"})).structured_content,
            (await neighbour.call_tool("list_sources", {})).structured_content,
        ]
        assert told[0]["hits"] == []
        assert not any(secret in json.dumps(told).lower() for secret in SECRETS)
        lunch = await neighbour.call_tool("search", {"query": "canteen lunch"})
        assert "9 euros" in lunch.structured_content["hits"][0]["text"]


async def test_a_token_opens_the_tools_of_its_scopes(
    provided: Provided, issuer: TokenIssuer
) -> None:
    token = issuer.token(aud=f"{provided.address}/mcp", scope="openid search")
    async with httpx2.AsyncClient(headers={"Authorization": f"Bearer {token}"}) as http:
        transport = streamable_http_client(f"{provided.address}/mcp", http_client=http)
        async with Client(transport) as client:
            assert [tool.name for tool in (await client.list_tools()).tools] == ["search"]
            refused = await client.call_tool("ask", {"question": "When?"})
            assert refused.is_error
    nothing = await ask(provided, issuer.token(aud=f"{provided.address}/mcp", scope="openid"))
    assert nothing.status_code == 403
    challenge = nothing.headers["www-authenticate"]
    assert 'error="insufficient_scope"' in challenge
    assert 'scope="ask documents search sources"' in challenge


async def test_what_is_wrong_with_a_token_is_told(provided: Provided, issuer: TokenIssuer) -> None:
    audience = f"{provided.address}/mcp"
    for token, words in (
        (issuer.token(aud=audience, exp=1), "expired"),
        (issuer.token(aud="https://elsewhere.example.org"), "another service"),
        (issuer.token(aud=audience, preferred_username="stranger"), "No account"),
        ("not.a.token", "not one that"),
    ):
        refused = await ask(provided, token)
        assert refused.status_code == 401
        assert words in refused.json()["detail"]
        assert 'error="invalid_token"' in refused.headers["www-authenticate"]
    elsewhere = issuer.token(aud=audience)
    async with httpx2.AsyncClient(headers={"Authorization": f"Bearer {elsewhere}"}) as client:
        api = await client.get(f"{provided.address}/api/v1/sources")
    assert api.status_code == 401


async def test_an_account_that_is_disabled_stays_out(
    provided: Provided, issuer: TokenIssuer
) -> None:
    token = issuer.token(aud=f"{provided.address}/mcp", preferred_username="curator")
    assert (await ask(provided, token)).status_code == 200
    owner = provided.installation.database("owner")
    async with owner.write(None) as session:
        await service.set_disabled(session, "curator", disabled=True)
    await owner.close()
    refused = await ask(provided, token)
    assert refused.status_code == 401
    assert "No account" in refused.json()["detail"]


async def test_a_provider_that_is_down_is_told(provided: Provided, issuer: TokenIssuer) -> None:
    known = provided.api.state.identity_provider
    provided.api.state.identity_provider = IdentityProvider(
        "http://127.0.0.1:9", f"{provided.address}/mcp", "preferred_username"
    )
    down = await ask(provided, issuer.token(aud=f"{provided.address}/mcp"))
    provided.api.state.identity_provider = known
    assert down.status_code == 503
    assert "does not give its keys" in down.json()["detail"]


async def test_the_metadata_names_the_provider(provided: Provided, issuer: TokenIssuer) -> None:
    async with httpx2.AsyncClient() as stranger:
        refused = await stranger.post(f"{provided.address}/mcp", json={})
        challenge = refused.headers["www-authenticate"]
        address = challenge.partition('resource_metadata="')[2].rstrip('"')
        told: dict[str, Any] = (await stranger.get(address)).json()
    assert "error=" not in challenge
    read = ProtectedResourceMetadata.model_validate(told)
    assert str(read.resource) == f"{provided.address}/mcp"
    assert [str(server).rstrip("/") for server in read.authorization_servers] == [issuer.address]
