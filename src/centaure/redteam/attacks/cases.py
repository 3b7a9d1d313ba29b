"""Cases: a seed in a language, in a disguise, in its scene; the same for the same number of a campaign."""

import random
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import zip_longest

from centaure.redteam.attacks.mutators import MUTATORS, PLAIN, Draft, mutated
from centaure.redteam.attacks.scene import FILLING, Scene
from centaure.redteam.attacks.seeds import Goal, Seed, seeds
from centaure.redteam.languages import Language


@dataclass(frozen=True, slots=True)
class Case:
    """One attack, ready to be tried.

    Attributes:
        id: seed, language and disguise: the same in every campaign.
        seed: where it comes from.
        family: of the seed.
        mutator: the disguise, `plain` for none.
        goal: what it is after.
        scene: what is at stake.
        turns: what is typed, in order; empty where a document attacks.
        document: that the assistant reads; empty: none.
    """

    id: str
    seed: str
    family: str
    mutator: str
    goal: Goal
    scene: Scene
    turns: tuple[str, ...]
    document: str = ""


def cases(
    number: int,
    most: int,
    *,
    families: Collection[str] = (),
    mutators: Collection[str] = (),
    languages: Collection[str] = (),
) -> list[Case]:
    """The cases of a campaign, drawn: seeds as they are written first, then disguises, each in turn.

    Args:
        number: draws scenes and order; the same number gives the same cases.
        most: cases, at most.
        families: those that are wanted; empty: all.
        mutators: the same; `plain` is a seed as it is written.
        languages: the same.
    """
    chosen = [one for one in seeds() if not families or one.family in families]
    names = [one for one in (PLAIN, *MUTATORS) if not mutators or one in mutators]
    spoken = [one for one in Language if not languages or one in languages]
    found = (
        case
        for seed, language, name in _in_order(number, chosen, names, spoken)
        if (case := _case(number, seed, language, name)) is not None
    )
    return [case for case, _ in zip(found, range(most), strict=False)]


def _in_order(
    number: int, chosen: list[Seed], names: list[str], spoken: list[Language]
) -> Iterator[tuple[Seed, Language, str]]:
    """Seeds as they are written first; then each disguise has its turn before one comes again."""
    columns: dict[str, list[tuple[Seed, Language, str]]] = {}
    for name in names:
        columns[name] = [(seed, language, name) for seed in chosen for language in spoken]
        random.Random(f"{number} {name}").shuffle(columns[name])  # noqa: S311 - no secret is drawn
    yield from columns.pop(PLAIN, [])
    for row in zip_longest(*columns.values()):
        yield from (one for one in row if one is not None)


def _case(number: int, seed: Seed, language: Language, name: str) -> Case | None:
    identifier = f"{seed.id}/{language}/{name}"
    chance = random.Random(f"{number} {identifier}")  # noqa: S311 - what is drawn is at no stake
    scene = Scene.drawn(chance, language)
    turns, other = (tuple(map(scene.filled, seed.texts[one])) for one in (language, language.other))
    draft = mutated(name, Draft(language, turns, seed.document, other), chance)
    if draft is None:
        return None
    document = ""
    if seed.document:
        whole = name in {"at-start", "in-middle", "at-end"}
        around = FILLING[draft.language]
        document = draft.turns[0] if whole else "\n\n".join((*around[:2], *draft.turns, around[2]))
    return Case(
        identifier,
        seed.id,
        seed.family,
        name,
        seed.goal,
        scene,
        () if seed.document else draft.turns,
        document,
    )
