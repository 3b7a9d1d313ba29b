"""Speaking to Microsoft Graph: tokens that are renewed, pages, batches, and answers that are bounded."""

import base64
import json
import re
import secrets
import threading
import time
import urllib.parse
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from centaure.kit.outbound import Answer, Outbound
from centaure.knowledge.connectors.answers import (
    Record,
    number,
    parsed,
    place_errors,
    record,
    records,
    text,
)
from centaure.knowledge.connectors.port import PlaceUnavailable

LARGEST_PAGE = 32 * 1024 * 1024
LARGEST_BATCH = 20
_ANSWERS = frozenset({400, 401, 403, 404, 410, 423})
_EARLY_S = 300
_ASSERTION_S = 600
_MOST_PAGES = 100_000


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer of Graph.

    Attributes:
        status: of HTTP.
        body: as it was parsed; empty where it was no object.
        said_at: the server's own time, in seconds since 1970.
    """

    status: int
    body: Record
    said_at: float

    @property
    def code(self) -> str:
        """The code of an error, such as `itemNotFound`."""
        return text(self.body, "error", "code")


@dataclass(frozen=True, slots=True)
class Credentials:
    """Of an application that a tenant registered; the secret or the certificate, or both.

    Attributes:
        certificate: the private key and the certificate, in PEM; "" where there is none.
    """

    login_url: str
    tenant: str
    client_id: str
    secret: str
    certificate: str

    def __repr__(self) -> str:
        """Without secrets."""
        return f"Credentials({self.tenant!r}, {self.client_id!r})"


class Tokens:
    """Access tokens of one application for one service, renewed before they end; shared by threads."""

    def __init__(self, outbound: Outbound, credentials: Credentials, scope: str) -> None:
        self._outbound = outbound
        self._credentials = credentials
        self._scope = scope
        self._lock = threading.Lock()
        self._token = ""
        self._ends = 0.0

    def current(self, *, not_this: str = "") -> str:
        """A token that the service should take.

        Args:
            not_this: a token that it did not take.

        Raises:
            PlaceUnavailable: the credentials are refused.
        """
        with self._lock:
            if not self._token or self._token == not_this or time.monotonic() > self._ends:
                self._renew()
            return self._token

    def _renew(self) -> None:
        known = self._credentials
        url = f"{known.login_url}/{urllib.parse.quote(known.tenant, safe='')}/oauth2/v2.0/token"
        form = {
            "grant_type": "client_credentials",
            "client_id": known.client_id,
            "scope": self._scope,
        }
        if known.certificate:
            form["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
            form["client_assertion"] = client_assertion(known.certificate, known.client_id, url)
        else:
            form["client_secret"] = known.secret
        with place_errors():
            answer = self._outbound.request(
                "POST", url, data=form, accept=_ANSWERS, most=LARGEST_PAGE
            )
            body = parsed(answer)
        token = text(body, "access_token")
        if answer.status_code != 200 or not _is_header(token):
            code = re.search(r"AADSTS\d+", text(body, "error_description"))
            raise PlaceUnavailable(
                f"Microsoft refuses these credentials ({code[0] if code else answer.status_code}). Check "
                "tenant, client_id and client_secret, and whether the secret has ended."
            )
        self._token = token
        self._ends = time.monotonic() + (number(body, "expires_in") or 0) - _EARLY_S


class Graph:
    """Requests to Graph, or to SharePoint's own service. Errors are `PlaceUnavailable` throughout."""

    def __init__(self, outbound: Outbound, downloads: Outbound, tokens: Tokens, url: str) -> None:
        self.url = url
        self._outbound = outbound
        self._downloads = downloads
        self._tokens = tokens

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Reply:
        """Ask for a path below the address, or a whole link that the service gave.

        An answer of 400, 403, 404, 410 or 423 is a reply like another.

        Raises:
            PlaceUnavailable: no answer, a refusal, a link to elsewhere.
        """
        return self._ask("GET", path, headers or {}, None)

    def needed(self, path: str, what: str) -> Record:
        """As `get`, where no other answer than 200 is of use.

        Args:
            path: as in `get`.
            what: that is asked for, for the sentence.
        """
        reply = self.get(path)
        if reply.status != 200:
            raise PlaceUnavailable(
                f"{what} cannot be read (HTTP {reply.status} {_word(reply.code)}). Check the address, and "
                "whether the application may read it (Sites.Read.All or Sites.Selected)."
            )
        return reply.body

    def pages(self, path: str, what: str) -> Iterator[Record]:
        """The objects of a list, page by page; errors as in `needed`."""
        link = path
        for _ in range(_MOST_PAGES):
            body = self.needed(link, what)
            yield from records(body, "value")
            following = text(body, "@odata.nextLink")
            if not following or following == link:
                return
            link = following
        raise PlaceUnavailable(f"{what} has no end.")

    def batch(self, paths: Sequence[str]) -> list[Reply]:
        """Several paths at once, 20 at most; what was told to wait is asked for again on its own."""
        if not paths:
            return []
        asked = [
            {"id": str(index), "method": "GET", "url": path} for index, path in enumerate(paths)
        ]
        reply = self._ask("POST", "/$batch", {}, {"requests": asked})
        if reply.status != 200:
            raise PlaceUnavailable(f"Microsoft Graph refuses a batch (HTTP {reply.status}).")
        replies: dict[str, Reply] = {}
        for response in records(reply.body, "responses"):
            status = number(response, "status") or 0
            replies[text(response, "id")] = Reply(status, record(response, "body"), reply.said_at)
        return [self._settled(replies.get(str(index)), path) for index, path in enumerate(paths)]

    def _settled(self, reply: Reply | None, path: str) -> Reply:
        final = reply is not None and (reply.status == 200 or reply.status in _ANSWERS - {401})
        return reply if reply is not None and final else self.get(path)

    @contextmanager
    def stream(self, path: str) -> Generator[Answer]:
        """The bytes behind a path; a redirect is followed without the token.

        Raises:
            Refused: the status is an error.
            Unavailable: no answer, or a host that is not known.
        """
        token = self._tokens.current()
        with self._downloads.stream(
            "GET", self._absolute(path), headers=_authorized(token), accept=_ANSWERS
        ) as answer:
            if answer.status_code != 401:
                yield answer
                return
        token = self._tokens.current(not_this=token)
        with self._downloads.stream(
            "GET", self._absolute(path), headers=_authorized(token), accept=_ANSWERS
        ) as answer:
            yield answer

    def _ask(self, method: str, path: str, headers: Mapping[str, str], document: object) -> Reply:
        url = self._absolute(path)
        token = self._tokens.current()
        with place_errors():
            answer = self._once(method, url, headers, document, token)
            if answer.status_code == 401:
                token = self._tokens.current(not_this=token)
                answer = self._once(method, url, headers, document, token)
            if answer.status_code == 401:
                raise PlaceUnavailable(
                    f"{urllib.parse.urlsplit(url).hostname} does not take the token that Microsoft gave. "
                    "Check what the application may read."
                )
            return Reply(answer.status_code, parsed(answer), _said_at(answer))

    def _once(
        self, method: str, url: str, headers: Mapping[str, str], document: object, token: str
    ) -> Answer:
        return self._outbound.request(
            method,
            url,
            headers={**headers, **_authorized(token), "Accept": "application/json"},
            json=document,
            accept=_ANSWERS,
            most=LARGEST_PAGE,
        )

    def _absolute(self, path: str) -> str:
        if path.startswith("/"):
            return f"{self.url}{path}"
        # A token is never sent along a link that the answers of a place, or a database, made up.
        if not path.startswith(f"{self.url}/"):
            raise PlaceUnavailable(
                f"{self.url} gave a link that leads elsewhere. Nothing was asked."
            )
        return path


def quoted(path: str) -> str:
    """A path inside a drive, as a part of an address; slashes stay."""
    return urllib.parse.quote(path)


def named(identifier: str) -> str:
    """An identifier as one step of an address, which leads nowhere else whatever it holds."""
    return urllib.parse.quote(identifier, safe="!,")


def client_assertion(pem: str, client_id: str, audience: str) -> str:
    """What proves that the application holds the key of its certificate (RFC 7523).

    Raises:
        PlaceUnavailable: the PEM holds no RSA key and certificate.
    """
    try:
        key = load_pem_private_key(pem.encode(), None)
        certificate = x509.load_pem_x509_certificate(pem.encode())
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = certificate = None
    if certificate is None or not isinstance(key, rsa.RSAPrivateKey):
        raise PlaceUnavailable(
            "The certificate cannot be used. Give one file in PEM with an RSA private key without a "
            "password and its certificate."
        )
    now = int(time.time())
    head = {
        "alg": "PS256",
        "typ": "JWT",
        "x5t#S256": _base64(certificate.fingerprint(hashes.SHA256())),
    }
    claims = {
        "aud": audience,
        "iss": client_id,
        "sub": client_id,
        "jti": secrets.token_hex(16),
        "nbf": now - 60,
        "exp": now + _ASSERTION_S,
    }
    signed = ".".join(_base64(json.dumps(part).encode()) for part in (head, claims))
    signature = key.sign(
        signed.encode(),
        padding.PSS(padding.MGF1(hashes.SHA256()), hashes.SHA256().digest_size),
        hashes.SHA256(),
    )
    return f"{signed}.{_base64(signature)}"


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _authorized(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _is_header(token: str) -> bool:
    return bool(token) and token.isascii() and token.isprintable()


def _word(code: str) -> str:
    """A code of the place, as long as it looks like one."""
    return code if re.fullmatch(r"\w{1,60}", code) else ""


def _said_at(answer: Answer) -> float:
    try:
        return parsedate_to_datetime(answer.headers.get("date", "")).timestamp()
    except (TypeError, ValueError):
        return time.time()
