"""Answers read to their end, cut, late or too large; connections kept, lost, through a proxy, over TLS."""

import asyncio
import contextlib
import ssl
import subprocess
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable
from pathlib import Path

import pytest

from centaure.kit.async_outbound import AsyncOutbound
from centaure.kit.errors import Refused, Unavailable

HOST = "models.example.org"  # of the certificate
Serving = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@contextlib.asynccontextmanager
async def serving(serve: Serving, tls: ssl.SSLContext | None = None) -> AsyncGenerator[int]:
    writers: list[asyncio.StreamWriter] = []

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        with contextlib.suppress(OSError, EOFError):
            await serve(reader, writer)
        writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for writer in writers:
            writer.transport.abort()
        await asyncio.sleep(0)


def says(answer: bytes) -> Serving:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()

    return serve


@contextlib.asynccontextmanager
async def client(
    host: str = "127.0.0.1", ca_file: str | None = None
) -> AsyncGenerator[AsyncOutbound]:
    outbound = AsyncOutbound(hosts=(host,), ca_file=ca_file)
    try:
        yield outbound
    finally:
        await outbound.close()


async def ask(port: int, most: int = 1000, longest_s: float = 10.0) -> bytes:
    url = f"http://127.0.0.1:{port}/a?b=c"
    async with (
        client() as outbound,
        outbound.stream("GET", url, most=most, longest_s=longest_s) as answer,
    ):
        return await answer.whole()


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("answer", "content"),
    [
        (b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nabc", b"abc"),
        (b"HTTP/1.1 200 OK\r\n\r\nabc", b"abc"),
        (b"HTTP/1.0 200\r\nconnection: close\r\n\r\nabc", b"abc"),
        (b"HTTP/1.1 204 No Content\r\n\r\n", b""),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\na", b"a"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n", b"ab"),
    ],
)
async def test_answers_are_read_to_their_end(answer: bytes, content: bytes) -> None:
    async with serving(says(answer)) as port:
        assert await ask(port) == content


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"", "closed without an answer"),
        (b"SSH-2.0-OpenSSH\r\n", "did not answer with HTTP"),
        (b"ICY 200 OK\r\n\r\n", "did not answer with HTTP"),
        (b"HTTP/1.1 200 OK\r\nx: " + b"x" * 100_000, "did not answer with HTTP"),
        (b"HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n", "did not answer with HTTP"),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc", "cut its answer"),
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\na", "cut its answer"),
        (
            b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\na",
            "did not answer with HTTP",
        ),
        (b"HTTP/1.1 200 OK\r\n\r\n" + b"a" * 1001, "more than 1000 bytes"),
    ],
)
async def test_what_is_no_answer_is_a_sentence(answer: bytes, words: str) -> None:
    async with serving(says(answer)) as port:
        with pytest.raises(Unavailable, match=words):
            await ask(port)


@pytest.mark.anyio
async def test_what_drips_ends_with_its_time_though_nobody_waits_for_it() -> None:
    gone = asyncio.Event()

    async def drip(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        try:
            while await asyncio.sleep(0.02, result=True):
                writer.write(b"a")
                await writer.drain()
        finally:
            gone.set()

    async with serving(drip) as port, client() as outbound, asyncio.timeout(20):
        with pytest.raises(Unavailable, match="in time"):
            await ask(port, longest_s=0.2)
        gone.clear()
        async with outbound.stream(
            "GET", f"http://127.0.0.1:{port}/", most=1000, longest_s=0.2
        ) as answer:
            await gone.wait()
            with pytest.raises(Unavailable, match="in time"):
                await answer.whole()


@pytest.mark.anyio
async def test_only_the_hosts_that_are_known_are_spoken_to() -> None:
    async with client("elsewhere.example.org") as outbound:
        with pytest.raises(Unavailable, match="not a host that may be spoken to"):
            await outbound.post("http://127.0.0.1:1/", json={}, most=10, longest_s=1)


def proxy_to(port: int, asked: list[bytes], status: bytes = b"200 OK") -> Serving:
    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65_536):
            writer.write(data)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 " + status + b"\r\n\r\n")
        there = await asyncio.open_connection("127.0.0.1", port)
        with contextlib.closing(there[1]):
            await asyncio.gather(pump(reader, there[1]), pump(there[0], writer))

    return serve


@pytest.mark.anyio
async def test_a_proxy_is_passed_through_and_the_host_is_known_by_its_certificate(
    authority: tuple[Path, ssl.SSLContext], monkeypatch: pytest.MonkeyPatch
) -> None:
    ca_file, tls = authority
    asked: list[bytes] = []
    answer = says(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")
    for name in ("no_proxy", "NO_PROXY", "all_proxy", "ALL_PROXY", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)
    async with serving(answer, tls) as port, serving(proxy_to(port, asked)) as proxy:
        monkeypatch.setenv("https_proxy", f"http://u:p%40ss@127.0.0.1:{proxy}")
        async with client(HOST, str(ca_file)) as outbound:
            assert await outbound.post(f"https://{HOST}/v1", json={}, most=10, longest_s=10) == {}
        async with client(HOST) as outbound:
            with pytest.raises(Unavailable, match=r"certificate of models\.example\.org is not"):
                await outbound.post(f"https://{HOST}/v1", json={}, most=10, longest_s=10)
        assert asked[0].startswith(b"CONNECT models.example.org:443 HTTP/1.1\r\n")
        assert b"proxy-authorization: basic dtpwqhnz" in asked[0].lower()


@pytest.mark.anyio
async def test_a_proxy_that_is_of_no_use_is_said_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("no_proxy", "NO_PROXY", "all_proxy", "ALL_PROXY", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)
    async with serving(says(b"HTTP/1.1 407 No\r\n\r\n")) as proxy:
        for address, words in (
            (f"http://u:secret@127.0.0.1:{proxy}", "the proxy answers with HTTP 407"),
            ("http://127.0.0.1:9", "cannot be reached"),
            ("socks5://127.0.0.1:1", "only a proxy at an address of http://"),
        ):
            monkeypatch.setenv("https_proxy", address)
            async with client(HOST) as outbound:
                with pytest.raises(Unavailable, match=words) as raised:
                    await outbound.post(f"https://{HOST}/v1", json={}, most=10, longest_s=10)
            assert "secret" not in str(raised.value)


@pytest.mark.anyio
async def test_an_error_keeps_what_the_service_says_of_waiting() -> None:
    async with serving(says(b"HTTP/1.1 429 Busy\r\nRetry-After: 3\r\n\r\n")) as port:
        with pytest.raises(Refused) as raised:
            await ask(port)
    assert raised.value.answer_headers["retry-after"] == "3"


@pytest.mark.anyio
async def test_what_makes_no_sense_later_ends_with_its_time_at_the_latest() -> None:
    told = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\r\n")
        await told.wait()
        writer.write(b"zz\r\n")
        await reader.read()

    async with serving(serve) as port, client() as outbound:
        url = f"http://127.0.0.1:{port}/"
        async with outbound.stream("GET", url, most=9, longest_s=1) as answer:
            assert await answer.read() == b"a"
            told.set()
            with pytest.raises(Unavailable):
                await answer.read()


def keeps(answers: list[bytes], seen: list[bytes]) -> Serving:
    """Answers with these over one connection, then closes it after one more request."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(b"connection")
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
            seen.append(await reader.readexactly(length))
            if not answers or not (answer := answers.pop(0)):
                return
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % len(answer) + answer)

    return serve


@pytest.mark.anyio
async def test_what_a_kept_connection_lost_unanswered_is_sent_once_more_over_a_new_one() -> None:
    seen: list[bytes] = []
    async with (
        serving(keeps([b"1", b"2", b"", b"4", b"", b""], seen)) as port,
        client() as outbound,
    ):
        url = f"http://127.0.0.1:{port}/"
        said = [await outbound.post(url, json=one, most=9, longest_s=9) for one in (1, 2, 4)]
        assert said == [1, 2, 4]
        assert seen == [b"connection", b"1", b"2", b"4", b"connection", b"4"]
        seen.clear()
        with pytest.raises(Unavailable, match="closed without an answer"):
            await outbound.post(url, json=5, most=9, longest_s=9)
        assert seen == [b"connection", b"5"]


@pytest.mark.anyio
async def test_leaving_early_closes_the_connection() -> None:
    gone = asyncio.Event()

    async def endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\na")
        await reader.read()
        gone.set()

    async with serving(endless) as port, client() as outbound, asyncio.timeout(20):
        url = f"http://127.0.0.1:{port}/"
        async with outbound.stream("GET", url, most=9, longest_s=60) as answer:
            assert await answer.read() == b"a"
        await gone.wait()


@pytest.mark.anyio
async def test_what_arrives_together_is_one_piece() -> None:
    chunks = b"".join(b"1\r\n%d\r\n" % (number % 10) for number in range(2000))
    head = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
    async with serving(says(head + chunks + b"0\r\n\r\n")) as port, client() as outbound:
        url = f"http://127.0.0.1:{port}/"
        async with outbound.stream("GET", url, most=9000, longest_s=60) as answer:
            pieces: list[bytes] = []
            while piece := await answer.read():
                pieces.append(piece)
    assert len(b"".join(pieces)) == 2000
    assert len(pieces) < 20


@pytest.mark.anyio
async def test_no_redirect_is_followed_no_cookie_kept_and_nothing_unpacked() -> None:
    asked: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for status in (b"200 OK", b"302 Found"):
            asked.append(await reader.readuntil(b"\r\n\r\n"))
            writer.write(b"HTTP/1.1 " + status + b"\r\nlocation: /b\r\nset-cookie: a=b\r\n")
            writer.write(b"content-encoding: gzip\r\ncontent-length: 1\r\n\r\nx")

    async with serving(serve) as port, client() as outbound:
        url = f"http://127.0.0.1:{port}/"
        async with outbound.stream("GET", url, most=9, longest_s=60) as answer:
            assert await answer.whole() == b"x"
        with pytest.raises(Refused) as raised:
            async with outbound.stream("GET", url, most=9, longest_s=60):
                pass
    assert raised.value.status_code == 302
    assert len(asked) == 2
    assert b"cookie" not in asked[1].lower()
    assert b"accept-encoding: identity\r\n" in asked[1].lower()


@pytest.mark.anyio
async def test_a_request_of_many_megabytes_arrives() -> None:
    seen: list[bytes] = []
    async with serving(keeps([b"1"], seen)) as port, client() as outbound:
        url = f"http://127.0.0.1:{port}/"
        assert await outbound.post(url, json="a" * 3_000_000, most=9, longest_s=60) == 1
    assert len(seen[1]) == 3_000_002


def test_a_process_that_asks_nothing_does_not_load_the_library() -> None:
    code = "import sys, centaure.app.api; assert 'aiohttp' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
