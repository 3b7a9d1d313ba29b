"""Who is preferred, from everybody's votes: totals, and nobody's words or name."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from centaure.feedback.comparisons.settings import Kind, Task
from centaure.feedback.ranking.bradley_terry import Pair, strengths
from centaure.kit.database import ReadSession, Row


@dataclass(frozen=True, slots=True)
class Standing:
    """One setting among those that it was compared with.

    Attributes:
        player: its name.
        place: from 1; settings of equal points share it.
        points, low, high: of its strength, with the interval of 95%.
        won, lost: votes for it, and against it.
        equal: votes that found both equally good.
        neither: votes that found both bad.
    """

    player: str
    place: int
    points: float
    low: float
    high: float
    won: int
    lost: int
    equal: int
    neither: int

    @property
    def votes(self) -> int:
        """All of them."""
        return self.won + self.lost + self.equal + self.neither


@dataclass(frozen=True, slots=True)
class Ranking:
    """The settings of a kind, the most preferred first, and on how many votes that rests."""

    standings: tuple[Standing, ...]
    votes: int


async def totals_of(
    session: ReadSession, kind: Kind, task: Task | None = None, language: str | None = None
) -> list[Row]:
    """Votes on each pair of settings, everybody's together; `ranked` makes a ranking of these.

    Args:
        session: of whoever is signed in; nobody else sees any.
        kind: what was compared.
        task: only of questions of this; None: of any.
        language: only of answers in this; None: of any.
    """
    return await session.rows(
        "select * from comparison_totals(%(kind)s, %(task)s, %(language)s)",
        {"kind": kind, "task": task, "language": language},
    )


async def ranked(totals: Sequence[Row]) -> Ranking:
    """A ranking from votes on pairs; call it after the transaction."""
    pairs = [
        Pair(row.one, row.other, row.one_won, row.other_won, row.equal + row.neither)
        for row in totals
    ]
    found = await asyncio.to_thread(strengths, pairs)
    counted: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for row in totals:
        for player, won, lost in (
            (row.one, row.one_won, row.other_won),
            (row.other, row.other_won, row.one_won),
        ):
            for number, votes in enumerate((won, lost, row.equal, row.neither)):
                counted[player][number] += votes
    names = sorted(found, key=lambda name: (-found[name].points, name))
    standings: list[Standing] = []
    for number, name in enumerate(names, 1):
        strength = found[name]
        same = standings and round(standings[-1].points, 6) == round(strength.points, 6)
        place = standings[-1].place if same else number
        points, low, high = strength.points, strength.low, strength.high
        standings.append(Standing(name, place, points, low, high, *counted[name]))
    return Ranking(tuple(standings), sum(int(pair.votes) for pair in pairs))
