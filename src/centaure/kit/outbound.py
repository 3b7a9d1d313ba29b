"""Requests to other machines: bounded in time and size, patient where asked to wait, to known hosts only.

For those who block; `centaure.kit.async_outbound` is the same for those who wait in an event loop.
"""

import fnmatch
import logging
import math
import random
import ssl
import time
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from typing import Any

import httpx2

from centaure.kit.errors import Late, Refused, Unavailable

TIMEOUT_S = 30.0
PATIENCE_S = 120.0
"""Longest time that one request waits in all because the other side asked to wait."""
ATTEMPTS = 5
LARGEST_ANSWER = 64 * 1024 * 1024
_WAIT = frozenset({429, 503})
_MOST_REDIRECTS = 5


class Answer:
    """An answer whose body is read, or read in pieces while `Outbound.stream` lasts.

    Attributes:
        url: where it came from, redirects followed. It may hold secrets (addresses that are signed) and is
            for code only: sentences name `asked`.
        asked: the address that was asked first, without its query.
    """

    def __init__(self, response: httpx2.Response, asked: str, ends: float = math.inf) -> None:
        self._response = response
        self._ends = ends
        self.asked = asked
        self.status_code = response.status_code
        self.headers: Mapping[str, str] = response.headers
        self.url = str(response.url)

    def whole(self, most: int) -> "Answer":
        """The same answer with its body read; errors as in `pieces`."""
        return _read(self._response, b"".join(self.pieces(most)), self.asked)

    @property
    def content(self) -> bytes:
        """The whole body."""
        return self._response.content

    @property
    def text(self) -> str:
        """The body as text."""
        return self._response.text

    def json(self) -> Any:
        """The body, parsed.

        Raises:
            Unavailable: it is not JSON.
        """
        try:
            return self._response.json()
        except ValueError:
            raise Unavailable(f"{self.asked} did not answer with JSON.") from None

    def pieces(self, most: int) -> Iterator[bytes]:
        """The body in pieces.

        Raises:
            Unavailable: it is larger than `most` bytes, takes too long, or the connection was lost.
        """
        received = 0
        try:
            # As they arrive: waiting for pieces of one size, nothing would see that somebody drips.
            for piece in self._response.iter_bytes():
                if time.monotonic() > self._ends:
                    raise Late(f"{self.asked} does not answer in time.")
                received += len(piece)
                if received > most:
                    raise Unavailable(f"{self.asked} sent more than {most} bytes.")
                yield piece
        except httpx2.HTTPError as error:
            raise unavailable(self.asked, error) from error


class Outbound:
    """A client of one service. Blocking, to be used in threads; safe to share between them."""

    def __init__(  # noqa: PLR0913 - what a service may need
        self,
        *,
        hosts: tuple[str, ...],
        headers: Mapping[str, str] | None = None,
        basic: tuple[str, str] | None = None,
        ca_file: str | None = None,
        timeout_s: float = TIMEOUT_S,
        longest_s: float = math.inf,
        redirects: bool = True,
        attempts: int = ATTEMPTS,
    ) -> None:
        """Opens nothing yet.

        Args:
            hosts: the only ones that are spoken to, redirects included: names, or patterns such as
                `*.example.org`.
            headers: of every request; not sent on to another host by a redirect when they authorise.
            basic: user and password.
            ca_file: certificates to trust besides the system's own.
            timeout_s: for the connection, and for each read.
            longest_s: for a whole answer, from when its headers are there.
            redirects: whether they are followed; else they are answers, to be named in `accept`.
            attempts: how often a request is sent, at most.

        Raises:
            Unavailable: `ca_file` cannot be read.
        """
        self._hosts = tuple(host.casefold() for host in hosts)
        self._longest_s = longest_s
        self._redirects = redirects
        self._attempts = attempts
        _quiet()
        self._client = httpx2.Client(
            headers=dict(headers or {}),
            auth=basic,
            verify=trusting(ca_file),
            timeout=timeout_s,
            follow_redirects=False,
            trust_env=True,
        )

    def close(self) -> None:
        """Let go of connections."""
        self._client.close()

    def request(  # noqa: PLR0913 - the parts of a request
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        data: Mapping[str, str] | None = None,
        json: Any = None,
        content: bytes | None = None,
        accept: frozenset[int] = frozenset(),
        most: int = LARGEST_ANSWER,
    ) -> Answer:
        """One request, its whole answer read.

        Args:
            method: of HTTP.
            url: absolute.
            headers: besides those of the client.
            data: a form to send.
            json: a document to send.
            content: a body to send as it is; its type is in the headers.
            accept: statuses from 300 on that are an answer like another (304, 404).
            most: largest answer, in bytes.

        Raises:
            Refused: the status is an error.
            Unavailable: no answer, a host that is not known, an answer too large.
        """
        with self.stream(
            method, url, headers=headers, data=data, json=json, content=content, accept=accept
        ) as answer:
            return answer.whole(most)

    @contextmanager
    def stream(  # noqa: PLR0913 - the parts of a request
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        data: Mapping[str, str] | None = None,
        json: Any = None,
        content: bytes | None = None,
        accept: frozenset[int] = frozenset(),
    ) -> Generator[Answer]:
        """One request, its answer to be read in pieces; arguments and errors as in `request`."""
        waited = 0.0
        for attempt in range(1, self._attempts + 1):
            request = self._client.build_request(
                method, url, headers=dict(headers or {}), data=data, json=json, content=content
            )
            try:
                response = self._send(request)
            except httpx2.TransportError as error:
                pause = _backoff(attempt)
                if attempt == self._attempts or waited + pause > PATIENCE_S or _is_final(error):
                    raise unavailable(url, error) from error
            else:
                if response.status_code not in _WAIT:
                    try:
                        if response.status_code >= 300 and response.status_code not in accept:
                            raise refused(response.status_code, response.headers, url)
                        yield Answer(response, shown(url), time.monotonic() + self._longest_s)
                    finally:
                        response.close()
                    return
                pause = asked_pause(response.headers) or _backoff(attempt)
                response.close()
                if attempt == self._attempts or waited + pause > PATIENCE_S:
                    raise Unavailable(
                        f"{request.url.host} asks to wait (HTTP {response.status_code}, "
                        f"{pause:.0f} s). The next synchronisation tries again."
                    )
            time.sleep(pause)
            waited += pause

    def _send(self, request: httpx2.Request) -> httpx2.Response:
        self._known(request.url)
        response = self._client.send(request, stream=True)
        for _ in range(_MOST_REDIRECTS):
            following = response.next_request
            if following is None or not self._redirects:
                return response
            response.close()
            if request.url.scheme == "https" and following.url.scheme != "https":
                raise Unavailable(f"{request.url.host} redirects to an address without HTTPS.")
            request = following
            self._known(request.url)
            # The client's own credentials would be added again, for whichever host it is by now; what
            # the same origin is to see is in the headers already.
            response = self._client.send(request, stream=True, auth=None)
        response.close()
        raise Unavailable(f"{request.url.host} redirects in a circle.")

    def _known(self, url: httpx2.URL) -> None:
        check_host(url, self._hosts)


def check_host(url: httpx2.URL | str, hosts: tuple[str, ...]) -> None:
    """Let nothing go to a host that is not among these names and patterns.

    Raises:
        Unavailable: it would.
    """
    parts = httpx2.URL(url)
    host = parts.host.casefold()
    if parts.scheme not in {"http", "https"} or not any(
        fnmatch.fnmatchcase(host, pattern) for pattern in hosts
    ):
        raise Unavailable(f"{parts.scheme}://{host} is not a host that may be spoken to.")


def trusting(ca_file: str | None) -> ssl.SSLContext:
    """The system's certificates, and those of a file.

    Raises:
        Unavailable: it cannot be read.
    """
    try:
        context = ssl.create_default_context()
        if ca_file:
            context.load_verify_locations(ca_file)
    except (OSError, ssl.SSLError) as error:
        raise Unavailable(f"The certificates in {ca_file} cannot be read ({error}).") from None
    return context


def _quiet() -> None:
    # It writes each address with its query, redirects included, and these may be signed.
    logging.getLogger("httpx2").setLevel(logging.WARNING)


def _read(response: httpx2.Response, content: bytes, asked: str) -> Answer:
    """An answer whose body is read already."""
    headers = [
        (name, value)
        for name, value in response.headers.items()
        if name not in {"content-encoding", "content-length", "transfer-encoding"}
    ]
    return Answer(
        httpx2.Response(
            response.status_code, headers=headers, content=content, request=response.request
        ),
        asked,
    )


def asked_pause(headers: Mapping[str, str]) -> float | None:
    """Seconds that Retry-After asks for (RFC 9110, section 10.2.3); None: it is not there."""
    asked = headers.get("retry-after", "").strip()
    if asked.isdecimal():
        return float(asked)
    try:
        return max(0.0, parsedate_to_datetime(asked).timestamp() - time.time())
    except (TypeError, ValueError):
        return None


def _backoff(attempt: int) -> float:
    return random.uniform(0.5, 1.0) * 2 ** (attempt - 1)  # noqa: S311 - not a secret


def _is_final(error: httpx2.TransportError) -> bool:
    return isinstance(error, httpx2.UnsupportedProtocol) or "CERTIFICATE_VERIFY" in str(error)


def shown(url: str) -> str:
    """An address as sentences may show it: its query may be a secret, and so may a user in it."""
    parts = httpx2.URL(url)
    port = f":{parts.port}" if parts.port else ""
    host = f"[{parts.host}]" if ":" in parts.host else parts.host
    return f"{parts.scheme}://{host}{port}{parts.path}"


def refused(status: int, headers: Mapping[str, str], url: str) -> Refused:
    """What a status of error means, as a sentence."""
    host = httpx2.URL(url).host
    if status in {401, 403}:
        words = (
            f"{host} refuses these credentials (HTTP {status}). Check them, and what they may read."
        )
    else:
        words = f"{host} answered with HTTP {status} for {shown(url)}."
    return Refused(words, status, headers)


def unavailable(url: str, error: Exception) -> Unavailable:
    """Why no answer came, as a sentence."""
    host = httpx2.URL(url).host
    words = str(error) or type(error).__name__
    if isinstance(error, httpx2.LocalProtocolError):  # it quotes what was to be sent, secrets too
        words = "what is to be sent to it is not valid HTTP"
    if "CERTIFICATE_VERIFY" in words:
        return Unavailable(
            f"The certificate of {host} is not valid here ({words}). If it is of your own authority, "
            "give the authority's certificate."
        )
    if isinstance(error, httpx2.TimeoutException | TimeoutError):
        return Late(f"{host} does not answer in time.")
    return Unavailable(f"{host} cannot be reached ({words}).")
