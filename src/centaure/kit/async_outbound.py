"""Requests to other machines for those who wait in an event loop: bounded in time and size, to known hosts.

As `centaure.kit.outbound`, and made for answers that come piece by piece, a thousand at once. aiohttp speaks
HTTP; it is loaded with the first request, in a thread, since that takes longer than many an answer.
"""

import asyncio
import contextlib
import importlib
import io
import json as codec
import math
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from urllib.request import getproxies_environment, proxy_bypass

from centaure.kit.deadline import Deadline
from centaure.kit.errors import Unavailable
from centaure.kit.outbound import check_host, refused, shown, trusting, unavailable

if TYPE_CHECKING:
    import ssl

    import aiohttp

NONE: frozenset[int] = frozenset()
_KNOWN_MOST = 64
_KEPT_S = 30.0
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
_Sessions = tuple["aiohttp.ClientSession", "aiohttp.ClientSession"]
"""One that keeps its connections for the next request, and one whose connections are all new."""


class AsyncAnswer:
    """An answer that is read as it comes; it ends with the block of `AsyncOutbound.stream`.

    Attributes:
        asked: the address that was asked, without its query.
        status_code: of HTTP.
        headers: names in any case.
        content_type: as its header says.
    """

    def __init__(
        self, response: "aiohttp.ClientResponse", place: "_Place", most: int, deadline: Deadline
    ) -> None:
        self.asked = place.shown
        self.status_code = response.status
        self.headers: Mapping[str, str] = response.headers
        self.content_type = response.headers.get("content-type", "")
        self._content, self._url = response.content, place.url
        self._deadline = deadline
        self._left = self._most = most

    def started(self) -> None:
        """What was waited for has begun to come: from now on the whole counts, and each silence."""
        self._deadline.extend()

    async def read(self) -> bytes:
        """The next piece, all that has arrived; empty at the end.

        Raises:
            Unavailable: it is cut, too large, late, or not HTTP.
        """
        piece = b""
        self._deadline.waits()
        try:
            piece = await self._content.readany()
        except _faults():
            if not self._deadline.passed:
                raise Unavailable(f"{self.asked} cut its answer.") from None
        finally:
            self._deadline.heard()
        if self._deadline.passed:
            raise unavailable(self._url, TimeoutError())
        self._left -= len(piece)
        if self._left < 0:
            raise Unavailable(f"{self.asked} sent more than {self._most} bytes.")
        return piece

    async def whole(self) -> bytes:
        """All that is still to come; errors as in `read`."""
        pieces: list[bytes] = []
        while piece := await self.read():
            pieces.append(piece)
        return b"".join(pieces)

    async def json(self) -> Any:
        """The same, parsed.

        Raises:
            Unavailable: as in `read`, or it is not JSON.
        """
        try:
            return codec.loads(await self.whole())
        except (ValueError, RecursionError):
            raise Unavailable(f"{self.asked} did not answer with JSON.") from None


class AsyncOutbound:
    """A client of one service, for one event loop: each request is sent once, no redirect is followed.

    Only what a kept connection lost unanswered is sent again, over a new one (a GET, by aiohttp, over any).
    Leaving a request before its end closes its connection. As many run at once as are made.
    """

    def __init__(
        self,
        *,
        hosts: tuple[str, ...],
        headers: Mapping[str, str] | None = None,
        ca_file: str | None = None,
    ) -> None:
        """Opens nothing yet; arguments and errors as in `centaure.kit.outbound.Outbound`."""
        self._hosts = tuple(host.casefold() for host in hosts)
        self._headers = {"accept-encoding": "identity", **(headers or {})}
        self._places: dict[str, _Place] = {}
        self._ca_file = ca_file
        self._tls: ssl.SSLContext | None = trusting(ca_file) if ca_file else None
        self._sessions: _Sessions | None = None

    async def close(self) -> None:
        """Let go of connections."""
        sessions, self._sessions = self._sessions, None
        for session in sessions or ():
            await session.close()

    async def post(self, url: str, *, json: Any, most: int, longest_s: float) -> Any:
        """One request, its whole answer read and parsed; arguments and errors as in `stream`.

        Raises:
            Unavailable: also when the answer is not JSON.
        """
        async with self.stream("POST", url, json=json, most=most, longest_s=longest_s) as answer:
            return await answer.json()

    @contextlib.asynccontextmanager
    async def stream(  # noqa: PLR0913 - the parts of a request
        self,
        method: str,
        url: str,
        *,
        json: Any = None,
        most: int,
        first_s: float | None = None,
        silence_s: float = math.inf,
        longest_s: float,
        accept: frozenset[int] = NONE,
    ) -> AsyncGenerator[AsyncAnswer]:
        """One request, its answer to be read as it comes.

        Args:
            method: of HTTP.
            url: absolute.
            json: a document to send; None: no body.
            most: largest answer, in bytes.
            first_s: from now until the reader says `started`; None: only the whole counts.
            silence_s: longest that the reader, from then on, waits for one piece.
            longest_s: from now until the whole answer is there, read or not.
            accept: statuses from 300 on that are an answer like another.

        Raises:
            Refused: the status is none of success.
            Unavailable: no answer in time, a host that is not known, an answer too large or cut.
        """
        place = self._place(url)
        sessions = await self._ready(place)
        deadline = Deadline(longest_s, first_s, silence_s)
        content = None if json is None else codec.dumps(json, separators=(",", ":")).encode()
        try:
            async with asyncio.timeout_at(deadline.next):
                response = await self._send(sessions, method, place, content)
        except _faults() as error:
            raise _unavailable(place, error) from error
        deadline.guard(response.close)
        try:
            if response.status >= 300 and response.status not in accept:
                raise refused(response.status, response.headers, url)
            yield AsyncAnswer(response, place, most, deadline)
        finally:
            deadline.cancel()
            response.close()  # one that was read to its end has given its connection back already

    def _place(self, url: str) -> "_Place":
        """An address, looked at once."""
        known = self._places.get(url)
        if known is None:
            check_host(url, self._hosts)
            parts = urlsplit(url)
            host, secure = parts.hostname or "", parts.scheme == "https"
            known = _Place(url, host, shown(url), _proxy(host) if secure else None, secure=secure)
            if len(self._places) < _KNOWN_MOST:
                self._places[url] = known
        return known

    async def _ready(self, place: "_Place") -> _Sessions:
        if place.secure and self._tls is None:
            self._tls = await asyncio.to_thread(trusting, self._ca_file)
        if self._sessions is None:
            await asyncio.to_thread(importlib.import_module, "aiohttp")
        if self._sessions is None:
            headers = self._headers
            self._sessions = _session(headers, keeps=True), _session(headers, keeps=False)
        return self._sessions

    async def _send(
        self, sessions: _Sessions, method: str, place: "_Place", content: bytes | None
    ) -> "aiohttp.ClientResponse":
        """The answer as it begins; what a connection that was kept lost unanswered goes over a new one."""
        keeping, fresh = sessions
        way = SimpleNamespace(kept=False)

        async def over(session: "aiohttp.ClientSession") -> "aiohttp.ClientResponse":
            return await session.request(
                method,
                place.url,
                data=None if content is None else io.BytesIO(content),
                headers=None if content is None else {"content-type": "application/json"},
                allow_redirects=False,
                proxy=place.proxy,
                ssl=(place.secure and self._tls) or True,
                trace_request_ctx=way,
            )

        try:
            return await over(keeping)
        except _lost():
            if not way.kept:
                raise
        return await over(fresh)


@dataclass(frozen=True, slots=True)
class _Place:
    """An address, and what requests and sentences need of it."""

    url: str
    host: str
    shown: str
    proxy: str | None
    secure: bool


def _session(headers: Mapping[str, str], *, keeps: bool) -> "aiohttp.ClientSession":
    import aiohttp  # noqa: PLC0415 - loaded with the first request

    async def kept(_: object, request: SimpleNamespace, __: object) -> None:
        request.trace_request_ctx.kept = True

    connector = aiohttp.TCPConnector(
        limit=0, keepalive_timeout=_KEPT_S if keeps else None, force_close=not keeps
    )
    trace = aiohttp.TraceConfig()
    trace.on_connection_reuseconn.append(kept)
    return aiohttp.ClientSession(
        connector=connector,
        headers=headers,
        skip_auto_headers=("User-Agent",),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=None),  # `Deadline` watches
        auto_decompress=False,
        trust_env=False,  # it would read passwords from ~/.netrc too
        trace_configs=[trace],
    )


def _proxy(host: str) -> str | None:
    """The proxy that the environment names for a host.

    Raises:
        Unavailable: it is none that can be passed through.
    """
    proxies = getproxies_environment()
    written = proxies.get("https") or proxies.get("all")
    if not written or host in _LOCAL or proxy_bypass(host):
        return None
    address = written if "://" in written else f"http://{written}"
    if not address.startswith("http://"):
        raise Unavailable(
            f"{host} cannot be reached: only a proxy at an address of http:// can be passed through."
        )
    return address


def _faults() -> tuple[type[Exception], ...]:
    import aiohttp  # noqa: PLC0415 - as above

    return (aiohttp.ClientError, OSError)


def _lost() -> type[Exception]:
    import aiohttp  # noqa: PLC0415 - as above

    return aiohttp.ClientConnectionError


def _unavailable(place: _Place, error: Exception) -> Unavailable:
    """Why no answer came, as a sentence; aiohttp's own words may quote what was sent, and came."""
    import aiohttp  # noqa: PLC0415 - as above

    match error:
        case aiohttp.ClientHttpProxyError():
            return Unavailable(
                f"{place.host} cannot be reached: the proxy answers with HTTP {error.status}."
            )
        case aiohttp.ClientConnectorCertificateError():
            return unavailable(place.url, error.certificate_error)
        case aiohttp.ClientConnectorError():
            return unavailable(place.url, error.os_error)
        case aiohttp.ServerDisconnectedError():
            lost = ConnectionResetError("the connection was closed without an answer")
            return unavailable(place.url, lost)
        case OSError():
            return unavailable(place.url, error)
        case _:
            return Unavailable(
                f"{place.host} cannot be understood: it did not answer with HTTP/1.1."
            )
