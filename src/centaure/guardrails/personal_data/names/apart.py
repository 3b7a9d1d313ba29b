"""What a text tells of two mentions that cannot name the same person: "Mme Roy et sa fille Julie Roy"."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

KIN = (
    r"(?:fils|filles?|freres?|soeurs?|meres?|peres?|epou(?:x|se)|mari|femme|conjointe?|cousine?|neveu|niece"
    r"|oncle|tante|(?:beau|belle|grand)-[a-z]+|veu(?:f|ve)|jum(?:eau|elle)|homonyme|sons?|daughters?"
    r"|brothers?|sisters?|mother|father|wife|husband|uncle|aunt|nephew|cousin|twin|widow|namesake|in-law)"
)
_OWN = (
    r"(?:(?:son|sa|ses|leurs?|le|la|les|l'|une?|mon|ma|mes|his|her|their|the|my|an?|our|notre) ?)?"
)
_CIVILITY = r"(?:(?:mr?s?|mme|mlle|ms|miss|monsieur|madame|dr|docteur|doctor|me|maitre)\.? ?)?"
_JOINED = re.compile(
    r"(?: ?\([^()\n]{1,30}\))?[ ,)]{1,3}"
    r"(?:et|and|&|avec|with|contre|against|vs\.?|versus|c/|ainsi que|as well as|puis) "
    rf"(?:(?:de|d'|par|to|by|pour) ?)?(?:{_OWN}(?:[a-z]+ )?{KIN},? ?)?{_CIVILITY}"
)
_KIN_OF = re.compile(
    rf",? (?:(?:est|is) )?{_OWN}(?:[a-z]+ )?{KIN} (?:(?:de|d'|of|du) ?)?{_CIVILITY}"
)
_IN_ONE_CLAUSE = re.compile(r"(?: [a-z']{1,14}){1,5} (?:mr?s?\. )?")
_SAME = re.compile(
    r"(?<![a-z])(?:dite?|alias|aka|soit|nee?|called|known|named|noms?|prenoms?|surname|first|name|car|mais"
    r"|because|but|si|if|when|quand|lorsque?|comme|as|est|is|was|are|etait|sera|devient|ou|or|appelle|que"
    r"|that|qui|who|signe|signed|identifie|usage|usuel|epouse|maiden)(?![a-z])"
)
"""Words after which the same person may be named again."""
_SUFFIX = re.compile(
    r",? (?:\()?(pere|fils|senior|junior|sr|jr|aine|cadet|l'aine|le jeune|the (?:elder|younger)|ii|iii|iv)"
    r"(?![a-z'])\)?"
)
_FIELD_OF_BIRTH = 60
"""Characters after a name among which a date of birth is that person's."""
_MOST_BORN = 40
"""People whose dates of birth are compared."""
_Places = Sequence[tuple[int, int]]


def suffix_of(name: str) -> str:
    """The last part of a name where it only tells it from a namesake's; empty otherwise."""
    return name if _SUFFIX.fullmatch(f" {name}") and name not in ("pere", "fils") else ""


def suffix_after(low: str, end: int) -> str:
    """What tells the name that ends at a place from a namesake's: `jr`, `pere`; empty: nothing does."""
    found = _SUFFIX.match(low, end)
    return found.group(1) if found else ""


def told_apart(
    low: str, places: _Places, births: Sequence[tuple[int, str]]
) -> Iterator[tuple[int, int]]:
    """Pairs of mentions that name different people.

    Args:
        low: the text in lower case without accents.
        places: of the mentions, in order.
        births: where dates of birth begin, and their digits, in order.
    """
    for at, ((start, end), (follows, stop)) in enumerate(pairwise(places)):
        between = low[end:follows]
        if len(between) > _FIELD_OF_BIRTH:
            continue
        same_form = low[start:end] == low[follows:stop]
        linked = _IN_ONE_CLAUSE.fullmatch(between) and not _SAME.search(between)
        joined = _JOINED.fullmatch(between) or _KIN_OF.fullmatch(between)
        if joined or (linked and not same_form):
            yield at, at + 1
    born: dict[int, str] = {}
    for at, (_, end) in enumerate(places):
        limit = min([end + _FIELD_OF_BIRTH, *(start for start, _ in places[at + 1 : at + 2])])
        digits = next((digits for start, digits in births if end <= start < limit), "")
        if len(digits) > 4:
            born[at] = digits
    known = list(born.items())[:_MOST_BORN]
    for index, (at, digits) in enumerate(known):
        yield from ((other, at) for other, its in known[:index] if its != digits)
