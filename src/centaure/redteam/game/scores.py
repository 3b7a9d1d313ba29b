"""The board that players in a browser share: what each team has solved, in the database."""

from centaure.kit.database import ReadSession, WriteSession
from centaure.kit.errors import Conflict
from centaure.redteam.game.board import Standing

MOST_TEAMS = 200


async def keep_score(session: WriteSession, team: str, level: int, questions: int) -> None:
    """Add a level that was solved to a team's best.

    Args:
        session: of the player.
        team: its name, 1 to 60 characters.
        level: 1 to 8.
        questions: that it took.

    Raises:
        Conflict: it is a new team, and there are too many.
    """
    others: int = await session.value(
        "select count(distinct team) from game_best where team <> %(team)s", {"team": team}
    )
    if others >= MOST_TEAMS:
        raise Conflict(
            f"There are {MOST_TEAMS} teams on the board. Play for one of them, or for none."
        )
    values = {"team": team, "level": level, "questions": questions}
    await session.execute(_KEEP, values)


async def read_board(session: ReadSession) -> list[Standing]:
    """The teams, the best first: more levels, then fewer questions."""
    rows = await session.rows(_BOARD)
    return [Standing(row.team, int(row.levels), int(row.questions)) for row in rows]


_KEEP = """
    insert into game_best as best (team, level, questions) values (%(team)s, %(level)s, %(questions)s)
    on conflict (team, level) do update set questions = excluded.questions
        where excluded.questions < best.questions
"""
_BOARD = """
    select team, count(*) as levels, sum(questions) as questions from game_best
    group by team order by levels desc, questions, team limit 100
"""
