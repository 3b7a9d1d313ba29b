"""Names and references of a sentence, and where a source has them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from centaure.answering.groundedness.dates import MONTH_NAMES, WEEKDAY_NAMES
from centaure.answering.groundedness.text import plain
from centaure.knowledge.language import fold, stem, stem_levels
from centaure.knowledge.language.stopwords import STOP_WORDS
from centaure.knowledge.language.weights import weight

_REFERENCE = re.compile(
    r"(?P<address>[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?:https?://|www\.)[^\s<>\"'»)]+[^\s<>\"'».,;:!?)])"
    r"|(?<![\w])(?P<code>[A-Za-z]{1,10}[-/_.]?\d\w*(?:[-/_.]\w+)*|\d{1,6}[-/][A-Z]\w*(?:[-/]\w+)*"
    r"|[A-Z]{2,}(?:[-/_][A-Z\d]+)+)(?![\w])"
)
_MAY_REFER = re.compile(r"[@\d]|https?://|www\.|[A-Z][-/_][A-Z\d]")
"""What every address and every code holds; most sentences do not."""
_TIMED = re.compile(r"[hH]\d\d?")
_CAPITALISED = re.compile(r"[A-ZÀ-ÖØ-Þ](?:\.(?=[A-Z]\.))?[\w&]*(?:[-‐‑]\w+)*")
_OPENS = re.compile(r"(?:^|[.!?:•\n]\s*|[-–—]\s|[«“\"(\[]\s*)$")
_TITLES = {
    "m", "mm", "mme", "mmes", "mlle", "mr", "mrs", "ms", "dr", "pr", "prof", "monsieur", "madame", "i",
    "etat", "selon", "according",
}  # fmt: skip
_LONGEST_ACRONYM = 7
_FREQUENT = 3.0
"""Weight, in nats, below which a word that opens a sentence is no name."""
_LETTER = re.compile(r"[A-HJ-Z](?<=[a-zà-ÿ]\s.)(?=[\s,.;:)]|$)(?:(?<!A)|(?=\s(?:et|ou|and|or)\b))")
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Name:
    """A word of a name, or a reference.

    Attributes:
        start: offset of its first character.
        end: offset after the last.
        key: as it is looked for: folded, a reference without its separators.
        reference: whether it is a reference or an address, which must be exact.
    """

    start: int
    end: int
    key: str
    reference: bool = False


def references(text: str, taken: Sequence[tuple[int, int]] = ()) -> list[Name]:
    """The references of a sentence: codes and addresses, then letters that stand alone.

    Args:
        text: one sentence.
        taken: stretches to leave out: dates and quantities.
    """
    spans = list(taken)
    found: list[Name] = []
    for match in _REFERENCE.finditer(text) if _MAY_REFER.search(text) else ():
        written = match.group()
        if _free(match.span(), spans) and not _TIMED.fullmatch(written):
            found.append(Name(*match.span(), reference_key(written), reference=True))
            spans.append(match.span())
    found.extend(
        Name(*match.span(), match.group().lower(), reference=True)
        for match in _LETTER.finditer(text)
        if _free(match.span(), spans)
    )
    return found


def names(text: str, language: str, taken: Sequence[tuple[int, int]] = ()) -> list[Name]:
    """The words of names and the references of a sentence, in order.

    Args:
        text: one sentence.
        language: "fr", "en" or "simple".
        taken: stretches to leave out: dates and quantities.
    """
    found = references(text, taken)
    spans = [*taken, *((each.start, each.end) for each in found if each.end - each.start > 1)]
    letters = list(filter(str.isalpha, text))
    if sum(map(str.isupper, letters)) > 0.6 * len(letters) > 6:
        return found
    for match in _CAPITALISED.finditer(text):
        start, end = match.span()
        if start and (text[start - 1].isalnum() or text[start - 1] == "_"):
            continue
        if not _free((start, end), spans):
            continue
        opens = _OPENS.search(text[max(0, start - 4) : start]) is not None
        followed = re.match(r"\s[A-ZÀ-ÖØ-Þ]", text[end:]) is not None
        for part in _WORD.finditer(match.group()):
            key = fold(part.group())
            if len(key) < 2 or key in _TITLES or key in MONTH_NAMES or key in WEEKDAY_NAMES:
                continue
            if _common(key, language, opens=opens, followed=followed, written=part.group()):
                continue
            found.append(Name(start + part.start(), start + part.end(), key))
    return sorted(found, key=lambda name: name.start)


def _common(key: str, language: str, *, opens: bool, followed: bool, written: str) -> bool:
    """Whether a capital only opens a sentence, or belongs to a word of grammar."""
    languages = ("fr", "en") if language == "simple" else (language,)
    if any(key in STOP_WORDS[each] for each in languages):
        return True
    if not opens or (written.isupper() and len(written) > 1):
        return False
    known = [stem(key, each) for each in languages if stem(key, each) in stem_levels(each)]
    return bool(known) and (not followed or weight(known[0], languages[0]) < _FREQUENT)


def _free(span: tuple[int, int], taken: Iterable[tuple[int, int]]) -> bool:
    return not any(start < span[1] and span[0] < end for start, end in taken)


def reference_key(written: str) -> str:
    """A reference without its separators, folded."""
    return re.sub(r"[^a-z\d@]", "", plain(written))


def reference_keys(text: str) -> frozenset[str]:
    """The references of a text, and its runs of letters and figures that could be written as one."""
    keys = {reference_key(match.group()) for match in _REFERENCE.finditer(text)}
    for match in re.finditer(r"\b([A-Za-z]{1,8})\s(\d[\w-]*(?:/\w+)*)", text):
        keys.add(reference_key(match.group()))
    keys.update(match.group().lower() for match in re.finditer(r"\b[A-Z]\b", text))
    return frozenset(keys)


def expands(name: str, words: Iterable[str]) -> bool:
    """Whether an acronym is made of the first letters of words that follow each other in a source."""
    if not 2 <= len(name) <= _LONGEST_ACRONYM:
        return False
    telling = [word for word in words if word not in _SMALL]
    initials = "".join(word[0] for word in telling)
    return name in initials


_SMALL = frozenset(
    [
        "de",
        "du",
        "des",
        "la",
        "le",
        "les",
        "l",
        "d",
        "et",
        "a",
        "au",
        "aux",
        "en",
        "of",
        "the",
        "and",
        "for",
        "in",
        "to",
        "on",
    ]
)
