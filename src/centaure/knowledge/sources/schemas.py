"""Sources as the HTTP API shows them."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import BaseModel, Field

from centaure.knowledge.sources.control import Decision, Exclusion
from centaure.knowledge.sources.files import HeldRights, Indexed, Named, SourceFile, Who
from centaure.knowledge.sources.folders import FolderAsked, FolderRequest, Look, Root
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


class IndexedRead(BaseModel):
    """The document that a file became.

    Attributes:
        id: as `/documents` takes it.
        passages: how many are searched.
        indexed_at: when they were made, by `parser`, `chunker` and `analysis` of these versions.
        kept: why they were taken over from an earlier reading, in words; empty where they were not.
        content_hash: SHA-256 of the file, in hexadecimal.
    """

    id: int
    title: str
    format: str
    language: str
    classification: Literal["C0", "C1", "C2", "C3"]
    modified: datetime | None
    author: str | None
    page_count: int | None
    size: int
    passages: int
    indexed_at: datetime
    parser: str
    chunker: str
    analysis: str
    kept: str
    content_hash: str

    @classmethod
    def of(cls, document: Indexed) -> Self:
        """The document, spelled for the API."""
        return cls.model_validate(
            {
                **asdict(document),
                "classification": f"C{document.classification}",
                "content_hash": document.content_hash.hex(),
            }
        )


class NamedRead(BaseModel):
    """Somebody whom a right names; `all`: whoever meets all that the place and the manifest ask for."""

    who: Who
    name: str
    login: str

    @classmethod
    def every(cls, named: Iterable[Named]) -> list[Self]:
        """Each of them, spelled for the API."""
        return [cls(who=one.who, name=one.name, login=one.login) for one in named]


class PlaceRightsRead(BaseModel):
    """What the place itself says: a reader is named in each of `clauses`, and not in `denied`."""

    clauses: list[list[NamedRead]]
    denied: list[NamedRead]
    problem: str


class HeldRightsRead(BaseModel):
    """Who reads a document today.

    Attributes:
        readers: whom it is open to; nobody where it is empty.
        denied: who stays out whatever `readers` says.
        rule: path of the manifest's rule that applied, `.` for the whole source; None where none did.
        place: what the place itself asks for, besides the manifest; None where it is not asked.
    """

    readers: list[NamedRead]
    denied: list[NamedRead]
    rule: str | None
    place: PlaceRightsRead | None

    @classmethod
    def of(cls, rights: HeldRights) -> Self:
        """The rights, spelled for the API."""
        place = rights.place and PlaceRightsRead(
            clauses=[NamedRead.every(clause) for clause in rights.place.clauses],
            denied=NamedRead.every(rights.place.denied),
            problem=rights.place.problem,
        )
        return cls(
            readers=NamedRead.every(rights.readers),
            denied=NamedRead.every(rights.denied),
            rule=rights.rule,
            place=place,
        )


class HappenedRead(BaseModel):
    """Something that is recorded of a file.

    Attributes:
        what: as `did` of its line in the ledger, or `indexed`, `planted` (words that speak to an assistant
            were found in it), `seen`.
        run: number of the synchronisation that was at work then.
        content_hash: SHA-256 of the content that it was about, in hexadecimal.
    """

    at: datetime
    what: str
    run: int | None
    content_hash: str | None


class OtherVersionRead(BaseModel):
    """Another file of the source that passes for a version or a copy of the same document."""

    path: str
    title: str
    modified: datetime | None
    same_content: bool


class SourceFileRead(BaseModel):
    """One file of a source: its line in the ledger, and what is indexed of it.

    Attributes:
        document: None where nothing of it is searched; nor has it `rights` then.
        message: path of the message that carries it.
        inside: paths of what it carries.
        history: what is recorded of it, the latest first. Earlier contents are not kept.
    """

    line: LedgerLineRead
    document: IndexedRead | None
    rights: HeldRightsRead | None
    message: str | None
    inside: list[str]
    history: list[HappenedRead]
    versions: list[OtherVersionRead]

    @classmethod
    def of(cls, file: SourceFile) -> Self:
        """The file, spelled for the API."""
        return cls(
            line=LedgerLineRead.of(file.line),
            document=file.document and IndexedRead.of(file.document),
            rights=file.rights and HeldRightsRead.of(file.rights),
            message=file.message,
            inside=list(file.inside),
            history=[
                HappenedRead(
                    at=one.at,
                    what=one.what,
                    run=one.run,
                    content_hash=None if one.content_hash is None else one.content_hash.hex(),
                )
                for one in file.history
            ],
            versions=[OtherVersionRead.model_validate(asdict(one)) for one in file.versions],
        )


class IndexedPassageRead(BaseModel):
    """A passage as it is searched; `position` among those of its document, from 0."""

    chunk_id: int
    position: int
    text: str
    heading: list[str]
    kind: str
    page_first: int | None
    page_last: int | None
    sheet: str | None
    cells: str | None
    language: str


class IndexedPassages(BaseModel):
    """Twenty passages; `next` is the `first` of the following page, None at the end."""

    passages: list[IndexedPassageRead]
    next: int | None


class RightsAnswerRead(BaseModel):
    """Whether a user reads a document today, and why, in sentences."""

    login: str
    readable: bool
    sentences: list[str]


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


Typed = Annotated[str, Field(min_length=1, max_length=1000)]


class FolderPlace(BaseModel):
    """Where folders may be added from; `sample`: it holds the documents of the sample company."""

    path: str
    sample: bool

    @classmethod
    def of(cls, root: Root) -> Self:
        """The same, spelled for the API."""
        return cls(path=str(root.path), sample=root.sample)


class FolderNamed(BaseModel):
    """A folder of the server, as somebody types it."""

    path: Typed


class FolderLook(BaseModel):
    """What a folder holds, by the names of its files.

    Attributes:
        files: that would be read.
        formats: how many of each.
        others: of kinds that are not read.
        bytes: of those that would be read.
        whole: false where there was no time to look at everything: the numbers are then "at least".
        ruled: it has a `rights.yaml`, which alone says who reads.
        problem: why it cannot be added; `outside` is all that is said of what no place allows.
    """

    path: str
    files: int = 0
    formats: dict[str, int] = {}
    others: int = 0
    bytes: int = 0
    whole: bool = True
    ruled: bool = False
    problem: Literal["", "outside", "absent", "file", "unlisted"] = ""

    @classmethod
    def of(cls, look: Look) -> Self:
        """The same, spelled for the API."""
        return cls(
            path=str(look.path),
            files=look.files,
            formats=dict(look.formats),
            others=look.others,
            bytes=look.bytes,
            whole=look.whole,
            ruled=look.ruled,
        )


class FolderAdded(BaseModel):
    """A folder to add, and who is to read it: logins, or `*` for everybody who is signed in.

    `readers` is empty only where the folder has its own `rights.yaml`.
    """

    path: Typed
    name: Annotated[str, Field(max_length=200)] = ""
    readers: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=200)]], Field(max_length=200)
    ] = []
    classification: Literal["C0", "C1", "C2", "C3"] = "C1"

    def asked(self) -> FolderAsked:
        """The same, as the worker is asked."""
        return FolderAsked(self.path, self.name, self.readers, int(self.classification[1:]))


class FolderProgress(BaseModel):
    """What became of a folder that the caller asked for, and how far its reading is.

    Attributes:
        state: waiting, added, or refused (`problem` says why).
        run: of its latest synchronisation: queued, running, succeeded, failed, held; None before.
        total: files to read, once they are counted.
        done: of these.
        failed: how many could not be read, once it has ended.
        left_s: seconds left at the present pace.
    """

    id: int
    state: Literal["waiting", "added", "refused"]
    problem: str
    source_id: int | None
    run: str | None = None
    phase: str = ""
    total: int = 0
    done: int = 0
    failed: int = 0
    left_s: int | None = None

    @classmethod
    def of(cls, request: FolderRequest, run: Run | None, now: datetime) -> Self:
        """The request and its source's latest run, spelled for the API."""
        told = cls.model_validate(
            {
                "id": request.id,
                "state": request.state,
                "problem": request.problem,
                "source_id": request.source_id,
            }
        )
        if run is not None:
            seen = RunRead.of(run, now)
            told.run, told.phase, told.total, told.done = (
                seen.state,
                seen.phase,
                seen.total,
                seen.done,
            )
            told.failed, told.left_s = sum(seen.failed.values()), seen.left_s
            told.problem = told.problem or seen.problem
        return told
