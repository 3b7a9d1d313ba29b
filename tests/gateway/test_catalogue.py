"""The catalogue in the database: who sees it, who changes it, and how soon a process knows."""

import asyncio

import psycopg
import pytest

from centaure.app.installation import Installation
from centaure.gateway import administration as admin
from centaure.gateway.catalogue import CatalogueModel, find_model
from centaure.gateway.descriptions import ModelDescription, RuleDescription
from centaure.gateway.live import FRESH_S, LiveCatalogue
from centaure.gateway.providers import key_of
from centaure.identity import Role, service
from centaure.kit.database import Database, WriteSession
from centaure.kit.errors import Conflict, InvalidInput, NotFound, Unavailable
from centaure.kit.vault import Vault

pytestmark = pytest.mark.anyio

ADDRESS = "http://127.0.0.1:9/v1"
KEY = "sk-not-to-be-seen"


def described(name: str = "mistral", **more: object) -> ModelDescription:
    said = {"name": name, "location": ADDRESS, "model": "mistral-small", **more}
    return ModelDescription.model_validate(said)


async def change(
    session: WriteSession, changes: dict[str, object], key: str | None, vault: Vault
) -> CatalogueModel:
    return await admin.change(session, await find_model(session, "mistral"), changes, key, vault)


@pytest.fixture
def vault(clean: Installation) -> Vault:
    return Vault.of(clean.settings)


@pytest.fixture
async def administrator(clean: Installation) -> int:
    owner = clean.database("owner")
    async with owner.write(None) as session:
        user = await service.create_user(session, "anne", "Anne", {Role.READER, Role.ADMINISTRATOR})
        await service.create_user(session, "leo", "Léo", {Role.READER, Role.CURATOR, Role.AUDITOR})
    await owner.close()
    return user.id


async def test_a_process_sees_a_model_its_change_and_its_end_within_a_quarter_of_a_second(
    database: Database, indexer: Database, vault: Vault
) -> None:
    live = LiveCatalogue(database)
    assert (await live.now()).models == ()
    async with indexer.write(None) as session:
        added = await admin.add(session, described(languages=["fr"]), KEY, vault)
    await asyncio.sleep(FRESH_S + 0.05)
    seen = await live.now()
    assert seen.models == (added,)
    assert key_of(added, seen.secrets[added.id], vault) == KEY
    async with indexer.write(None) as session:
        await change(
            session,
            {"highest": "C3", "price_in": 0.5},
            None,
            vault,
        )
    await asyncio.sleep(FRESH_S + 0.05)
    [changed] = (await live.now()).models
    assert (changed.highest, changed.price_in, changed.languages) == (3, 0.5, ("fr",))
    assert changed.changed_at > added.changed_at
    async with indexer.write(None) as session:
        await admin.remove(session, await find_model(session, "mistral"))
    await asyncio.sleep(FRESH_S + 0.05)
    assert (await live.now()).models == ()


async def test_a_key_opens_for_its_address_only(
    database: Database, indexer: Database, vault: Vault
) -> None:
    other = "http://127.0.0.1:10/v1"
    async with indexer.write(None) as session:
        await admin.add(session, described(), KEY, vault)
        with pytest.raises(InvalidInput, match="its key"):
            await change(session, {"location": other}, None, vault)
    async with indexer.write(None) as session:
        await session.execute("update model set location = %(other)s", {"other": other})
    seen = await LiveCatalogue(database).now()
    with pytest.raises(Unavailable):
        key_of(seen.models[0], seen.secrets[seen.models[0].id], vault)


async def test_administrators_look_after_models_and_nobody_reads_a_secret(
    database: Database, administrator: int, vault: Vault
) -> None:
    async with database.write(administrator) as session:
        added = await admin.add(session, described(), KEY, vault)
        await admin.write_rules(session, [RuleDescription(name="all", models=["mistral"])])
    async with database.read(administrator) as session:
        assert [rule.name for rule in await admin.read_rules(session)] == ["all"]
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        async with database.read(administrator) as session:
            await session.rows("select secrets from model")
    for nobody in (None, administrator + 1):
        async with database.read(nobody) as session:
            assert await session.rows("select id from model") == []
            assert await admin.read_rules(session) == []
        with pytest.raises(NotFound):
            async with database.write(nobody) as session:
                await change(session, {"highest": "C3"}, None, vault)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            async with database.write(nobody) as session:
                await admin.add(session, described("other"), "", vault)
    async with database.write(administrator) as session:
        changed = await change(session, {"lifecycle": "retired"}, "", vault)
    seen = await LiveCatalogue(database).now()
    assert seen.models == (changed,)
    assert not seen.secrets
    assert changed.id == added.id


async def test_what_makes_no_sense_is_a_sentence(
    database: Database, administrator: int, vault: Vault
) -> None:
    async with database.write(administrator) as session:
        await admin.add(session, described(), "", vault)
        await admin.write_rules(session, [RuleDescription(name="all", models=["mistral"])])
    wrong: list[tuple[dict[str, object], str]] = [
        ({"highest": "C9"}, "highest"),
        ({"location": "http://example.org/v1"}, "in clear"),
        ({"name": "Centaure"}, "taken"),
        ({"kind": "extractive"}, "no address"),
        ({"parameters_active": 3, "parameters_total": 2}, "no more active"),
        ({"shape": "round"}, "shape"),
    ]
    for changes, said in wrong:
        with pytest.raises(InvalidInput, match=said):
            async with database.write(administrator) as session:
                await change(session, changes, "", vault)
    with pytest.raises(Conflict, match="names mistral"):
        async with database.write(administrator) as session:
            await admin.remove(session, await find_model(session, "mistral"))
    with pytest.raises(Conflict, match="names mistral"):
        async with database.write(administrator) as session:
            await change(session, {"name": "other"}, None, vault)
    with pytest.raises(Conflict, match="already"):
        async with database.write(administrator) as session:
            await admin.add(session, described(), "", vault)
    with pytest.raises(InvalidInput, match="not there"):
        async with database.write(administrator) as session:
            await admin.write_rules(session, [RuleDescription(name="all", models=["nobody"])])


async def test_what_changes_is_written_in_the_audit_without_names_or_keys(
    database: Database,
    administrator: int,
    vault: Vault,
    owner_connection: "psycopg.Connection[tuple[object, ...]]",
) -> None:
    async with database.write(administrator) as session:
        added = await admin.add(session, described(), KEY, vault)
        await change(session, {"highest": "C2"}, None, vault)
        await admin.write_rules(session, [])
        await admin.remove(session, await find_model(session, "mistral"))
    rows = owner_connection.execute(
        "select object, details ->> 'what' from audit_event order by id desc limit 4"
    ).fetchall()
    subject = f"model:{added.id}"
    assert rows == [
        (subject, "model_removed"),
        ("routing", "rules_changed"),
        (subject, "model_changed"),
        (subject, "model_added"),
    ]
    [(kept,)] = owner_connection.execute("select string_agg(details::text, '') from audit_event")
    assert KEY not in str(kept)
    assert "mistral" not in str(kept)


async def test_the_state_of_a_model_is_told(
    database: Database, indexer: Database, vault: Vault
) -> None:
    live = LiveCatalogue(database)
    async with indexer.write(None) as session:
        added = await admin.add(session, described(), "", vault)
    await live.tell(added, "It does not answer.")
    [seen] = (await live.now()).models
    assert seen.problem == "It does not answer."
    assert seen.changed_at == added.changed_at
