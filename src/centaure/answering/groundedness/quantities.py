"""Numbers with their units, as French and English write them.

"2,5 M€", "2 480 000 euros", "1 h 30", "90 minutes", "quatre-vingt-dix jours", "between 5 and 10 %" become
intervals in base units, so that what is written in two ways can be compared.
"""

# ruff: noqa: E501  patterns and word lists read best with a case on each line

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from centaure.answering.groundedness.text import plain

Bound = Literal["", "<=", ">="]

MINUTE, HOUR, DAY, WEEK = 60.0, 3_600.0, 86_400.0, 604_800.0
MONTH, YEAR = 30.4375 * DAY, 365.25 * DAY
"""Seconds; a month and a year are means."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """One number of a text.

    Attributes:
        start: offset of its first character.
        end: offset after its unit, if it has one.
        low: smallest value meant, in the base unit of `unit` (seconds, metres, grams, octets, ...).
        high: largest value meant; the same unless a range is written.
        unit: what is measured ("time", "length", "euro", "%", "point", "ordinal" ...); empty for a count.
        step: value of one unit as written, in base units: 60 for minutes.
        approximate: whether the text says that it is about so much.
        bound: whether the text says that it is a least or a most.
        digits: significant digits as written.
        qualifiers: what narrows the unit: "working", "with tax", "per month" ...
        scaled: whether it is written in thousands, millions ...: "2,5 M€".
        light: whether it may only count what is spoken of: "un mois", "two teams", "first".
    """

    start: int
    end: int
    low: float
    high: float
    unit: str = ""
    step: float = 1.0
    approximate: bool = False
    bound: Bound = ""
    digits: int = 1
    qualifiers: frozenset[str] = frozenset()
    light: bool = False
    scaled: bool = False


def _table(written: str) -> dict[str, tuple[str, float]]:
    """Lines "unit factor word word ..."; an underscore stands for a blank."""
    table: dict[str, tuple[str, float]] = {}
    for line in written.strip().splitlines():
        unit, factor, *words = line.split()
        table |= {word.replace("_", " "): (unit, float(factor)) for word in words}
    return table


_UNITS = _table(
    f"""
time 1 s sec secs seconde secondes second seconds
time {MINUTE} min mn mins minute minutes
time {HOUR} h hr hrs heure heures hour hours
time {DAY / 2} demi-journee demi-journees half-day half-days
time {DAY} j jour jours journee journees jrs day days nuit nuits night nights nuitee nuitees
time {WEEK} semaine semaines week weeks sem
time {2 * WEEK} fortnight fortnights
time {MONTH} mois month months
time {3 * MONTH} trimestre trimestres
time {6 * MONTH} semestre semestres
time {YEAR} an ans annee annees year years yr yrs
time {10 * YEAR} decennie decennies decade decades
time {100 * YEAR} siecle siecles century centuries
length 0.001 mm millimetre millimetres millimeter millimeters
length 0.01 cm centimetre centimetres centimeter centimeters
length 0.0254 inch inches pouce pouces
length 0.3048 ft foot feet
length 1 m metre metres meter meters
length 1000 km kilometre kilometres kilometer kilometers kms
length 1609.344 mile miles mi
area 1 m2 metre_carre metres_carres square_metre square_metres square_meters sqm
area 10000 ha hectare hectares
area 1000000 km2 square_kilometres square_kilometers
volume 0.001 ml millilitre millilitres milliliters
volume 0.01 cl centilitre centilitres
volume 1 l litre litres liter liters
volume 1000 m3 metre_cube metres_cubes cubic_metre cubic_metres cubic_meters
mass 0.001 mg milligramme milligrammes milligrams
mass 1 g gr gramme grammes gram grams
mass 1000 kg kilo kilos kilogramme kilogrammes kilogram kilograms
mass 453.59 lb lbs pounds_weight
mass 1000000 t tonne tonnes tons ton
data 1 octet octets byte bytes
data 1000 ko kb
data 1000000 mo mb megaoctets megabytes
data 1000000000 go gb gigaoctets gigabytes
data 1000000000000 to tb teraoctets terabytes
rate 1000000 mbit/s mbps
rate 1000000000 gbit/s gbps
euro 1 € eur euro euros
euro 0.01 centime centimes centimes_d'euro
dollar 1 $ usd dollar dollars us$
dollar 0.01 cents
pound 1 £ gbp pound pounds
franc 1 chf francs
% 1 % pour_cent pourcent pour-cent percent per_cent pct
% 0.1 ‰ pour_mille
point 1 point points pp pts points_de_pourcentage percentage_points percentage_point
basis 1 points_de_base basis_points
celsius 1 °c degre degres degrees degree celsius °
fahrenheit 1 °f fahrenheit degrees_fahrenheit
power 1 w watt watts
power 1000 kw kilowatt kilowatts
power 1000000 mw megawatt megawatts
energy 1 wh
energy 1000 kwh kilowattheures
energy 1000000 mwh
speed 1 km/h kmh kph
speed 1.609344 mph
volt 1 v volt volts
pressure 1 bar bars
sound 1 db decibels decibel
times 1 fois times
"""
)
_ADJECTIVES = {
    "ouvre": "working", "ouvres": "working", "ouvree": "working", "ouvrees": "working",
    "ouvrable": "workable", "ouvrables": "workable", "working": "working", "business": "working",
    "calendaire": "calendar", "calendaires": "calendar", "calendar": "calendar", "francs": "clear",
    "ht": "before tax", "hors taxe": "before tax", "hors taxes": "before tax", "ttc": "with tax",
    "toutes taxes comprises": "with tax", "excluding tax": "before tax", "excl. vat": "before tax",
    "excluding vat": "before tax", "including tax": "with tax", "incl. vat": "with tax",
    "including vat": "with tax", "before tax": "before tax", "after tax": "after tax",
    "brut": "gross", "bruts": "gross", "brute": "gross", "gross": "gross", "net": "net", "nets": "net",
    "nette": "net",
}  # fmt: skip
_EXCLUSIVE = (
    frozenset({"working", "workable", "calendar", "clear"}),
    frozenset({"before tax", "with tax"}),
    frozenset({"gross", "net"}),
)
_PER = {
    "seconde": "second", "second": "second", "minute": "minute", "heure": "hour", "hour": "hour", "h": "hour",
    "jour": "day", "day": "day", "nuit": "night", "night": "night", "semaine": "week", "week": "week",
    "mois": "month", "month": "month", "trimestre": "quarter", "quarter": "quarter", "semestre": "half",
    "an": "year", "annee": "year", "year": "year", "personne": "person", "person": "person",
    "salarie": "person", "employee": "person", "head": "person", "hourly": "hour", "horaire": "hour",
    "quotidien": "day", "quotidienne": "day", "daily": "day", "journalier": "day", "journaliere": "day",
    "hebdomadaire": "week", "weekly": "week", "hebdomadaires": "week", "mensuel": "month",
    "mensuelle": "month", "mensuels": "month", "mensuelles": "month", "monthly": "month",
    "trimestriel": "quarter", "trimestrielle": "quarter", "quarterly": "quarter", "annuel": "year",
    "annuelle": "year", "annuels": "year", "annuelles": "year", "annual": "year", "yearly": "year",
    "annually": "year", "km": "km", "kilometre": "km",
}  # fmt: skip
_POWERS = {
    "k": 1e3, "mille": 1e3, "milliers": 1e3, "thousand": 1e3, "thousands": 1e3,
    "m": 1e6, "mn": 1e6, "mio": 1e6, "million": 1e6, "millions": 1e6,
    "md": 1e9, "mds": 1e9, "bn": 1e9, "b": 1e9, "milliard": 1e9, "milliards": 1e9, "billion": 1e9,
    "billions": 1e9,
}  # fmt: skip
_CARDINALS = {
    word: float(number)
    for number, words in {
        2: "deux two", 3: "trois three", 4: "quatre four", 5: "cinq five", 6: "six", 7: "sept seven",
        8: "huit eight", 9: "neuf nine", 10: "dix ten", 11: "onze eleven", 12: "douze twelve",
        13: "treize thirteen", 14: "quatorze fourteen", 15: "quinze fifteen", 16: "seize sixteen",
        17: "seventeen", 18: "eighteen", 19: "nineteen", 20: "vingt vingts twenty", 30: "trente thirty",
        40: "quarante forty", 50: "cinquante fifty", 60: "soixante sixty", 70: "septante seventy",
        80: "octante huitante eighty", 90: "nonante ninety", 1: "un une one",
    }.items()
    for word in words.split()
}  # fmt: skip
_SCALES = {
    "cent": 1e2, "cents": 1e2, "hundred": 1e2, "mille": 1e3, "thousand": 1e3, "million": 1e6, "millions": 1e6,
    "milliard": 1e9, "milliards": 1e9, "billion": 1e9,
}  # fmt: skip
_COLLECTIVE = {
    "dizaine": 10, "douzaine": 12, "quinzaine": 15, "vingtaine": 20, "trentaine": 30, "quarantaine": 40,
    "cinquantaine": 50, "soixantaine": 60, "centaine": 100, "millier": 1000, "dozen": 12,
}  # fmt: skip
_FRACTIONS = {
    "la moitie": 50.0, "moitie": 50.0, "half of": 50.0, "half the": 50.0, "un tiers": 100 / 3,
    "le tiers": 100 / 3, "deux tiers": 200 / 3, "one third": 100 / 3, "a third": 100 / 3,
    "two thirds": 200 / 3, "two-thirds": 200 / 3, "un quart": 25.0, "le quart": 25.0, "trois quarts": 75.0,
    "trois-quarts": 75.0, "a quarter of": 25.0, "one quarter": 25.0, "three quarters": 75.0,
    "three-quarters": 75.0, "un cinquieme": 20.0, "one fifth": 20.0, "a fifth": 20.0, "un dixieme": 10.0,
}  # fmt: skip
_HOURS = {
    "trois quarts d'heure": 45.0, "trois-quarts d'heure": 45.0, "une demi-heure": 30.0, "demi-heure": 30.0,
    "un quart d'heure": 15.0, "quart d'heure": 15.0, "half an hour": 30.0, "a half hour": 30.0,
    "three quarters of an hour": 45.0, "a quarter of an hour": 15.0, "quarter of an hour": 15.0,
}  # fmt: skip
"""Minutes."""
_ORDINALS = {
    word: float(number)
    for number, words in {
        1: "premier premiere premiers premieres first", 2: "deuxieme seconde second", 3: "troisieme third",
        4: "quatrieme fourth", 5: "cinquieme fifth", 6: "sixieme sixth", 7: "septieme seventh",
        8: "huitieme eighth", 9: "neuvieme ninth", 10: "dixieme tenth", 11: "onzieme eleventh",
        12: "douzieme twelfth",
    }.items()
    for word in words.split()
}  # fmt: skip


def _any(words: Sequence[str] | Mapping[str, object]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_WORD = _any([*_CARDINALS, *_SCALES])
_FIGURES = (
    r"\d{1,3}(?:[ ,.']\d{3})+(?:[.,]\d+)?(?![\d])|\d{1,3}(?:,[ ]\d{3})+(?!\d)|\d+(?:[.,]\d+)?(?!\d)"
)
_UNIT = "|".join(re.escape(word) for word in sorted(_UNITS, key=len, reverse=True))
_POWER = _any(_POWERS)
_NUMBER = re.compile(
    rf"""
    (?P<clock> (?<![\d:.,/-])(?:[01]?\d|2[0-3])(?::|\s?h\s?)[0-5]\d(?!\d)(?:\s?(?P<half>[ap])\.?m\b)?
             | (?<![\d:.,])(?:1[0-2]|0?[1-9])\s?(?P<half2>[ap])\.?m\b )
  | (?P<ordinal> (?<![\w.,-])\d+(?:ers?|eres?|e|es|emes?|st|nd|rd|th)\b | \b(?:{_any(_ORDINALS)})\b )
  | (?P<hours> \b(?:{_any(_HOURS)})\b )
  | (?P<fraction> \b(?:{_any(_FRACTIONS)})\b )
  | (?P<collective> \b(?:(?:une?|a)\s)?(?:{_any([*_COLLECTIVE])})\b (?!\s?[-]) )
  | (?P<often> \b(?:once(?=\s(?:a|an|per|every|each)\b)|twice)\b )
  | (?: (?P<money> [€$£])\s? )? (?: (?<![\w.,/])(?<![a-z]-)(?P<figures>(?:{_FIGURES}))
       | (?<!pour\s)(?<!per\s)\b(?P<words>(?:{_WORD})(?:(?:\s|-|\set\s|-et-|\sand\s)(?:{_WORD}))*)\b )
    (?P<plus> \s(?:et\sdemie?|and\sa\shalf)\b )?
    (?: [\s-]{{0,3}}(?P<power>{_POWER})(?=[€$£]|\b(?!['-])) )?
    (?P<late> \s(?:et\sdemie?|and\sa\shalf)\b )?
    """,
    re.VERBOSE,
)
_UNIT_AFTER = re.compile(rf"(?:\s-\s|[\s-])?(?!to\s(?:[\d€$£]|the\b))(?P<unit>{_UNIT})(?![a-z\d€])")
_UNIT_AFTER_POWER = re.compile(rf"\s?(?:d'|de\s|of\s)?(?P<unit>{_UNIT})(?![a-z\d])")
_UNIT_AFTER_ADJECTIVE = re.compile(
    rf"\s(?P<adjective>ouvr\w+|working|business|calendar|full|consecutive|clear)\s(?P<unit>{_UNIT})\b"
)
_CENTS = re.compile(r"(\d\d)(?!\d)")
_APPROXIMATE = re.compile(
    r"(?:environ|pres d[e']|a peu pres|autour d[eu]|quelque|de l'ordre d[e']|avoisine|approche"
    r"|about|around|approximately|approx\.?|nearly|almost|roughly|some|close to|just over|just under|[~≈]"
    r"|presque)(?:\s(?:la|les|des|a|the|de))?\s?[€$£]?\s?$"
)
_AT_LEAST = re.compile(
    r"(?:au moins|au minimum|minimum(?: (?:de|of))?|minimale? de|plus d[e']|a partir de|des|depasse(?:nt|r)?"
    r"|superieure?s? a|supérieur a|exceed(?:s|ing)?|excede|at least|more than|over|above|from|not less than"
    r"|no fewer than|no less than|no less|pas moins de|min\.?|minimum:|starting at|≥|>=?|greater than"
    r"|a minimum of|upwards of)\s?(?:les |the |a |of |de |d')?[€$£]?\s?$"
)
_AT_MOST = re.compile(
    r"(?:au plus|au maximum|maximum(?: (?:de|of))?|maximale? de|moins d[e']|jusqu'a|inferieure?s? a"
    r"|plafonnee?s? a|limitee?s? a|dans la limite de|limite de|plafond de|(?:n'|ne )?(?:excede|depasse)(?:nt|r)? pas|(?:peut|peuvent|doit|doivent|saurait|sauraient) (?:exceder|depasser)"
    r"|pas (?:exceder|depasser|plus d[e'])|sans (?:exceder|depasser)|dans (?:un delai de|les)|sous|at most|up to"
    r"|less than|fewer than|under|below|within|capped at|limited to|not exceed(?:ing)?|no more than|not more than"
    r"|cap of|a maximum of|maximum of|maximum:|max\.?|≤|<=?|inside|no later than|do not exceed)"
    r"\s?(?:les |the |a |of |de |d')?[€$£]?\s?$"
)
_AFTER_LEAST = re.compile(
    r"\s?\(?(?:au moins|au minimum|minimum|ou plus|et plus|or more|at least|at a minimum|and over|\+)"
)
_AFTER_MOST = re.compile(
    r"\s?\(?(?:au plus|au maximum|maximum|ou moins|or less|or fewer|at most|at the most|max\b)"
)
_AFTER_ABOUT = re.compile(r"\s?(?:environ|approximativement|approximately|or so|ou presque)\b")
_RANGE = re.compile(r"\s?(?:-|a|et|to|and|ou|or)\s?[€$£]?\s?$")
_BEFORE_RANGE = re.compile(r"(?:entre|de|between|from)\s?[€$£]?\s?$")
_PER_AFTER = re.compile(
    rf"\s?(?:(?:par|per|/|chaque|each|every|a|an|l'|le|la)\s?)?(?:\w+\s)?(?P<per>{_any(_PER)})\b"
)
_PER_LEAD = re.compile(r"\s?(?:par|per|/|chaque|each|every|a|an)\s?$")
_QUALIFIER = re.compile(rf"\s?\(?(?P<word>{_any(_ADJECTIVES)})\b")
_JOIN = re.compile(r"\s?(?:et|and|,)?\s?$")
_SMALL = {"un", "une", "one"}
_LONGEST_BEFORE = 36


def quantities(text: str, language: str, taken: Sequence[tuple[int, int]] = ()) -> list[Quantity]:
    """The numbers of a text, in order.

    Args:
        text: any text; offsets of the result count its characters.
        language: "en" reads "1,250" as a thousand and more; others read it as a little over one.
        taken: stretches to leave out: dates and references.
    """
    flat = plain(text)
    found = [each for each in _found(flat, language) if not _within(each, taken)]
    return _ranges(flat, _sums(flat, found))


def _within(each: Quantity, taken: Sequence[tuple[int, int]]) -> bool:
    return any(start < each.end and each.start < end for start, end in taken)


def _found(flat: str, language: str) -> Iterator[Quantity]:
    for match in _NUMBER.finditer(flat):
        kind = match.lastgroup
        start, end = match.span()
        while start < end and flat[start].isspace():
            start += 1
        bare = match.group().strip()
        if match["clock"]:
            value = _clock(match["clock"], match["half"] or match["half2"])
            yield _dressed(flat, Quantity(start, end, value, value, "time", MINUTE, digits=4))
        elif match["ordinal"]:
            rank = re.match(r"\d+", bare)
            value = float(rank.group()) if rank else _ORDINALS[bare]
            yield Quantity(start, end, value, value, "ordinal", digits=3, light=rank is None)
        elif match["hours"]:
            value = _HOURS[" ".join(bare.split())] * MINUTE
            yield _dressed(flat, Quantity(start, end, value, value, "time", MINUTE, digits=2))
        elif match["fraction"]:
            value = _FRACTIONS[" ".join(bare.split())]
            yield _dressed(flat, Quantity(start, end, value, value, "%", digits=2))
        elif match["collective"]:
            value = float(_COLLECTIVE[bare.split()[-1]])
            about = bare.split()[-1] not in {"douzaine", "dozen"}
            yield _dressed(
                flat, _united(flat, Quantity(start, end, value, value, approximate=about))
            )
        elif match["often"]:
            value = 1.0 if bare == "once" else 2.0
            yield _dressed(flat, Quantity(start, end, value, value, "times"))
        elif kind is not None and (found := _measured(flat, match, start, language)):
            yield found


def _measured(flat: str, match: re.Match[str], start: int, language: str) -> Quantity | None:
    if match["figures"]:
        value, digits = _figures(match["figures"], language)
    else:
        value, digits = _in_words(match["words"])
    if match["plus"]:
        value += 0.5
    power = match["power"]
    end = match.end()
    if power in {"m", "b", "k", "md", "mds"} and not match["money"]:
        after = flat[match.end("power") :].lstrip()
        money = re.match(r"(?:[€$£]|eur|euro|dollar|usd|d'euro|de dollar)", after)
        if power in {"m", "b"} and not money:
            power, end = None, match.start("power")
    if power:
        value *= _POWERS[power]
    if match["late"] and power:
        value += 0.5 * _POWERS[power]
    while end > start and flat[end - 1].isspace():
        end -= 1
    quantity = Quantity(start, end, value, value, digits=digits, scaled=power is not None)
    if match["money"]:
        unit, factor = _UNITS[match["money"]]
        quantity = replace(quantity, unit=unit, step=factor)
    else:
        quantity = _united(flat, quantity, power=bool(power))
    if match["words"] in _SMALL and quantity.unit in {"", "point"}:
        return None
    small = match["words"] is not None and (
        quantity.high <= 3 if not quantity.unit else match["words"] in _SMALL
    )
    return _dressed(flat, replace(quantity, light=small))


def _united(flat: str, quantity: Quantity, *, power: bool = False) -> Quantity:
    """The quantity with the unit that follows it, if one does."""
    match = _UNIT_AFTER.match(flat, quantity.end)
    if match is None and power:
        match = _UNIT_AFTER_POWER.match(flat, quantity.end)
    if match is None:
        match = _UNIT_AFTER_ADJECTIVE.match(flat, quantity.end)
    if match is None:
        return quantity
    unit, factor = _UNITS[match["unit"]]
    low = quantity.low * factor
    qualifiers = quantity.qualifiers
    if narrowing := _QUALIFIER.match(flat, quantity.end):
        qualifiers |= {_ADJECTIVES[narrowing["word"]]}
    end = match.end()
    sign = match["unit"] in {"€", "$", "£"} and low == int(low)
    if sign and not power and (cents := _CENTS.match(flat, end)):
        low += int(cents[1]) / 100
        end = cents.end()
    return replace(
        quantity, end=end, low=low, high=low, unit=unit, step=factor, qualifiers=qualifiers
    )


def _dressed(flat: str, quantity: Quantity) -> Quantity:
    """With what stands around it: about, at least, at most, per month, before tax."""
    before = flat[max(0, quantity.start - _LONGEST_BEFORE) : quantity.start]
    bound: Bound = ""
    if _AT_MOST.search(before) or _AFTER_MOST.match(flat, quantity.end):
        bound = "<="
    elif _AT_LEAST.search(before) or _AFTER_LEAST.match(flat, quantity.end):
        bound = ">="
    if bound == ">=" and re.search(
        r"\b(?:pas|jamais|not|never|sans|no)\s(?:\w+\s)?$", _lead(before)
    ):
        bound = "<="
    about = bool(_APPROXIMATE.search(before) or _AFTER_ABOUT.match(flat, quantity.end))
    qualifiers = set(quantity.qualifiers)
    place = quantity.end
    while (match := _QUALIFIER.match(flat, place)) is not None:
        qualifiers.add(_ADJECTIVES[match["word"]])
        place = match.end()
    if match := _PER_AFTER.match(flat, place):
        lead = match.group()[: match.start("per") - match.start()]
        adjective = _PER[match["per"]] != match["per"] and match["per"][-1] in "lesy"
        if _PER_LEAD.search(lead) or (adjective and not lead.strip()):
            qualifiers.add(f"per {_PER[match['per']]}")
    return replace(
        quantity,
        bound=bound,
        approximate=quantity.approximate or about,
        qualifiers=frozenset(qualifiers),
    )


def _lead(before: str) -> str:
    """What stands before the words of a bound ("ne dépasse pas" has its own)."""
    match = _AT_LEAST.search(before)
    return before[: match.start()] if match else before


def _clock(written: str, half: str | None) -> float:
    numbers = [int(part) for part in re.findall(r"\d+", written)]
    hours, minutes = numbers[0], numbers[1] if len(numbers) > 1 else 0
    if half == "p" and hours < 12:
        hours += 12
    if half == "a" and hours == 12:
        hours = 0
    return hours * HOUR + minutes * MINUTE


def _figures(written: str, language: str) -> tuple[float, int]:
    """The value, and the significant digits."""
    bare = re.sub(r"[ ']", "", written)
    comma, point = bare.rfind(","), bare.rfind(".")
    if comma >= 0 and point >= 0:
        group = "," if comma < point else "."
        bare = bare.replace(group, "")
    elif (comma >= 0 and (language == "en" or ", " in written)) or (
        point >= 0 and (language == "fr" or bare.count(".") > 1)
    ):
        mark = re.escape("," if comma >= 0 else ".")
        if re.fullmatch(rf"[1-9]\d{{0,2}}(?:{mark}\d{{3}})+", bare):
            bare = re.sub(mark, "", bare)
    bare = bare.replace(",", ".")
    if bare.count(".") > 1:
        bare = bare.replace(".", "")
    digits = bare.replace(".", "").lstrip("0")
    if "." not in bare:
        digits = digits.rstrip("0")
    return float(bare), max(len(digits), 1)


def _in_words(written: str) -> tuple[float, int]:
    """The value of number words: "quatre-vingt-dix-sept", "two hundred and fifty thousand"."""
    total, current = 0.0, 0.0
    for word in re.split(r"[\s-]+", written):
        if word in {"et", "and"}:
            continue
        if word in {"vingt", "vingts"} and current % 100 == 4:
            current += 76
        elif word in _SCALES:
            scale = _SCALES[word]
            if scale == 100:
                current = max(current, 1) * 100
            else:
                total += max(current, 1) * scale
                current = 0
        else:
            current += _CARDINALS[word]
    value = total + current
    return value, max(len(f"{value:.0f}".rstrip("0")), 1)


def _sums(flat: str, found: list[Quantity]) -> list[Quantity]:
    """What is written "1 h 30" and "2 ans et 6 mois" as one duration."""
    joined: list[Quantity] = []
    for each in found:
        last = joined[-1] if joined else None
        if last is None or last.unit != "time" or not _JOIN.match(flat[last.end : each.start]):
            joined.append(each)
        elif each.unit == "time" and each.step < last.step and each.high < last.step:
            joined[-1] = replace(
                each, start=last.start, low=last.low + each.low, high=last.high + each.high,
                bound=last.bound or each.bound, approximate=last.approximate, digits=4,
            )  # fmt: skip
        elif (
            each.unit == ""
            and last.step == HOUR
            and each.high < 60
            and "," not in flat[last.end : each.start]
        ):
            extra = each.low * MINUTE
            joined[-1] = replace(
                last, end=each.end, low=last.low + extra, high=last.high + extra, digits=4
            )
        else:
            joined.append(each)
    return joined


def _ranges(flat: str, found: list[Quantity]) -> list[Quantity]:
    """What is written "de 5 à 10 jours" as one interval."""
    joined: list[Quantity] = []
    for each in found:
        last = joined[-1] if joined else None
        between = flat[last.end : each.start] if last else "\n"
        opened = last is not None and _BEFORE_RANGE.search(flat[: last.start][-10:]) is not None
        word = between.strip(" €$£")
        if (
            last is None
            or not _RANGE.fullmatch(between.rstrip("€$£ ") + " ")
            or last.unit not in {"", each.unit}
            or each.unit == "ordinal"
            or not (opened or (word in {"-", "a", "to"} and (last.unit or each.unit)))
        ):
            joined.append(each)
            continue
        low = last.low * each.step if last.unit == "" and each.unit else last.low
        if low >= each.high:
            joined.append(each)
            continue
        joined[-1] = replace(each, start=last.start, low=low, high=each.high, bound="")
    return joined


def exclusive(one: Quantity, other: Quantity) -> bool:
    """Whether their qualifiers exclude each other: working days and calendar days, a month and a year."""
    first, second = one.qualifiers, other.qualifiers
    if any(first & group and second & group and not first & second & group for group in _EXCLUSIVE):
        return True
    rates = [{word for word in each if word.startswith("per ")} for each in (first, second)]
    return bool(rates[0] and rates[1] and not rates[0] & rates[1])
