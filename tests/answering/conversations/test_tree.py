"""Turns are a tree; whatever is added, exactly one branch is shown."""

from dataclasses import dataclass, replace

from hypothesis import given
from hypothesis import strategies as st

from centaure.answering.conversations import tree


@dataclass(frozen=True)
class Node:
    id: int
    parent_id: int | None
    shown: bool = False


def forest(numbers: list[int]) -> list[Node]:
    """Each turn follows an earlier one, or begins the conversation."""
    return [Node(place, number % place or None) for place, number in enumerate(numbers, start=1)]


forests = st.lists(st.integers(0, 1000), min_size=1, max_size=30).map(forest)


@given(forests, st.integers(0, 1000))
def test_a_branch_runs_from_the_first_turn_to_one_that_nothing_follows(
    nodes: list[Node], chosen: int
) -> None:
    turn = nodes[chosen % len(nodes)].id
    branch = tree.branch_through(nodes, turn)
    parents = {node.id: node.parent_id for node in nodes}
    assert turn in branch
    assert [parents[each] for each in branch] == [None, *branch[:-1]]
    assert branch[-1] not in parents.values()
    assert branch[: branch.index(turn) + 1] == tree.branch_to(nodes, turn)
    shown = [replace(node, shown=node.id in branch) for node in nodes]
    assert tree.branch_to(shown, tree.last_shown(shown)) == branch


@given(forests)
def test_every_turn_is_among_its_siblings_and_they_agree(nodes: list[Node]) -> None:
    for node in nodes:
        beside = tree.siblings(nodes, node.id)
        assert node.id in beside
        assert all(tree.siblings(nodes, other) == beside for other in beside)


def test_a_turn_of_elsewhere_is_on_no_branch() -> None:
    assert tree.branch_through([Node(1, None)], 2) == []
    assert tree.branch_to([], None) == []
    assert tree.last_shown([]) is None
