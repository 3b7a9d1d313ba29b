"""Access tokens of an identity provider: what must be right, and that nothing else opens anything."""

import asyncio
import base64
import hashlib
import hmac
import json
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from centaure.identity import Scope, oidc, service
from centaure.identity.oidc import IdentityProvider
from centaure.kit.database import Database
from centaure.kit.errors import InvalidInput, NotSignedIn, Unavailable
from centaure.kit.settings import load_settings
from token_issuer import TokenIssuer, issuing

AUDIENCE = "https://centaure.example.org/mcp"
AddUser = Callable[..., Awaitable[int]]

pytestmark = pytest.mark.anyio


@dataclass
class Clock:
    """Time as the test says."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(scope="module")
def running() -> Iterator[TokenIssuer]:
    with issuing() as issuer:
        yield issuer


@pytest.fixture
def issuer(running: TokenIssuer) -> TokenIssuer:
    running.asked, running.person = 0, "owner"
    running.down = running.unusable = False
    running.rotate("first")
    return running


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def provider(issuer: TokenIssuer, clock: Clock) -> IdentityProvider:
    return IdentityProvider(issuer.address, AUDIENCE, "preferred_username", clock)


async def refusal(provider: IdentityProvider, database: Database, token: str) -> str:
    with pytest.raises(NotSignedIn) as refused:
        await provider.principal_of(database, token)
    return refused.value.message


def by_hand(header: object, claims: dict[str, object], secret: bytes = b"") -> str:
    """A token as no library would write it."""

    def part(said: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")

    signed = f"{part(header)}.{part(claims)}"
    proof = hmac.new(secret, signed.encode(), hashlib.sha256).digest() if secret else b""
    return f"{signed}.{base64.urlsafe_b64encode(proof).decode().rstrip('=')}"


async def test_a_token_opens_what_it_names_to_the_account_of_its_holder(
    issuer: TokenIssuer, provider: IdentityProvider, database: Database, add_user: AddUser
) -> None:
    account = await add_user("owner")
    holder = await provider.principal_of(
        database, issuer.token(aud=[AUDIENCE, "another"], scope="openid search administrator")
    )
    assert (holder.id, holder.login, holder.scopes) == (account, "owner", {Scope.SEARCH})
    assert (holder.key_id, holder.session_id) == (None, None)
    for named in ({"scope": None, "scp": "ask"}, {"scope": None, "scp": ["ask", 3, "account"]}):
        holder = await provider.principal_of(database, issuer.token(aud=AUDIENCE, **named))
        assert holder.scopes == {Scope.ASK}
    for unreadable in (None, 3, {"search": True}):
        holder = await provider.principal_of(database, issuer.token(aud=AUDIENCE, scope=unreadable))
        assert holder.scopes == frozenset()
    assert issuer.asked == 1


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        ({"aud": "https://elsewhere.example.org"}, "another service"),
        ({"aud": None}, "not one that"),
        ({"iss": "https://elsewhere.example.org"}, "another service"),
        ({"iss": None}, "not one that"),
        ({"exp": int(time.time()) - 60}, "expired"),
        ({"exp": None}, "not one that"),
        ({"nbf": int(time.time()) + 86_400}, "not one that"),
        ({"sub": None}, "not one that"),
        ({"exp": "soon"}, "not one that"),
    ],
)
async def test_one_wrong_claim_opens_nothing(  # noqa: PLR0913, PLR0917
    issuer: TokenIssuer,
    provider: IdentityProvider,
    database: Database,
    add_user: AddUser,
    claims: dict[str, object],
    words: str,
) -> None:
    await add_user("owner")
    token = issuer.token(**{"aud": AUDIENCE, **claims})
    assert words in await refusal(provider, database, token)


async def test_a_signature_that_proves_nothing_opens_nothing(
    issuer: TokenIssuer, provider: IdentityProvider, database: Database, add_user: AddUser
) -> None:
    await add_user("owner")
    issuer.rotate("first", rsa_key=True)
    good = issuer.token(aud=AUDIENCE)
    assert (await provider.principal_of(database, good)).login == "owner"
    claims = jwt.decode(good, options={"verify_signature": False})
    public = issuer.private["first"].public_key()
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    modulus = issuer.published()[0]["n"].encode()
    forged = [
        by_hand({"alg": "none", "kid": "first"}, claims),
        by_hand({"alg": "None", "kid": "first"}, claims),
        by_hand({"alg": "HS256", "kid": "first"}, claims, pem),
        by_hand({"alg": "HS256", "kid": "first"}, claims, modulus),
        by_hand({"alg": "RS256", "kid": "first"}, claims, pem),
        by_hand({"alg": "RS256"}, claims, pem),
        by_hand({"alg": "RS256", "kid": ["first"]}, claims, pem),
        by_hand({"alg": "RS256", "kid": "first", "crit": ["exp"]}, claims, pem),
        good.rpartition(".")[0] + ".",
        good[:-4] + ("AAAA" if not good.endswith("AAAA") else "BBBB"),
        good + "." + good,
        base64.urlsafe_b64encode(b"[" * 12_000).decode() + ".e30.",
        "a" * 100_000,
        "",
        "..",
    ]
    for token in forged:
        assert "not one that" in await refusal(provider, database, token)
    stranger = TokenIssuer()
    stranger.address = issuer.address
    assert "not one that" in await refusal(provider, database, stranger.token(aud=AUDIENCE))


@given(st.text(max_size=60), st.binary(max_size=60), st.binary(max_size=60))
@settings(max_examples=100, deadline=None)
def test_any_text_is_refused_in_a_sentence(text: str, head: bytes, body: bytes) -> None:
    parts = [base64.urlsafe_b64encode(part).decode() for part in (head, body, head)]
    for token in (text, ".".join(parts)):
        with pytest.raises(NotSignedIn):
            oidc._key_named(token)


ANYTHING = ([], ["RS256"], {}, {"RS256": 1}, None, True, 7, 1.5, "", "RS256", "\ud800", "9" * 5000)
HEADERS = ("alg", "kid", "typ", "crit", "b64", "jwk", "jku", "x5c", "cty", "zip")
CLAIMS = ("iss", "sub", "aud", "exp", "nbf", "iat", "jti", "preferred_username")


@pytest.mark.parametrize("name", HEADERS)
async def test_a_header_of_any_kind_of_value_opens_nothing(
    issuer: TokenIssuer, provider: IdentityProvider, database: Database, name: str
) -> None:
    claims = jwt.decode(issuer.token(aud=AUDIENCE), options={"verify_signature": False})
    for value in ANYTHING:
        token = by_hand({"alg": "ES256", "kid": "first", name: value}, claims, b"guessed")
        assert "not one that" in await refusal(provider, database, token)
    for said in ANYTHING:
        token = by_hand(said, claims, b"guessed")
        assert "not one that" in await refusal(provider, database, token)


@pytest.mark.parametrize("name", CLAIMS)
async def test_a_claim_of_any_kind_of_value_gives_no_fault(
    issuer: TokenIssuer,
    provider: IdentityProvider,
    database: Database,
    add_user: AddUser,
    name: str,
) -> None:
    await add_user("owner")
    infinite = (float("inf"), float("-inf"), float("nan"), 10**400)
    for value in (*ANYTHING, *infinite, [[]], [AUDIENCE, 7]):
        with suppress(NotSignedIn):
            await provider.principal_of(database, issuer.token(**{"aud": AUDIENCE, name: value}))
            assert name not in {"iss", "aud", "preferred_username"}


async def test_a_key_that_nobody_published_is_asked_for_now_and_then(
    issuer: TokenIssuer,
    provider: IdentityProvider,
    clock: Clock,
    database: Database,
    add_user: AddUser,
) -> None:
    await add_user("owner")
    stranger = TokenIssuer()
    stranger.address = issuer.address
    stranger.rotate("unknown")
    for _ in range(5):
        assert "not one that" in await refusal(provider, database, stranger.token(aud=AUDIENCE))
    assert issuer.asked == 1
    clock.now += oidc.PAUSE_S
    assert "not one that" in await refusal(provider, database, stranger.token(aud=AUDIENCE))
    assert issuer.asked == 2


async def test_a_key_that_took_the_place_of_another_is_found(
    issuer: TokenIssuer,
    provider: IdentityProvider,
    clock: Clock,
    database: Database,
    add_user: AddUser,
) -> None:
    await add_user("owner")
    old = issuer.token(aud=AUDIENCE)
    assert (await provider.principal_of(database, old)).login == "owner"
    issuer.rotate("second", rsa_key=True)
    clock.now += oidc.PAUSE_S
    new = issuer.token(aud=AUDIENCE)
    assert (await provider.principal_of(database, new)).login == "owner"
    assert "not one that" in await refusal(provider, database, old)


async def test_keys_are_kept_for_a_while_when_the_provider_is_down(
    issuer: TokenIssuer,
    provider: IdentityProvider,
    clock: Clock,
    database: Database,
    add_user: AddUser,
) -> None:
    await add_user("owner")
    token = issuer.token(aud=AUDIENCE)
    issuer.down = True
    with pytest.raises(Unavailable, match="does not give its keys"):
        await provider.principal_of(database, token)
    issuer.down = False
    clock.now += oidc.PAUSE_S
    assert (await provider.principal_of(database, token)).login == "owner"
    issuer.down = True
    clock.now += oidc.KEPT_S - 1
    assert (await provider.principal_of(database, token)).login == "owner"
    clock.now += oidc.PAUSE_S
    with pytest.raises(Unavailable, match="does not give its keys"):
        await provider.principal_of(database, token)
    nobody = IdentityProvider("http://127.0.0.1:9", AUDIENCE, "preferred_username")
    with pytest.raises(Unavailable):
        await nobody.principal_of(database, token)


async def test_keys_are_kept_when_the_provider_publishes_none_that_can_be_used(
    issuer: TokenIssuer,
    provider: IdentityProvider,
    clock: Clock,
    database: Database,
    add_user: AddUser,
) -> None:
    await add_user("owner")
    token = issuer.token(aud=AUDIENCE)
    issuer.unusable = True
    with pytest.raises(Unavailable, match="does not give its keys"):
        await provider.principal_of(database, token)
    issuer.unusable = False
    clock.now += oidc.PAUSE_S
    assert (await provider.principal_of(database, token)).login == "owner"
    issuer.unusable = True
    clock.now += oidc.FRESH_S + 1
    assert (await provider.principal_of(database, token)).login == "owner"
    assert issuer.asked == 3


async def test_a_provider_that_does_not_answer_in_time_is_one_that_is_down(
    issuer: TokenIssuer,
    provider: IdentityProvider,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def never(_: str) -> dict[str, object]:
        return await asyncio.get_running_loop().create_future()

    monkeypatch.setattr(oidc, "_document", never)
    monkeypatch.setattr(oidc, "ANSWER_S", 0.01)
    with pytest.raises(Unavailable, match="does not give its keys"):
        await provider.principal_of(database, issuer.token(aud=AUDIENCE))


@pytest.mark.parametrize("address", ["https://[", "http://login.example.org/keys", "", 7])
async def test_an_address_of_keys_that_cannot_be_used_is_as_none(
    issuer: TokenIssuer,
    provider: IdentityProvider,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    address: object,
) -> None:
    async def described(_: str) -> dict[str, object]:
        await asyncio.sleep(0)
        return {"issuer": issuer.address, "jwks_uri": address}

    monkeypatch.setattr(oidc, "_document", described)
    with pytest.raises(Unavailable, match="does not give its keys"):
        await provider.principal_of(database, issuer.token(aud=AUDIENCE))


async def test_a_provider_that_calls_itself_otherwise_is_none(
    issuer: TokenIssuer, database: Database
) -> None:
    provider = IdentityProvider(issuer.address + "/", AUDIENCE, "preferred_username")
    with pytest.raises(Unavailable):
        await provider.principal_of(database, issuer.token(aud=AUDIENCE))
    assert issuer.asked == 0


async def test_nobody_without_an_account_in_force_comes_in(
    issuer: TokenIssuer, provider: IdentityProvider, owner: Database, add_user: AddUser
) -> None:
    await add_user("owner")
    async with owner.write(None) as session:
        before = await service.list_users(session)
    unknown = await refusal(
        provider, owner, issuer.token(aud=AUDIENCE, preferred_username="nobody")
    )
    for login in (None, 7, "", "owner\0", "OWNER", ["owner"]):
        token = issuer.token(aud=AUDIENCE, preferred_username=login)
        assert await refusal(provider, owner, token) == unknown
    async with owner.write(None) as session:
        assert await service.list_users(session) == before
        await service.set_disabled(session, "owner", disabled=True)
    assert await refusal(provider, owner, issuer.token(aud=AUDIENCE)) == unknown


async def test_an_address_of_mail_counts_once_it_was_verified(
    issuer: TokenIssuer, database: Database, add_user: AddUser
) -> None:
    await add_user("owner@example.org")
    provider = IdentityProvider(issuer.address, AUDIENCE, "email")
    told = {"aud": AUDIENCE, "email": "owner@example.org"}
    for doubt in ({}, {"email_verified": False}, {"email_verified": "true"}):
        await refusal(provider, database, issuer.token(**told, **doubt))
    verified = issuer.token(**told, email_verified=True)
    assert (await provider.principal_of(database, verified)).login == "owner@example.org"


@pytest.mark.parametrize(
    ("written", "fits"),
    [
        ("", True),
        ("https://login.example.org/realms/staff", True),
        ("http://localhost:8080/realms/staff", True),
        ("http://login.example.org", False),
        ("https://", False),
        ("login.example.org", False),
        ("https://login.example.org?realm=staff", False),
    ],
)
def test_the_provider_is_spoken_to_in_secret(
    monkeypatch: pytest.MonkeyPatch, written: str, *, fits: bool
) -> None:
    monkeypatch.setenv("CENTAURE_OIDC_ISSUER", written)
    if fits:
        assert load_settings().oidc_issuer == written
    else:
        with pytest.raises(InvalidInput, match="CENTAURE_OIDC_ISSUER"):
            load_settings()


def test_keys_that_prove_nothing_are_left_out() -> None:
    good = TokenIssuer().published()[0]
    secret = {"kty": "oct", "k": "c2VjcmV0", "kid": "secret", "alg": "HS256"}
    others = [
        secret,
        {**good, "kid": "for encryption", "use": "enc"},
        {**good, "kid": 7},
        {**good, "kid": "no curve", "x": "AAAA"},
        "key",
        None,
        {},
    ]
    assert list(oidc._usable([*others, good])) == ["first"]
    for nothing in (None, {}, "keys"):
        assert oidc._usable(nothing) == {}
