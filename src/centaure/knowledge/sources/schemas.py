"""Sources as the HTTP API shows them."""

from datetime import datetime
from typing import Literal, Self

from pydantic import BaseModel, Field

from centaure.knowledge.sources.control import Decision, Exclusion
from centaure.knowledge.sources.ledger import LedgerLine
from centaure.knowledge.sources.repository import Source
from centaure.knowledge.sources.runs import Run
from centaure.knowledge.sources.service import delay_of

REPORT_COUNTS = (
    "files",
    "new",
    "changed",
    "moved",
    "deleted",
    "rights_changed",
    "reindexed",
    "unchanged",
    "attachments",
    "pages",
    "chunks",
    "passed_over",
)


class SourceRead(BaseModel):
    """A source and how far it is behind its place.

    Attributes:
        documents: how many the caller can see.
        last_sync: when it was last looked at to the end.
        late: that is longer ago than twice its schedule and five minutes.
        delay: the same in words.
        schedule_minutes: None where it is synchronised on demand only.
        location: as its connector gave it; for curators, like what follows.
        rights: whether a manifest rules them, or the place's own alone.
        manifest: where it is.
        last_full: when everything was last listed.
    """

    id: int
    name: str
    kind: str
    documents: int
    last_sync: datetime | None
    late: bool
    delay: str
    schedule_minutes: int | None
    location: str | None = None
    rights: Literal["manifest", "place"] | None = None
    manifest: str | None = None
    last_full: datetime | None = None

    @classmethod
    def of(cls, source: Source, now: datetime, *, curator: bool) -> Self:
        """The source as anybody who sees it sees it, or as its curators do."""
        delay = delay_of(source, now)
        found = cls(
            id=source.id,
            name=source.name,
            kind=source.kind,
            documents=source.documents,
            last_sync=source.last_sync_at,
            late=delay.late,
            delay=delay.sentence,
            schedule_minutes=source.schedule_minutes,
        )
        if curator:
            found.location = source.location
            found.rights = "place" if source.manifest is None else "manifest"
            found.manifest = source.manifest
            found.last_full = source.last_full_at
        return found


class RunRead(BaseModel):
    """A synchronisation; `counts` and the rest of the report are there when it has ended.

    Attributes:
        state: queued, running, succeeded, failed, held (the place looks away or emptied).
        problem: in words, when it failed or was held.
        failed: files that could not be read, by status.
        full_listing: a person asked for a look at everything.
        rate_per_s: files per second in this phase, while it works.
        left_s: seconds left at that pace.
    """

    id: int
    state: str
    phase: str
    requested_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    total: int
    done: int
    problem: str
    counts: dict[str, int]
    failed: dict[str, int]
    warnings: list[str]
    duration_s: float | None
    full_listing: bool
    rate_per_s: float | None
    left_s: int | None

    @classmethod
    def of(cls, run: Run, now: datetime) -> Self:
        """The run as a curator sees it."""
        report = run.report
        rate, left = run.pace(now)
        counts = {name: int(report[name]) for name in REPORT_COUNTS if name in report}
        return cls(
            id=run.id,
            state=run.state,
            phase=run.phase,
            requested_at=run.requested_at,
            started_at=run.started_at,
            finished_at=run.finished_at,
            total=run.total,
            done=run.done,
            problem=report.get("problem", ""),
            counts=counts or dict(run.counts),
            failed=report.get("failed", {}),
            warnings=report.get("warnings", []),
            duration_s=report.get("duration_s"),
            full_listing=run.full_listing,
            rate_per_s=None if rate is None else round(rate, 2),
            left_s=None if left is None else round(left),
        )


class LedgerLineRead(BaseModel):
    """What became of one file.

    Attributes:
        updated_at: when this last changed.
        last_seen: end of the last listing that showed it.
        did: what was done: new, changed, reindexed, kept, moved, rights_changed; empty: nothing.
        read_ms: milliseconds that fetching and reading took, the last time.
    """

    path: str
    status: str
    reason: str
    warnings: list[str]
    size: int | None
    updated_at: datetime
    last_seen: datetime
    did: str
    read_ms: int | None

    @classmethod
    def of(cls, line: LedgerLine) -> Self:
        """The line as a curator sees it; the document itself is not named."""
        return cls(
            path=line.path,
            status=line.status,
            reason=line.reason,
            warnings=list(line.warnings),
            size=line.size,
            updated_at=line.updated_at,
            last_seen=line.last_seen,
            did=line.did,
            read_ms=line.read_ms,
        )


class LedgerRead(BaseModel):
    """A page of the ledger; `next` is the `after` of the following page, None at the end."""

    statuses: dict[str, int]
    lines: list[LedgerLineRead]
    next: str | None


class DecisionAsked(BaseModel):
    """What a curator decides about a file, or a folder with all below it, whether it exists or not."""

    decision: Decision
    path: str = Field(max_length=4000)


class DecisionRead(BaseModel):
    """What the worker will do, if there is anything at the path: nobody is told."""

    decision: Decision
    path: str


class ExclusionRead(BaseModel):
    """A path that is left out, as somebody wrote it.

    Attributes:
        excluded_at: None while the worker has not done it yet.
        asked: what was asked for it and not yet done, None when nothing was.
    """

    path: str
    excluded_at: datetime | None
    asked: Decision | None

    @classmethod
    def of(cls, exclusion: Exclusion) -> Self:
        """The exclusion as curators see it."""
        return cls(path=exclusion.path, excluded_at=exclusion.excluded_at, asked=exclusion.asked)
