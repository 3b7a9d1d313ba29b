"""Every package's jobs, by the name that their tasks begin with, and what they are given to work with."""

from procrastinate import Blueprint

from centaure.app.installation import Installation
from centaure.kit.database import Database
from centaure.knowledge.retrieval.jobs import jobs as search
from centaure.knowledge.sources.index_jobs import jobs as index
from centaure.knowledge.sources.jobs import jobs as sources
from centaure.knowledge.sources.reindexing import Means

BLUEPRINTS: dict[str, Blueprint] = {"sources": sources, "index": index, "search": search}


def index_means(installation: Installation) -> Means:
    """What the index is built with."""
    return Means(
        parsers=installation.settings.worker_processes,
        places=installation.places(),
        models=installation.models(),
    )


def worker_context(installation: Installation, database: Database) -> dict[str, object]:
    """What every job finds in its `additional_context`."""
    return {
        "database": database,
        "parsers": installation.settings.worker_processes,
        "places": installation.places(),
        "means": index_means(installation),
        "feedback": installation.settings.feedback,
        "failed_questions": installation.settings.keep_failed_questions,
    }
