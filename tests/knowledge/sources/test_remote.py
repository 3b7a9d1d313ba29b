"""A bucket as a source: credentials encrypted, read by the worker, originals fetched for who may read."""

import logging
import os
from pathlib import Path
from typing import Any
from uuid import uuid4

import boto3
import pytest
from botocore.config import Config

from centaure.app.installation import Installation
from centaure.kit.database import Database
from centaure.kit.errors import Conflict, InvalidInput, NotFound, Unavailable
from centaure.kit.vault import Vault
from centaure.knowledge.connectors import PlaceUnavailable
from centaure.knowledge.documents.rendering import open_original
from centaure.knowledge.documents.service import locate_original
from centaure.knowledge.sources.places import Places
from centaure.knowledge.sources.service import NewSource, add_source
from centaure.knowledge.sources.sync import SyncOptions, sync_source
from knowledge.connectors.servers.s3 import S3Server, s3_server

pytestmark = pytest.mark.anyio

MANIFEST = """
users: [{id: alice}, {id: bob}]
rules:
  - {path: open, type: folder, classification: C1, read: {groups: ["*"]}}
  - {path: hr, type: folder, classification: C2, read: {users: [bob]}}
"""


@pytest.fixture
def server(started: Any) -> S3Server:
    return started(s3_server)


@pytest.fixture
def bucket(server: S3Server) -> Any:
    key, secret = server.writer
    client = boto3.resource(
        "s3",
        endpoint_url=server.endpoint,
        region_name="us-east-1",
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        config=Config(s3={"addressing_style": "path"}),
    )
    made = client.create_bucket(Bucket=f"library-{uuid4()}")
    made.put_object(Key="open/note.md", Body=b"# Notes\n\nThe canteen opens at noon.\n")
    made.put_object(Key="hr/pay.txt", Body=b"The pay scale of the year is confidential.\n")
    return made


class Library:
    def __init__(
        self,
        server: S3Server,
        bucket: Any,
        installation: Installation,
        indexer: Database,
        folder: Path,
    ) -> None:
        self.server, self.bucket, self.indexer = server, bucket, indexer
        self.places = installation.places()
        self.manifest = folder / "rights.yaml"
        self.manifest.write_text(MANIFEST)

    def new(self, **options: str) -> NewSource:
        key, secret = self.server.reader
        given = {
            "endpoint_url": self.server.endpoint,
            "region": "us-east-1",
            "key": key,
            "secret": secret,
        }
        location = f"s3://{self.bucket.name}/"
        return NewSource(location, "s3", manifest=self.manifest, options={**given, **options})

    async def sync(self, source: int, places: Places | None = None) -> Any:
        options = SyncOptions(places=places or self.places)
        return await sync_source(self.indexer, source, options=options)


@pytest.fixture
def library(
    server: S3Server, bucket: Any, installation: Installation, indexer: Database, tmp_path: Path
) -> Library:
    return Library(server, bucket, installation, indexer, tmp_path)


async def number_of(indexer: Database, login: str) -> int:
    async with indexer.read(None) as session:
        statement = "select principal_id from user_account where login = %(login)s"
        return int(await session.value(statement, {"login": login}))


async def test_a_bucket_is_read_kept_in_step_and_its_originals_are_fetched(
    library: Library, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    secret = library.server.reader[1]
    source = await add_source(library.indexer, library.new(), library.places)
    assert (source.kind, source.schedule_minutes) == ("s3", 60)
    assert "secret" not in source.options
    async with library.indexer.read(None) as session:
        rows = await session.rows("select * from source")
    assert secret not in str(tuple(rows[0]))
    assert (await library.sync(source.id)).report["new"] == 2
    alice, bob = [await number_of(library.indexer, login) for login in ("alice", "bob")]
    async with database.read(bob) as session:
        found = {row.path: row.id for row in await session.rows("select id, path from document")}
        assert set(found) == {"open/note.md", "hr/pay.txt"}
        original = await locate_original(session, found["hr/pay.txt"])
    with os.fdopen(open_original(library.places, original), "rb") as file:
        assert file.read() == b"The pay scale of the year is confidential.\n"
    async with database.read(alice) as session:
        assert [row.path for row in await session.rows("select path from document")] == [
            "open/note.md"
        ]
        with pytest.raises(NotFound):
            await locate_original(session, found["hr/pay.txt"])
    library.bucket.put_object(Key="hr/pay.txt", Body=b"Another pay scale.\n")
    with pytest.raises(NotFound):  # what was indexed is not there any more
        open_original(library.places, original)
    library.bucket.put_object(Key="open/moved.md", Body=b"# Notes\n\nThe canteen opens at noon.\n")
    library.bucket.Object("open/note.md").delete()
    report = (await library.sync(source.id)).report
    assert (report["changed"], report["moved"], report["deleted"], report["new"]) == (1, 1, 0, 0)
    assert (await library.sync(source.id)).report["unchanged"] == 2
    assert secret not in caplog.text


async def test_nobody_takes_the_credentials_with_a_row(library: Library, indexer: Database) -> None:
    source = await add_source(library.indexer, library.new(), library.places)
    elsewhere = Places(Vault(b"x" * 32))
    run = await library.sync(source.id, elsewhere)
    assert run.state == "held"
    assert "cannot be decrypted" in run.report["problem"]
    async with indexer.write(None) as session:
        await session.execute("update source set location = 's3://other-bucket/'")
    run = await library.sync(source.id)
    assert (run.state, "cannot be decrypted" in run.report["problem"]) == ("held", True)


async def test_what_cannot_be_added_is_said_and_nothing_is_kept(library: Library) -> None:
    with pytest.raises(InvalidInput, match="no option 'colour'"):
        await add_source(library.indexer, library.new(colour="red"), library.places)
    with pytest.raises((PlaceUnavailable, Unavailable)) as refused:
        await add_source(library.indexer, library.new(secret="wrong-secret-words"), library.places)
    assert "wrong-secret-words" not in str(refused.value)
    with pytest.raises(InvalidInput, match="no source of kind"):
        await add_source(library.indexer, NewSource("x", "shelf"), library.places)
    new = NewSource(f"s3://{library.bucket.name}/", "s3", options=library.new().options)
    with pytest.raises(InvalidInput, match="nobody could read"):
        await add_source(library.indexer, new, library.places)
    async with library.indexer.read(None) as session:
        assert await session.value("select count(*) from source") == 0
    await add_source(library.indexer, library.new(), library.places)
    with pytest.raises(Conflict):
        await add_source(library.indexer, library.new(), library.places)


async def test_a_place_that_refuses_later_keeps_what_was_read(library: Library) -> None:
    source = await add_source(library.indexer, library.new(), library.places)
    await library.sync(source.id)
    for summary in list(library.bucket.objects.all()):
        summary.delete()
    library.bucket.delete()
    run = await library.sync(source.id)
    assert run.state == "held"
    assert run.report["problem"]
    async with library.indexer.read(None) as session:
        assert await session.value("select count(*) from document") == 2
