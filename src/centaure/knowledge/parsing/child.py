"""The parser process: one request a line on standard input, one answer a line on standard output.

Run by `ParserProcess` as `python -m centaure.knowledge.parsing.child MEMORY CPU_SECONDS`. It bounds
itself before it reads anything, writes no file, and ends with all that it started as soon as its
standard input closes, even in the middle of a file.
"""

import json
import os
import queue
import resource
import signal
import sys
import threading
from pathlib import Path
from typing import Any

from centaure.knowledge.parsing import wire
from centaure.knowledge.parsing.errors import ParseFailure
from centaure.knowledge.parsing.limits import DEFAULT_LIMITS
from centaure.knowledge.parsing.parser import parse_file

# Allocators give little back: a process that once grew this far is replaced after its answer.
_RETIRE_SHARE = 0.4


def _bound(memory: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(256, hard) if hard > 0 else 256, hard))


def _grant_cpu(seconds: int) -> None:
    """Lets the next request use this much more processor time; past it the system ends us."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + seconds, hard))


def _listen(requests: "queue.SimpleQueue[str]") -> None:
    for line in sys.stdin:
        requests.put(line)
    # The owner is gone. Its group is ours alone: recognition under way ends too.
    os.killpg(0, signal.SIGKILL)


def _answer(request: dict[str, Any]) -> dict[str, object]:
    path = Path(request["path"])
    match request["task"]:
        case "parse":
            return {"outcome": wire.encode_outcome(parse_file(path, request["name"]))}
        case "render":
            from centaure.knowledge.parsing.rendering import (  # noqa: PLC0415  # pdfium and pillow
                render_page,
            )

            picture = render_page(
                path,
                request["page"],
                wire.decode_boxes(request["boxes"]),
                request["quote"],
                request["scale"],
            )
            return {"content": wire.encode_bytes(picture)}
        case _:
            from centaure.knowledge.parsing.mail import (  # noqa: PLC0415  # only where asked for
                extract_attachment,
            )

            found = extract_attachment(path, request["name"], DEFAULT_LIMITS)
            return {"attachment": wire.encode_attachment(found)}


def main() -> None:
    memory, cpu_seconds = int(sys.argv[1]), int(sys.argv[2])
    # Libraries print; only answers may reach the pipe.
    answers = os.fdopen(os.dup(1), "w", encoding="ascii")
    os.dup2(2, 1)
    _bound(memory)
    requests: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(requests,), daemon=True).start()
    while True:
        request = json.loads(requests.get())
        _grant_cpu(cpu_seconds)
        answer: dict[str, object]
        try:
            answer = _answer(request)
        except ParseFailure as failure:
            answer = {"failure": [failure.status.value, failure.reason]}
        except MemoryError:
            answer = {"failure": ["too_large", "This takes more memory than one file may take."]}
        except Exception as error:  # noqa: BLE001  # the edge: the owner hears of it and goes on
            answer = {"failure": ["corrupted", f"The file is damaged ({type(error).__name__})."]}
        answer["retire"] = _peak_bytes() > memory * _RETIRE_SHARE
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


def _peak_bytes() -> int:
    """Largest resident memory of this program so far.

    What `getrusage` says of a program that was just started counts that of the one that started it.
    """
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
        return next(
            int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM")
        )
    except (OSError, StopIteration, ValueError):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


if __name__ == "__main__":
    main()
