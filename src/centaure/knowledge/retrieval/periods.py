"""When a document is about, and when a question asks about.

People name periodic documents by their period ("2023 Q3 AAPL", "rapport-annuel-2022", "CR 12-03-2024")
and ask by it in another form ("the third quarter of 2023", "en mars 2024"), or for the latest of them.
"""

import re
from dataclasses import dataclass
from datetime import date

from centaure.knowledge.language import fold

MONTHS = {
    name: number
    for names in (
        "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre",
        "january february march april may june july august september october november december",
    )
    for number, name in enumerate(names.split(), 1)
}
_ORDINALS = {
    word: number
    for number, words in enumerate(
        (
            "1 1er 1ere 1st premier first",
            "2 2e 2eme 2nd deuxieme second",
            "3 3e 3eme 3rd troisieme third",
            "4 4e 4eme 4th quatrieme fourth",
        ),
        1,
    )
    for word in words.split()
}
_YEAR = r"(?P<{0}>(?:19|20)\d\d)"
_GAP = r"[\s_.,/\-]*(?:(?:of|de|du|d|fiscal|fy|the|annee|exercice)[\s_.\-']+)*"
_QUARTER = rf"""
    (?<![a-z\d]) (?: [qt] (?P<{{0}}q>[1-4]) | (?P<{{0}}o>{"|".join(sorted(_ORDINALS, key=len, reverse=True))})
    [\s\-]* (?: quarter | trimestre ) ) (?![a-z\d])
"""
_HALF = r"""
    (?<![a-z\d]) (?: [sh] (?P<{0}h>[12]) | (?P<{0}p> 1er | 2e | 2eme | premier | second | deuxieme | first )
    [\s\-]* (?: half | semestre ) ) (?![a-z\d])
"""
_MONTH = rf"(?<![a-z]) (?P<{{0}}m>{'|'.join(sorted(MONTHS, key=len, reverse=True))}) (?![a-z])"
_PERIOD = re.compile(
    rf"""
    (?<!\d) {_YEAR.format("y1")} [-_./] (?P<m1>0[1-9]|1[0-2]) (?: [-_./] (?P<d1>0[1-9]|[12]\d|3[01]) )? (?!\d)
  | (?<!\d) {_YEAR.format("y0")} (?P<m0>0[1-9]|1[0-2]) (?P<d0>0[1-9]|[12]\d|3[01]) (?!\d)
  | (?<!\d) (?P<d2>0?[1-9]|[12]\d|3[01]) [-_./] (?P<m2>0[1-9]|1[0-2]) [-_./] {_YEAR.format("y2")} (?!\d)
  | (?<!\d) (?: (?P<d3>[12]\d|3[01]|0?[1-9]) (?:er|st|nd|rd|th)? \s+ )? {_MONTH.format("n")}
        (?: \s+ (?P<d4>[12]\d|3[01]|0?[1-9]) (?:st|nd|rd|th)? ,? (?=\s+\d{{4}}) )?
        {_GAP} {_YEAR.format("y3")} (?!\d)
  | {_QUARTER.format("a")} {_GAP} {_YEAR.format("y4")} (?!\d)
  | (?<!\d) {_YEAR.format("y5")} [\s_.\-]* {_QUARTER.format("b")}
  | {_HALF.format("a")} {_GAP} {_YEAR.format("y6")} (?!\d)
  | (?<!\d) {_YEAR.format("y7")} [\s_.\-]* {_HALF.format("b")}
  | (?<!\d) {_YEAR.format("y8")} (?! \s* [%€$] | [.,]?\d )
    """,
    re.VERBOSE,
)
_NOT_DATED = """
    seconde | minute | heure | matin | matinee | midi | soir | soiree | nuit | jour | journee | semaine | week
    | quinzaine | mois | trimestre | semestre | annee | an | decennie | siecle | fois | moment | instant
    | lundi | mardi | mercredi | jeudi | vendredi | samedi | dimanche | et | ou | a | au | de | des | du
    | d | en | dans | sur | par | pour | qui | que | etage | etape | page | ligne | colonne | alinea
    | paragraphe | chapitre | rang | place | lieu | cas | point | mot | ressort | recours | delai | nom
    | enfant | employeur | salaire
"""
"""What "dernier" says nothing of documents before: units of time, places in an order, small words."""
_LATEST = re.compile(
    rf"""
    \b (?: latest | newest | most \s recent | most \s current | up \s to \s date | currently \s in \s force
      | (?: our | your | its | their | my ) \s current
        (?= \s+ (?! (?: account | assets? | liabilit(?:y|ies) | ratio | state | status | situation | year
          | month | week | day | period | time | job | employer | salary ) \b ) [a-z] )
      | current (?= \s+ (?: version | edition | policy | policies | rules? | report | procedures?
          | guidelines? | handbook | charter | agreement | contract | prices? | rates? | tariffs? ) \b )
      | last (?= \s+ (?: version | edition | report | filing | quarter | issue | release | minutes | policy
          | policies | guidelines? | handbook | charter | agreement | amendment | contract | memo | newsletter
          | circular | audit | survey | invoice | quote | statement ) \b )
      | (?: plus | plus \s les ) \s recente?s?
      | en \s vigueur | (?<!mise\s) (?<!mises\s) a \s jour
      | derniere?s? (?= \s+ (?: version | edition | rapport | note | compte | releve
          | document | trimestre | bulletin | circulaire | proces | avenant | publication ) )
      | (?: les? | la | du | des | aux? | [mts](?:on|a|es) | nos | notre | vos | votre | leurs? | cette )
        \s+ derniere?s? (?= \s+ (?! (?: {_NOT_DATED} ) s? \b ) [a-z] )
      | (?: version | edition | rapport | note | document | politique | procedure | reglement | charte
          | accord | contrat | convention | grille | tarif | bareme | guide ) s? \s actuell?e?s? )
    """,
    re.VERBOSE,
)
_MARKS = re.compile(
    r"(?<![a-z\d])(?:v(?:er)?(?:sion)?|rev(?:ision)?)[\s_.\-]*\d{1,3}(?:\.\d{1,3})*(?![a-z\d])"
)
_SEPARATORS = re.compile(r"[\s_.,\-–—()]+")


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """From the first day to the last, both included."""

    first: date
    last: date

    def meets(self, other: "Period") -> bool:
        """Whether one lies within the other."""
        return (self.first >= other.first and self.last <= other.last) or (
            other.first >= self.first and other.last <= self.last
        )


def periods_in(text: str) -> list[Period]:
    """The years, halves, quarters, months and days that a text names, in order."""
    found = (_period(match) for match in _PERIOD.finditer(_plain(text)))
    return [period for period in found if period is not None]


def series_of(name: str) -> str:
    """What is left of a document's name without its period and version: its series."""
    return _SEPARATORS.sub(" ", _MARKS.sub(" ", _PERIOD.sub(" ", _plain(name)))).strip()


def asks_latest(question: str) -> bool:
    """Whether a question is about the latest of several documents."""
    return _LATEST.search(_plain(question)) is not None


def _plain(text: str) -> str:
    return fold(text.replace("’", "'").replace("\n", " "))


def _period(match: re.Match[str]) -> Period | None:
    got = {key: value for key, value in match.groupdict().items() if value is not None}
    year = next(int(value) for key, value in got.items() if key[0] == "y")
    quarter = got.get("aq") or got.get("bq") or _ORDINALS.get(got.get("ao", got.get("bo", "")))
    if quarter:
        return _months(year, 3 * int(quarter) - 2, 3)
    half = got.get("ah") or got.get("bh")
    if half is None and ("ap" in got or "bp" in got):
        half = 1 if got.get("ap", got.get("bp", ""))[0] in {"1", "p", "f"} else 2
    if half is not None:
        return _months(year, 6 * int(half) - 5, 6)
    month = got.get("m0") or got.get("m1") or got.get("m2") or MONTHS.get(got.get("nm", ""))
    if not month:
        return _months(year, 1, 12)
    day = got.get("d0") or got.get("d1") or got.get("d2") or got.get("d3") or got.get("d4")
    if not day:
        return _months(year, int(month), 1)
    try:
        exact = date(year, int(month), int(day))
    except ValueError:
        return _months(year, int(month), 1)
    return Period(exact, exact)


def _months(year: int, month: int, length: int) -> Period:
    after = month + length
    following = date(year + 1, 1, 1) if after > 12 else date(year, after, 1)
    return Period(date(year, month, 1), date.fromordinal(following.toordinal() - 1))
