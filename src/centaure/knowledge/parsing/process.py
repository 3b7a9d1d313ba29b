"""Parsing in a child process, so that a hostile or huge file harms nothing but itself."""

import json
import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Self, cast

from centaure.knowledge.parsing import wire
from centaure.knowledge.parsing.blocks import Attachment, Box, ParseOutcome, ParseStatus
from centaure.knowledge.parsing.errors import (
    BrokenFile,
    FileTooLarge,
    NothingToRead,
    OcrUnavailable,
    ParseFailure,
    PasswordNeeded,
    UnsupportedFile,
)
from centaure.knowledge.parsing.limits import MEBIBYTE

_FAILURES: dict[str, type[ParseFailure]] = {
    kind.status.value: kind
    for kind in (
        NothingToRead,
        PasswordNeeded,
        BrokenFile,
        UnsupportedFile,
        FileTooLarge,
        OcrUnavailable,
    )
}
# What the child needs of the environment; secrets stay out of the reach of hostile files.
_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PYTHONPATH", "TESSDATA_PREFIX", "TZ")
_PIECE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class ProcessLimits:
    """Bounds of one request.

    Attributes:
        memory_bytes: address space of the process.
        cpu_seconds: processor time of the process, without that of tesseract.
        wall_seconds: time from request to answer.
        answer_bytes: longest answer.
    """

    memory_bytes: int = 2048 * MEBIBYTE
    cpu_seconds: int = 180
    wall_seconds: float = 600.0
    answer_bytes: int = 512 * MEBIBYTE


class ParserProcess:
    """A child process that parses one file after another, replaced whenever it fails.

    Once its context is left, no other child is started: what is asked then is refused as a broken file.

    Starts at the first request. One request at a time; threads that share it wait for each other.
    The child ends when this object is closed and when this process dies, however it dies.
    """

    def __init__(self, limits: ProcessLimits | None = None) -> None:
        self._limits = limits or ProcessLimits()
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._left = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        # A thread that nobody waits for any more may still be about to ask.
        with self._lock:
            self._left = True
            self._end()

    def close(self) -> None:
        """Ends the child. A later request starts another."""
        with self._lock:
            self._end()

    def parse(self, path: Path, name: str | None = None) -> ParseOutcome:
        """As `parse_file`, in the child; whatever happens there is an outcome with its reason."""
        try:
            answer = self._ask({"task": "parse", "path": str(path), "name": name})
            return wire.decode_outcome(answer.get("outcome"))
        except ParseFailure as failure:
            return ParseOutcome(failure.status, failure.reason, None)
        except wire.MalformedAnswerError:
            self.close()
            return ParseOutcome(
                ParseStatus.CORRUPTED,
                "The file made the parser answer nonsense: it was not read.",
                None,
            )

    def render(
        self,
        path: Path,
        page: int,
        boxes: Sequence[Box] = (),
        quote: str | None = None,
        scale: float = 1.5,
    ) -> bytes:
        """As `render_page`, in the child.

        Raises:
            ParseFailure: there is no such page, or it cannot be drawn.
        """
        request: dict[str, object] = {
            "task": "render",
            "path": str(path),
            "page": page,
            "boxes": wire.encode_boxes(tuple(boxes)),
            "quote": quote,
            "scale": scale,
        }
        try:
            content = wire.decode_bytes(self._ask(request).get("content"))
        except wire.MalformedAnswerError as error:
            self.close()
            raise BrokenFile("The page could not be drawn.") from error
        if not content.startswith(b"\x89PNG"):
            self.close()
            raise BrokenFile("The page could not be drawn.")
        return content

    def extract_attachment(self, path: Path, inner_path: str) -> Attachment:
        """The attachment of a message by the name that parsing gave it ("a.eml/b.pdf" nests).

        Raises:
            ParseFailure: the message cannot be read, or holds no such attachment.
        """
        try:
            answer = self._ask({"task": "extract", "path": str(path), "name": inner_path})
            return wire.decode_attachment(answer.get("attachment"))
        except wire.MalformedAnswerError as error:
            self.close()
            raise BrokenFile("The attachment could not be read.") from error

    def _ask(self, request: dict[str, object]) -> dict[str, object]:
        with self._lock:
            process = self._running()
            try:
                line = self._exchange(process, json.dumps(request).encode("ascii") + b"\n")
            except BaseException:
                self._end()
                raise
            try:
                answer = cast("object", json.loads(line))
            except (ValueError, RecursionError) as error:
                self._end()
                raise wire.MalformedAnswerError("not JSON") from error
            if not isinstance(answer, dict):
                self._end()
                raise wire.MalformedAnswerError("not an object")
            fields = cast("dict[str, object]", answer)
            if fields.get("retire") is not False:
                self._end()
        failure = fields.get("failure")
        if isinstance(failure, list):
            status, reason = (str(item) for item in [*cast("list[object]", failure), "", ""][:2])
            raise _FAILURES.get(status, BrokenFile)(reason)
        return fields

    def _running(self) -> "subprocess.Popen[bytes]":
        if self._process is not None and self._process.poll() is None:
            return self._process
        if self._left:
            raise BrokenFile("Reading was ended before this file.")
        self._end()
        environment = {key: os.environ[key] for key in _ENVIRONMENT if key in os.environ}
        self._process = subprocess.Popen(  # noqa: S603  # this interpreter, our own module
            [
                sys.executable,
                "-B",
                "-m",
                "centaure.knowledge.parsing.child",
                str(self._limits.memory_bytes),
                str(self._limits.cpu_seconds),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env=environment,
        )
        return self._process

    def _exchange(self, process: "subprocess.Popen[bytes]", request: bytes) -> bytes:
        stdin, stdout = cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout)
        deadline = time.monotonic() + self._limits.wall_seconds
        try:
            stdin.write(request)
            stdin.flush()
        except BrokenPipeError as error:
            raise BrokenFile("The parser process could not start.") from error
        pieces: list[bytes] = []
        size = 0
        with selectors.DefaultSelector() as selector:
            selector.register(stdout, selectors.EVENT_READ)
            while True:
                left = deadline - time.monotonic()
                if left <= 0 or not selector.select(left):
                    raise FileTooLarge(
                        f"Reading the file took more than {self._limits.wall_seconds:.0f} seconds: "
                        "it was given up. Split it into smaller ones."
                    )
                piece = os.read(stdout.fileno(), _PIECE)
                if not piece:
                    raise self._death(process)
                pieces.append(piece)
                size += len(piece)
                if size > self._limits.answer_bytes:
                    raise FileTooLarge("The content of the file is too large to be taken over.")
                if piece.endswith(b"\n"):
                    return b"".join(pieces)

    def _death(self, process: "subprocess.Popen[bytes]") -> ParseFailure:
        code = process.wait(timeout=10)
        if code == -signal.SIGXCPU:
            return FileTooLarge(
                f"Reading the file took more than {self._limits.cpu_seconds} seconds of computing: "
                "it was given up. Split it into smaller ones."
            )
        return BrokenFile(
            "Reading the file made the parser crash: it is damaged, or needs more memory than one "
            "file may take. Open it in its own program and save it again."
        )

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(ProcessLookupError):
            # The whole group: recognition under way would outlive the child.
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):
                    pipe.close()
