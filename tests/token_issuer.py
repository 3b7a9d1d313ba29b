"""A small identity provider (OpenID Connect) on loopback, with its own keys; one person signs in there."""

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from listening import listening


class TokenIssuer:
    """The provider: what it publishes, and the tokens that it signs.

    Attributes:
        address: its identifier.
        asked: how often its keys were read.
        down: whether it answers with an error.
        unusable: whether it publishes no key that signs.
        person: who signs in at `/authorize`.
    """

    def __init__(self) -> None:
        self.address = ""
        self.asked = 0
        self.down = self.unusable = False
        self.person = "owner"
        self.private: dict[str, Any] = {}
        self.codes: dict[str, dict[str, str]] = {}
        self.rotate("first")

    def rotate(self, name: str, *, rsa_key: bool = False) -> None:
        """A new key in place of the others."""
        key = (
            rsa.generate_private_key(65537, 2048)
            if rsa_key
            else ec.generate_private_key(ec.SECP256R1())
        )
        self.private = {name: key}

    def token(self, **claims: Any) -> str:
        """An access token for an hour, with other claims where they are given; None leaves one out."""
        now = int(time.time())
        said = {
            "iss": self.address,
            "sub": "f3b0",
            "iat": now,
            "exp": now + 3600,
            "preferred_username": self.person,
            "scope": "openid search ask documents sources",
            **claims,
        }
        (name, key), *_ = self.private.items()
        algorithm = "RS256" if isinstance(key, rsa.RSAPrivateKey) else "ES256"
        said = {claim: value for claim, value in said.items() if value is not None}
        payload = json.dumps(said).encode()  # as it is: the library would refuse what is no claim
        return jwt.PyJWS().encode(payload, key, algorithm, headers={"kid": name, "typ": "at+jwt"})

    def published(self) -> list[dict[str, Any]]:
        """The public keys, as it publishes them."""
        keys: list[dict[str, Any]] = []
        for name, key in self.private.items():
            if isinstance(key, rsa.RSAPrivateKey):
                written = RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
            else:
                written = ECAlgorithm.to_jwk(key.public_key(), as_dict=True)
            keys.append({**written, "kid": name, "use": "sig"})
        return keys

    def app(self) -> Starlette:
        """Discovery, keys, and the authorization code flow with PKCE, for public clients."""
        routes = [
            Route("/.well-known/openid-configuration", self._describe),
            Route("/keys", self._publish),
            Route("/authorize", self._authorize),
            Route("/token", self._exchange, methods=["POST"]),
        ]
        return Starlette(routes=routes)

    async def _describe(self, _: Request) -> Response:
        if self.down:
            return Response(status_code=500)
        return JSONResponse(
            {
                "issuer": self.address,
                "jwks_uri": f"{self.address}/keys",
                "authorization_endpoint": f"{self.address}/authorize",
                "token_endpoint": f"{self.address}/token",
                "response_types_supported": ["code"],
                "code_challenge_methods_supported": ["S256"],
                "token_endpoint_auth_methods_supported": ["none"],
            }
        )

    async def _publish(self, _: Request) -> Response:
        self.asked += 1
        return JSONResponse({"keys": [] if self.unusable else self.published()})

    async def _authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        code = secrets.token_urlsafe()
        self.codes[code] = asked
        back = urlencode({"code": code, "state": asked["state"]})
        return RedirectResponse(f"{asked['redirect_uri']}?{back}")

    async def _exchange(self, request: Request) -> Response:
        sent = await request.form()
        asked = self.codes.pop(str(sent["code"]))
        proof = hashlib.sha256(str(sent["code_verifier"]).encode()).digest()
        challenge = base64.urlsafe_b64encode(proof).decode().rstrip("=")
        if challenge != asked["code_challenge"] or sent["resource"] != asked["resource"]:
            return JSONResponse({"error": "invalid_grant"}, 400)
        token = self.token(aud=asked["resource"], scope=asked["scope"])
        return JSONResponse({"access_token": token, "token_type": "Bearer", "expires_in": 3600})


@contextmanager
def issuing() -> Generator[TokenIssuer]:
    """A provider that listens until the end of the block."""
    issuer = TokenIssuer()
    with listening(issuer.app()) as address:
        issuer.address = address
        yield issuer
