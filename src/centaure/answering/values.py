"""The kind of value that a question asks for, and whether a sentence holds one."""

import re
import unicodedata
from enum import StrEnum


class Kind(StrEnum):
    """What an answer must hold."""

    NUMBER = "number"
    DATE = "date"


_DATE_QUESTION = re.compile(
    r"""\b(?: quand | quelles?\s(?:est\s|sont\s)?(?:la\s|les\s)?(?:date|heure|annee|periode|echeance)s?
    | quels?\s(?:jour|mois|horaire)s? | date\slimite | date\sd | horaires?
    | when | (?:what|which)\s(?:is\sthe\s|are\sthe\s|was\sthe\s)?(?:date|day|year|month|time|deadline)
    | what\stime | opening\shours )\b""",
    re.VERBOSE,
)
_MEASURE = r"""(?: nombre | taux | montant | prix | cout | tarif | plafond | delai | duree | seuil | budget
    | pourcentage | age | effectif | salaire | preavis | capacite | temperature | distance | superficie
    | remise | penalite | franchise | part | maximum | minimum | quota | score | indemnite | forfait
    | chiffre | limite | ratio | marge | total | poids | taille | pression | frequence | periodicite )"""
_NUMBER_QUESTION = re.compile(
    rf"""\b(?: combien | quels?\s(?:est\s|sont\s|etait\s|sera\s)?(?:le\s|les\s|l.\s?|son\s)?{_MEASURE}s?
    | quelles?\s(?:est\s|sont\s|etait\s|sera\s)?(?:la\s|les\s|l.\s?|sa\s)?{_MEASURE}s?
    | a\squelle\s(?:frequence|temperature|hauteur|vitesse)
    | how\s(?:many|much|long|often|far|old|big|large|high|fast|soon)
    | (?:what|which)\s(?:is\s|was\s|are\s|were\s)?(?:the\s|our\s|its\s)?(?:\w+\s){{0,2}}?
      (?:number|rate|amount|price|cost|percentage|limit|budget|duration|maximum|minimum|threshold|total
      |share|salary|period|fee|size|capacity|score|population|average|margin|revenue|ceiling|cap) )\b""",
    re.VERBOSE,
)
_NUMBER_WORDS = (
    "deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|vingt|trente"
    "|quarante|cinquante|soixante|cent|cents|mille|million|millions|moitie|tiers|quart|double|triple"
    "|two|three|four|five|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|twenty"
    "|thirty|forty|fifty|sixty|hundred|thousand|billion|half|third|quarter|twice|once|unlimited"
    "|illimite|hebdomadaire|mensuel|mensuelle|annuel|annuelle|trimestriel|trimestrielle|weekly|monthly"
    "|yearly|annually|quarterly|daily|gratuit|gratuite|free"
)
_NUMBER = re.compile(rf"(?<![\w.])\d[\d\s.,]*|\b(?:{_NUMBER_WORDS})\b")
_MONTHS = (
    "janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre|january|february"
    "|march|april|may|june|july|august|september|october|november|december"
)
_DATE = re.compile(
    rf"""\b(?: (?:1\d|20)\d\d | \d{{1,2}}[/.]\d{{1,2}}(?:[/.]\d{{2,4}})?
    | \d{{1,2}}\s?h(?:\s?\d\d)? | \d{{1,2}}:\d\d | \d{{1,2}}\s?[ap]m | {_MONTHS}
    | (?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)s?
    | (?:mon|tues|wednes|thurs|fri|satur|sun)days?
    | \d+\s(?:jours?|semaines?|mois|ans?|days?|weeks?|months?|years?) )\b""",
    re.VERBOSE,
)


def plain(text: str) -> str:
    """The text without accents and case, for patterns; offsets are not kept."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).lower().replace("’", "'")


def expected_kind(question: str) -> Kind | None:
    """The kind of value that the question asks for, if it asks for one."""
    folded = " ".join(plain(question).split())
    if _DATE_QUESTION.search(folded):
        return Kind.DATE
    if _NUMBER_QUESTION.search(folded):
        return Kind.NUMBER
    return None


def holds(kind: Kind, text: str, asked: frozenset[str]) -> bool:
    """Whether a text holds a value of that kind other than those that the question itself gives."""
    pattern = _DATE if kind is Kind.DATE else _NUMBER
    return any(
        match.group().strip(" .,\n\t") not in asked for match in pattern.finditer(plain(text))
    )
