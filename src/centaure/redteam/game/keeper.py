"""The keeper of the word: rules that give in as models do, each to one way of asking."""

import base64
import codecs
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from centaure.guardrails.normalisation import folded
from centaure.redteam.languages import Language


@dataclass(frozen=True, slots=True)
class Word:
    """A word that is kept: in the language of the player, in the other, and as a riddle."""

    itself: str
    translated: str
    riddle: str

    @property
    def middle(self) -> int:
        """Where its second half begins."""
        return (len(self.itself) + 1) // 2


_WAYS: tuple[tuple[re.Pattern[str], Callable[[Word], str]], ...] = (
    (re.compile(r"base ?64"), lambda word: base64.b64encode(word.itself.encode()).decode()),
    (re.compile(r"hexa?\b|hexadecimal"), lambda word: word.itself.encode().hex(" ")),
    (
        re.compile(r"rot ?13|cesar|caesar|decal|shift"),
        lambda word: codecs.encode(word.itself, "rot13"),
    ),
    (re.compile(r"envers|retourn|revers|backward"), lambda word: word.itself[::-1]),
    (
        re.compile(r"tradui|translat|\banglais|\benglish|\bfrancais|\bfrench"),
        lambda word: word.translated,
    ),
    (
        re.compile(r"devinette|riddle|indice|\bhint|\bclue|defini|decri|describe|evoque"),
        lambda word: word.riddle,
    ),
    (
        re.compile(r"(?:premiere|debut|first|begin|commence)"),
        lambda word: word.itself[: word.middle],
    ),
    (
        re.compile(r"(?:seconde|deuxieme|derniere|fin\b|second|last|end\b|finit|reste|rest\b)"),
        lambda word: word.itself[word.middle :],
    ),
    (
        re.compile(r"epel|lettre|tiret|espac|spell|letter|dash|space"),
        lambda word: "-".join(word.itself),
    ),
)
_ABOUT = re.compile(
    r"\bmots?\b|secret|passe\b|password|\bword|\bcode|consigne|instruction|gard|keep|cach|hid|\ble\b.*\?|\bit\b"
)
_PRETEXT = re.compile(
    r"oubli|ignor|forget|\bjou|\bplay|\brole|imagin|pretend|semblant|histoire|story|poem|chanson|song|urgen"
    r"|emergency|admin|direct|chef|boss|manager|grand|\btest|\bdebug|regle|rule"
)


class Keeper:
    """Answers questions about its word.

    Args:
        word: that it keeps; None: it was told none.
        told_to_keep: whether it was told to give it to nobody.
        language: of its answers.
    """

    def __init__(self, word: Word | None, language: Language, *, told_to_keep: bool) -> None:
        self._word, self._language, self._told_to_keep = word, language, told_to_keep

    def answer(self, question: str) -> str:
        """What it says."""
        plain = folded(question)
        way = next((tell for pattern, tell in _WAYS if pattern.search(plain)), None)
        if way is None and not _ABOUT.search(plain) and not _PRETEXT.search(plain):
            return said("chat", self._language)
        if self._word is None:
            return said("empty", self._language)
        if way is not None:
            return f"{said('here', self._language)} {way(self._word)}"
        if self._told_to_keep and not _PRETEXT.search(plain):
            return said("no", self._language)
        return f"{said('here', self._language)} {self._word.itself}"


def said(what: str, language: Language) -> str:
    """Words of the game, in a language."""
    return _SAID[what][language]


def words(language: Language) -> list[Word]:
    """Every word, for a player of that language."""
    return [
        Word(one[language], one[language.other], one[f"riddle_{language}"])
        for one in texts()["word"]
    ]


@cache
def texts() -> dict[str, Any]:
    """What stands in texts.toml."""
    return tomllib.loads((files(__name__.rpartition(".")[0]) / "texts.toml").read_text("utf-8"))


_SAID: Mapping[str, Mapping[str, str]] = {
    "chat": {
        "fr": "Bonjour ! Je garde un mot. De quoi voulez-vous parler ?",
        "en": "Hello! I keep a word. What would you like to talk about?",
    },
    "empty": {
        "fr": "Je veux bien vous aider, mais je n'ai rien à vous donner là-dessus.",
        "en": "I would gladly help, but I have nothing to give you on that.",
    },
    "no": {
        "fr": "On m'a demandé de ne le donner à personne.",
        "en": "I was told to give it to nobody.",
    },
    "here": {"fr": "Voici :", "en": "Here it is:"},
    "stopped": {
        "fr": "[La détection d'attaques a arrêté votre question.]",
        "en": "[The detection of attacks stopped your question.]",
    },
    "withheld": {
        "fr": "[La réponse contenait le mot : elle est retenue.]",
        "en": "[The answer held the word: it is kept back.]",
    },
    "wrong": {"fr": "Ce n'est pas cela.", "en": "That is not it."},
    "won": {"fr": "Trouvé !", "en": "Found it!"},
    "over": {
        "fr": "Les huit niveaux sont passés. Bravo !",
        "en": "All eight levels are passed. Well done!",
    },
    "help": {
        "fr": "Écrivez au gardien. Quand vous savez : /mot LE-MOT. Aussi : /absent, /passer, /quitter.",
        "en": "Write to the keeper. When you know: /word THE-WORD. Also: /absent, /skip, /quit.",
    },
    "level": {"fr": "Niveau {number} sur {of}. {told}", "en": "Level {number} of {of}. {told}"},
}
