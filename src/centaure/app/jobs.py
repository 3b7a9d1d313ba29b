"""Every package's jobs, by the name that their tasks begin with."""

from procrastinate import Blueprint

from centaure.knowledge.sources.jobs import jobs as sources

BLUEPRINTS: dict[str, Blueprint] = {"sources": sources}
