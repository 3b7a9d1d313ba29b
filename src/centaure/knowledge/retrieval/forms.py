"""The other ways in which the same thing is written: dates, amounts, abbreviations, compounds.

A passage is indexed as it is written; a question is asked in every way. Found in a question, "12 mars 2024"
is also 12/03/2024 and 2024-03-12, "2,5 M€" is 2 500 000, "art. 12" is article 12, "télé-travail" is
télétravail.
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation

from centaure.knowledge.language import Token, fold, is_known, stem
from centaure.knowledge.retrieval.periods import MONTHS
from centaure.knowledge.retrieval.wordings import Reason, Wording

FACTOR = 0.9
"""What another form counts beside the one that was asked."""

_NAMES = {
    number: tuple(name for name, month in MONTHS.items() if month == number)
    for number in range(1, 13)
}
_POWERS = {
    "k": 3, "ke": 3, "mille": 3, "thousand": 3,
    "m": 6, "me": 6, "mn": 6, "million": 6, "millions": 6,
    "md": 9, "mde": 9, "mds": 9, "bn": 9, "milliard": 9, "milliards": 9, "billion": 9, "billions": 9,
}  # fmt: skip
_AMOUNT = re.compile(
    rf"\s*({'|'.join(sorted(_POWERS, key=len, reverse=True))}|[km]€|mds?€)(?![^\W_])", re.IGNORECASE
)
_ROUND = ((9, "milliards", "billion"), (6, "millions", "million"))
_ABBREVIATIONS = {
    "al": "alinéa", "approx": "approximately", "art": "article", "ave": "avenue", "bail": "baux",
    "baux": "bail", "bd": "boulevard", "blvd": "boulevard", "chap": "chapitre", "compta": "comptabilité",
    "dept": "department", "dpt": "département", "ets": "établissements", "fig": "figure",
    "govt": "government", "hebdo": "hebdomadaire", "mgmt": "management", "mgr": "manager", "num": "numéro",
    "qte": "quantité", "rdv": "rendez-vous", "ref": "référence", "resp": "responsable", "ste": "société",
    "tel": "téléphone", "trim": "trimestre", "vol": "volume",
}  # fmt: skip
_PREFIXES = {
    "anti", "auto", "co", "contre", "cyber", "extra", "hyper", "infra", "inter", "macro", "mega", "meta",
    "micro", "mini", "mono", "multi", "para", "photo", "poly", "post", "pseudo", "quasi", "retro", "self",
    "semi", "socio", "super", "tele", "thermo", "trans", "ultra", "vice", "video",
}  # fmt: skip
_LEAST_REST = 4


def written_otherwise(text: str, tokens: Sequence[Token]) -> list[Wording]:
    """The other forms of what a question says.

    Args:
        text: the question.
        tokens: of it, stop words included; places count them.
    """
    folded = [
        token.stem if token.stem.isdecimal() else fold(text[token.start : token.end])
        for token in tokens
    ]
    found = [
        *_dates(folded),
        *_amounts(text, tokens),
        *_abbreviations(text, tokens, folded),
        *_compounds(text, tokens, folded),
    ]
    return [wording for wording in found if wording.words]


def _wording(start: int, end: int, said: str, words: str, language: str = "simple") -> Wording:
    return Wording(start, end, words, language, FACTOR, Reason("form", said, words))


def _dates(folded: Sequence[str]) -> Iterator[Wording]:
    for place in range(len(folded)):
        three = folded[place : place + 3]
        if len(three) == 3 and _is_year(three[2]):
            first, second, year = three
            day, month = (second, first) if first in MONTHS else (first, second)
            if month in MONTHS and _is_day(day):
                said = " ".join(three)
                number, numeral = int(day.rstrip("erndsth")), MONTHS[month]
                for form in (f"{number:02}{numeral:02}{year}", f"{year}{numeral:02}{number:02}"):
                    yield _wording(place, place + 3, said, form)
        if match := re.fullmatch(
            r"(?:(?P<y>(?:19|20)\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>[0-3]\d))|(?:(?P<e>[0-3]\d)(?P<n>0[1-9]|1[0-2])(?P<z>(?:19|20)\d\d))",
            folded[place],
        ):
            year, month, day = (
                match["y"] or match["z"],
                match["m"] or match["n"],
                match["d"] or match["e"],
            )
            forms = {f"{day}{month}{year}", f"{year}{month}{day}"} - {folded[place]}
            names = [f"{int(day)} {name} {year}" for name in _NAMES[int(month)]]
            for form in (*sorted(forms), *names):
                yield _wording(place, place + 1, folded[place], form)


def _is_year(word: str) -> bool:
    return len(word) == 4 and word.isdecimal() and word[:2] in {"19", "20"}


def _is_day(word: str) -> bool:
    match = re.fullmatch(r"([0-3]?\d)(?:er|st|nd|rd|th)?", word)
    return match is not None and 1 <= int(match[1]) <= 31


def _amounts(text: str, tokens: Sequence[Token]) -> Iterator[Wording]:
    for place, token in enumerate(tokens):
        if not re.fullmatch(r"\d+(?:\.\d+)?", token.stem):
            continue
        try:
            number = Decimal(token.stem)
        except InvalidOperation:
            continue
        match = _AMOUNT.match(text, token.end)
        # Case is ignored beyond what is in lower case here: "mdſ" is no unit.
        power = _POWERS.get(match[1].lower().rstrip("€")) if match else None
        if match and power is not None:
            value = (number * 10**power).normalize()
            if value == value.to_integral_value():
                end = place + 1
                while end < len(tokens) and tokens[end].start < match.end():
                    end += 1
                yield _wording(place, end, text[token.start : match.end()], f"{value:f}")
            continue
        for power, french, english in _ROUND:
            many = (number / 10**power).normalize()
            if many >= 1 and -many.as_tuple().exponent <= 2:  # pyright: ignore[reportOperatorIssue] - a finite number's is an integer
                said = text[token.start : token.end]
                yield _wording(place, place + 1, said, f"{many:f} {french}", "fr")
                yield _wording(place, place + 1, said, f"{many:f} {english}", "en")
                break


def _abbreviations(text: str, tokens: Sequence[Token], folded: Sequence[str]) -> Iterator[Wording]:
    for place, (token, word) in enumerate(zip(tokens, folded, strict=True)):
        if word in _ABBREVIATIONS:
            said = text[token.start : token.end]
            yield _wording(place, place + 1, said, _ABBREVIATIONS[word])


def _compounds(text: str, tokens: Sequence[Token], folded: Sequence[str]) -> Iterator[Wording]:
    for place, (token, word) in enumerate(zip(tokens, folded, strict=True)):
        if place and text[tokens[place - 1].end : token.start] in {"-", "‐", "‑"}:
            joined = folded[place - 1] + word
            if joined.isalpha():
                said = text[tokens[place - 1].start : token.end]
                yield _wording(place - 1, place + 1, said, joined)
            continue
        for length in range(2, len(word) - _LEAST_REST + 1):
            rest = word[length:]
            if word[:length] in _PREFIXES and word.isalpha() and _known(rest):
                yield _wording(place, place + 1, word, f"{word[:length]}-{rest}")


def _known(word: str) -> bool:
    return any(is_known(stem(word, language), language) for language in ("fr", "en"))
