"""Numbers in words and in digits, as French and English write them."""

import re

CARDINALS = {
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
SCALES = {
    "cent": 1e2, "cents": 1e2, "hundred": 1e2, "mille": 1e3, "thousand": 1e3, "million": 1e6, "millions": 1e6,
    "milliard": 1e9, "milliards": 1e9, "billion": 1e9,
}  # fmt: skip
COLLECTIVE = {
    "dizaine": 10, "douzaine": 12, "quinzaine": 15, "vingtaine": 20, "trentaine": 30, "quarantaine": 40,
    "cinquantaine": 50, "soixantaine": 60, "centaine": 100, "millier": 1000, "dozen": 12, "dizaines": 10,
    "douzaines": 12, "vingtaines": 20, "centaines": 100, "dozens": 12,
}  # fmt: skip
FRACTIONS = {
    "la moitie": 50.0, "moitie": 50.0, "half of": 50.0, "half the": 50.0, "un tiers": 100 / 3,
    "le tiers": 100 / 3, "deux tiers": 200 / 3, "one third": 100 / 3, "a third": 100 / 3,
    "two thirds": 200 / 3, "two-thirds": 200 / 3, "un quart": 25.0, "le quart": 25.0, "trois quarts": 75.0,
    "trois-quarts": 75.0, "a quarter of": 25.0, "one quarter": 25.0, "three quarters": 75.0,
    "three-quarters": 75.0, "a quarter": 25.0, "demi-tarif": 50.0,
    "un cinquieme": 20.0, "one fifth": 20.0, "a fifth": 20.0, "un dixieme": 10.0,
}  # fmt: skip
HOURS = {
    "trois quarts d'heure": 45.0, "trois-quarts d'heure": 45.0, "une demi-heure": 30.0, "demi-heure": 30.0,
    "un quart d'heure": 15.0, "quart d'heure": 15.0, "half an hour": 30.0, "a half hour": 30.0,
    "three quarters of an hour": 45.0, "a quarter of an hour": 15.0, "quarter of an hour": 15.0,
    "l'avant-veille": 2880.0, "avant-veille": 2880.0, "le surlendemain": 2880.0, "surlendemain": 2880.0,
    "the day before yesterday": 2880.0,
}  # fmt: skip
"""Minutes."""
ORDINALS = {
    word: float(number)
    for number, words in {
        1: "premier premiere premiers premieres first", 2: "deuxieme seconde second", 3: "troisieme third",
        4: "quatrieme fourth", 5: "cinquieme fifth", 6: "sixieme sixth", 7: "septieme seventh",
        8: "huitieme eighth", 9: "neuvieme ninth", 10: "dixieme tenth", 11: "onzieme eleventh",
        12: "douzieme twelfth",
    }.items()
    for word in words.split()
}  # fmt: skip


def in_figures(written: str, language: str) -> tuple[float, int]:
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


def in_words(written: str) -> tuple[float, int]:
    """The value of number words: "quatre-vingt-dix-sept", "two hundred and fifty thousand"."""
    total, current = 0.0, 0.0
    for word in re.split(r"[\s-]+", written):
        if word in {"et", "and"}:
            continue
        if word in {"vingt", "vingts"} and current % 100 == 4:
            current += 76
        elif word in SCALES:
            scale = SCALES[word]
            if scale == 100:
                current = max(current, 1) * 100
            else:
                total += max(current, 1) * scale
                current = 0
        else:
            current += CARDINALS[word]
    value = total + current
    return value, max(len(f"{value:.0f}".rstrip("0")), 1)
