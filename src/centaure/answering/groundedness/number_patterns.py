"""How French and English write numbers, as patterns of plain letters; `quantities` reads what they find."""

import re
from collections.abc import Mapping, Sequence

from centaure.answering.groundedness.measures import ADJECTIVES, PER, POWERS, UNITS
from centaure.answering.groundedness.numerals import (
    CARDINALS,
    COLLECTIVE,
    FRACTIONS,
    HOURS,
    ORDINALS,
    SCALES,
)


def _any(words: Sequence[str] | Mapping[str, object]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_WORD = _any([*CARDINALS, *SCALES])
_MONEY = r"(?:[€$£₹¥]|\b(?:chf|sek|nok|dkk|czk|inr|jpy|kes|aud|cad|eur|usd|gbp)\b)"
_HALF = (
    r"(?<!first\s)(?<!second\s)(?<!other\s)(?<!latter\s)(?<!and\sa\s)\bhalf\b"
    r"(?!\s(?:past|an|year|day|term|board|time|the\stime|hour|hourly)\b|-|\sa\s)"
)
_FIGURES = (
    r"\d{1,3}(?:[ ,.']\d{3})+(?:[.,]\d+)?(?![\d])|\d{1,3}(?:,[ ]\d{3})+(?!\d)|\d+(?:[.,]\d+)?(?!\d)"
)
_UNIT = "|".join(re.escape(word) for word in sorted(UNITS, key=len, reverse=True))
_POWER = _any(POWERS)
NUMBER = re.compile(
    rf"""
    (?=[\d€$£₹¥]|\b\w) (?:
    (?P<spoken> \b(?P<spoken_hour>\d{{1,2}}|{_any(CARDINALS)})\s(?:heures?|h)\s
        (?P<spoken_part>moins\sle\squart|et\squart|et\sdemie?|moins\s(?:vingt|dix|cinq)|moins\svingt-cinq)\b
      | \b(?P<past>half\spast|(?:a\s)?quarter\s(?:past|to))\s(?P<past_hour>\d{{1,2}}|{_any(CARDINALS)})\b )
  | (?P<clock> (?<![\d:.,/-])(?:[01]?\d|2[0-3])(?::|\s?h\s?)[0-5]\d(?!\d)(?:\s?(?P<half>[ap])\.?m\b)?
             | (?<![\d:.,])(?:1[0-2]|0?[1-9])(?:\.[0-5]\d)?\s?(?P<half2>[ap])\.?m\b
             | (?<![\d:.,/€$£-])(?:[01]\d|2[0-3])\.[0-5]\d(?![\d.,])
               (?!\s?(?:[%€$£]|{_any([*UNITS, *POWERS])})\b) )
  | (?P<ordinal> (?<![\w.,-])\d+(?:ers?|eres?|e|es|emes?|st|nd|rd|th)\b | \b(?:{_any(ORDINALS)})\b )
  | (?P<hours> \b(?:{_any(HOURS)})\b )
  | (?P<fraction> \b(?:{_any(FRACTIONS)})\b | {_HALF} )
  | (?P<share> \b(?P<share_of>{_any(CARDINALS)})\s(?:\w+\s)?(?:in|out\sof|sur)\s
        (?P<share_in>{_any(CARDINALS)})\b (?![-\s](?:{_any(UNITS)})\b) )
  | (?P<single> \b(?:within|for|after|over|under|than|about|least|most|nearly|lasts?|another|in)\s(?P<a>an?)
        (?=\s(?:second|minute|hour|day|week|fortnight|month|year)\b(?!'s)) )
  | (?P<ahead> \b(?P<a2>an?)(?=\s(?:minute|hour|day|week|fortnight|month|year)
        \s(?:later|ago|before|ahead|earlier|apart|or\smore|or\sless|in\sadvance|beforehand)\b) )
  | (?P<collective> \b(?:(?:une?|a|(?P<many>{_any(CARDINALS)}))\s)?(?:{_any([*COLLECTIVE])})\b (?!\s?[-]) )
  | (?P<often> \b(?:once(?=\s(?:a|an|per|every|each)\b)|twice)\b )
  | (?: (?P<money> {_MONEY})\s? )? (?: (?<![\w.,/])(?<![a-z]-)(?P<figures>(?:{_FIGURES}))
       | (?:(?<!pour\s)(?<!per\s)|(?!cents?\b))\b
         (?P<words>(?:{_WORD})(?:(?:\s|-|\set\s|-et-|\sand\s)(?:{_WORD}))*)\b )
    (?P<plus> \s(?:et\sdemie?|and\sa\shalf)\b )?
    (?: [\s-]{{0,3}}(?P<power>{_POWER})(?=[€$£]|\b(?!['-])) )?
    (?P<late> \s(?:et\sdemie?|and\sa\shalf)\b )?
    )
    """,
    re.VERBOSE,
)
UNIT_AFTER = re.compile(rf"(?:\s-\s|[\s-])?(?!to\s(?:[\d€$£]|the\b))(?P<unit>{_UNIT})(?![a-z\d€])")
UNIT_AFTER_POWER = re.compile(rf"\s?(?:d'|de\s|of\s)?(?P<unit>{_UNIT})(?![a-z\d])")
UNIT_AFTER_ADJECTIVE = re.compile(
    rf"\s(?P<adjective>ouvr\w+|working|business|calendar|full|consecutive|clear)\s(?P<unit>{_UNIT})\b"
)
AS_SOON_AS = re.compile(r"\s(?:le|la|les|l'|que|un|une|ce|cette|son|sa|votre)\b")
AND_A_HALF = re.compile(r"\s(?:et\sdemie?|and\sa\shalf)\b")
CENTS = re.compile(r"(\d\d)(?!\d)")
RANGE = re.compile(r"\s?(?:-|a|et|to|and|ou|or)\s?[€$£]?\s?$")
BEFORE_RANGE = re.compile(r"(?:entre|de|between|from)\s?[€$£]?\s?$")
PER_AFTER = re.compile(
    rf"\s?(?:(?:par|per|/|chaque|each|every|a|an|l'|le|la)\s?)?(?:\w+\s)?(?P<per>{_any(PER)})\b"
)
PER_LEAD = re.compile(r"\s?(?:par|per|/|chaque|each|every|a|an)\s?$")
QUALIFIER = re.compile(rf"\s?\(?(?P<word>{_any(ADJECTIVES)})\b")
JOIN = re.compile(r"\s?(?:et|and|,)?\s?$")
SHARED = re.compile(r"\s?(?:et|and|ou|or|puis|then)\s")
MILLIONS = re.compile(rf"{_MONEY}\s?\d[\d.,]*[mb]\b")
SMALL = {"un", "une", "one"}
LONGEST_BEFORE = 36
