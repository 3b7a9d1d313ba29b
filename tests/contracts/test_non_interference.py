"""What somebody may not read changes nothing of what they get: not a hit, a score, an order, a word.

Each case asks twice in one transaction, as the same person: with every document there, then after the
owner removed some, many or all of those that the person may not read.
"""

import dataclasses
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from centaure.answering import answer
from centaure.app.installation import Installation
from centaure.kit.database import Database, WriteSession
from centaure.knowledge.retrieval import SearchFilters, search
from centaure.knowledge.sources.service import NewSource, add_source
from centaure.knowledge.sources.sync import sync_source

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

SUBJECTS = ("canteen", "parking", "leave", "travel", "safety", "budget", "laptop", "contract")
FACTS = (
    "The {0} opens at {1} and costs {2} euros for every employee of the site of Limoges.",
    "For the {0}, ask {3} before the {1} of the month; the ceiling is {2} euros.",
    "Le {0} est remboursé jusqu'à {2} euros si {3} a signé la demande avant le {1}.",
    "Since {1}, the {0} policy of {3} replaces the one that allowed {2} euros.",
    "La procédure {0} TP-{2} est suivie par {3} depuis le {1} janvier.",
)
PEOPLE = ("Camille Aubert", "Noor Haddad", "Ines Caradec", "the workshop", "human resources")
WORDS = sorted(
    {word for fact in FACTS for word in fact.replace("{", " ").replace("}", " ").split()}
    | set(SUBJECTS)
    | {word for person in PEOPLE for word in person.split()}
    | {"TP-12", "combien", "how", "many", "who", "quel", "plafond", "zebra", "2026", "%", "'", "--"}
)
FOLDERS = ("a", "b", "c", "d")
READERS = {"one": "a", "two": "ab", "three": "abc", "nobody": ""}
RIGHTS = """
users:
  - {id: one, name: One}
  - {id: two, name: Two}
  - {id: three, name: Three}
  - {id: nobody, name: Nobody}
rules:
  - {path: a, type: folder, classification: C0, read: {users: [one, two, three]}}
  - {path: b, type: folder, classification: C1, read: {users: [two, three]}}
  - {path: c, type: folder, classification: C2, read: {users: [three]}}
"""


@dataclass(frozen=True)
class Library:
    """Documents by folder, the principals, and the role that the application connects as."""

    owner: Database
    role: str
    documents: dict[str, list[int]]
    principals: dict[str, int]


def write_library(root: Path) -> None:
    """In each folder the same kind of documents, some of them the same to the letter."""
    chance = random.Random(20260301)
    for folder in FOLDERS:
        (root / folder).mkdir(parents=True)
        for number in range(12):
            subject = chance.choice(SUBJECTS)
            facts = [
                fact.format(
                    subject, chance.randint(1, 12), chance.randint(5, 90), chance.choice(PEOPLE)
                )
                for fact in chance.sample(FACTS, 3)
            ]
            (root / folder / f"{subject}-{number}.md").write_text(
                f"# {subject.title()} {number}\n\n" + "\n\n".join(facts) + "\n"
            )
        # A duplicate and a version in every folder: grouping must not tell either.
        (root / folder / "charter.md").write_text("# Charter\n\nThe charter of the laptop.\n")
        (root / folder / "policy-2025.md").write_text("# Policy\n\nTravel costs 20 euros.\n")
        (root / folder / "policy-2026.md").write_text("# Policy\n\nTravel costs 22 euros.\n")


@pytest.fixture
async def library(clean: Installation, indexer: Database, tmp_path: Path) -> AsyncIterator[Library]:
    """The library, synchronised."""
    root = tmp_path / "library"
    write_library(root)
    (tmp_path / "rights.yaml").write_text(RIGHTS)
    source = await add_source(indexer, NewSource(root, manifest=tmp_path / "rights.yaml"))
    await sync_source(indexer, source.id)
    owner = clean.database("owner")
    async with owner.read(None) as session:
        rows = await session.rows("select id, path from document order by id")
        accounts = await session.rows("select login, principal_id from user_account")
    yield Library(
        owner,
        clean.schema.role_name("app"),
        {folder: [row.id for row in rows if row.path.startswith(folder)] for folder in FOLDERS},
        {row.login: row.principal_id for row in accounts},
    )
    await owner.close()


async def everything(session: WriteSession, library: Library, question: str) -> str:
    """All that search and answer give, as the application's role."""
    await session.execute(f'set local role "{library.role}"')
    found = await search(session, question, SearchFilters(), 50)
    said = await answer(session, question, [], SearchFilters())
    await session.execute("reset role")
    return repr(dataclasses.asdict(found)) + repr(dataclasses.asdict(said))


QUESTIONS = st.one_of(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=9).map(" ".join),
    st.builds(
        "{0} {1}?".format,
        st.sampled_from(
            ("How much does the", "Combien coûte le", "Who signs the", "Quel plafond pour")
        ),
        st.sampled_from(SUBJECTS),
    ),
    st.text(max_size=40),
)


@settings(
    max_examples=1000,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    reader=st.sampled_from(sorted(READERS)),
    question=QUESTIONS,
    kept=st.sampled_from((0.0, 0.1, 0.5, 0.9)),
    seed=st.integers(0, 2**32 - 1),
)
async def test_what_may_not_be_read_changes_nothing(
    library: Library, reader: str, question: str, kept: float, seed: int
) -> None:
    hidden = [
        document
        for folder in FOLDERS
        if folder not in READERS[reader]
        for document in library.documents[folder]
    ]
    chance = random.Random(seed)
    removed = [document for document in hidden if chance.random() >= kept]
    async with library.owner.write(library.principals[reader]) as session:
        before = await everything(session, library, question)
        await session.execute(
            "delete from document where id = any(%(removed)s)", {"removed": removed}
        )
        after = await everything(session, library, question)
        await session.connection.rollback()
    assert before == after


async def test_a_base_that_never_held_them_answers_the_same(
    library: Library, clean: Installation, tmp_path: Path
) -> None:
    """The same, against a second source of truth: everything hidden is gone from disk and index."""
    questions = [f"How much does the {subject} cost?" for subject in SUBJECTS]
    reader = library.principals["two"]
    database = clean.database("app")

    async def all_answers() -> list[str]:
        async with database.read(reader) as session:
            return [
                repr((await search(session, question, SearchFilters(), 50)).hits)
                + repr(await answer(session, question, [], SearchFilters()))
                for question in questions
            ]

    before = await all_answers()
    for folder in ("c", "d"):
        for path in (tmp_path / "library" / folder).iterdir():
            path.unlink()
    async with library.owner.write(None) as session:
        await session.execute(
            "delete from document where id = any(%(gone)s)",
            {"gone": [*library.documents["c"], *library.documents["d"]]},
        )
    async with await psycopg.AsyncConnection.connect(
        library.owner.conninfo, autocommit=True
    ) as connection:
        await connection.execute("vacuum full analyze centaure.chunk_index")
    assert await all_answers() == before
    await database.close()
