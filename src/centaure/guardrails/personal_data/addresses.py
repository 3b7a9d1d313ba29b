"""Postal addresses: French, Belgian, Swiss, British and American, and their like in other languages.

An address is found by its core (a number and a street, or a postcode and what leads to it) and then grown to
both sides, a part at a time: floor and building before it, postcode, town and country after it.
"""

from collections.abc import Iterable, Iterator

from centaure.guardrails.personal_data import address_parts as parts
from centaure.guardrails.personal_data.reading import Candidate, Reading, words_of
from centaure.guardrails.personal_data.spoken import NUMBER_WORDS
from centaure.guardrails.policy import Label

_MOST_WORDS = 7
_BEFORE = 60
"""Characters that a part before the core may have."""
_AFTER = 200
"""Characters of all that follows the core."""

_FRENCH_TYPES = words_of(
    "rue r avenue av ave boulevard boul bl bld blvd bd place pl allee allees all chemin ch che"
    " chem impasse imp route rte quai cours square sq passage pass sentier sente ruelle venelle"
    " villa cite residence res lotissement lot hameau lieu faubourg fbg fg montee esplanade"
    " promenade voie traverse rond parvis mail galerie clos domaine parc zone za zi zac z chaussee"
    " cote corniche descente rampe cour carrefour pont porte digue dreve enclos placette ile port"
    " rocade levee vallon col terrasse charriere"
)
_ENGLISH_TYPES = words_of(
    "street st road rd lane ln avenue ave drive dr court ct row hill garden gardens close crescent"
    " cres terrace place pl square sq way walk park grove mews quay wharf view green rise parade"
    " broadway boulevard blvd highway hwy parkway pkwy circle cir trail gate yard alley bridge"
    " mount vale heights embankment"
)
_Core = tuple[int, int]


def addresses(reading: Reading) -> Iterable[Candidate]:
    """Postal addresses, from the number or the building to the town or the country."""
    text = reading.text
    for core in _french(reading):
        found = _address(text, core, 0.9, "address-french.1")
        if found.end > core[1] or parts.SURE.search(reading.low, *core):
            yield found
    for core in _unnumbered(reading):
        yield _address(text, core, 0.9, "address-unnumbered.1")
    for core in _english(reading):
        found = _address(text, core, 0.85, "address-english.1", house=True)
        if found.end > core[1] or parts.SURE.search(reading.low, *core):
            yield found
    for pattern in (parts.GERMANIC, parts.ROMANCE):
        for found in pattern.finditer(text):
            yield _address(text, found.span(), 0.9, "address-european.1")
    if reading.has_digits:
        for core in _by_british_code(text):
            yield Candidate(
                _led(text, core[0], house=True), core[1], Label.ADDRESS, 0.92, "address-british.1"
            )


def _address(text: str, core: _Core, score: float, rule: str, *, house: bool = False) -> Candidate:
    start = _led(text, core[0], house=house)
    return Candidate(start, _grown(text, core[1]), Label.ADDRESS, score, rule)


def _french(reading: Reading) -> Iterator[_Core]:
    """A number, in figures or words, and a street."""
    if reading.words.isdisjoint(_FRENCH_TYPES):
        return
    spelt = not reading.words.isdisjoint(NUMBER_WORDS)
    for pattern in (parts.FRENCH, parts.FRENCH_WORDS) if spelt else (parts.FRENCH,):
        for found in pattern.finditer(reading.low):
            end = _street_name(reading.text, found.end())
            if not end and parts.GREAT_STREET.match(reading.low, found.start()):
                end = found.end()
            if end:
                yield found.start(), end


def _unnumbered(reading: Reading) -> Iterator[_Core]:
    """A street without number before a postcode, or with the number after it as in Belgium."""
    text = reading.text
    if reading.words.isdisjoint(_FRENCH_TYPES) or not parts.POSTCODES.search(text):
        return
    for found in parts.UNNUMBERED.finditer(reading.low):
        end = _street_name(text, found.end())
        if not end:
            continue
        after = parts.NUMBER_AFTER.match(text, end)
        if after and parts.SHORT_POSTAL.match(text, after.end()):
            yield found.start(), after.end()
        elif parts.POSTAL.match(text, end):
            yield found.start(), end


def _english(reading: Reading) -> Iterator[_Core]:
    """A number and a street; a number in words needs a town after them."""
    if reading.words.isdisjoint(_ENGLISH_TYPES):
        return
    for found in parts.ENGLISH.finditer(reading.text):
        yield found.span()
    if reading.words.isdisjoint(NUMBER_WORDS):
        return
    for found in parts.ENGLISH_WORDS.finditer(reading.low):
        if any(
            part.match(reading.text, found.end())
            for part in (parts.COMMA_TOWN, parts.BRITISH_POSTAL)
        ):
            yield found.span()


def _by_british_code(text: str) -> Iterator[_Core]:
    """What leads to a British postcode, whatever the street is called, back to the number of a house."""
    for code in parts.CODE.finditer(text):
        start = code.start()
        for _ in range(4):
            end = _trimmed(text, start)
            found = parts.SEGMENT.search(text, max(0, end - _BEFORE), end)
            if not found or "\n\n" in text[end:start]:
                break
            start = found.start()
            if parts.HOUSE_NUMBER.match(text, start):
                yield start, code.end()
                break


def _trimmed(text: str, end: int) -> int:
    while end and text[end - 1] in " ,\n|":
        end -= 1
    return end


def _street_name(text: str, place: int) -> int:
    """Where the name of a street ends that begins after its type; 0 where there is none."""
    end, words, pending = place, 0, place
    if found := parts.HYPHENED.match(text, place):
        end, words, pending = found.end(), 1, found.end()
    while words < _MOST_WORDS and (found := parts.NAME_WORD.match(text, pending)):
        word = found.group().strip()
        pending = found.end()
        if parts.PARTICLE.fullmatch(word) and not (words and parts.BEFORE_TOWN.fullmatch(word)):
            continue
        if word[0].islower() and (words or parts.NO_NAME.fullmatch(word)):
            break
        words += 1
        end = pending
    if words and not any(map(str.isupper, text[place:end])):
        further = parts.TO_POSTCODE.match(text, end)
        end = further.end() if further else end
    return end if words else 0


def _grown(text: str, end: int) -> int:
    """Where an address ends whose core ends at a place."""
    limit = min(len(text), end + _AFTER)
    while (found := parts.AND_COMPLEMENT.match(text, end, limit)) and not any(
        part.match(text, end) for part in (parts.POSTAL, parts.SHORT_POSTAL)
    ):
        end = found.end()
    for part in parts.TOWNS:
        if found := part.match(text, end, limit):
            end = found.end()
            for further in (parts.CEDEX, parts.AND_COUNTRY):
                if found := further.match(text, end, limit):
                    end = found.end()
            break
    return end


def _led(text: str, start: int, *, house: bool) -> int:
    """Where an address begins whose core begins at a place: with its flat, building or hamlet."""
    for _ in range(3):
        base = max(0, start - _BEFORE)
        found = parts.BEFORE_COMPLEMENT.search(text, base, start)
        if not found and house:
            found = parts.BEFORE_HOUSE.search(text, base, start)
        if not found:
            break
        start = found.end() - len(found.group().lstrip())
    return start
