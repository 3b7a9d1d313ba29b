"""Derive the frequency tables of this folder from wordfreq's small lists.

Run it in a throw-away environment that has both Centaure and wordfreq 3.1.1 (57 MB, which is why
Centaure does not depend on it): `python -m centaure.knowledge.language.frequencies.derive`.
"""

import gzip
import math
import sys
from collections import defaultdict
from pathlib import Path
from typing import Protocol, cast

from centaure.knowledge.language.tokens import tokens


class _FrequencyLists(Protocol):
    """What is used of wordfreq, which is not installed where the types are checked."""

    def get_frequency_dict(self, lang: str, wordlist: str) -> dict[str, float]: ...


def derive(language: str) -> bytes:
    """The table of one language: lines "centibels<TAB>stem stem ...", the most frequent first.

    A stem's frequency is the sum of the frequencies of the words that have it; a centibel is a
    hundredth of a power of ten, as in wordfreq: 250 is a frequency of 10^-2.5.
    """
    import wordfreq  # pyright: ignore[reportMissingImports]  # noqa: PLC0415  only here, see above

    lists = cast("_FrequencyLists", wordfreq)
    words = lists.get_frequency_dict(language, wordlist="small")
    stems: defaultdict[str, float] = defaultdict(float)
    for word, frequency in words.items():
        for token in tokens(word, language):
            stems[token.stem] += frequency
    by_level: defaultdict[int, list[str]] = defaultdict(list)
    for stem, frequency in stems.items():
        if not any(character.isdigit() for character in stem):
            by_level[round(-100 * math.log10(frequency))].append(stem)
    lines = [f"{level}\t{' '.join(sorted(by_level[level]))}\n" for level in sorted(by_level)]
    return gzip.compress("".join(lines).encode(), compresslevel=9, mtime=0)


def main() -> None:
    """Write both tables beside this file."""
    for language in ("fr", "en"):
        table = derive(language)
        Path(__file__).with_name(f"{language}.tsv.gz").write_bytes(table)
        sys.stdout.write(f"{language}: {len(table)} bytes\n")


if __name__ == "__main__":
    main()
