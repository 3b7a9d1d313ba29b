"""The built page is sent in the smallest form that a browser takes, and is the same in each."""

import gzip
from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI

from centaure.app.pages import serve_pages

pytestmark = pytest.mark.anyio

SCRIPT = b"console.log('the same, whatever its form');" * 50


@pytest.fixture
def client(tmp_path: Path) -> httpx2.AsyncClient:
    assets = tmp_path / "assets"
    assets.mkdir()
    (tmp_path / "index.html").write_text("<!doctype html><title>Centaure</title>")
    (assets / "page-abc.js").write_bytes(SCRIPT)
    (assets / "page-abc.js.gz").write_bytes(gzip.compress(SCRIPT))
    (assets / "page-abc.js.br").write_bytes(b"as the build made it")
    (assets / "alone-abc.js").write_bytes(SCRIPT)
    api = FastAPI()
    serve_pages(api, tmp_path)
    transport = httpx2.ASGITransport(app=api)
    return httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1")


@pytest.mark.parametrize(
    ("accepted", "sent"),
    [
        ("gzip", "gzip"),
        ("deflate, gzip;q=1.0", "gzip"),
        ("identity", None),
        ("gzip;q=0", None),
        ("", None),
    ],
)
async def test_a_text_comes_in_a_form_that_is_accepted(
    client: httpx2.AsyncClient, accepted: str, sent: str | None
) -> None:
    got = await client.get("/assets/page-abc.js", headers={"Accept-Encoding": accepted})
    assert got.status_code == 200
    assert got.headers.get("content-encoding") == sent
    assert got.headers["vary"] == "Accept-Encoding"
    assert got.headers["content-type"].startswith("text/javascript")
    assert "immutable" in got.headers["cache-control"]
    assert got.content == SCRIPT


async def test_the_smallest_comes_first_and_what_has_one_form_comes_in_it(
    client: httpx2.AsyncClient,
) -> None:
    accepted = {"Accept-Encoding": "gzip, deflate, br"}
    async with client.stream("GET", "/assets/page-abc.js", headers=accepted) as got:
        assert got.headers["content-encoding"] == "br"
        assert got.headers["content-type"].startswith("text/javascript")
    whole = await client.get("/assets/alone-abc.js", headers=accepted)
    assert "content-encoding" not in whole.headers
    assert whole.content == SCRIPT
    assert (await client.get("/assets/absent.js", headers=accepted)).status_code == 404
