"""The game over HTTP, for people in a browser; the server keeps nothing of a game but what teams solved."""

from typing import Annotated, Self

import anyio.to_thread
from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field, field_validator

from centaure.identity import Principal
from centaure.identity.access import signed_in
from centaure.kit.database import Database
from centaure.redteam.game.board import Standing
from centaure.redteam.game.keeper import texts
from centaure.redteam.game.play import LEVELS, Game
from centaure.redteam.game.scores import keep_score, read_board
from centaure.redteam.languages import Language

router = APIRouter(prefix="/game", tags=["game"])

Person = Annotated[Principal, Depends(signed_in)]
Line = Annotated[str, Field(min_length=1, max_length=500)]
MOST_LINES = 40
"""Of one level; past that, a player begins it again."""


class Played(BaseModel):
    """A level as it was played so far, every line of it: the server remembers none.

    Attributes:
        number: draws the words; the same number draws the same.
        lines: what the player wrote at this level, in order; empty to be told of the level.
        team: for whom a solved level counts; empty: for nobody.
    """

    language: Language = Language.FR
    number: Annotated[int, Field(ge=0, le=2**32 - 1)]
    level: Annotated[int, Field(ge=1, le=LEVELS)] = 1
    lines: Annotated[list[Line], Field(max_length=MOST_LINES)] = []
    team: Annotated[str, Field(max_length=60)] = ""

    @field_validator("team")
    @classmethod
    def _one_line(cls, team: str) -> str:
        name = " ".join(team.split())
        if not name.isprintable():
            raise ValueError("a name is text on one line")
        return name


class Said(BaseModel):
    """What comes of the last line.

    Attributes:
        told: of the level, before it is played.
        said: by the keeper, or by what stands before it.
        questions: asked at this level so far.
        solved: whether the last line solved it.
        lesson: what a solved level teaches.
    """

    level: int
    levels: int = LEVELS
    told: str
    said: str = ""
    questions: int = 0
    solved: bool = False
    lesson: str = ""


class TeamStanding(BaseModel):
    """A team: levels that it solved, and the fewest questions that they took together."""

    team: str
    levels: int
    questions: int

    @classmethod
    def of(cls, standing: Standing) -> Self:
        """The same, spelled for the API."""
        return cls.model_validate(standing, from_attributes=True)


@router.post("")
async def play_game(request: Request, person: Person, played: Played) -> Said:
    """Play a line of the game: get an invented word out of a simulated keeper."""
    said = await anyio.to_thread.run_sync(play, played)
    if said.solved and played.team:
        database: Database = request.app.state.database
        async with database.write(person.id) as session:
            await keep_score(session, played.team, played.level, said.questions)
    return said


@router.get("/board")
async def read_game_board(request: Request, person: Person) -> list[TeamStanding]:
    """What each team has solved, the best first."""
    database: Database = request.app.state.database
    async with database.read(person.id) as session:
        return [TeamStanding.of(one) for one in await read_board(session)]


def play(played: Played) -> Said:
    """Play a level from its beginning: the same lines always have the same end."""
    game = Game(played.language, played.number, played.level)
    level = texts()["level"][played.level - 1]
    told = Said(level=played.level, told=level[played.language])
    for line in played.lines:
        told.said = game.say(line)
        if played.level in game.solved:
            told.said, told.solved = "", True
            told.questions = game.solved[played.level]
            told.lesson = level[f"lesson_{played.language}"]
            break
        if game.level != played.level or game.over:  # left, by a command of the terminal
            break
        told.questions += 1
    return told
