"""Reading a rights manifest: strict about what decides, tolerant of what only informs."""

import difflib
import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Literal, cast

from centaure.kit.errors import InvalidInput
from centaure.knowledge.sources.manifest import (
    EVERYONE,
    Group,
    InvalidManifest,
    Manifest,
    Principals,
    Rule,
    User,
    normal_path,
)
from centaure.knowledge.sources.yaml_tree import Place, Tree, YamlTree, read_yaml_file

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError

_PROBLEMS_SHOWN = 8
_CLASSES = {"C0": 0, "C1": 1, "C2": 2, "C3": 3}
_KEYS: Mapping[str, tuple[str, ...]] = {
    "manifest": ("groups", "users", "rules"),
    "groups": ("id", "label", "contains_groups"),
    "users": ("id", "name", "groups", "clearance"),
    "rules": ("path", "type", "classification", "read", "deny"),
    "principals": ("groups", "users"),
}
_TYPE_WORDS = {"array": "a list", "object": "keys with values", "string": "a text", "null": "empty"}

_Entry = dict[str, Tree]


def checked_manifest(manifest: Path) -> Path:
    """The absolute place of a manifest, once it was seen to be valid.

    Raises:
        InvalidManifest: as `load_manifest`.
    """
    # Not resolved through a last link: replacing what the link points at must be noticed.
    place = manifest.expanduser().absolute()
    place = place.parent.resolve() / place.name
    load_manifest(place)
    return place


def load_manifest(path: Path) -> Manifest:
    """Read and check a manifest.

    Raises:
        InvalidManifest: with what is wrong and at which line, in sentences.
    """
    try:
        tree, content = read_yaml_file(path)
    except InvalidInput as error:
        raise InvalidManifest(f"The rights manifest {path} is refused. {error.message}") from None
    problems = _schema_problems(tree)
    if not problems:
        builder = _Builder(tree)
        manifest = builder.build(hashlib.sha256(content).digest())
        problems = builder.problems
        if not problems:
            return manifest
    shown = problems[:_PROBLEMS_SHOWN]
    more = f" And {len(problems) - len(shown)} more." if len(problems) > len(shown) else ""
    raise InvalidManifest(f"The rights manifest {path} is refused. {' '.join(shown)}{more}")


def current_manifest(path: Path) -> Manifest:
    """As `load_manifest`, read again only once the file changed: a long one takes seconds.

    Whoever asks meanwhile waits, so that not several are read at once.
    """
    with _reading:
        try:
            found = path.stat()
        except OSError:
            return load_manifest(path)  # which says what is wrong
        return _unchanged(path, found.st_ino, found.st_mtime_ns, found.st_size)


_reading = Lock()


@lru_cache(maxsize=4)
def _unchanged(path: Path, _inode: int, _changed_at: int, _size: int) -> Manifest:
    return load_manifest(path)


@cache
def _validator() -> "Draft202012Validator":
    # A tenth of a second that only synchronisations need.
    from jsonschema import Draft202012Validator  # noqa: PLC0415

    schema = files("centaure.knowledge.sources").joinpath("rights.schema.json").read_text("utf-8")
    return Draft202012Validator(json.loads(schema))


def _schema_problems(tree: YamlTree) -> list[str]:
    found = cast("Iterable[ValidationError]", _validator().iter_errors(tree.root))  # pyright: ignore[reportUnknownMemberType] - the stubs leave it open
    errors = sorted(found, key=lambda error: tree.line(tuple(error.absolute_path)))
    return list(dict.fromkeys(_sentence(tree, error) for error in errors))


def _sentence(tree: YamlTree, error: "ValidationError") -> str:
    place: Place = tuple(error.absolute_path)
    instance = cast("Tree", error.instance)
    wanted = cast("str | list[str]", error.validator_value)
    shown = f"'{instance[:60]}'" if isinstance(instance, str) else "not that"
    match str(error.validator):
        case "required" if isinstance(instance, dict):
            missing = [f"'{key}'" for key in wanted if key not in instance]
            what = f"lacks {' and '.join(missing)}"
        case "enum":
            what = f"is {shown}; it must be {' or '.join(wanted)}"
        case "oneOf":
            what = f"is {shown}; it must be C0, C1, C2 or C3"
        case "type":
            kinds = [wanted] if isinstance(wanted, str) else wanted
            what = f"must be {' or '.join(_TYPE_WORDS[kind] for kind in kinds)}"
        case "pattern" | "minLength":
            what = f"is {shown}; it must not be empty, nor begin or end with a space"
        case _:
            what = f"is longer than {wanted} characters"
    return f"Line {tree.line(place)}: {_spelled(place)} {what}."


def _spelled(place: Place) -> str:
    parts = [f"[{part}]" if isinstance(part, int) else f".{part}" for part in place]
    return "".join(parts).lstrip(".") or "the manifest"


class _Builder:
    """From a tree that the schema accepted to groups, users and rules."""

    def __init__(self, tree: YamlTree) -> None:
        self.tree = tree
        self.problems: list[str] = []
        self.warnings: list[str] = []

    def build(self, digest: bytes) -> Manifest:
        root = cast("_Entry", self.tree.root)
        self._near_misses(root, (), "manifest")
        groups = self._groups()
        users = self._users()
        rules = self._rules()
        if not self.problems:
            self._references(groups, users, rules)
            self._cycles(groups)
        return Manifest(groups, users, tuple(rules), tuple(self.warnings), digest)

    def _entries(self, section: str) -> list[tuple[Place, _Entry]]:
        root = cast("_Entry", self.tree.root)
        entries = cast("list[_Entry]", root.get(section) or [])
        found: list[tuple[Place, _Entry]] = []
        for index, entry in enumerate(entries):
            self._near_misses(entry, (section, index), section)
            found.append(((section, index), entry))
        return found

    def _groups(self) -> dict[str, Group]:
        groups: dict[str, Group] = {}
        for place, entry in self._entries("groups"):
            identifier = self._new_identifier(entry, place, groups)
            label = cast("str | None", entry.get("label")) or identifier
            groups[identifier] = Group(identifier, label, _names(entry.get("contains_groups")))
        return groups

    def _users(self) -> dict[str, User]:
        users: dict[str, User] = {}
        folded: dict[str, str] = {}
        for place, entry in self._entries("users"):
            identifier = self._new_identifier(entry, place, users)
            twin = folded.setdefault(identifier.casefold(), identifier)
            if twin != identifier:
                self.warnings.append(
                    f"Users '{twin}' and '{identifier}' differ only in capitals; they are two people."
                )
            clearance = cast("str | None", entry.get("clearance"))
            users[identifier] = User(
                identifier,
                cast("str | None", entry.get("name")) or identifier,
                _names(entry.get("groups")),
                None if clearance is None else _CLASSES[clearance],
            )
        return users

    def _new_identifier(self, entry: _Entry, place: Place, declared: Mapping[str, object]) -> str:
        identifier = cast("str", entry["id"])
        line = self.tree.line((*place, "id"))
        if identifier == EVERYONE:
            self.problems.append(
                f"Line {line}: '*' means any signed-in user and cannot be declared."
            )
        elif identifier in declared:
            self.problems.append(f"Line {line}: '{identifier}' is declared a second time.")
        elif "\0" in identifier:
            self.problems.append(f"Line {line}: an id holds a character that is not text.")
        return identifier

    def _rules(self) -> list[Rule]:
        rules: dict[tuple[str, str], Rule] = {}
        for place, entry in self._entries("rules"):
            line = self.tree.line(place)
            written = cast("str", entry["path"])
            try:
                path = normal_path(written)
            except ValueError as error:
                self.problems.append(f"Line {line}: the path '{written}' is refused: {error}.")
                continue
            rule = Rule(
                path,
                cast("Literal['folder', 'file']", entry["type"]),
                _CLASSES[cast("str", entry["classification"])],
                self._principals(entry, "read", place),
                self._principals(entry, "deny", place),
                line,
            )
            twin = rules.setdefault((rule.type, rule.path), rule)
            if twin is rule:
                continue
            if (twin.classification, twin.read, twin.deny) == (
                rule.classification,
                rule.read,
                rule.deny,
            ):
                self.warnings.append(f"Lines {twin.line} and {line} say the same rule twice.")
            else:
                self.problems.append(
                    f"Line {line}: {rule.name} already has another rule at line {twin.line}; which one "
                    "holds cannot be guessed: keep one."
                )
        return list(rules.values())

    def _principals(self, entry: _Entry, key: str, place: Place) -> Principals:
        named = cast("_Entry | None", entry.get(key))
        if named is None:
            return Principals()
        self._near_misses(named, (*place, key), "principals")
        return Principals(_names(named.get("groups")), _names(named.get("users")))

    def _near_misses(self, entry: _Entry, place: Place, kind: str) -> None:
        """An unknown key is never an error, but a misspelt `deny` would open what it should close."""
        known = _KEYS[kind]
        for key in entry:
            if key in known:
                continue
            close = difflib.get_close_matches(key.lower(), known, n=1, cutoff=0.7)
            if close and close[0] not in entry:
                self.warnings.append(
                    f"Line {self.tree.line((*place, key))}: the key '{key}' is ignored; "
                    f"was '{close[0]}' meant?"
                )

    def _references(
        self, groups: Mapping[str, Group], users: Mapping[str, User], rules: Iterable[Rule]
    ) -> None:
        named = [
            *((f"Group '{group.id}' contains", group.contains) for group in groups.values()),
            *((f"User '{user.id}' is in", user.groups) for user in users.values()),
            *((f"Line {rule.line}: read names", rule.read.groups) for rule in rules),
            *((f"Line {rule.line}: deny names", rule.deny.groups) for rule in rules),
        ]
        for who, identifiers in named:
            for identifier in dict.fromkeys(identifiers):
                reserved = identifier == EVERYONE and "names" in who
                if identifier in groups or reserved:
                    continue
                self.warnings.append(
                    f"{who} the group '{identifier}', which is not declared: it opens nothing."
                    f"{_hint(identifier, groups)}"
                )

    def _cycles(self, groups: Mapping[str, Group]) -> None:
        for group in groups.values():
            seen: set[str] = set()
            ahead = list(group.contains)
            while ahead:
                identifier = ahead.pop()
                if identifier in groups and identifier not in seen:
                    seen.add(identifier)
                    ahead.extend(groups[identifier].contains)
            if group.id in seen:
                self.warnings.append(
                    f"Group '{group.id}' contains itself: the groups of that loop have the same members."
                )


def _names(value: Tree) -> tuple[str, ...]:
    return tuple(dict.fromkeys(cast("list[str]", value or [])))


def _hint(identifier: str, known: Iterable[str]) -> str:
    alike = [name for name in known if name.casefold() == identifier.casefold()]
    return f" Was '{alike[0]}' meant?" if alike else ""
