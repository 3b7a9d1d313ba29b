"""A redirect to another host takes no credentials along, however they were given."""

import base64
from contextlib import closing

import pytest

from centaure.kit.errors import Unavailable
from centaure.kit.outbound import Outbound
from centaure.knowledge.connectors.twins.server import Answered, Twin


class Redirecting(Twin):
    def __init__(self):
        super().__init__()
        self.seen = []
        self.near = self.serve(self._answer_near)
        self.far = self.serve(self._answer_far)

    def _answer_near(self, asked):
        self.seen.append(asked.headers.get("authorization", ""))
        target = {"/far": f"{self.far.url}/", "/round": "/round"}.get(asked.path)
        return Answered(302, b"", {"Location": target}) if target else Answered(200, b"near")

    def _answer_far(self, asked):
        self.seen.append(asked.headers.get("authorization", ""))
        return Answered(200, b"far")


@pytest.fixture
def servers():
    with Redirecting() as servers:
        yield servers


@pytest.mark.parametrize(
    "given",
    [
        {"basic": ("ada", "secret")},
        {"headers": {"Authorization": "Bearer secret"}},
    ],
    ids=["user and password", "header"],
)
def test_credentials_stay_with_their_origin(servers, given):
    with closing(Outbound(hosts=("127.0.0.1",), **given)) as outbound:
        assert outbound.request("GET", f"{servers.near.url}/far").content == b"far"
    first, second = servers.seen
    assert first.startswith(("Basic", "Bearer"))
    assert second == ""


def test_credentials_of_a_user_and_password_are_sent_to_their_own_host(servers):
    with closing(Outbound(hosts=("127.0.0.1",), basic=("ada", "secret"))) as outbound:
        assert outbound.request("GET", f"{servers.near.url}/").content == b"near"
    assert servers.seen == [f"Basic {base64.b64encode(b'ada:secret').decode()}"]


def test_a_redirect_to_an_unknown_host_is_not_followed(servers):
    servers.far.url = "http://attacker.example.org"
    with (
        closing(Outbound(hosts=("127.0.0.1",))) as outbound,
        pytest.raises(Unavailable, match="not a host that may be spoken to"),
    ):
        outbound.request("GET", f"{servers.near.url}/far")


def test_a_circle_of_redirects_ends(servers):
    with (
        closing(Outbound(hosts=("127.0.0.1",))) as outbound,
        pytest.raises(Unavailable, match="in a circle"),
    ):
        outbound.request("GET", f"{servers.near.url}/round")
