"""The gateway on a real database, in front of a service over HTTP."""

import asyncio
from dataclasses import replace

import pytest

from centaure.app.installation import Installation
from centaure.gateway import administration as admin
from centaure.gateway.calls import Call, NoModel, Purpose
from centaure.gateway.catalogue import Lifecycle
from centaure.gateway.chat import SILENCE_S, ChatRequest, Message
from centaure.gateway.descriptions import ModelDescription
from centaure.gateway.live import FRESH_S, LiveCatalogue
from centaure.gateway.providers import LiveProviders
from centaure.gateway.records import Records
from centaure.gateway.service import Gateway
from centaure.gateway.simulation import Fault, SimulatedService
from centaure.identity import service
from centaure.kit.database import Database
from centaure.kit.errors import Unavailable
from centaure.kit.vault import Vault

pytestmark = pytest.mark.anyio

AT_ONCE = 100
CONNECTIONS = 5


async def build(
    clean: Installation, simulated: SimulatedService, silence_s: float = SILENCE_S
) -> tuple[Database, Gateway, Call]:
    """A gateway on few connections, one model of class C1, and a call of somebody."""
    vault = Vault.of(clean.settings)
    described = ModelDescription(
        name="one", location=simulated.address, model="simulated", lifecycle=Lifecycle.APPROVED
    )
    owner = clean.database("owner")
    async with owner.write(None) as session:
        user = await service.create_user(session, "lea", "Léa")
        await admin.add(session, described, "sk-key", vault)
    await owner.close()
    database = Database(clean.schema.conninfo("app"), pool_size=CONNECTIONS)
    providers = LiveProviders(vault, silence_s=silence_s)
    gateway = Gateway(LiveCatalogue(database), providers, Records(database, clean.settings))
    request = ChatRequest((Message("user", "Say something."),), most_tokens=50)
    call = Call(request=request, principal=user.id, purpose=Purpose.ANSWER, classification=1)
    return database, gateway, call


async def test_a_slow_model_holds_no_connection_of_the_database(
    clean: Installation, simulated: SimulatedService
) -> None:
    database, gateway, call = await build(clean, simulated)
    assert await gateway.complete(call)
    simulated.behaviour = replace(simulated.behaviour, latency_s=120.0)
    slow = replace(call, first_s=100.0)
    asking = [asyncio.create_task(gateway.complete(slow)) for _ in range(AT_ONCE)]
    async with asyncio.timeout(60):
        while simulated.open < AT_ONCE:  # noqa: ASYNC110 - the service knows nothing of this loop
            await asyncio.sleep(0.02)
    async with database.read(call.principal) as session:
        opened = await session.value("select count(*) from model_generation where ended is null")
    assert opened == AT_ONCE
    for task in asking:
        task.cancel()
    await asyncio.wait(asking)
    await gateway.close()
    async with database.read(call.principal) as session:
        ends = await session.rows(
            "select ended, count(*) from model_generation group by ended order by ended"
        )
    assert [tuple(row) for row in ends] == [("cancelled", AT_ONCE), ("done", 1)]
    await database.close()


async def test_a_model_that_is_retired_or_lowered_is_asked_no_more(
    clean: Installation, simulated: SimulatedService
) -> None:
    database, gateway, call = await build(clean, simulated)
    vault = Vault.of(clean.settings)
    assert await gateway.complete(call)
    indexer = clean.database("indexer")
    for change in ({"highest": "C0"}, {"highest": "C3", "lifecycle": "retired"}):
        [model] = await gateway.models()
        async with indexer.write(None) as session:
            await admin.change(session, model, change, None, vault)
        await asyncio.sleep(FRESH_S + 0.05)
        with pytest.raises(NoModel):
            await gateway.complete(call)
    assert simulated.asked == 1
    await indexer.close()
    await gateway.close()
    await database.close()


async def test_a_model_that_falls_silent_is_recorded_as_cut(
    clean: Installation, simulated: SimulatedService
) -> None:
    database, gateway, call = await build(clean, simulated, silence_s=0.2)
    simulated.behaviour = replace(simulated.behaviour, fault=Fault.STALL)
    heard = 0

    async def listen() -> None:
        nonlocal heard
        async with gateway.speak(call) as spoken:
            async for delta in spoken:
                heard += len(delta.text)

    with pytest.raises(Unavailable, match="one took too long"):
        await listen()
    await gateway.close()
    async with database.read(call.principal) as session:
        row = await session.one("select ended, answer_characters from model_generation")
    assert tuple(row) == ("cut", heard)
    await database.close()
