"""Every package's jobs, by the name that their tasks begin with, and what they are given to work with."""

from procrastinate import Blueprint

from centaure.answering.conversations.files.jobs import jobs as files
from centaure.answering.conversations.jobs import jobs as conversations
from centaure.app.installation import Installation
from centaure.feedback.jobs import jobs as comparisons
from centaure.gateway.jobs import jobs as gateway
from centaure.kit.database import Database
from centaure.knowledge.retrieval.jobs import jobs as search
from centaure.knowledge.sources.folders import allowed_folders
from centaure.knowledge.sources.index_jobs import jobs as index
from centaure.knowledge.sources.jobs import jobs as sources
from centaure.knowledge.sources.reindexing import Means

BLUEPRINTS: dict[str, Blueprint] = {
    "sources": sources,
    "index": index,
    "search": search,
    "gateway": gateway,
    "conversations": conversations,
    "files": files,
    "comparisons": comparisons,
}


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
        "folders": allowed_folders(installation.settings),
        "manifests": installation.settings.home / "folders",
        "means": index_means(installation),
        "feedback": installation.settings.feedback,
        "failed_questions": installation.settings.keep_failed_questions,
        "keep_generations_days": installation.settings.keep_generations_days,
        "keep_conversations_days": installation.settings.keep_conversations_days,
    }
