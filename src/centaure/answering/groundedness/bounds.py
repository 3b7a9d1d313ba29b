"""Words before and after a figure that make it a least, a most or an about."""

import re
from typing import Literal

Bound = Literal["", "<=", ">="]

_APPROXIMATE = re.compile(
    r"(?:environ|pres d[e']|a peu pres|autour d[eu]|quelque|de l'ordre d[e']|avoisine|approche"
    r"|un peu (?:plus|moins) d[e']|a (?:little|bit) (?:over|under|more than|less than|above|below)"
    r"|(?:slightly|well) (?:over|under|more than|less than|above|below)|presque|bien plus d[e']"
    r"|about|around|approximately|approx\.?|nearly|almost|roughly|some|close to|just (?:over|under)|[~≈])"
    r"(?:\s(?:la|les|des|a|the|de))?\s?[€$£]?\s?$"
)
_AT_LEAST = re.compile(
    r"(?:au moins|au minimum|minimum(?: (?:de|of))?|minimale? de|plus d[e']|a partir de|des"
    r"|depasse(?:nt|r)?|superieure?s? a|exceed(?:s|ing)?|excede|at least|more than|over|above|from"
    r"|not less than|no fewer than|no less than|no less|pas moins de|min\.?|minimum:|starting at|≥|>=?"
    r"|greater than|a minimum of|upwards of|au-dela d[eu]|au-dessus d[eu]|beyond|passe)"
    r"\s?(?:les |the |a |of |de |d')?[€$£]?\s?$"
)
_AT_MOST = re.compile(
    r"(?:au plus|au maximum|maximum(?: (?:de|of))?|maximale? de|moins d[e']|jusqu'a|inferieure?s? a"
    r"|plafonnee?s? a|limitee?s? a|dans la limite de|limite de|plafond de|en dessous d[eu]|au-dessous d[eu]"
    r"|(?:n'|ne )?(?:excede|depasse)(?:nt|r)? pas|a hauteur d[e']"
    r"|(?:peut|peuvent|doit|doivent|saurait|sauraient) (?:exceder|depasser)"
    r"|pas (?:exceder|depasser|plus d[e'])|sans (?:exceder|depasser)|dans (?:un delai de|les)|sous(?: les)?"
    r"|at most|up to|less than|fewer than|under|below|within|capped at|limited to|not exceed(?:ing)?"
    r"|no more than|not more than|cap of|a maximum of|maximum of|maximum:|max\.?|≤|<=?|inside"
    r"|no later than|do not exceed|no higher than|no longer than)"
    r"\s?(?:les |the |a |of |de |d')?[€$£]?\s?$"
)
_AFTER_LEAST = re.compile(
    r"\s?\(?(?:au moins|au minimum|minimum|ou plus|et plus|or more|at least|at a minimum|and over|\+)"
)
_AFTER_MOST = re.compile(
    r"\s?\(?(?:au plus|au maximum|maximum|ou moins|or less|or fewer|at most|at the most|max\b)"
)
_AFTER_ABOUT = re.compile(r"\s?(?:environ|approximativement|approximately|or so|ou presque)\b")
_DENIED = re.compile(
    r"(?:\b(?:pas|jamais|not|never|sans|no|ne|cannot|aucun\w*)\s|n't\s|\bn')[^,;.]{0,28}$"
)


def bound_of(flat: str, before: str, end: int) -> Bound:
    """Whether a figure is a least or a most.

    Args:
        flat: the text in plain letters.
        before: what stands before the figure.
        end: offset after the figure.
    """
    if _AT_MOST.search(before) or _AFTER_MOST.match(flat, end):
        return "<="
    least = _AT_LEAST.search(before)
    if least is not None and _DENIED.search(before[: least.start()]):
        return "<="
    if least is not None or _AFTER_LEAST.match(flat, end):
        return ">="
    return ""


def is_about(flat: str, before: str, end: int) -> bool:
    """Whether the text says that a figure is about so much."""
    return bool(_APPROXIMATE.search(before) or _AFTER_ABOUT.match(flat, end))
