"""Synchronisations in processes of their own, to be killed at any moment.

Argument: the address of the database as the worker's role. Each line read is the number of a source: a
process is forked for it, `started PID` is written, and `ended STATUS` when it is over. The fork comes
after the imports, so that the moment of a kill falls in the work and not in the start of Python.
"""

import asyncio
import os
import sys
import traceback

from centaure.kit.database import Database
from centaure.knowledge.sources.sync import SyncOptions, sync_source


async def synchronise(address: str, source_id: int) -> None:
    database = Database(address)
    try:
        await sync_source(database, source_id, options=SyncOptions(wait=True))
    finally:
        await database.close()


def say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def main(address: str) -> None:
    for line in iter(sys.stdin.readline, ""):
        child = os.fork()
        if child == 0:
            try:
                asyncio.run(synchronise(address, int(line)))
            except BaseException:  # noqa: BLE001 - the edge of the forked process
                traceback.print_exc()
                os._exit(1)
            os._exit(0)
        say(f"started {child}")
        _, status = os.waitpid(child, 0)
        say(f"ended {os.waitstatus_to_exitcode(status)}")


if __name__ == "__main__":
    main(sys.argv[1])
