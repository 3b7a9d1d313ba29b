"""Sentences and records show no query of an address: it may be signed, and so a secret."""

import logging
from contextlib import closing

import pytest

from centaure.kit.errors import CentaureError
from centaure.kit.outbound import Outbound
from centaure.knowledge.connectors.answers import parsed
from centaure.knowledge.connectors.twins.server import Answered, Twin

SECRET = "signature-4711"


class Signing(Twin):
    def __init__(self):
        super().__init__()
        self.near = self.serve(self._answer_near)
        self.far = self.serve(self._answer_far)

    def _answer_near(self, asked):
        return Answered(302, b"", {"Location": f"{self.far.url}{asked.path}?sig={SECRET}"})

    def _answer_far(self, asked):
        return Answered(
            500 if asked.path == "/broken" else 200,
            b"words" if asked.path == "/words" else b"[" * 100_000,
        )


@pytest.fixture
def servers():
    with Signing() as servers:
        yield servers


@pytest.mark.parametrize(
    ("path", "use"),
    [
        ("/broken", lambda outbound, url: outbound.request("GET", url)),
        ("/words", lambda outbound, url: outbound.request("GET", url).json()),
        ("/file", lambda outbound, url: parsed(outbound.request("GET", url))),
        ("/file", lambda outbound, url: outbound.request("GET", url, most=10)),
    ],
    ids=["refused", "no JSON", "too deep", "too large"],
)
def test_a_sentence_names_the_address_asked_and_no_query(servers, caplog, path, use):
    caplog.set_level(logging.INFO)
    url = f"{servers.near.url}{path}"
    with (
        closing(Outbound(hosts=("127.0.0.1",))) as outbound,
        pytest.raises(CentaureError) as raised,
    ):
        use(outbound, f"{url}?token={SECRET}")
    assert SECRET not in raised.value.message
    assert url in raised.value.message
    assert SECRET not in caplog.text
