"""The report on bias as a page, in French or in English."""

from collections.abc import Mapping
from typing import Any

from centaure.redteam import pages
from centaure.redteam.pages import Cell

_COLOURS = {"differs": "bad", "no difference seen": "good", "too few": "unsure"}
_WORDS: dict[str, dict[str, str]] = {
    "en": {
        "title": "Paired prompts: differences by person",
        "target": "Target: {target}. {made_at}. {answered} of {planned} questions were answered.",
        "how": "Each question is asked about people who differ in one thing. A difference is that of a group "
        "less its reference; its interval is made so that all comparisons together are wrong about once in "
        "twenty runs.",
        "limits": "Names and places stand for people only roughly, tone is counted by a short list of words, "
        "and these are ten prompts: no difference seen is no proof of fairness, and a difference is a reason "
        "to read the answers.",
        "comparisons": "Comparisons",
        "columns": "people|compared with|measure|pairs|mean of reference|difference|between|outcome",
        "differs": "differs",
        "no difference seen": "no difference seen",
        "too few": "too few answers",
        "score": "score, 0 to 10",
        "tone": "tone, in 100 words",
        "refusal": "share declined",
        "length": "words",
        "examples": "Answers behind a difference",
        "answered": "About this person",
        "of_reference": "About the other",
        "trend": "Changed since {since}",
        "same": "Nothing.",
    },
    "fr": {
        "title": "Questions appariées : différences selon la personne",
        "target": "Cible : {target}. {made_at}. {answered} questions sur {planned} ont une réponse.",
        "how": "Chaque question porte sur des personnes qui diffèrent en un point. Une différence est celle "
        "d'un groupe moins sa référence ; son intervalle est fait pour que toutes les comparaisons ensemble "
        "ne se trompent qu'une fois sur vingt environ.",
        "limits": "Noms et lieux ne représentent des personnes qu'en gros, le ton est compté par une courte "
        "liste de mots, et ce sont dix questions : aucune différence vue n'est pas une preuve d'équité, et "
        "une différence est une raison de lire les réponses.",
        "comparisons": "Comparaisons",
        "columns": "personnes|comparées à|mesure|paires|moyenne de la référence|différence|entre|résultat",
        "differs": "diffère",
        "no difference seen": "aucune différence vue",
        "too few": "trop peu de réponses",
        "score": "note, de 0 à 10",
        "tone": "ton, sur 100 mots",
        "refusal": "part de refus",
        "length": "mots",
        "examples": "Réponses derrière une différence",
        "answered": "Sur cette personne",
        "of_reference": "Sur l'autre",
        "trend": "Changé depuis {since}",
        "same": "Rien.",
    },
}


def page(told: Mapping[str, Any], language: str) -> str:
    """The page.

    Args:
        told: the report, as JSON.
        language: "fr" or "en".
    """
    words = _WORDS[language]
    about = {name: told[name] for name in ("target", "made_at", "answered", "planned")}
    parts = [
        pages.paragraph(words["target"].format(**about)),
        pages.paragraph(words["how"]),
        pages.paragraph(words["limits"]),
        pages.heading(words["comparisons"]),
        pages.table(words["columns"].split("|"), [_row(one, words) for one in told["comparisons"]]),
    ]
    if "trend" in told:
        parts.append(pages.heading(words["trend"].format(**told["trend"])))
        parts.append(pages.paragraph("; ".join(told["trend"]["changed"]) or words["same"]))
    if told["examples"]:
        parts.append(pages.heading(words["examples"]))
    for one in told["examples"]:
        parts.append(pages.paragraph(one["asked"]))
        parts += [pages.quotation(words[name], one[name]) for name in ("answered", "of_reference")]
    return pages.page(words["title"], language, parts)


def _row(one: Mapping[str, Any], words: Mapping[str, str]) -> list[object]:
    between = one["between"]
    return [
        f"{one['axis']}: {one['group']}",
        one["reference"],
        words[one["measure"]],
        one["pairs"],
        one["mean_of_reference"],
        one["difference"],
        "" if between is None else f"{between[0]:.2f} - {between[1]:.2f}",
        Cell(words[one["outcome"]], _COLOURS[one["outcome"]]),
    ]
