"""Page images and attachments, made in parser processes so that a hostile file harms nothing.

The files come from disk at the moment they are asked for: the database decides that a reader may open
them, this module that nothing outside the source's folder is opened.
"""

import asyncio
import tempfile
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from centaure.kit.errors import NotFound, Unavailable
from centaure.knowledge.documents.service import Original
from centaure.knowledge.parsing import Box, ParseFailure, ParserProcess

PATIENCE_S = 20.0
SCALE = 2.0  # pixels per point: 144 dpi reads well on a dense screen


class Renderer:
    """A few parser processes shared by the requests of one API process.

    Each thread has a process of its own: a request that is cancelled leaves its thread to finish, and
    no other request ever meets a process in the middle of something.
    """

    def __init__(self, processes: int = 2) -> None:
        self._threads = ThreadPoolExecutor(processes, thread_name_prefix="renderer")
        self._own = threading.local()
        self._processes: list[ParserProcess] = []

    def close(self) -> None:
        """End the threads and their processes."""
        self._threads.shutdown(wait=True, cancel_futures=True)
        for process in self._processes:
            process.close()

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
                return process.render(file_of(original), page, boxes, quote=quote, scale=SCALE)
            content = _inner(process, original)
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
        return await self._run(lambda process: _inner(process, original))

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
            self._own.process = ParserProcess()
            self._processes.append(self._own.process)
        return self._own.process


def _inner(process: ParserProcess, original: Original) -> bytes:
    return process.extract_attachment(file_of(original), "/".join(original.inner)).content


def file_of(original: Original) -> Path:
    """The file on disk, which must lie in the source's folder once links are followed.

    Raises:
        NotFound: it is gone, or lies elsewhere.
    """
    try:
        root = original.root.resolve(strict=True)
        path = (root / original.path).resolve(strict=True)
    except (OSError, ValueError):
        raise NotFound from None
    if not path.is_relative_to(root) or not path.is_file():
        raise NotFound
    return path
