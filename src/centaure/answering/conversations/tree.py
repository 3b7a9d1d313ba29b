"""Turns as a tree: which branch is shown, what stands beside a turn. Numbers grow with time."""

from collections.abc import Sequence
from typing import Protocol


class Node(Protocol):
    """A turn's place; a turn without a parent begins the conversation."""

    @property
    def id(self) -> int: ...
    @property
    def parent_id(self) -> int | None: ...
    @property
    def shown(self) -> bool: ...


def branch_to(nodes: Sequence[Node], last: int | None) -> list[int]:
    """The turns from the first to `last`; none where there is none."""
    parents = {node.id: node.parent_id for node in nodes}
    branch: list[int] = []
    while last is not None and last in parents:
        branch.append(last)
        last = parents[last]
    return branch[::-1]


def branch_through(nodes: Sequence[Node], turn: int) -> list[int]:
    """The turns from the first to `turn`, and on from there by the latest that follows each."""
    latest: dict[int, int] = {}
    for node in nodes:
        if node.parent_id is not None:
            latest[node.parent_id] = max(latest.get(node.parent_id, 0), node.id)
    branch = branch_to(nodes, turn)
    while branch and branch[-1] in latest:
        branch.append(latest[branch[-1]])
    return branch


def last_shown(nodes: Sequence[Node]) -> int | None:
    """The last turn of the branch that is shown."""
    return max((node.id for node in nodes if node.shown), default=None)


def siblings(nodes: Sequence[Node], turn: int) -> tuple[int, ...]:
    """The turn and those that stand in its place in other branches, the earliest first."""
    parents = {node.id: node.parent_id for node in nodes}
    return tuple(sorted(other for other in parents if parents[other] == parents[turn]))
