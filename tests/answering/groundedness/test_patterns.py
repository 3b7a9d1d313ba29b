"""What lets most of a sentence be passed over unread leaves out nothing that would be found."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from centaure.answering.groundedness import dates, names
from centaure.answering.groundedness.number_patterns import NUMBER

PIECES = [
    "12 mars 2024", "mars 2024", "2024-03-12", "12/03", "fin 2023", "mi-mai", "t1 2024", "s2",
    "1er semestre", "lundis", "cet ete", "en mars", "2021", "30 jours", "1 250,50", "$5", "5 M€", "€ 12",
    "chf 12", "un tiers", "half past two", "dix heures et quart", "14 h 30", "3 pm", "3e", "1st", "twice",
    "one in four", "within a week", "a year ago", "une dizaine", "vingt et un", "deux millions et demi",
    "half", "٣", "²", "A et B", "grade B,", "x A y", "R-D", "AB-12", "AB_C", "a-1", "12-B", "x@y.fr",
    "www.a.fr/x", "http://a.b/c", "14h30", "_", "-", "/", ".", ",", " ", "\n", "'", "%",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(" aAé1-.,/'", max_size=3), max_size=7).map(
    "".join
)
LETTER = re.compile(
    r"(?<=[a-zà-ÿ]\s)(?: [B-HJ-Z] | A(?=\s(?:et|ou|and|or)\b) )(?= [\s,.;:)] | $ )", re.VERBOSE
)
"""A letter that stands alone after a word; "A" only before "and" or "or", since it is a word itself."""


def spans(pattern: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    return [found.span() for found in pattern.finditer(text)]


@settings(max_examples=500)
@given(TEXTS)
def test_numbers_and_dates_are_found_wherever_they_begin(text: str) -> None:
    dated = dates._DATE  # pyright: ignore[reportPrivateUsage]
    for pattern, begins in ((NUMBER, r"(?=[\d€$£₹¥]|\b\w)"), (dated, r"\b(?=\w)")):
        assert pattern.pattern.count(begins) == 1
        everywhere = re.compile(pattern.pattern.replace(begins, ""), pattern.flags)
        assert spans(pattern, text) == spans(everywhere, text)


@settings(max_examples=500)
@given(TEXTS)
def test_references_are_found_wherever_they_stand(text: str) -> None:
    written = names._REFERENCE.finditer(text)  # pyright: ignore[reportPrivateUsage]
    told = [found for found in written if not re.fullmatch(r"[hH]\d\d?", found.group())]
    inside = {place for found in told for place in range(*found.span())}
    alone = [span for span in spans(LETTER, text) if span[0] not in inside]
    assert [(each.start, each.end) for each in names.references(text)] == [
        *(found.span() for found in told),
        *alone,
    ]
