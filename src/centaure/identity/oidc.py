"""Access tokens of the organisation's identity provider (OpenID Connect), and whose they are.

Such a token is a JSON Web Token that the provider signed for us (RFC 9068). It opens the scopes that it
names, as an API key opens its own; rights follow from the account alone. No token makes an account:
whoever has none here comes in as little as somebody whose account is disabled.
"""

import asyncio
import logging
import math
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from centaure.identity import repository
from centaure.identity.principal import KEY_SCOPES, Principal, Scope
from centaure.kit.async_outbound import AsyncOutbound
from centaure.kit.database import Database
from centaure.kit.errors import CentaureError, NotSignedIn, Unavailable
from centaure.kit.settings import LOOPBACK, Settings

if TYPE_CHECKING:
    from jwt import PyJWK

log = logging.getLogger(__name__)

ALGORITHMS = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}
)
"""Signatures with a key that only the provider has: nobody else can make one with what it publishes."""
LONGEST_TOKEN = 16_384
LARGEST_ANSWER = 512 * 1024
ANSWER_S = 5.0
FRESH_S = 3600.0
"""Seconds after which the keys are asked for again."""
KEPT_S = 24 * 3600.0
"""Seconds after which keys that could not be asked for again count no more."""
PAUSE_S = 30.0
"""Seconds between two times that the provider is asked, whatever tokens name."""
LEEWAY_S = 30.0
"""Seconds by which the clocks of two machines may differ."""

_DISCOVERY = "/.well-known/openid-configuration"
_WRONG = "This access token is not one that the identity provider signed for Centaure."
_Keys = Mapping[str, "PyJWK"]


class IdentityProvider:
    """The provider whose tokens are taken; one for a process and its event loop."""

    def __init__(
        self,
        issuer: str,
        audience: str,
        login_claim: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Asks nothing yet.

        Args:
            issuer: the provider's identifier, exactly as its tokens write it.
            audience: that tokens must be for.
            login_claim: which claim holds the login of an account.
            clock: seconds since some moment.
        """
        self.issuer = issuer
        self._audience = audience
        self._login_claim = login_claim
        self._clock = clock
        self._keys: _Keys = {}
        self._read_at = self._asked_at = -math.inf
        self._asking = asyncio.Lock()

    @classmethod
    def of(cls, settings: Settings, audience: str) -> "IdentityProvider | None":
        """The provider of an installation, whose audience is this unless a setting says another."""
        if not settings.oidc_issuer:
            return None
        return cls(
            settings.oidc_issuer, settings.oidc_audience or audience, settings.oidc_login_claim
        )

    async def principal_of(self, database: Database, token: str) -> Principal:
        """Who is behind an access token, with the scopes that it names.

        Raises:
            NotSignedIn: it is not valid for us, or its holder has no account here, or a disabled one.
            Unavailable: the provider does not answer, and its keys are not known.
        """
        claims = await self._claims(token)
        login = _login(claims, self._login_claim)
        found = None if login is None else await repository.find_enabled_account(database, login)
        if found is None:
            raise NotSignedIn(
                f"No account here goes by the claim {self._login_claim} of this access token. Ask an "
                "administrator for one."
            )
        return Principal(found.id, found.login, found.name, found.roles, _scopes(claims))

    async def _claims(self, token: str) -> dict[str, Any]:
        """What a token says, all of it checked."""
        # Signatures are worked out in a thread, and so is the import that only tokens need.
        name = await asyncio.to_thread(_key_named, token)
        key = await self._key(name)
        return await asyncio.to_thread(_checked, token, key, self.issuer, self._audience)

    async def _key(self, name: str) -> "PyJWK":
        if name not in self._keys or self._age > FRESH_S:
            async with self._asking:
                if name not in self._keys or self._age > FRESH_S:
                    await self._ask()
        if self._age > KEPT_S:
            raise Unavailable(
                f"The identity provider {urlsplit(self.issuer).hostname} does not give its keys. Try "
                "again in a minute."
            )
        key = self._keys.get(name)
        if key is None:
            raise NotSignedIn(_WRONG)
        return key

    @property
    def _age(self) -> float:
        return self._clock() - self._read_at

    async def _ask(self) -> None:
        """Read the keys again, unless somebody did a moment ago; those known stay where it fails."""
        if self._clock() - self._asked_at < PAUSE_S:
            return
        self._asked_at = self._clock()
        try:
            self._keys = await self._published()
        except CentaureError as error:
            log.warning("The keys of the identity provider could not be read. %s", error.message)
        except TimeoutError:
            log.warning("The keys of the identity provider could not be read in time.")
        else:
            self._read_at = self._clock()

    async def _published(self) -> _Keys:
        """The keys that the provider publishes now (OpenID Connect Discovery 1.0, section 4).

        Raises:
            Unavailable: it does not answer, not as a provider of that name, or with no usable key.
            TimeoutError: it answers too slowly.
        """
        async with asyncio.timeout(2 * ANSWER_S):
            described = await _document(self.issuer.rstrip("/") + _DISCOVERY)
            address = described.get("jwks_uri")
            if described.get("issuer") != self.issuer or not isinstance(address, str):
                raise Unavailable(
                    f"{self.issuer} does not describe itself as an identity provider of that name. "
                    "CENTAURE_OIDC_ISSUER must be exactly what it calls itself."
                )
            if not _in_secret(address):
                raise Unavailable(f"{self.issuer} publishes its keys without HTTPS.")
            published = await _document(address)
        usable = await asyncio.to_thread(_usable, published.get("keys"))
        if not usable:
            raise Unavailable(f"{self.issuer} publishes no key that tokens can be checked with.")
        return usable


def _in_secret(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme == "https" or parts.hostname in LOOPBACK


async def _document(url: str) -> dict[str, Any]:
    outbound = AsyncOutbound(hosts=(urlsplit(url).hostname or "",))
    try:
        async with outbound.stream("GET", url, most=LARGEST_ANSWER, longest_s=ANSWER_S) as answer:
            document = await answer.json()
    finally:
        await outbound.close()
    return cast("dict[str, Any]", document) if isinstance(document, dict) else {}


def _usable(keys: Any) -> _Keys:
    """Those that tokens can be checked with, by name; one that cannot be read is as if it were not there."""
    import jwt  # noqa: PLC0415 - only where a provider is set

    usable: dict[str, PyJWK] = {}
    for written in cast("list[Any]", keys) if isinstance(keys, list) else []:
        try:
            key = jwt.PyJWK(written)
        except (jwt.PyJWTError, AttributeError, TypeError, ValueError):
            continue
        name = key.key_id
        signs = key.public_key_use in {None, "sig"} and key.algorithm_name in ALGORITHMS
        if isinstance(name, str) and signs:
            usable[name] = key
    return usable


def _key_named(token: str) -> str:
    """Which key a token says that it was signed with.

    Raises:
        NotSignedIn: it is no token, names no key, or its signature is of a kind that proves nothing.
    """
    import jwt  # noqa: PLC0415 - as above

    if len(token) > LONGEST_TOKEN:
        raise NotSignedIn(_WRONG)
    try:
        header = jwt.get_unverified_header(token)
    except (jwt.PyJWTError, ValueError, RecursionError):
        raise NotSignedIn(_WRONG) from None
    name, algorithm = header.get("kid"), header.get("alg")
    # The package does not check what is no text, such as a list.
    if not (isinstance(name, str) and isinstance(algorithm, str) and algorithm in ALGORITHMS):
        raise NotSignedIn(_WRONG)
    return name


def _checked(token: str, key: "PyJWK", issuer: str, audience: str) -> dict[str, Any]:
    """What a token says, once its signature, its times, its issuer and its audience are right.

    Raises:
        NotSignedIn: one of them is not.
    """
    import jwt  # noqa: PLC0415 - as above

    try:
        return jwt.PyJWT({"enforce_minimum_key_length": True}).decode(
            token,
            key,
            algorithms=[key.algorithm_name],
            issuer=issuer,
            audience=audience,
            leeway=LEEWAY_S,
            options={"require": ["exp", "iss", "aud", "sub"]},
        )
    except jwt.ExpiredSignatureError:
        raise NotSignedIn("This access token has expired. Sign in again.") from None
    except (jwt.InvalidAudienceError, jwt.InvalidIssuerError):
        raise NotSignedIn("This access token was made for another service.") from None
    except (jwt.PyJWTError, ValueError):
        raise NotSignedIn(_WRONG) from None


def _login(claims: Mapping[str, Any], claim: str) -> str | None:
    login = claims.get(claim)
    # No login has characters that are not seen, and the database takes neither NUL nor half a character.
    if not isinstance(login, str) or not login.isprintable():
        return None
    return None if claim == "email" and claims.get("email_verified") is not True else login


def _scopes(claims: Mapping[str, Any]) -> frozenset[Scope]:
    """The scopes that a token names, in either of the claims that providers write them in."""
    written = claims.get("scope", claims.get("scp", ""))
    names = written.split() if isinstance(written, str) else written
    return frozenset(scope for scope in KEY_SCOPES if isinstance(names, list) and scope in names)
