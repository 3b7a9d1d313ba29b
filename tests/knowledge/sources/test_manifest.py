"""The rights manifest: what is accepted, what is refused with words, what is only doubted."""

from pathlib import Path

import pytest

from centaure.knowledge.sources.manifest import InvalidManifest, Manifest, normal_path
from centaure.knowledge.sources.manifest_reading import current_manifest, load_manifest

RULE = "rules: [{path: a, type: folder, classification: C1, read: {groups: ['*']}}]\n"


def load(folder: Path, text: str | bytes) -> Manifest:
    place = folder / "rights.yaml"
    place.write_bytes(text.encode() if isinstance(text, str) else text)
    return load_manifest(place)


def refusal(folder: Path, text: str | bytes) -> str:
    with pytest.raises(InvalidManifest) as caught:
        load(folder, text)
    return caught.value.message


def test_every_part_of_the_form_is_read(tmp_path: Path) -> None:
    manifest = load(
        tmp_path,
        """
groups:
  - {id: finance, label: Finances, contains_groups: [audit]}
  - {id: audit}
users:
  - {id: alice, name: Alice, groups: [finance], clearance: C2, site: Lyon}
rules:
  - path: comptes/
    type: folder
    classification: C2
    owner: Alice
    read: {groups: [finance], users: [alice]}
    deny: {users: [bob]}
""",
    )
    assert manifest.groups["finance"].contains == ("audit",)
    assert manifest.users["alice"].clearance == 2
    (rule,) = manifest.rules
    assert (rule.path, rule.classification, rule.read.groups, rule.deny.users) == (
        "comptes",
        2,
        ("finance",),
        ("bob",),
    )
    assert manifest.warnings == ()


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("", ""),
        (".", ""),
        ("/", ""),
        ("./", ""),
        ("./a/b/", "a/b"),
        ("/a//b", "a/b"),
        ("a\\b", "a/b"),
        ("a/./b", "a/b"),
        ("re\u0301sume\u0301", "r\u00e9sum\u00e9"),
        ("A/b", "A/b"),
        ("a/...", "a/..."),
        (" a", " a"),
    ],
)
def test_a_path_has_one_form(written: str, normal: str) -> None:
    assert normal_path(written) == normal


@pytest.mark.parametrize("written", ["..", "a/../b", "..\\a", "C:\\a", "c:/a"])
def test_a_path_that_leaves_the_source_is_refused(tmp_path: Path, written: str) -> None:
    text = f"rules:\n  - {{path: '{written}', type: folder, classification: C0}}\n"
    assert "Line 2" in refusal(tmp_path, text)


def test_identifiers_stay_what_the_author_wrote(tmp_path: Path) -> None:
    manifest = load(
        tmp_path,
        "groups: [{id: no}, {id: 007}, {id: 1e3}, {id: 2024-01-01}]\n"
        "users: [{id: 12, groups: [no, 007]}]\n"
        "rules: [{path: 2024, type: folder, classification: C0, read: {groups: [no], users: [12]}}]\n",
    )
    assert list(manifest.groups) == ["no", "007", "1e3", "2024-01-01"]
    assert manifest.users["12"].groups == ("no", "007")
    assert manifest.rules[0].path == "2024"
    assert manifest.warnings == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "must be keys with values"),
        ("- a\n", "must be keys with values"),
        ("groups: []\n", "lacks 'rules'"),
        ("rules:\n", "rules must be a list"),
        ("rules:\n  - {path: a, type: folder}\n", "Line 2: rules[0] lacks 'classification'"),
        (
            "rules:\n  - {path: a, type: dir, classification: C1}\n",
            "'dir'; it must be folder or file",
        ),
        ("rules:\n  - {path: a, type: file, classification: C4}\n", "'C4'; it must be C0"),
        ("rules:\n  - {path: a, type: file, classification: 1}\n", "'1'; it must be C0"),
        ("rules:\n  - {path: , type: file, classification: C1}\n", "rules[0].path must be a text"),
        (
            "rules:\n - {path: a, type: file, classification: C1, read: {groups: x}}\n",
            "rules[0].read.groups must be a list",
        ),
        (
            "rules:\n - {path: a, type: file, classification: C1, read: '*'}\n",
            "rules[0].read must be keys",
        ),
        (
            "rules:\n - {path: a, type: file, classification: C1, deny: {users: [~]}}\n",
            "deny.users[0] must be a text",
        ),
        ("users: [{id: a, clearance: high}]\n" + RULE, "users[0].clearance is 'high'"),
        ("users: [{id: ''}]\n" + RULE, "must not be empty"),
        ("users: [{id: ' a'}]\n" + RULE, "begin or end with a space"),
        ("users: [{id: a}, {id: a}]\n" + RULE, "'a' is declared a second time"),
        ("groups: [{id: '*'}]\n" + RULE, "cannot be declared"),
        ("rules: []\nrules: []\n", "Line 2 says 'rules' a second time"),
        ("rules: [{path: a, path: b, type: file, classification: C1}]\n", "says 'path' a second"),
        ("rules: [\n", "not valid YAML at line 2"),
        ("rules: []\n--- \nrules: []\n", "not valid YAML"),
        ("rules: !!python/object/apply:os.system ['true']\n", "only plain values"),
        ("rules: !!set {a}\n", "only plain values"),
        ("base: &b {deny: {users: [x]}}\nrules: [{<<: *b, path: a}]\n", "merges with '<<'"),
        ("rules: &r [*r]\n", "multiply"),
        ("? [a, b]\n: c\nrules: []\n", "list or mapping as a key"),
        ("rules: " + "[" * 100_000, "deeper than"),
        (b"rules: []\nname: caf\xe9\n", "Line 2 is not written in UTF-8"),
        ("rules: []\nname: \0\n", "not valid YAML"),
        ("rules: []\n# " + "x" * 9_000_000, "larger than 8 MB"),
    ],
)
def test_what_is_not_of_the_form_is_refused_with_its_line(
    tmp_path: Path, text: str | bytes, words: str
) -> None:
    assert words in refusal(tmp_path, text)


def test_aliases_that_multiply_are_refused_and_honest_ones_are_read(tmp_path: Path) -> None:
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in range(1, 9):
        bomb += f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]\n"
    assert "multiply" in refusal(tmp_path, bomb + RULE)
    manifest = load(
        tmp_path,
        "staff: &staff {groups: ['*']}\n"
        "rules: [{path: a, type: folder, classification: C1, read: *staff}]\n",
    )
    assert manifest.rules[0].read.everyone


def test_two_rules_for_one_path_are_refused_unless_they_say_the_same(tmp_path: Path) -> None:
    rule = "  - {path: %s, type: %s, classification: C1, read: {users: [%s]}}\n"
    users = "users: [{id: a}, {id: b}]\n"
    two = users + "rules:\n" + rule % ("x", "folder", "a") + rule % ("./x/", "folder", "b")
    assert "line 3" in refusal(tmp_path, two)
    same = users + "rules:\n" + rule % ("x", "folder", "a") + rule % ("/x", "folder", "a")
    assert "same rule twice" in load(tmp_path, same).warnings[0]
    both = users + "rules:\n" + rule % ("x", "folder", "a") + rule % ("x", "file", "b")
    assert len(load(tmp_path, both).rules) == 2


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("users: [{id: a, groups: [ghost]}]\n" + RULE, "'ghost', which is not declared"),
        ("groups: [{id: g, contains_groups: [ghost]}]\n" + RULE, "'ghost', which is not declared"),
        ("groups: [{id: Staff}]\nusers: [{id: a, groups: [staff]}]\n" + RULE, "Was 'Staff' meant?"),
        (
            "rules: [{path: a, type: folder, classification: C1, read: {groups: [g]}}]",
            "read names the group 'g'",
        ),
        (
            "rules: [{path: a, type: folder, classification: C1, denny: {users: [x]}}]",
            "'denny' is ignored; was 'deny' meant?",
        ),
        (
            "rules: [{path: a, type: folder, classification: C1, deny: {user: [x]}}]",
            "'user' is ignored; was 'users' meant?",
        ),
        (
            "groups: [{id: a, contains_groups: [b]}, {id: b, contains_groups: [a]}]\n" + RULE,
            "Group 'a' contains itself",
        ),
        ("users: [{id: bob}, {id: Bob}]\n" + RULE, "differ only in capitals"),
    ],
)
def test_what_is_probably_a_mistake_is_a_warning(tmp_path: Path, text: str, words: str) -> None:
    assert any(words in warning for warning in load(tmp_path, text).warnings)


def test_an_unreadable_manifest_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidManifest, match="cannot be read"):
        load_manifest(tmp_path / "rights.yaml")
    with pytest.raises(InvalidManifest, match="cannot be read"):
        load_manifest(tmp_path)


def test_a_manifest_of_a_large_organisation_is_read_in_seconds(tmp_path: Path) -> None:
    groups = "\n".join(f"  - {{id: g{n}, label: Group {n}}}" for n in range(500))
    users = "\n".join(
        f"  - {{id: user{n}, name: User {n}, groups: [g{n % 500}]}}" for n in range(3000)
    )
    text = f"groups:\n{groups}\nusers:\n{users}\n{RULE}"
    assert len(load(tmp_path, text).users) == 3000


def test_an_unchanged_file_is_read_once_and_a_changed_one_again(tmp_path: Path) -> None:
    place = tmp_path / "rights.yaml"
    place.write_text("groups: [{id: one}]\nrules: []\n")
    first = current_manifest(place)
    assert current_manifest(place) is first
    place.write_text("groups: [{id: another}]\nrules: []\n")
    assert set(current_manifest(place).groups) == {"another"}
    place.write_text("rules: 3\n")
    for _ in range(2):
        with pytest.raises(InvalidManifest):
            current_manifest(place)
    place.unlink()
    with pytest.raises(InvalidManifest):
        current_manifest(place)
