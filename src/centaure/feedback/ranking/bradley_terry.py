"""Strengths of players from results of pairs, after Bradley and Terry.

The model (R. A. Bradley, M. E. Terry, "Rank analysis of incomplete block designs", Biometrika 39, 1952) says
that player i is preferred to player j with probability 1 / (1 + exp(t_j - t_i)). The logarithms of strengths
t of the highest likelihood are found by Newton's method, whose steps are halved while they lead down; the
function is concave (D. R. Hunter, "MM algorithms for generalized Bradley-Terry models", The Annals of
Statistics 32(1), 2004, sections 1 and 3). A tie counts as half a win for each.

A player who won or lost everything would have no finite strength, and players who never met, directly or
through others, could not be ranked. So each also has `PRIOR` imaginary ties with a player of strength 0: with
few votes strengths stay near it, and with many it changes nothing that shows.

Intervals are those of the normal approximation: the inverse of the matrix of second derivatives of the
negative log-likelihood, taken about the mean of all players.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

PRIOR = 1.0
"""Imaginary ties of each player."""
POINTS = 400 / math.log(10)
"""Points of one unit of the logarithm: 400 more are ten times the odds, as with Elo's ratings of chess."""
MIDDLE = 1000.0
"""Points of a player as strong as the mean."""
_Z = 1.959963984540054
"""Of a normal distribution, half of 95%."""
_CLOSE = 1e-9
_MOST_STEPS = 100


@dataclass(frozen=True, slots=True)
class Pair:
    """What came of the votes on two players: how often each was preferred, and neither was.

    Attributes:
        one, other: their names, which differ.
        one_won, other_won, ties: votes; none is below 0.
    """

    one: str
    other: str
    one_won: float
    other_won: float
    ties: float = 0.0

    @property
    def votes(self) -> float:
        """All of them."""
        return self.one_won + self.other_won + self.ties


@dataclass(frozen=True, slots=True)
class Strength:
    """How strong a player is.

    Attributes:
        points: `MIDDLE` is the mean of the players.
        low, high: ends of the interval in which the points are with a probability of 95%.
    """

    points: float
    low: float
    high: float


def strengths(pairs: Sequence[Pair], prior: float = PRIOR) -> dict[str, Strength]:
    """The strength of every player of some pairs.

    Args:
        pairs: results; the same two players may be in several.
        prior: imaginary ties of each player, above 0.
    """
    names = sorted({name for pair in pairs for name in (pair.one, pair.other)})
    place = {name: number for number, name in enumerate(names)}
    size = len(names)
    wins = [prior / 2] * size
    met: list[dict[int, float]] = [{} for _ in names]
    for pair in pairs:
        i, j = place[pair.one], place[pair.other]
        wins[i] += pair.one_won + pair.ties / 2
        wins[j] += pair.other_won + pair.ties / 2
        met[i][j] = met[i].get(j, 0.0) + pair.votes
        met[j][i] = met[j].get(i, 0.0) + pair.votes
    found = _fitted(wins, met, prior)
    mean = sum(found) / size if size else 0.0
    spread = _deviations(found, met, prior)
    return {name: _strength(found[number] - mean, spread[number]) for name, number in place.items()}


def expected(one: Strength, other: Strength) -> float:
    """With which probability the first is preferred to the second."""
    return 1 / (1 + math.exp((other.points - one.points) / POINTS))


def _fitted(wins: Sequence[float], met: Sequence[Mapping[int, float]], prior: float) -> list[float]:
    """Logarithms of the strengths of the highest likelihood."""
    now = [0.0] * len(wins)
    likelihood = _likelihood(now, wins, met, prior)
    for _ in range(_MOST_STEPS):
        slope = [
            won
            - prior * _chance(now[i], 0.0)
            - sum(votes * _chance(now[i], now[j]) for j, votes in met[i].items())
            for i, won in enumerate(wins)
        ]
        covariance = _inverse(_curvature(now, met, prior))
        step = [_dot(row, slope) for row in covariance]
        furthest = max((abs(one) for one in step), default=0.0)
        if furthest < _CLOSE:
            break
        for _ in range(_MOST_STEPS):
            then = [a + b for a, b in zip(now, step, strict=True)]
            better = _likelihood(then, wins, met, prior)
            if better >= likelihood:
                now, likelihood = then, better
                break
            step = [one / 2 for one in step]
        else:  # nothing is higher that numbers can tell apart
            break
    return now


def _likelihood(
    now: Sequence[float], wins: Sequence[float], met: Sequence[Mapping[int, float]], prior: float
) -> float:
    """Logarithm of the likelihood of the results, but for what is the same for all strengths."""
    found = _dot(wins, now) - prior * sum(_either(one, 0.0) for one in now)
    for i, others in enumerate(met):
        found -= sum(votes * _either(now[i], now[j]) for j, votes in others.items() if i < j)
    return found


def _deviations(
    found: Sequence[float], met: Sequence[Mapping[int, float]], prior: float
) -> list[float]:
    """Standard deviation of each logarithm about the mean of all."""
    size = len(found)
    covariance = _inverse(_curvature(found, met, prior))
    rows = [sum(row) / size for row in covariance]
    whole = sum(rows) / size if size else 0.0
    return [math.sqrt(max(covariance[i][i] - 2 * rows[i] + whole, 0.0)) for i in range(size)]


def _curvature(
    now: Sequence[float], met: Sequence[Mapping[int, float]], prior: float
) -> list[list[float]]:
    """Second derivatives of the negative log-likelihood."""
    found = [[0.0] * len(now) for _ in now]
    for i, others in enumerate(met):
        chance = _chance(now[i], 0.0)
        found[i][i] += prior * chance * (1 - chance)
        for j, votes in others.items():
            chance = _chance(now[i], now[j])
            found[i][i] += votes * chance * (1 - chance)
            found[i][j] -= votes * chance * (1 - chance)
    return found


def _chance(one: float, other: float) -> float:
    """With which probability the first is preferred."""
    return 1 / (1 + math.exp(other - one))


def _either(one: float, other: float) -> float:
    """Logarithm of the sum of two strengths, by their logarithms."""
    return max(one, other) + math.log1p(math.exp(-abs(one - other)))


def _dot(one: Sequence[float], other: Sequence[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


def _inverse(matrix: Sequence[Sequence[float]]) -> list[list[float]]:
    """Of a symmetric matrix whose diagonal outweighs each row, by Gauss and Jordan: no pivot is sought."""
    size = len(matrix)
    rows = [[*row, *(1.0 if i == j else 0.0 for j in range(size))] for i, row in enumerate(matrix)]
    for i in range(size):
        pivot = rows[i][i]
        rows[i] = [value / pivot for value in rows[i]]
        for j in range(size):
            factor = rows[j][i]
            if j != i and factor != 0.0:
                rows[j] = [a - factor * b for a, b in zip(rows[j], rows[i], strict=True)]
    return [row[size:] for row in rows]


def _strength(centred: float, deviation: float) -> Strength:
    points = MIDDLE + POINTS * centred
    reach = POINTS * _Z * deviation
    return Strength(points, points - reach, points + reach)
