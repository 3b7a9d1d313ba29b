"""How the objects of a Git repository come here: its smart protocol over HTTPS or SSH, through dulwich.

No program is started and no hook is run, on either side but for the server's own `git upload-pack`.
"""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from io import BytesIO
from typing import Any, cast
from urllib.parse import urljoin, urlsplit

from dulwich.client import AbstractHttpGitClient, GitClient, SSHGitClient, SSHVendor

from centaure.kit.errors import Refused, Unavailable
from centaure.kit.outbound import LARGEST_ANSWER, Answer, Outbound
from centaure.knowledge.connectors.port import PlaceUnavailable

_MOST_REDIRECTS = 5
_MOVED = frozenset({301, 302, 303, 307, 308})
_ADVERTISED = "application/x-git-upload-pack-advertisement"
_READ_S = 60.0


@dataclass(slots=True)
class Budget:
    """How much may come, and until when on the monotonic clock."""

    bytes_left: int
    ends: float

    def spend(self, size: int) -> None:
        """Count what came.

        Raises:
            PlaceUnavailable: it is too much, or too late.
        """
        self.bytes_left -= size
        if self.bytes_left < 0:
            raise PlaceUnavailable(
                "The repository is larger than the option most_megabytes allows. Raise it, if the "
                "repository is meant to be so large."
            )
        if time.monotonic() > self.ends:
            raise PlaceUnavailable(
                "Fetching the repository takes too long; the next synchronisation tries again."
            )


@dataclass(slots=True)
class _Response:
    """What dulwich wants to know of an answer."""

    status: int
    content_type: str
    redirect_location: str
    close: Callable[[], None]


class HttpTransport(AbstractHttpGitClient):
    """Git's smart HTTP; redirects are followed only within the same site."""

    def __init__(self, base_url: str, outbound: Outbound, budget: Budget) -> None:
        """Opens nothing yet; `outbound` follows no redirect and knows the one host."""
        super().__init__(base_url, quiet=True)
        self._outbound = outbound
        self._budget = budget

    def _http_request(  # pyright: ignore[reportIncompatibleMethodOverride] - our answer has what dulwich reads
        self,
        url: str,
        headers: dict[str, str] | None = None,
        data: bytes | Iterator[bytes] | None = None,
        raise_for_status: bool = True,
    ) -> tuple[_Response, Callable[[int], bytes]]:
        _ = raise_for_status
        body = data if data is None or isinstance(data, bytes) else b"".join(data)
        asked = url
        for _attempt in range(_MOST_REDIRECTS):
            stack = ExitStack()
            try:
                answer = self._answer(stack, asked, headers, body)
                if answer.status_code not in _MOVED:
                    return self._response(stack, answer, url, asked)
            except BaseException:
                stack.close()
                raise
            stack.close()
            asked = self._moved(asked, answer, is_post=body is not None)
        raise PlaceUnavailable(f"{urlsplit(url).hostname} redirects in a circle.")

    def _answer(
        self, stack: ExitStack, url: str, headers: dict[str, str] | None, body: bytes | None
    ) -> Answer:
        # The length is counted anew by the client that sends the body.
        kept = {k: v for k, v in (headers or {}).items() if k.lower() != "content-length"}
        try:
            return stack.enter_context(
                self._outbound.stream(
                    "GET" if body is None else "POST",
                    url,
                    headers=kept,
                    content=body,
                    accept=_MOVED,
                )
            )
        except Refused as refused:
            raise _refused(url, refused.status_code) from None
        except Unavailable as error:
            raise PlaceUnavailable(error.message) from None

    def _response(
        self, stack: ExitStack, answer: Answer, url: str, asked: str
    ) -> tuple[_Response, Callable[[int], bytes]]:
        content_type = answer.headers.get("content-type", "").partition(";")[0].strip()
        if "info/refs" in asked and content_type != _ADVERTISED:
            raise PlaceUnavailable(
                f"There is no Git repository at {url.partition('/info/refs')[0]}, or its server does not "
                "speak Git's smart HTTP. Correct the location."
            )
        # The budget, which has better words for it, runs out before this does.
        pieces = answer.pieces(max(self._budget.bytes_left, 0) + LARGEST_ANSWER)
        reading = _Reading(pieces, self._budget)
        moved = asked if asked != url else ""
        return _Response(answer.status_code, content_type, moved, stack.close), reading.read

    def _moved(self, url: str, answer: Answer, *, is_post: bool) -> str:
        target = urljoin(url, answer.headers.get("location", ""))
        here, there = urlsplit(url), urlsplit(target)
        same = (here.scheme, here.netloc) == (there.scheme, there.netloc)
        if is_post or not same or not there.path.endswith("/info/refs"):
            raise PlaceUnavailable(
                f"The repository is not at {here.hostname}{here.path.removesuffix('/info/refs')} any more: "
                f"the server names an address on {there.hostname or 'no host'}. Correct the location."
            )
        return target


class _Reading:
    """Exactly so many bytes at a time, of pieces of any size."""

    def __init__(self, pieces: Iterator[bytes], budget: Budget) -> None:
        self._pieces = pieces
        self._budget = budget
        self._held = BytesIO()

    def read(self, size: int) -> bytes:
        parts = [self._held.read(size)]
        left = size - len(parts[0])
        while left > 0:
            try:
                piece = next(self._pieces, b"")
            except Unavailable as error:
                raise PlaceUnavailable(error.message) from None
            if not piece:
                break
            self._budget.spend(len(piece))
            self._held = BytesIO(piece)
            parts.append(self._held.read(left))
            left -= len(parts[-1])
        return b"".join(parts)


class _Channel:
    """A command that runs on the other side, as dulwich reads and writes it."""

    def __init__(self, transport: Any, command: bytes, budget: Budget) -> None:
        self._transport = transport
        self._budget = budget
        self._channel: Any = transport.open_session(timeout=_READ_S)
        self._channel.settimeout(_READ_S)
        self._channel.exec_command(command.decode())

    def can_read(self) -> bool:
        return bool(self._channel.recv_ready())

    def read(self, size: int | None = None) -> bytes:
        parts: list[bytes] = []
        left = 1 << 16 if size is None else size
        while left > 0:
            piece = cast("bytes", self._channel.recv(min(left, 1 << 16)))
            self._budget.spend(len(piece))
            if not piece:
                break
            parts.append(piece)
            left -= len(piece)
            if size is None:
                break
        return b"".join(parts)

    def write(self, data: bytes) -> int:
        self._channel.sendall(data)
        return len(data)

    def close(self) -> None:
        self._channel.close()
        self._transport.close()


class _Vendor(SSHVendor):
    def __init__(self, connected: Callable[[], Any], budget: Budget) -> None:
        self._connected = connected
        self._budget = budget

    def run_command(self, host: str, command: bytes, *args: Any, **more: Any) -> Any:
        """On the server that `connected` reaches, signed in already."""
        _ = host, args, more
        transport = self._connected()
        try:
            return _Channel(transport, command, self._budget)
        except BaseException:
            transport.close()
            raise


def ssh_transport(host: str, connected: Callable[[], Any], budget: Budget) -> GitClient:
    """Git over SSH.

    Args:
        host: for messages.
        connected: gives a paramiko transport, its host key checked, signed in.
        budget: of what comes.
    """
    return SSHGitClient(host, vendor=_Vendor(connected, budget), quiet=True)


def _refused(url: str, status: int) -> PlaceUnavailable:
    host = urlsplit(url).hostname
    if status in {401, 403}:
        return PlaceUnavailable(
            f"{host} does not let this repository be read with these credentials (HTTP {status}). Check "
            "the username and the token, and that the token may read the repository."
        )
    if status in {404, 410}:
        path = re.sub(r"/(info/refs|git-upload-pack)$", "", urlsplit(url).path)
        return PlaceUnavailable(
            f"{host} knows no repository {path}, or does not show it to these credentials. Correct the "
            "location, or give a username and a token."
        )
    return PlaceUnavailable(
        f"{host} answers with HTTP {status}. The next synchronisation tries again."
    )
