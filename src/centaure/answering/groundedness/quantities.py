"""Numbers with their units, as French and English write them.

"2,5 M€", "2 480 000 euros", "1 h 30", "90 minutes", "quatre-vingt-dix jours", "between 5 and 10 %" become
intervals in base units, so that what is written in two ways can be compared.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from centaure.answering.groundedness.bounds import Bound, bound_of, is_about
from centaure.answering.groundedness.clocks import time_of_day
from centaure.answering.groundedness.measures import (
    ADJECTIVES,
    EXCLUSIVE,
    HOUR,
    MINUTE,
    PER,
    POWERS,
    UNITS,
)
from centaure.answering.groundedness.number_patterns import (
    AND_A_HALF,
    AS_SOON_AS,
    BEFORE_RANGE,
    CENTS,
    JOIN,
    LONGEST_BEFORE,
    MILLIONS,
    NUMBER,
    PER_AFTER,
    PER_LEAD,
    QUALIFIER,
    RANGE,
    SHARED,
    SMALL,
    UNIT_AFTER,
    UNIT_AFTER_ADJECTIVE,
    UNIT_AFTER_POWER,
)
from centaure.answering.groundedness.numerals import (
    CARDINALS,
    COLLECTIVE,
    FRACTIONS,
    HOURS,
    ORDINALS,
    in_figures,
    in_words,
)
from centaure.answering.groundedness.text import plain


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
        fraction: whether it is a part in words: "la moitié", "two thirds".
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
    fraction: bool = False


_ALONE = {"", "ordinal", "times", "time"}
"""Units that a figure does not share with the one before it."""


def quantities(text: str, language: str, taken: Sequence[tuple[int, int]] = ()) -> list[Quantity]:
    """The numbers of a text, in order.

    Args:
        text: any text; offsets of the result count its characters.
        language: "en" reads "1,250" as a thousand and more; others read it as a little over one.
        taken: stretches to leave out: dates and references.
    """
    flat = plain(text)
    found = [each for each in _apart(_found(flat, language)) if not _within(each, taken)]
    return _sharing(flat, _ranges(flat, _sums(flat, found)))


def _apart(found: Iterable[Quantity]) -> Iterator[Quantity]:
    """Without what lies in the unit of the one before: the "cents" of "12 cents" are no hundreds."""
    place = 0
    for each in found:
        if each.start >= place:
            yield each
            place = each.end


def _sharing(flat: str, found: list[Quantity]) -> list[Quantity]:
    """With the unit that two figures share: "11 et 4 m²"."""
    for place, (each, following) in enumerate(pairwise(found)):
        between = flat[each.end : following.start]
        shared = not each.unit and not each.light and following.unit not in _ALONE
        if shared and SHARED.fullmatch(between):
            low, high = each.low * following.step, each.high * following.step
            found[place] = replace(
                each, low=low, high=high, unit=following.unit, step=following.step
            )
    return found


def _within(each: Quantity, taken: Sequence[tuple[int, int]]) -> bool:
    return any(start < each.end and each.start < end for start, end in taken)


def _found(flat: str, language: str) -> Iterator[Quantity]:
    for match in NUMBER.finditer(flat):
        start, end = match.span()
        while start < end and flat[start].isspace():
            start += 1
        bare = match.group().strip()
        if (value := time_of_day(match)) is not None:
            yield _dressed(flat, Quantity(start, end, value, value, "time", MINUTE, digits=4))
        elif match["ordinal"]:
            rank = re.match(r"\d+", bare)
            value = float(rank.group()) if rank else ORDINALS[bare]
            yield Quantity(start, end, value, value, "ordinal", digits=3, light=rank is None)
        elif match["hours"]:
            value = HOURS[" ".join(bare.split())] * MINUTE
            yield _dressed(flat, Quantity(start, end, value, value, "time", MINUTE, digits=2))
        elif match["fraction"]:
            value = FRACTIONS.get(" ".join(bare.split()), 50.0)
            yield _dressed(flat, Quantity(start, end, value, value, "%", digits=2, fraction=True))
        elif (other := _other(flat, match)) is not None:
            yield _dressed(flat, other)
        elif (match["figures"] or match["words"]) and (
            found := _measured(flat, match, start, language)
        ):
            yield found


def _other(flat: str, match: re.Match[str]) -> Quantity | None:
    """A dozen, a share ("two in three"), one of a unit ("within a week"), "once" and "twice"."""
    start, end = match.span()
    if match["collective"]:
        word = match["collective"].split()[-1]
        value = COLLECTIVE[word] * CARDINALS.get(match["many"] or "", 1.0)
        about = not word.startswith(("douzaine", "dozen"))
        start += len(match.group()) - len(match.group().lstrip())
        return _united(flat, Quantity(start, end, value, value, approximate=about))
    if match["share"]:
        part, whole = CARDINALS[match["share_of"]], CARDINALS[match["share_in"]]
        value = 100 * part / whole
        return (
            Quantity(start, end, value, value, "%", digits=2, fraction=True)
            if part < whole
            else None
        )
    if match["single"] or match["ahead"]:
        first, last = match.span("a" if match["single"] else "a2")
        return _united(flat, Quantity(first, last, 1.0, 1.0, light=True))
    if match["often"]:
        value = 1.0 if match["often"].strip() == "once" else 2.0
        return Quantity(start, end, value, value, "times")
    return None


def _measured(flat: str, match: re.Match[str], start: int, language: str) -> Quantity | None:
    if match["figures"]:
        value, digits = in_figures(match["figures"], language)
    else:
        value, digits = in_words(match["words"])
    if match["plus"]:
        value += 0.5
    power = match["power"]
    end = match.end()
    if power in {"m", "b", "k", "md", "mds"} and not match["money"]:
        after = flat[match.end("power") :].lstrip()
        money = re.match(r"(?:[€$£]|eur|euro|dollar|usd|d'euro|de dollar)", after)
        if power in {"m", "b"} and not money and not _in_millions(flat, match):
            power, end = None, match.start("power")
    if power:
        value *= POWERS[power]
    if match["late"] and power:
        value += 0.5 * POWERS[power]
    while end > start and flat[end - 1].isspace():
        end -= 1
    quantity = Quantity(start, end, value, value, digits=digits, scaled=power is not None)
    if match["money"]:
        unit, factor = UNITS[match["money"]]
        quantity = replace(quantity, unit=unit, step=factor)
    else:
        quantity = _united(flat, quantity, power=bool(power))
    if _is_no_number(flat, match, quantity):
        return None
    small = match["words"] is not None and (
        quantity.high <= 3 if not quantity.unit else match["words"] in SMALL
    )
    return _dressed(flat, replace(quantity, light=small))


def _in_millions(flat: str, match: re.Match[str]) -> bool:
    """Whether a text that writes "CHF 28.9m" means millions by "31.4m" too."""
    return match.start("power") == match.end("figures") and MILLIONS.search(flat) is not None


def _is_no_number(flat: str, match: re.Match[str], quantity: Quantity) -> bool:
    """Whether "un" is an article, or "une fois" means "as soon as"."""
    if quantity.unit == "times" and quantity.low == 1:
        return AS_SOON_AS.match(flat, quantity.end) is not None
    return match["words"] in SMALL and quantity.unit in {"", "point"}


def _united(flat: str, quantity: Quantity, *, power: bool = False) -> Quantity:
    """The quantity with the unit that follows it, if one does."""
    match = UNIT_AFTER.match(flat, quantity.end)
    if match is None and power:
        match = UNIT_AFTER_POWER.match(flat, quantity.end)
    if match is None:
        match = UNIT_AFTER_ADJECTIVE.match(flat, quantity.end)
    if match is None:
        return quantity
    unit, factor = UNITS[match["unit"]]
    low = quantity.low * factor
    qualifiers = quantity.qualifiers
    if narrowing := QUALIFIER.match(flat, quantity.end):
        qualifiers |= {ADJECTIVES[narrowing["word"]]}
    end = match.end()
    if half := AND_A_HALF.match(flat, end):
        low += 0.5 * factor
        end = half.end()
    sign = match["unit"] in {"€", "$", "£"} and low == int(low)
    if sign and not power and (cents := CENTS.match(flat, end)):
        low += int(cents[1]) / 100
        end = cents.end()
    return replace(
        quantity, end=end, low=low, high=low, unit=unit, step=factor, qualifiers=qualifiers
    )


def _dressed(flat: str, quantity: Quantity) -> Quantity:
    """With what stands around it: about, at least, at most, per month, before tax."""
    before = flat[max(0, quantity.start - LONGEST_BEFORE) : quantity.start]
    bound = bound_of(flat, before, quantity.end)
    about = is_about(flat, before, quantity.end)
    qualifiers = set(quantity.qualifiers)
    place = quantity.end
    while (match := QUALIFIER.match(flat, place)) is not None:
        qualifiers.add(ADJECTIVES[match["word"]])
        place = match.end()
    if match := PER_AFTER.match(flat, place):
        lead = match.group()[: match.start("per") - match.start()]
        adjective = PER[match["per"]] != match["per"] and match["per"][-1] in "lesy"
        if PER_LEAD.search(lead) or (adjective and not lead.strip()):
            qualifiers.add(f"per {PER[match['per']]}")
    return replace(
        quantity,
        bound=bound,
        approximate=quantity.approximate or about,
        qualifiers=frozenset(qualifiers),
    )


def _sums(flat: str, found: list[Quantity]) -> list[Quantity]:
    """What is written "1 h 30" and "2 ans et 6 mois" as one duration."""
    joined: list[Quantity] = []
    for each in found:
        last = joined[-1] if joined else None
        if last is None or last.unit != "time" or not JOIN.match(flat[last.end : each.start]):
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
        opened = last is not None and BEFORE_RANGE.search(flat[: last.start][-10:]) is not None
        word = between.strip(" €$£")
        if (
            last is None
            or not RANGE.fullmatch(between.rstrip("€$£ ") + " ")
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
    if any(first & group and second & group and not first & second & group for group in EXCLUSIVE):
        return True
    rates = [{word for word in each if word.startswith("per ")} for each in (first, second)]
    return bool(rates[0] and rates[1] and not rates[0] & rates[1])
