"""Rankings as the API spells them."""

from typing import Self

from pydantic import BaseModel

from centaure.feedback.ranking.standings import Ranking


class StandingRead(BaseModel):
    """A setting among those that it was compared with.

    `points` are 1000 for the mean, and 400 more are ten times the odds; the truth is between `low` and `high`
    with a probability of 95%. Votes were for it (`won`), against it (`lost`), for both (`equal`) or for
    neither.
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


class ComparisonRanking(BaseModel):
    """The settings of a kind, the most preferred first, and the votes that this rests on."""

    standings: list[StandingRead]
    votes: int

    @classmethod
    def of(cls, ranking: Ranking) -> Self:
        """The same ranking, spelled for the API."""
        return cls.model_validate(ranking, from_attributes=True)
