"""The job queue: procrastinate on the same database, so that a job and its data commit together.

Every job runs at least once, so every job is idempotent. A job whose worker was killed stays marked as
being done; the sweeper, in every worker, gives it back to the queue once its worker's heartbeat is old.
"""

import logging
from copy import deepcopy

from procrastinate import App, Blueprint, JobContext, PsycopgConnector
from procrastinate.exceptions import ConnectorException, UniqueViolation
from procrastinate.jobs import Status

from centaure.kit.database import SEARCH_PATH, Database

log = logging.getLogger(__name__)

HEARTBEAT_S = 5.0
STALLED_S = 15.0
POLLING_S = 2.0  # for jobs that return to the queue: of new ones the worker is told at once

WAITED_FOR = "waited-for"
"""The queue of jobs that somebody waits for: each worker keeps a place for them, however busy it is."""

housekeeping = Blueprint()


def open_queue(database: Database, blueprints: dict[str, Blueprint], *, pool_size: int = 4) -> App:
    """The queue as the database's role sees it; use it as `async with queue.open_async():`.

    Args:
        database: gives the address and the role.
        blueprints: the packages' jobs, by the name that their tasks begin with.
        pool_size: most connections of the queue.
    """
    connector = PsycopgConnector(
        conninfo=database.conninfo,
        kwargs={"options": f"-c search_path={SEARCH_PATH}"},
        min_size=1,
        max_size=pool_size,
    )
    queue = App(connector=connector)
    # A queue renames the tasks that it takes: each gets copies, so that a process may open several.
    for namespace, blueprint in (*blueprints.items(), ("housekeeping", housekeeping)):
        queue.add_tasks_from(deepcopy(blueprint), namespace=namespace)
    return queue


@housekeeping.periodic(cron="* * * * * */5")
@housekeeping.task(name="retry_stalled", queueing_lock="retry_stalled", pass_context=True)
async def retry_stalled(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 - procrastinate's
    """Give back to the queue the jobs whose worker stopped beating; forget such workers."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_S):
        log.warning("Job %s of a worker that is gone returns to the queue.", job.id)
        try:
            await manager.retry_job(job)
        except UniqueViolation:
            # One more of its kind was asked for meanwhile, waits for this one to end, and does its work.
            await manager.finish_job(job, Status.FAILED, delete_job=False)
        except ConnectorException as error:
            log.warning(
                "Job %s was not given back (%s); the next round tries again.", job.id, error
            )
    await manager.prune_stalled_workers(seconds_since_heartbeat=STALLED_S * 4)
