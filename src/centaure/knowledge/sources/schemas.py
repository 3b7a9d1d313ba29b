"""Sources as the HTTP API shows them."""

from datetime import datetime
from typing import Self

from pydantic import BaseModel

from centaure.knowledge.sources.ledger import LedgerLine
from centaure.knowledge.sources.repository import Source
from centaure.knowledge.sources.runs import Run

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
    """A source; `documents` counts those that the caller can see."""

    id: int
    name: str
    kind: str
    documents: int
    last_sync: datetime | None

    @classmethod
    def of(cls, source: Source) -> Self:
        """The source as anybody who sees it sees it."""
        return cls(
            id=source.id,
            name=source.name,
            kind=source.kind,
            documents=source.documents,
            last_sync=source.last_sync_at,
        )


class RunRead(BaseModel):
    """A synchronisation; `counts` and the rest of the report are there when it has ended.

    Attributes:
        state: queued, running, succeeded, failed, held (the place looks away or emptied).
        problem: in words, when it failed or was held.
        failed: files that could not be read, by status.
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

    @classmethod
    def of(cls, run: Run) -> Self:
        """The run as a curator sees it."""
        report = run.report
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
        )


class LedgerLineRead(BaseModel):
    """What became of one file."""

    path: str
    status: str
    reason: str
    warnings: list[str]
    size: int | None
    updated_at: datetime

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
        )


class LedgerRead(BaseModel):
    """A page of the ledger; `next` is the `after` of the following page, None at the end."""

    statuses: dict[str, int]
    lines: list[LedgerLineRead]
    next: str | None
