"""Small words that turn what a sentence says: negations, obligations, conditions, quantifiers."""

# ruff: noqa: E501  patterns and word lists read best with a case on each line

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from centaure.answering.groundedness.text import plain

_FORBIDDEN = (
    r"interdit\w*|interdiction|prohibe\w*|defendu\w*|(?:ne|n')\s?(?:doi\w+|peu\w+|saurai\w+|pourr\w+|devr\w+)\s"
    r"(?:\w+\s){0,2}?(?:pas|plus|jamais|en aucun cas|aucun\w*)|n'(?:est|sont)\s(?:pas|jamais)\s(?:autoris|permis|admis)\w*"
    r"|n'(?:a|ont)\spas\s(?:le\s)?droit|must\s?n[o']t\b|may\snot|cannot|can't|can\snot|forbidden|prohibit\w*|banned"
    r"|not\s(?:be\s)?(?:allowed|permitted|authori[sz]ed)|not\sentitled|shall\snot|must\snever|may\snever"
)
_OPTIONAL = (
    r"facultati\w+|optionnel\w*|(?:n'est|ne\ssont|n'est\splus)\s(?:pas|plus|nullement)\s(?:obligatoire|requis|tenu|necessaire|exige|oblige)\w*"
    r"|n'a\spas\sbesoin|(?:n'|ne\s)\w+\spas\s(?:obligatoire|tenu|oblige)\w*|need\snot|needn't|(?:not|no\slonger)\s(?:\w+\s)?(?:required|mandatory|compulsory|necessary|obliged|obligatory)"
    r"|(?:do|does)(?:\snot|n't)\s(?:have|need)\sto|optional\w*|voluntary|non\sobligatoire|pas\sobligatoire|at\s(?:their|your|the)\sdiscretion"
    r"|dispense\w*\sde|pas\s(?:besoin|tenu\w*)|sans\sobligation|if\s(?:they|you|he|she)\swish\w*|s'il\w?\sle\ssouhait\w+|volontaire\w*"
)
_EACH = r"(?:par|per|/|chaque|each|every|tous\sles|toutes\sles|an?|once\sa)\s?"
_GROUPS: dict[str, tuple[tuple[str, str], ...]] = {
    "modality": (
        ("forbidden", _FORBIDDEN),
        ("optional", _OPTIONAL),
        (
            "obligation",
(            r"doi(?:t|vent|s)\b|devons|devez|devra\b|devront|obligatoire\w*|obligation\w*|obliger?\w*|tenue?s?\sd[e']|il\sfaut|faudra|"
            r"imperati\w+|necessaire\w*|necessit\w+|requis\w*|exig\w+|indispensable\w*|impose\w*|astreint\w*|"
            r"must\b|shall\b|(?:has|have|had)\sto|required?\b|requires|mandatory|compulsory|obliged|obligat\w+|"
            r"needs?\sto|necessary|is\sto\sbe|are\sto\sbe|sont\sa\s(?=\w+er\b)|est\sa\s(?=\w+er\b)"),
        ),
        (
            "recommendation",
(            r"devrai(?:t|ent)|recommand(?:e|ent|ons|ation|ations)\b|(?<!lettre\s)recommandee?s?\b(?=\s(?:d|a|que|pour))|conseill\w+|souhaitable\w*|prefera\w+|incit\w+|encourag\w+|invit\w+|"
            r"should\b|ought|recommend\w*|advis\w+|suggest\w+"),
        ),
        (
            "permission",
(            r"peu(?:t|vent|x)\b|pouvez|pouvons|pourra\b|pourront|pourrai(?:t|ent)|possible\w*|possibilite|autoris\w+|permis\w*|permet\w*|"
            r"(?:a|ont|avoir|aura|auront)\s(?:le\s)?droit|loisible|eventuel\w*|peut-etre|probable\w*|susceptible\w*|envisag\w+|"
            r"may\b|can\b|could\b|might\b|allow\w*|permit\w*|entitled|eligible|possibl\w+|option\sto|probabl\w+|likely|perhaps|potential\w*"),
        ),
        (
            "future",
            r"sera\b|seront|aura\b|auront|(?!encadra|contra|entra)\w{2,}(?:era|eront|ira|iront|dra|dront|vra|vront)\b|will\b|going\sto",
        ),
    ),
    "condition": (
        ("even", r"meme\s(?:si|en|lorsqu\w*|quand|sans|pour)|y\scompris|quel(?:le)?s?\sque|que\sce\ssoit|sans\scondition\w*|independamment|inconditionnel\w*|even\s(?:if|when|without)|regardless|including|inclu(?:ant|s)\b|irrespective|whether\sor\snot|unconditional\w*|no\smatter|dans\stous\sles\scas|in\s(?:all|any)\scases?"),
        ("except", r"sauf|a\smoins\s(?:que|d)|hormis|excepte\w*|hors\b|a\sl'exception|a\sl'exclusion|exception\w*|exclus\w*|unless|except\w*|exclud\w+|other\sthan|apart\sfrom|sans\s(?=(?:l'|un|une|autoris|accord|valid|justif|avis|prea))|without\s(?=(?:the|a|an|prior|written|approv|author|permission|consent))"),
        ("if", r"s'il\w*|si\b(?!\s(?:bien|possible))|lorsqu\w*|quand\b|en\scas\sd\w*|dans\sle\scas|au\scas|(?:a|sous)\s(?:la\s)?(?:seule\s)?condition\w*|condition\w*|sous\sreserve\w*|pourvu\sque|des\slors\sque|tant\sque|subordonne\w*|moyennant|avec\sl'accord|apres\s(?:accord|validation|avis|autorisation)|sur\s(?:presentation|justificatif|autorisation|demande)|if\b|when\b|whenever|where\b|provided|providing|in\scase|in\sthe\sevent|subject\sto|as\slong\sas|on\scondition|once\b|upon\b|only\swith|with\sthe\s(?:approval|agreement|consent)|depend\w+\son"),
    ),
    "order": (
        ("before", r"avant\b|prealable\w*|anterieur\w*|d'ici|au\splus\stard|jusqu'\w*|before\b|prior\b|earlier|until\b|by\sthe|no\slater|beforehand"),
        ("after", r"apres\b|posterieur\w*|a\spartir|a\scompter|des\s(?:le|la|l')|suivant\w*|ensuite|after\b|following|later\b|since\b|subsequent\w*|starting|thereafter"),
    ),
    "quantity": (
        ("only", r"seul(?:e|s|es|ement)?\b|uniquement|exclusive\w*|strictement|n'\w+\sque\b|ne\s\w+\s(?:\w+\s)?que\b|only\b|solely|exclusively|just\b|sole\b|alone\b|nothing\sbut|reserve\w*\sa\w*|reserved\sfor|restricted\sto|limite\w*\sa\w*\s(?![\d])|limited\sto\s(?![\d])"),
        ("some", r"certaine?s?\b|quelques|plusieurs|une\spartie|partie\sd\w+|divers\w*|parfois|occasionnel\w*|de\stemps\sen\stemps|partiel\w*|some\b|several|a\sfew|few\b|part\sof|partial\w*|partly|sometimes|occasional\w*|certain\b|various|a\snumber\sof"),
        ("most", r"la\splupart|majorit\w+|generalement|en\sgeneral|habituellement|souvent|frequemment|le\splus\ssouvent|principalement|essentiellement|most\b(?!\s(?:of\s)?\d)|mostly|majority|usually|generally|often|frequently|mainly|primarily|typically"),
        ("all", r"tou(?:s|te|tes|t)\b(?!\s(?:de|en|au|comme|autre|a\sfait|moins|d'abord))|chaque|chacune?|l'ensemble|integralit\w+|integral\w*|entier\w*|entiere\w*|totalit\w+|toujours|systematique\w*|n'importe|all\b|every\w*|each\b|any\b|whole|entire\w*|always|systematic\w*|without\sexception|both\b|total\w*ly|tous\sles\scas|complete\w*ly"),
    ),
    "period": (
        ("hour", rf"{_EACH}(?:heure|hour)s?|hourly"),
        ("day", rf"{_EACH}(?:jour|day|nuit|night|matin|soir|morning|evening)s?(?:\souvres?)?|quotidien\w*|journali\w+|daily|nightly"),
        ("week", rf"{_EACH}(?:semaine|week|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|monday|tuesday|wednesday|thursday|friday|saturday|sunday)s?|hebdomadaire\w*|weekly"),
        ("month", rf"{_EACH}(?:mois|months?)|mensuel\w*|monthly"),
        ("quarter", rf"{_EACH}(?:trimestre|quarter)s?|trimestriel\w*|quarterly"),
        ("year", rf"{_EACH}(?:ans?|annees?|year|ete|hiver|summer|winter)s?|annuel\w*|annual\w*|yearly"),
    ),
}  # fmt: skip
_PATTERNS = {
    group: re.compile(
        r"(?<![\w-])(?:"
        + "|".join(f"(?P<{name}>{pattern})" for name, pattern in classes)
        + r")(?![\w])"
    )
    for group, classes in _GROUPS.items()
}
GROUPS = tuple(_GROUPS)
"""The kinds of marks, each of which has classes that exclude each other."""

_NEGATIONS = re.compile(
    r"""(?<![\w-])(?:
    (?P<plain> (?:ne|n')\s?(?:\w+[\s'-]){1,4}?(?:pas|jamais|aucun\w*|rien|personne|plus(?!\s(?:d|que|\d|tard|tot|de))|ni|nul\w*|guere)
      (?!\s(?:seulement|uniquement|plus\sd|moins\sd|exceder|depasser|moins|plus\stard)) )
  | (?P<restrict> (?:ne|n')\s?(?:\w+\s){1,5}?que\b )
  | (?P<none> aucune?s?\b | nulle?\spart | jamais | pas(?=\s(?:d[e']|un|une|encore|obligatoire|autoris|possible|necess|besoin|tenu))
      | non(?!\sseulement)(?=[\s-](?:\w{3,})) | ni\b | sans(?!\s(?:doute|delai|cesse|exception|exceder|depasser|condition)) )
  | (?P<english> not(?!\s(?:only|just|merely|more\sthan|less\sthan|later\sthan|exceed\w*)) | (?<=\w)n't | never | cannot
      | no(?!\s(?:later|more|less|fewer|sooner|matter|doubt|longer\sthan)\b) | none | neither | nor | nobody | nothing | without | no\slonger )
  | (?P<lexical> interdi\w+ | prohib\w+ | defendu\w* | refus\w+ | rejet\w+ | impossib\w+ | exclu(?:e|s|es|t|ent|re)?\b | inelig\w+ | invalid\w+
      | indisponib\w+ | illeg\w+ | insuffisan\w+ | inexist\w+ | dispens\w+ | exempt\w* | exoner\w+
      | forbid\w* | ban(?:s|ned)?\b | reject\w* | den(?:y|ies|ied)\b | decline[sd]?\b | unable | unavailab\w+ | ineligib\w+ | illegal\w* | exclud\w+
      | fail(?:s|ed)?\b | lack(?:s|ed|ing)?\b | waive[sd]?\b )
    )(?![\w])""",
    re.VERBOSE,
)
_CONTRACTED = re.compile(r"\b(\w+)n't\b")


@dataclass(frozen=True, slots=True)
class Negation:
    """One negation: its place, and whether a word of its own says it ("interdit", "refuse")."""

    start: int
    end: int
    lexical: bool


@lru_cache(maxsize=8192)
def marks(text: str) -> dict[str, frozenset[str]]:
    """The classes of marks that a text holds, by kind."""
    flat = plain(text)
    found: dict[str, frozenset[str]] = {}
    for group, pattern in _PATTERNS.items():
        found[group] = frozenset(
            match.lastgroup for match in pattern.finditer(flat) if match.lastgroup
        )
    return found


def marked_word(group: str, name: str, text: str) -> str:
    """The words of a text that carry a mark, as written; empty when none do."""
    for match in _PATTERNS[group].finditer(plain(text)):
        if match.lastgroup == name:
            return text[match.start() : match.end()].strip()
    return ""


@lru_cache(maxsize=8192)
def negations(text: str) -> tuple[Negation, ...]:
    """The negations of a text; "ne ... que" restricts and is none."""
    flat = plain(text)
    found: list[Negation] = []
    place = 0
    while match := _NEGATIONS.search(flat, place):
        place = max(match.end(), place + 1)
        if match.lastgroup == "restrict":
            continue
        found.append(Negation(match.start(), match.end(), match.lastgroup == "lexical"))
    for match in _CONTRACTED.finditer(flat):
        if not any(each.start < match.end() and match.start() < each.end for each in found):
            found.append(Negation(match.start(), match.end(), lexical=False))
    return tuple(sorted(found, key=lambda each: each.start))


_ALIKE = {
    ("modality", "obligation"): frozenset({"obligation", "future"}),
    ("modality", "optional"): frozenset({"optional", "permission"}),
    ("modality", "permission"): frozenset({"optional", "permission"}),
    ("condition", "except"): frozenset({"except", "if"}),
    ("condition", "if"): frozenset({"except", "if"}),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """How the marks of one kind differ: another class stands for one, one is only said, one is left out."""

    changed: tuple[str, str] | None
    added: str
    dropped: str


def difference(group: str, said: Iterable[str], source: Iterable[str]) -> Difference:
    """What a sentence's marks of a kind say that the source's do not."""
    ours, theirs = frozenset(said), frozenset(source)
    extra = sorted(each for each in ours if not theirs & _alike(group, each))
    missing = sorted(each for each in theirs if not ours & _alike(group, each))
    if extra and missing:
        return Difference((extra[0], missing[0]), "", "")
    return Difference(None, extra[0] if extra else "", missing[0] if missing else "")


def _alike(group: str, name: str) -> frozenset[str]:
    return _ALIKE.get((group, name), frozenset({name}))
