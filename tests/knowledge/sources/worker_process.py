"""`centaure worker`, to be killed at any moment and started again.

For each line read a process is forked that runs the command, `started PID` is written, and `ended STATUS`
when it is over. The fork comes after the imports, so that the moment of a kill falls in the work and not in
the start of Python; and a dead worker's job is given back after a second instead of fifteen.
"""

import os
import sys
import traceback

from centaure.app.cli.serve import worker
from centaure.kit import jobs


def say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def main() -> None:
    jobs.HEARTBEAT_S, jobs.STALLED_S = 0.2, 1.0
    for _ in iter(sys.stdin.readline, ""):
        child = os.fork()
        if child == 0:
            status = 0
            try:
                worker(once=False)
            except BaseException:  # noqa: BLE001 - the edge of the forked process
                traceback.print_exc()
                status = 1
            os._exit(status)
        say(f"started {child}")
        _, status = os.waitpid(child, 0)
        say(f"ended {os.waitstatus_to_exitcode(status)}")


if __name__ == "__main__":
    main()
