"""Requests for a right that somebody types where questions are asked: a conversation gives none.

What is recognised here gets a prepared reply. What is not is a question like any other, answered within
the rights that the person has: nothing rests on these patterns.
"""

import re

from centaure.answering.values import plain

REPLIES = {
    "fr": "Une conversation ne donne de droit à personne. Dites ce qu'il vous faut, et pourquoi, dans "
    "«\N{NO-BREAK SPACE}Demandes d'accès\N{NO-BREAK SPACE}»\N{NO-BREAK SPACE}: une personne en décidera.",
    "en": "A conversation gives nobody a right. Say what you need, and why, under Access requests: a person "
    "will decide.",
}
WHERE_TO_ASK = {
    "fr": "S'il vous en manque un, demandez-le dans «\N{NO-BREAK SPACE}Demandes d'accès\N{NO-BREAK SPACE}».",
    "en": "If one is missing that you need, ask for it under Access requests.",
}
"""Said wherever nothing was found, whatever there is: it hints at nothing."""

_LONGEST = 1_000
"""Characters that are looked at: who asks for a right says so early."""
_SENTENCE = re.compile(r"[^.!?\n]{1,400}")
_FEW = r"(?:[\w'-]+\s){0,4}?"
"""A few words between."""

_READING_FR = r"(?:lire|lecture|voir|consulter|consultation|ouvrir|modifier|ecrire)\b"
_ROLE_FR = (
    r"(?:administrat(?:eur|rice)|admin|curat(?:eur|rice)|documentaliste|auditeur|auditrice)\b"
)
_PLACE_FR = r"""(?:dossier|document|fichier|repertoire|source|espace|partage|assistant|base|donnee|page
    |bibliotheque|projet)s?\b"""
_RIGHT_FR = rf"""(?:(?:un|une|le|la|les|des|du|mon|mes|tous|plein|libre)\s)*(?:[ld]')?
    (?: acces\b | habilitations?\b
    | (?:droit|autorisation|permission)s?\s(?:d'acces|(?:de\s|d'|en\s){_READING_FR}|sur\b)
    | (?:droits?|role)\s(?:de\s|d'){_ROLE_FR} )"""
_FRENCH = rf"""\b(?:
      (?:donne|accorde|ouvre|attribue|octroie|fournis)(?:z|sez)?[-\s](?:moi|nous)\s{_RIGHT_FR}
    | (?:(?:peux|peut|pouvez|pourrais|pourriez|veux|voulez)[-\s](?:tu|vous|on)(?:\sbien)?|veuillez|merci\sde)
      \s(?:me|nous)\s(?:donner|accorder|ouvrir|attribuer|octroyer)\s{_RIGHT_FR}
    | (?:fais|faites|nomme[zs]?|passe[zs]?|mets|mettez)[-\s](?:moi|nous)\s(?:en\s(?:mode\s)?)?{_ROLE_FR}
    | (?:ajoute|inscris|mets|inclus)(?:z|ez|tez)?[-\s](?:moi|nous)\s{_FEW}(?:groupe|lecteurs|equipe)\b
    | autorise[zs]?[-\s](?:moi|nous)\s(?:a|de)\s(?:acceder|{_READING_FR})
    | (?:j'ai\sbesoin|j'aimerais|je\svoudrais|je\ssouhaite(?:rais)?|je\sveux|je\sdemande|il\sme\sfaut)
      \s(?:avoir\s|obtenir\s)?(?:une?\s)?(?:[ld]'(?:un\s)?)?acc(?:es|eder)\s(?:\w+\s|[ld]'){{0,4}}?{_PLACE_FR}
    )"""

_READING_EN = r"(?:read|see|view|open|edit|write|access)\b"
_ROLE_EN = r"(?:administrator|admin|curator|auditor|super.?user|root)\b"
_PLACE_EN = r"""(?:folders?|documents?|files?|director(?:y|ies)|sources?|spaces?|shares?|drives?|assistants?
    |databases?|data|pages?|librar(?:y|ies)|projects?)\b"""
_RIGHT_EN = rf"""(?:(?:a|an|the|some|my|full|read|write|all)\s)*
    (?: access\s(?:to|on|rights?)\b | clearance\b
    | (?:right|permission)s?\s(?:to\s{_READING_EN}|on\b)
    | {_ROLE_EN}\s(?:role|rights?|access|privileges?)\b )"""
_ENGLISH = rf"""\b(?:
      (?:give|grant|get|assign|allow)\s(?:me|us)\s{_RIGHT_EN}
    | (?:make|promote)\sme\s{_FEW}{_ROLE_EN}
    | add\s(?:me|us)\s{_FEW}(?:group|readers|team)\b
    | (?:allow|authori[sz]e|permit)\s(?:me|us)\sto\s{_READING_EN}
    | (?:i\sneed|i\swant|i\srequire|i\srequest|i'd\slike|i\swould\slike
      |(?:can|could|may)\si\s(?:get|be\sgiven|be\sgranted))\s{_FEW}access\sto\s{_FEW}{_PLACE_EN}
    )"""
_ASKED = {
    "fr": re.compile(_FRENCH, re.VERBOSE),
    "en": re.compile(_ENGLISH, re.VERBOSE),
}
_HOW = re.compile(
    r"""\b(?: comment | qui | quand | quel(?:le)?s? | pourquoi | combien | demarches? | formulaires?
    | how | who | whom | where | when | what | which | why | process | procedures? | form )\b""",
    re.VERBOSE,
)
"""Whoever says this asks how something is done, and documents may say it."""


def language_of_request(text: str) -> str | None:
    """The language, "fr" or "en", in which somebody asks to be given a right; None: they do not.

    Args:
        text: what they typed.
    """
    for sentence in _SENTENCE.findall(plain(text[:_LONGEST])):
        said = " ".join(sentence.split())
        if _HOW.search(said):
            continue
        for language, asked in _ASKED.items():
            if asked.search(said):
                return language
    return None
