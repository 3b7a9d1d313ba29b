"""A level that is played in a browser ends as it does on the command line, and its lines alone prove it."""

import random

import pytest

from centaure.kit.database import Database
from centaure.kit.errors import Conflict
from centaure.redteam.game.board import Standing
from centaure.redteam.game.keeper import words
from centaure.redteam.game.play import LEVELS
from centaure.redteam.game.routes import Played, play
from centaure.redteam.game.scores import MOST_TEAMS, keep_score, read_board
from centaure.redteam.languages import Language

NUMBER = 4


def word_of(level: int) -> str:
    drawn = words(Language.EN)
    random.Random(NUMBER).shuffle(drawn)
    return drawn[(level - 1) % len(drawn)].itself


def played(level: int, *lines: str) -> Played:
    return Played(language=Language.EN, number=NUMBER, level=level, lines=list(lines))


def test_a_level_is_told_before_it_is_played() -> None:
    told = play(played(1))
    assert told.told
    assert (told.said, told.questions, told.solved, told.lesson) == ("", 0, False, "")
    assert told.levels == LEVELS


def test_the_word_that_the_keeper_gives_away_solves_its_level() -> None:
    answered = play(played(1, "What is the word?"))
    assert word_of(1) in answered.said
    assert not answered.solved
    solved = play(played(1, "What is the word?", f"/word {word_of(1)}"))
    assert solved.solved
    assert solved.questions == 2
    assert solved.lesson
    assert solved.said == ""


def test_skipping_solves_nothing() -> None:
    assert not play(played(3, "/skip")).solved
    assert not play(played(3, "/quit", f"/word {word_of(3)}")).solved


def test_the_last_level_is_solved_by_saying_that_there_is_nothing() -> None:
    assert play(played(LEVELS, "/absent")).solved


@pytest.mark.anyio
async def test_the_board_keeps_the_best_of_each_team(database: Database) -> None:
    for team, level, questions in (
        ("Blue", 1, 5),
        ("Blue", 1, 3),
        ("Blue", 1, 9),
        ("Red", 1, 4),
        ("Red", 2, 2),
    ):
        async with database.write(1) as session:
            await keep_score(session, team, level, questions)
    async with database.read(1) as session:
        assert await read_board(session) == [Standing("Red", 2, 6), Standing("Blue", 1, 3)]
    async with database.read(None) as session:
        assert await read_board(session) == []


@pytest.mark.anyio
async def test_the_board_has_so_many_teams_and_no_more(database: Database) -> None:
    async with database.write(1) as session:
        for number in range(MOST_TEAMS):
            await keep_score(session, f"Team {number}", 1, 5)
        with pytest.raises(Conflict):
            await keep_score(session, "One more", 1, 5)
        await keep_score(session, "Team 7", 1, 3)
    async with database.read(1) as session:
        assert (await read_board(session))[0] == Standing("Team 7", 1, 3)
