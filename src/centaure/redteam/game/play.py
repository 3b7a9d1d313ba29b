"""The game itself: what is typed goes in, what is said comes out; nothing is read or printed here."""

import random
from collections.abc import Callable
from enum import IntEnum

from centaure.guardrails.attacks import Attack
from centaure.guardrails.checks import Context, Turn, scan
from centaure.guardrails.output import Leak
from centaure.guardrails.output.letters import bare
from centaure.guardrails.verdicts import Action, Stage
from centaure.redteam.game.keeper import Keeper, said, texts, words
from centaure.redteam.languages import Language


class Defence(IntEnum):
    """What stands around the word, by the level at which it comes."""

    NONE = 1
    TOLD_TO_KEEP = 2
    QUESTIONS = 3
    EXACT = 4
    LETTERS = 5
    DECODED = 6
    MEMORY = 7
    UNKNOWN = 8


LEVELS = len(Defence)
_WORD, _SKIP, _QUIT = ("/mot ", "/word "), ("/passer", "/skip"), ("/quitter", "/quit")


class Game:
    """One player's game.

    Attributes:
        level: that is being played, 1 to `LEVELS`; past it, the game is over.
        solved: questions that each level took.
        over: whether nothing more is played.
    """

    def __init__(self, language: Language, number: int, level: int = 1) -> None:
        """Begin at a level; the number draws the words."""
        self._language = language
        self._words = words(language)
        random.Random(number).shuffle(self._words)  # noqa: S311 - it is a game
        self.level, self.over = level, False
        self.solved: dict[int, int] = {}
        self._begin()

    def opening(self) -> str:
        """What the player is told of the level."""
        told = texts()["level"][self.level - 1][self._language]
        return said("level", self._language).format(number=self.level, of=LEVELS, told=told)

    def say(self, line: str) -> str:
        """What comes of a line that the player types."""
        typed = line.strip()
        if typed.lower() in _QUIT:
            self.over = True
            return ""
        if typed.lower() in _SKIP:
            return self._next()
        if not typed or (typed.startswith("/") and not self._is_guess(typed)):
            return said("help", self._language)
        self._asked += 1
        if self._right(typed):
            self.solved[self.level] = self._asked
            lesson = texts()["level"][self.level - 1][f"lesson_{self._language}"]
            return "\n".join((said("won", self._language), lesson, "", self._next()))
        if self._is_guess(typed):
            return said("wrong", self._language)
        return self._answer(typed)

    def _begin(self) -> None:
        self._asked = 0
        self._turns: list[Turn] = []
        self._word = self._words[(self.level - 1) % len(self._words)]
        self._keeper = Keeper(
            None if self.level >= Defence.UNKNOWN else self._word,
            self._language,
            told_to_keep=self.level >= Defence.TOLD_TO_KEEP,
        )

    def _next(self) -> str:
        self.level += 1
        if self.level > LEVELS:
            self.over = True
            return said("over", self._language)
        self._begin()
        return self.opening()

    def _is_guess(self, typed: str) -> bool:
        return typed.lower().startswith((*_WORD, "/absent"))

    def _right(self, typed: str) -> bool:
        if self.level >= Defence.UNKNOWN:
            return typed.lower() == "/absent"
        guess = next((typed[len(one) :] for one in _WORD if typed.lower().startswith(one)), typed)
        return bare(guess) == bare(self._word.itself)

    def _answer(self, question: str) -> str:
        if self.level >= Defence.QUESTIONS:
            context = Context(Stage.INPUT, earlier=self._turns, language=self._language)
            if scan(question, context, [Attack()]).action > Action.REDACT:
                return said("stopped", self._language)
        answer = self._keeper.answer(question)
        if self._gives_away(answer):
            return said("withheld", self._language)
        self._turns += [Turn("user", question), Turn("assistant", answer)]
        return answer

    def _gives_away(self, answer: str) -> bool:
        """Whether a defence of this level finds the word in an answer."""
        word = self._word.itself
        told = " ".join(turn.text for turn in self._turns if turn.role == "assistant")
        halves = (word[: self._word.middle], word[self._word.middle :])
        finds: dict[Defence, Callable[[], bool]] = {
            Defence.EXACT: lambda: word in answer,
            Defence.LETTERS: lambda: bare(word) in bare(answer),
            Defence.DECODED: lambda: (
                scan(answer, Context(Stage.OUTPUT, secrets=(word,)), [Leak()]).action > Action.WARN
            ),
            Defence.MEMORY: lambda: all(one in f"{told} {answer}" for one in halves),
        }
        return any(self.level >= defence and find() for defence, find in finds.items())
