"""Whatever the tree, the groups and the rules: the rights are those of a reference in twenty lines."""

import asyncio
import json
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from centaure.app.installation import Installation
from centaure.knowledge.indexing import DocumentPlace, PreparedDocument, write_document
from centaure.knowledge.sources.access import narrow_access, settle_file
from centaure.knowledge.sources.explanation import explain
from centaure.knowledge.sources.manifest_reading import load_manifest
from centaure.knowledge.sources.rights import RightsBook

NAMES = ("a", "b", "ab", "a b", "é")
GROUPS = ("g1", "g2", "g3", "g4")
USERS = ("u1", "u2", "u3", "g1")
STRANGER = "stranger"
CLASSES = ("C0", "C1", "C2", "C3")
CASES = 1000

paths = st.lists(st.sampled_from(NAMES), min_size=0, max_size=4).map("/".join)
files = st.lists(st.sampled_from(NAMES), min_size=1, max_size=4).map(
    lambda parts: "/".join(parts) + ".md"
)
some_groups = st.lists(st.sampled_from([*GROUPS, "ghost"]), max_size=2, unique=True)
principals = st.fixed_dictionaries(
    {},
    optional={
        "groups": st.lists(st.sampled_from([*GROUPS, "ghost", "*"]), max_size=2, unique=True),
        "users": st.lists(st.sampled_from([*USERS, "nobody", "*"]), max_size=2, unique=True),
    },
)
rules = st.lists(
    st.one_of(
        st.tuples(paths, st.just("folder")),
        st.tuples(files, st.just("file")),
    ).flatmap(
        lambda place: st.fixed_dictionaries(
            {
                "path": st.just(place[0]),
                "type": st.just(place[1]),
                "classification": st.sampled_from(CLASSES),
                "read": principals,
            },
            optional={"deny": principals},
        )
    ),
    max_size=7,
    unique_by=lambda rule: (rule["type"], rule["path"]),
)
manifests = st.fixed_dictionaries(
    {
        "groups": st.lists(st.sampled_from(GROUPS), unique=True).flatmap(
            lambda ids: st.tuples(
                *(
                    st.fixed_dictionaries({"id": st.just(i), "contains_groups": some_groups})
                    for i in ids
                )
            ).map(list)
        ),
        "users": st.tuples(
            *(
                st.fixed_dictionaries(
                    {"id": st.just(i), "groups": some_groups},
                    optional={"clearance": st.sampled_from(CLASSES)},
                )
                for i in USERS
            )
        ).map(list),
        "rules": rules,
    }
)


def reference(manifest: dict[str, Any], user: str, path: str) -> bool:
    """Written from the words of the specification, without the product's code."""
    declared = {group["id"]: group for group in manifest["groups"]}
    account = {u["id"]: u for u in manifest["users"]}.get(user, {"groups": []})
    mine = {group for group in account["groups"] if group in declared}
    for _ in declared:
        mine |= {g for g, entry in declared.items() if mine & set(entry["contains_groups"])}
    covering = [
        rule
        for rule in manifest["rules"]
        if rule["path"] == path
        or (
            rule["type"] == "folder" and (rule["path"] == "" or path.startswith(rule["path"] + "/"))
        )
    ]
    if not covering:
        return False
    rule = max(covering, key=lambda rule: (len(rule["path"]), rule["type"] == "file"))

    def named(who: dict[str, Any], groups: set[str]) -> bool:
        everyone = "*" in who.get("groups", []) or "*" in who.get("users", [])
        return everyone or user in who.get("users", []) or bool(groups & set(who.get("groups", [])))

    # An undeclared group opens nothing, but where a rule denies it, who names it stays out.
    if named(rule.get("deny", {}), mine | set(account["groups"])) or not named(rule["read"], mine):
        return False
    return rule["classification"] <= account.get("clearance", "C3")


def written(manifest: dict[str, Any], folder: Path) -> Path:
    place = folder / "rights.yaml"
    place.write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")  # JSON is YAML
    return place


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("rights")


@settings(max_examples=CASES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(manifest=manifests, tree=st.lists(files, min_size=1, max_size=6, unique=True))
def test_the_evaluation_and_its_explanation_agree_with_the_reference(
    folder: Path, manifest: dict[str, Any], tree: list[str]
) -> None:
    book = RightsBook(load_manifest(written(manifest, folder)))
    for path in tree:
        for user in (*USERS, STRANGER):
            assert explain(book, user, path).readable == reference(manifest, user, path)


@settings(max_examples=CASES, deadline=None, suppress_health_check=list(HealthCheck))
@given(manifest=manifests, tree=st.lists(files, min_size=1, max_size=6, unique=True))
def test_the_database_shows_exactly_what_the_reference_opens(
    world: "World", folder: Path, manifest: dict[str, Any], tree: list[str]
) -> None:
    shown = world.shown(load_manifest(written(manifest, folder)), folder, tree)
    for user in (*USERS, STRANGER):
        assert shown[user] == {path for path in tree if reference(manifest, user, path)}, user


class World:
    """One source of a real database, given other documents and another manifest in each case."""

    def __init__(self, installation: Installation) -> None:
        self.loop = asyncio.new_event_loop()
        self.indexer = installation.database("indexer")
        self.database = installation.database("app")

    def close(self) -> None:
        self.loop.run_until_complete(self.indexer.close())
        self.loop.run_until_complete(self.database.close())
        self.loop.close()

    def shown(self, manifest: Any, place: Path, tree: list[str]) -> dict[str, set[str]]:
        return self.loop.run_until_complete(self._shown(manifest, place, tree))

    async def _shown(self, manifest: Any, place: Path, tree: list[str]) -> dict[str, set[str]]:
        async with self.indexer.write(None) as session:
            await session.execute("delete from document")
            access = await narrow_access(session, 1, manifest, place)
            for number, path in enumerate(tree):
                # Half of the documents arrive before the rights of this case, half with them.
                rights = await access.rights_of(session, path if number % 2 else "elsewhere")
                document = PreparedDocument("text", path, None, "fr", None, None, (), ())
                where = DocumentPlace(1, path, None, 1, b"0" * 32, None, rights)
                await write_document(session, where, document)
            access = await narrow_access(session, 1, manifest, place)
            rows = await session.rows(
                "select login, principal_id from user_account where login = any(%(logins)s)",
                {"logins": [*USERS, STRANGER]},
            )
            numbers = {row.login: row.principal_id for row in rows}
        narrowed = await self._seen(numbers)
        async with self.indexer.write(None) as session:
            for path in tree:
                await settle_file(session, 1, access, path)
        found = await self._seen(numbers)
        for user, paths in narrowed.items():
            assert paths <= found[user], f"{user} was shown too much before any file was looked at"
        return found

    async def _seen(self, numbers: dict[str, int]) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for user, number in numbers.items():
            async with self.database.read(number) as session:
                seen = await session.rows("select path from document")
                found[user] = {row.path for row in seen}
        return found


@pytest.fixture(scope="module")
def world(installation: Installation) -> Any:
    with psycopg.connect(
        installation.schema.conninfo("owner"),
        autocommit=True,
        options="-c search_path=centaure,public",
    ) as owner:
        owner.execute("delete from source")
        owner.execute(
            "insert into source (id, name, location) overriding system value values (1, 'random', '/r')"
        )
        owner.execute(
            "with made as (insert into principal (kind, key, label)"
            " values ('user', 'user:stranger', 'stranger') on conflict (key) do update set label = 'stranger'"
            " returning id)"
            " insert into user_account (principal_id, login, name)"
            " select id, 'stranger', 'stranger' from made on conflict do nothing"
        )
    opened = World(installation)
    yield opened
    opened.close()
