"""YAML read as a plain tree, strictly: no surprise in types, no bomb, no key said twice.

Every scalar is the text that the author wrote (`007` stays `007`, `no` stays `no`): an identifier never
becomes a number or a truth value. Only an empty value and `null` mean nothing.
"""

import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from centaure.kit.errors import InvalidInput

MAX_BYTES = 8 * 1024 * 1024
MAX_DEPTH = 24
MAX_NODES = 300_000

Tree = str | None | list["Tree"] | dict[str, "Tree"]
Place = tuple[str | int, ...]

_PLAIN_TAGS = frozenset(
    f"tag:yaml.org,2002:{name}"
    for name in ("str", "null", "bool", "int", "float", "timestamp", "seq", "map", "value", "merge")
)
_NULL_TAG = "tag:yaml.org,2002:null"
_MERGE_TAG = "tag:yaml.org,2002:merge"


@dataclass(frozen=True, slots=True)
class YamlTree:
    """The content and, for each place in it, the line (from 1) where it is written."""

    root: Tree
    lines: dict[Place, int] = field(default_factory=dict[Place, int])

    def line(self, place: Place) -> int:
        """The line of a place, or of what holds it."""
        for length in range(len(place), -1, -1):
            if place[:length] in self.lines:
                return self.lines[place[:length]]
        return 1


def read_yaml(content: bytes) -> YamlTree:
    """Read one YAML document.

    Raises:
        InvalidInput: not UTF-8, not YAML, too large, too deep, a key twice, a typed tag, a merge key
            or aliases that multiply; the sentence names the line.
    """
    if len(content) > MAX_BYTES:
        raise InvalidInput(f"It is larger than {MAX_BYTES // 1_048_576} MB; split the source.")
    try:
        text = unicodedata.normalize("NFC", content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise InvalidInput(
            f"Line {line} is not written in UTF-8; save the file as UTF-8."
        ) from None
    try:
        _check_depth(text)
        node = yaml.compose(
            text, Loader=yaml.SafeLoader if _without_libyaml() else yaml.CSafeLoader
        )
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"line {mark.line + 1}, column {mark.column + 1}" if mark else "the file"
        raise InvalidInput(f"It is not valid YAML at {where}: {error.problem}.") from None
    except yaml.YAMLError as error:
        raise InvalidInput(f"It is not valid YAML: {' '.join(str(error).split())}.") from None
    if node is None:
        return YamlTree(None)
    reader = _Reader()
    return YamlTree(reader.read(node, ()), reader.lines)


def read_yaml_file(path: Path) -> tuple[YamlTree, bytes]:
    """Read a file as `read_yaml` does; also gives the bytes that were read.

    Raises:
        InvalidInput: it cannot be opened, or is not valid.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise InvalidInput(f"It cannot be read ({error.strerror}).") from None
    return read_yaml(content), content


def _without_libyaml() -> bool:
    return not hasattr(yaml, "CSafeLoader")


def _check_depth(text: str) -> None:
    """Refuse deep nesting from the flat stream of events: composing recurses on the machine's stack."""
    depth = 0
    loader = yaml.SafeLoader if _without_libyaml() else yaml.CSafeLoader
    for event in yaml.parse(text, Loader=loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                line = event.start_mark.line + 1 if event.start_mark else 1
                raise InvalidInput(f"Line {line} is nested deeper than {MAX_DEPTH} levels.")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


class _Reader:
    def __init__(self) -> None:
        self.lines: dict[Place, int] = {}
        self.nodes = 0

    def read(self, node: yaml.Node, place: Place) -> Tree:
        line = node.start_mark.line + 1
        self.lines.setdefault(place, line)
        self.nodes += 1
        # An alias repeats its nodes here, so a bomb spends this budget and a loop spends the depth.
        if self.nodes > MAX_NODES or len(place) > MAX_DEPTH:
            raise InvalidInput(f"The aliases used at line {line} multiply its content without end.")
        if node.tag not in _PLAIN_TAGS:
            raise InvalidInput(f"Line {line} has the type {node.tag}; only plain values are read.")
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, place)
        if isinstance(node, yaml.SequenceNode):
            return [self.read(item, (*place, index)) for index, item in enumerate(node.value)]
        return None if node.tag == _NULL_TAG else str(node.value)

    def _mapping(self, node: yaml.MappingNode, place: Place) -> Tree:
        content: dict[str, Tree] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if key_node.tag == _MERGE_TAG:
                raise InvalidInput(f"Line {line} merges with '<<'; write the keys out.")
            if not isinstance(key_node, yaml.ScalarNode):
                raise InvalidInput(f"Line {line} has a list or mapping as a key.")
            key = str(key_node.value)
            if key in content:
                raise InvalidInput(f"Line {line} says '{key}' a second time.")
            self.lines[(*place, key)] = line
            content[key] = self.read(value_node, (*place, key))
        return content
