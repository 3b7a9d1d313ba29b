"""The library: templates in versions; each function in a session of the person who acts."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from centaure.answering.prompts.templates import LONGEST, variables
from centaure.audit import Action, record
from centaure.identity.names import line
from centaure.kit.database import ReadSession, Row, WriteSession
from centaure.kit.errors import Conflict, InvalidInput, NotFound

MOST_TAGS = 10
MOST_PROMPTS = 500
"""Of one person."""
MOST_VERSIONS = 200
MOST_SCORES = 200
"""Of one person, for one version."""

_TEMPLATE = """
    select prompt_template.id, name, tags, owner_name, updated_at,
           owner = (select current_principal()) as own, version,
           exists (select from prompt_share where prompt_share.prompt_id = prompt_template.id) as shared,
"""
_LATEST = """
      from prompt_template
      join prompt_version latest on latest.prompt_id = prompt_template.id and latest.number = version
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """What a list of templates and one of them tell alike.

    Attributes:
        id: its number.
        name: of it.
        tags: by which it is found.
        own: whether it is the principal's.
        owner_name: who wrote it.
        shared: whether groups read it.
        version: the latest.
        updated_at: when that was written.
    """

    id: int
    name: str
    tags: tuple[str, ...]
    own: bool
    owner_name: str
    shared: bool
    version: int
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief(Template):
    """A template as a list shows it, with the first 300 characters of its latest version."""

    beginning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt(Template):
    """A template as its latest version is: the text, and its variables in order."""

    text: str
    variables: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a template; `framework` is the form that made it, `note` what its author says of it."""

    number: int
    text: str
    framework: str
    note: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Mean:
    """What a version was worth with a model: the mean of scores from 1 to 5, and how many there are."""

    version: int
    model: str
    mean: float
    scores: int


@dataclass(frozen=True, slots=True)
class Score:
    """What somebody found a version worth, from 1 to 5, with a model at a temperature (None: its own)."""

    version: int
    model: str
    temperature: float | None
    worth: int


@dataclass(frozen=True, slots=True)
class Written:
    """Words of a version that is to be kept."""

    text: str
    framework: str = ""
    note: str = ""


async def prompts(session: ReadSession) -> list[Brief]:
    """The templates that the principal may use, their own and those shared with them, the latest first."""
    rows = await session.rows(
        _TEMPLATE
        + " left(latest.text, 300) as beginning"
        + _LATEST
        + " order by updated_at desc, prompt_template.id desc limit %(most)s",
        {"most": 2 * MOST_PROMPTS},
    )
    return [
        Brief(
            id=row.id,
            name=row.name,
            tags=tuple(row.tags),
            own=row.own,
            owner_name=row.owner_name,
            shared=row.shared,
            version=row.version,
            beginning=row.beginning,
            updated_at=row.updated_at,
        )
        for row in rows
    ]


async def find(session: ReadSession, number: int) -> Prompt:
    """One of these.

    Raises:
        NotFound: there is none that the principal may use.
    """
    row = await session.row(
        _TEMPLATE + " latest.text" + _LATEST + " where prompt_template.id = %(id)s", {"id": number}
    )
    if row is None:
        raise NotFound
    return _prompt(row)


async def versions(session: ReadSession, number: int) -> list[Version]:
    """The versions of a template that the principal may read, the latest first.

    All of their own; the latest of one that is shared with them.
    """
    rows = await session.rows(
        "select number, text, framework, note, made_at from prompt_version"
        " where prompt_id = %(id)s order by number desc",
        {"id": number},
    )
    return [Version(*row) for row in rows]


async def scores(session: ReadSession, number: int) -> list[Mean]:
    """What the versions that the principal may read were worth, the best of each version first."""
    rows = await session.rows(
        "select version, model, avg(score)::float8 as mean, count(*) as scores from prompt_score"
        " where prompt_id = %(id)s group by version, model"
        " order by version desc, mean desc, model",
        {"id": number},
    )
    return [Mean(*row) for row in rows]


async def add(
    session: WriteSession, owner_name: str, name: str, tags: Sequence[str], written: Written
) -> Prompt:
    """Keep a new template of the principal's, with its first version.

    Raises:
        InvalidInput: a name, a tag or the text cannot be kept.
        Conflict: there are too many.
    """
    named, labels = line(name, "A name"), _tags(tags)
    if await _count(session) >= MOST_PROMPTS:
        raise Conflict(f"You have {MOST_PROMPTS} prompts. Remove some first.")
    number: int = await session.value(
        "insert into prompt_template (owner, owner_name, name, tags)"
        " values (current_principal(), %(owner)s, %(name)s, %(tags)s) returning id",
        {"owner": owner_name, "name": named, "tags": labels},
    )
    await _write(session, number, 1, written)
    made = await find(session, number)
    await _record(session, number, "added")
    return made


async def rename(session: WriteSession, number: int, name: str, tags: Sequence[str]) -> Prompt:
    """Name and tag a template otherwise.

    Raises:
        NotFound: there is none of the principal's.
        InvalidInput: a name or a tag cannot be kept.
    """
    changed = await session.execute(
        "update prompt_template set name = %(name)s, tags = %(tags)s"
        " where id = %(id)s and owner = (select current_principal())",
        {"id": number, "name": line(name, "A name"), "tags": _tags(tags)},
    )
    if not changed:
        raise NotFound
    return await find(session, number)


async def write(session: WriteSession, number: int, written: Written, expected: int) -> Prompt:
    """Keep a new version.

    Args:
        session: of the owner.
        number: of the template.
        written: its words.
        expected: the latest version that its author saw.

    Raises:
        NotFound: there is none of the principal's.
        Conflict: there is a later version, or there are too many.
        InvalidInput: the words cannot be kept.
    """
    latest = await _held(session, number)
    if latest != expected:
        raise Conflict(f"There is a version {latest} already. Look at it, then save yours.")
    if latest >= MOST_VERSIONS:
        raise Conflict(f"This prompt has {MOST_VERSIONS} versions. Begin another one.")
    await _write(session, number, latest + 1, written)
    made = await find(session, number)
    await _record(session, number, "version")
    return made


async def roll_back(session: WriteSession, number: int, version: int) -> Prompt:
    """Go back to the words of an older version: they become the latest one.

    Raises:
        NotFound: there is no such template of the principal's, or no such version.
        Conflict: it is the latest, or there are too many.
    """
    latest = await _held(session, number)
    old = next((one for one in await versions(session, number) if one.number == version), None)
    if old is None:
        raise NotFound
    if version == latest:
        raise Conflict("This is the latest version already.")
    note = f"\N{LEFTWARDS ARROW} {version}"
    return await write(session, number, Written(old.text, old.framework, note), latest)


async def share(session: WriteSession, number: int, groups: Collection[int]) -> None:
    """Let the members of these groups, and of no others, read and use a template.

    Raises:
        NotFound: there is none of the principal's, or no such group that they know.
    """
    await _held(session, number)
    known = await session.rows(
        "select key, label from principal where kind = 'group' and id = any(%(groups)s)",
        {"groups": list(groups)},
    )
    if len(known) < len(set(groups)):
        raise NotFound
    await session.execute("delete from prompt_share where prompt_id = %(id)s", {"id": number})
    await session.execute(
        "insert into prompt_share (prompt_id, owner, shared_with, label)"
        " select %(id)s, current_principal(), one.key, one.label"
        " from unnest(cast(%(keys)s as text[]), cast(%(labels)s as text[])) as one(key, label)",
        {
            "id": number,
            "keys": [row.key for row in known],
            "labels": [row.label for row in known],
        },
    )
    await _record(session, number, "shared")


async def groups_of(session: ReadSession, number: int) -> list[int]:
    """The groups that a template of the principal's is shared with, by number; of others' templates none."""
    rows = await session.rows(
        "select principal.id from prompt_share join principal on principal.key = shared_with"
        " where prompt_id = %(id)s and owner = (select current_principal()) order by principal.id",
        {"id": number},
    )
    return [row.id for row in rows]


async def score(session: WriteSession, number: int, said: Score) -> None:
    """Keep what a version was worth with a model, in place of what the same person said of these before.

    Args:
        session: of whoever may use it.
        number: of the template.
        said: what it was worth.

    Raises:
        NotFound: there is no such version that the principal may use.
        Conflict: they scored it with too many models and temperatures.
    """
    if said.version not in {one.number for one in await versions(session, number)}:
        raise NotFound
    kept: int = await session.value(
        "select count(*) from prompt_score where prompt_id = %(id)s and version = %(version)s"
        " and scored_by = (select current_principal()) and (model <> %(model)s"
        " or temperature is distinct from cast(%(temperature)s as float8))",
        {
            "id": number,
            "version": said.version,
            "model": said.model,
            "temperature": said.temperature,
        },
    )
    if kept >= MOST_SCORES:
        raise Conflict(f"You scored this version {MOST_SCORES} times. Save another one to go on.")
    await session.execute(
        "insert into prompt_score (prompt_id, version, model, temperature, score, scored_by)"
        " values (%(id)s, %(version)s, %(model)s, %(temperature)s, %(score)s, current_principal())"
        " on conflict (prompt_id, version, model, temperature, scored_by)"
        " do update set score = excluded.score, scored_at = now()",
        {
            "id": number,
            "version": said.version,
            "model": said.model,
            "temperature": said.temperature,
            "score": said.worth,
        },
    )


async def remove(session: WriteSession, number: int) -> None:
    """Remove a template, for everybody.

    Raises:
        NotFound: there is none of the principal's.
    """
    removed = await session.execute(
        "delete from prompt_template where id = %(id)s and owner = (select current_principal())",
        {"id": number},
    )
    if not removed:
        raise NotFound
    await _record(session, number, "removed")


async def _held(session: WriteSession, number: int) -> int:
    """The latest version of a template of the principal's, which nobody changes meanwhile."""
    held = await session.row(
        "select version from prompt_template"
        " where id = %(id)s and owner = (select current_principal()) for update",
        {"id": number},
    )
    if held is None:
        raise NotFound
    latest: int = held.version
    return latest


async def _write(session: WriteSession, number: int, version: int, written: Written) -> None:
    text = written.text.replace("\0", " ").strip()
    if not 0 < len(text) <= LONGEST:
        raise InvalidInput(f"A prompt has between 1 and {LONGEST} characters.")
    variables(text)
    await session.execute(
        "insert into prompt_version (prompt_id, number, text, framework, note)"
        " values (%(id)s, %(number)s, %(text)s, %(framework)s, %(note)s)",
        {
            "id": number,
            "number": version,
            "text": text,
            "framework": written.framework,
            "note": " ".join(written.note.replace("\0", " ").split())[:200],
        },
    )
    await session.execute(
        "update prompt_template set version = %(version)s, updated_at = now() where id = %(id)s",
        {"id": number, "version": version},
    )


async def _count(session: ReadSession) -> int:
    found: int = await session.value(
        "select count(*) from prompt_template where owner = (select current_principal())"
    )
    return found


async def _record(session: WriteSession, number: int, what: str) -> None:
    await record(session, Action.PROMPT_CHANGE, f"prompt:{number}", details={"what": what})


def _tags(tags: Sequence[str]) -> list[str]:
    found = list(dict.fromkeys(line(tag, "A tag").casefold() for tag in tags if tag.strip()))
    if len(found) > MOST_TAGS:
        raise InvalidInput(f"A prompt has {MOST_TAGS} tags at most.")
    return found


def _prompt(row: Row) -> Prompt:
    return Prompt(
        id=row.id,
        name=row.name,
        tags=tuple(row.tags),
        own=row.own,
        owner_name=row.owner_name,
        shared=row.shared,
        version=row.version,
        text=row.text,
        variables=tuple(variables(row.text)),
        updated_at=row.updated_at,
    )
