"""Page images, attachments and originals, from the very bytes that were indexed.

The database decides that a reader may open a document; this module that the file in its place is still
that document. A link, wherever on the way, or other bytes under the same name are as if nothing were there:
rights were given to what was indexed. What must be parsed is parsed in processes with limits.
"""

import asyncio
import os
import tempfile
import threading
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

from centaure.kit.errors import NotFound, Refused, Unavailable
from centaure.knowledge.connectors import (
    Fetched,
    ItemChanged,
    ItemGone,
    ItemTooLarge,
    ItemUnreadable,
    PlaceUnavailable,
)
from centaure.knowledge.documents.service import Original
from centaure.knowledge.parsing import Box, ParseFailure, ParserProcess, ProcessLimits
from centaure.knowledge.sources.places import Places

PATIENCE_S = 20.0
LIMITS = ProcessLimits(cpu_seconds=15, wall_seconds=int(PATIENCE_S))
SCALE = 2.0  # pixels per point: 144 dpi reads well on a dense screen


class Renderer:
    """A few parser processes shared by the requests of one API process.

    Each thread has a process of its own: a request that is cancelled leaves its thread to finish, and
    no other request ever meets a process in the middle of something.
    """

    def __init__(self, places: Places, processes: int = 2) -> None:
        self.places = places
        self._threads = ThreadPoolExecutor(processes, thread_name_prefix="renderer")
        self._own = threading.local()
        self._processes: list[ParserProcess] = []

    def close(self) -> None:
        """End the threads and their processes."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        for process in self._processes:
            process.close()
        self._threads.shutdown()

    async def page_image(
        self, original: Original, page: int, boxes: Sequence[Box], quote: str | None
    ) -> bytes:
        """The image of a page (PNG), the quote marked, or else the boxes.

        Raises:
            NotFound: the file is gone, or has no such page.
            Unavailable: too many images are being made.
        """

        def draw(process: ParserProcess) -> bytes:
            if not original.inner:
                with opened(self.places, original) as path:
                    return process.render(path, page, boxes, quote=quote, scale=SCALE)
            content = _inner(self.places, process, original)
            with tempfile.TemporaryDirectory(prefix="centaure-page-") as folder:
                copy = Path(folder) / "attachment"
                copy.write_bytes(content)
                return process.render(copy, page, boxes, quote=quote, scale=SCALE)

        return await self._run(draw)

    async def attachment(self, original: Original) -> bytes:
        """The bytes of a file inside a message.

        Raises:
            NotFound: the message is gone, or does not hold it any more.
            Unavailable: too many files are being opened.
        """
        return await self._run(lambda process: _inner(self.places, process, original))

    async def _run(self, work: Callable[[ParserProcess], bytes]) -> bytes:
        loop = asyncio.get_running_loop()
        future = loop.run_in_executor(self._threads, lambda: work(self._process()))
        try:
            return await asyncio.wait_for(future, PATIENCE_S)
        except ParseFailure:
            raise NotFound from None
        except TimeoutError:
            raise Unavailable("Many pages are being drawn. Try again in a few seconds.") from None

    def _process(self) -> ParserProcess:
        if not hasattr(self._own, "process"):
            self._own.process = ParserProcess(LIMITS)
            self._processes.append(self._own.process)
        return self._own.process


@contextmanager
def opened(places: Places, original: Original) -> Generator[Path]:
    """The file as it was indexed: a path that this process's children can open, valid inside only.

    Raises:
        NotFound: it is gone, a link took its place or that of a folder on the way, or it has changed.
        PlaceUnavailable: its place does not answer.
    """
    if original.copy is not None:
        yield original.copy
        return
    with _fetched(places, original) as fetched, fetched.path() as path:
        yield path


def open_original(places: Places, original: Original) -> int:
    """The same as a descriptor at its beginning, which the caller closes.

    Raises:
        NotFound: as `opened`.
        PlaceUnavailable: as `opened`.
    """
    if original.copy is not None:
        return os.open(original.copy, os.O_RDONLY | os.O_CLOEXEC)
    with _fetched(places, original) as fetched:
        descriptor = os.dup(fetched.descriptor)
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor


@contextmanager
def _fetched(places: Places, original: Original) -> Generator[Fetched]:
    """The bytes that were indexed, fetched again from their place."""
    connector = places.connector(original.kind, original.place)
    try:
        with ExitStack() as held:
            try:
                fetched = held.enter_context(connector.fetch(original.path))
                same = fetched.digest() == original.content_hash
            except (OSError, ItemChanged, ItemGone, ItemTooLarge, ItemUnreadable):
                raise NotFound from None
            except Refused as error:
                raise PlaceUnavailable(error.message) from None
            if not same:
                raise NotFound
            yield fetched
    finally:
        connector.close()


def _inner(places: Places, process: ParserProcess, original: Original) -> bytes:
    with opened(places, original) as path:
        return process.extract_attachment(path, "/".join(original.inner)).content
