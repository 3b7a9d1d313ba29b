"""Who may read a path, and why, from the manifest alone."""

from pathlib import Path

import pytest

from centaure.knowledge.sources.explanation import explain
from centaure.knowledge.sources.manifest_reading import load_manifest
from centaure.knowledge.sources.rights import NOBODY, RightsBook
from centaure.knowledge.sources.rule_use import RuleUse

MANIFEST = """
groups:
  - {id: staff, label: Everybody here, contains_groups: [hr, finance]}
  - {id: hr}
  - {id: finance, contains_groups: [audit]}
  - {id: audit}
  - {id: alice}
  - {id: loop-a, contains_groups: [loop-b]}
  - {id: loop-b, contains_groups: [loop-a]}
users:
  - {id: alice, groups: [audit]}
  - {id: bob, groups: [hr], clearance: C1}
  - {id: carol, groups: [ghost, Finance]}
  - {id: dan, groups: [loop-b]}
rules:
  - {path: ., type: folder, classification: C1, read: {groups: [staff]}}
  - {path: hr, type: folder, classification: C3, read: {groups: [hr]}}
  - {path: hr/public.md, type: file, classification: C0, read: {groups: ["*"]}}
  - {path: hr/closed, type: folder, classification: C1}
  - path: hr/closed/open.md
    type: file
    classification: C1
    read: {users: [alice]}
    deny: {groups: [finance]}
  - {path: ghosts, type: folder, classification: C0, read: {groups: [ghost], users: [nobody]}}
  - path: banned
    type: folder
    classification: C0
    read: {users: ["*"]}
    deny: {groups: [ghost], users: [BOB]}
  - {path: none, type: folder, classification: C0, read: {groups: ["*"]}, deny: {users: ["*"]}}
  - {path: both, type: folder, classification: C0, read: {users: [bob]}}
  - {path: both, type: file, classification: C0, read: {users: [alice]}}
  - {path: named, type: folder, classification: C0, read: {groups: [alice]}}
  - {path: loop, type: folder, classification: C0, read: {groups: [loop-a]}}
"""


@pytest.fixture
def book(tmp_path: Path) -> RightsBook:
    place = tmp_path / "rights.yaml"
    place.write_text(MANIFEST)
    return RightsBook(load_manifest(place))


def readable(book: RightsBook, path: str) -> set[str]:
    people = [*book.manifest.users, "stranger"]
    return {login for login in people if explain(book, login, path).readable}


@pytest.mark.parametrize(
    ("path", "readers"),
    [
        ("notes.md", {"alice", "bob"}),
        ("hr/pay.md", set[str]()),  # bob's clearance is C1, the folder C3
        ("hr-archive/pay.md", {"alice", "bob"}),  # 'hr' is no prefix of it
        (
            "hr",
            set[str](),
        ),  # a file that bears the folder's name: the rule is the most specific one
        ("HR/pay.md", {"alice", "bob"}),  # capitals count
        ("hr/public.md", {"alice", "bob", "carol", "dan", "stranger"}),
        ("hr/public.md/x", set[str]()),  # a rule for a file covers that file only
        ("hr/closed/a.md", set[str]()),  # no reader is nobody: the broader rule is replaced
        ("hr/closed/open.md", set[str]()),  # deny of an outer group beats read by name
        ("ghosts/a.md", set[str]()),  # an undeclared group opens nothing
        ("banned/a.md", {"alice", "dan", "stranger"}),  # but deny errs on the side of closing
        ("none/a.md", set[str]()),
        ("both", {"alice"}),  # the file's rule comes first at its own path
        ("both/a.md", {"bob"}),
        ("named/a.md", set[str]()),  # a group and a user of one name are two
        ("loop/a.md", {"dan"}),
    ],
)
def test_the_most_specific_rule_alone_decides(
    book: RightsBook, path: str, readers: set[str]
) -> None:
    assert readable(book, path) == readers


def test_without_a_rule_nobody_reads(tmp_path: Path) -> None:
    place = tmp_path / "rights.yaml"
    place.write_text("rules: [{path: a, type: folder, classification: C0, read: {groups: ['*']}}]")
    book = RightsBook(load_manifest(place))
    assert book.evaluate("b/x") is NOBODY
    assert NOBODY.readers == frozenset()
    assert explain(book, "x", "b/x").sentences == ("No rule covers 'b/x', so nobody can read it.",)


def test_accents_are_the_same_in_either_spelling(tmp_path: Path) -> None:
    place = tmp_path / "rights.yaml"
    place.write_text(
        "rules: [{path: r\u00e9sum\u00e9s, type: folder, classification: C0, read: {groups: ['*']}}]",
        encoding="utf-8",
    )
    book = RightsBook(load_manifest(place))
    assert book.evaluate("re\u0301sume\u0301s/a.md").readers == {"*"}


def test_an_explanation_names_the_rule_the_groups_and_what_decides(book: RightsBook) -> None:
    chain = " ".join(explain(book, "alice", "notes.md").sentences)
    assert "folder '.' (line 16)" in chain
    assert "'audit' which is contained in 'finance' which is contained in 'staff'" in chain
    denied = " ".join(explain(book, "alice", "hr/closed/open.md").sentences)
    assert "replaces the broader" in denied
    assert "Deny beats read" in denied
    ceiling = " ".join(explain(book, "bob", "hr/pay.md").sentences)
    assert "C3 (secret)" in ceiling
    assert "C1 (internal)" in ceiling
    assert "does not declare" in " ".join(explain(book, "stranger", "notes.md").sentences)


def test_a_rule_that_matches_nothing_is_told_with_what_was_meant(book: RightsBook) -> None:
    use = RuleUse(book.manifest)
    for path in ("notes.md", "hr/pay.md", "HR/public.md", "both", "hr/closed/open.md/x", "loop"):
        use.saw(path)
    warnings = "\n".join(use.warnings())
    assert "file 'hr/public.md' matches no file" in warnings
    assert "file 'hr/closed/open.md' matches no file: it is a folder" in warnings
    assert "folder 'loop': it is a file" in warnings
    assert "folder 'ghosts' matches no file" in warnings
    assert "folder 'hr' " not in warnings
    assert "folder '.'" not in warnings
