"""Why a sentence was judged as it was, in a sentence for its reader."""

from centaure.answering.groundedness.evidence import Evidence, Finding

_CLASSES = {
    "forbidden": ("une interdiction", "a prohibition"),
    "optional": ("un choix", "a choice"),
    "obligation": ("une obligation", "an obligation"),
    "recommendation": ("une recommandation", "a recommendation"),
    "permission": ("une permission", "a permission"),
    "possibility": ("une éventualité", "a possibility"),
    "future": ("une certitude", "a certainty"),
    "even": ("« dans tous les cas »", '"in any case"'),
    "except": ("une exception", "an exception"),
    "if": ("une condition", "a condition"),
    "before": ("« avant »", '"before"'),
    "after": ("« après »", '"after"'),
    "only": ("« seulement »", '"only"'),
    "some": ("« certains »", '"some"'),
    "most": ("« la plupart »", '"most"'),
    "all": ("« tous »", '"all"'),
    "number": ("un nombre", "a number"),
    "none": ("« aucun »", '"none"'),
    "same": ("« le même »", '"the same"'),
    "other": ("« un autre »", '"another"'),
    "minute": ("« par minute »", '"by the minute"'),
    "hour": ("« par heure »", '"hourly"'),
    "day": ("« par jour »", '"daily"'),
    "week": ("« par semaine »", '"weekly"'),
    "month": ("« par mois »", '"monthly"'),
    "quarter": ("« par trimestre »", '"quarterly"'),
    "year": ("« par an »", '"yearly"'),
}
_FRENCH = {
    "number": "Le passage dit {source}, la phrase {said}.",
    "date": "Le passage dit {source}, la phrase {said}.",
    "bound": "Le passage dit « {source} », la phrase « {said} ».",
    "unit": "Le passage dit « {source} », la phrase « {said} ».",
    "elsewhere": "Les passages disent « {said} » d'autre chose.",
    "name": "« {said} » n'est pas dans les passages.",
    "excepted": "Le passage fait une exception pour « {said} ».",
    "pairing": "Le passage rattache « {said} » à autre chose.",
    "opposite": "Le passage dit « {source} », la phrase « {said} ».",
    "invention": "Les passages ne disent pas « {said} ».",
    "word": "« {said} » n'est pas dans le passage.",
    "changed": "Le passage exprime {source}, la phrase {said}.",
    "added": "La phrase ajoute {said}, que le passage ne donne pas.",
    "dropped": "Le passage exprime {source}, que la phrase ne reprend pas.",
}
_ENGLISH = {
    "number": "The passage says {source}, the sentence {said}.",
    "date": "The passage says {source}, the sentence {said}.",
    "bound": 'The passage says "{source}", the sentence "{said}".',
    "unit": 'The passage says "{source}", the sentence "{said}".',
    "elsewhere": 'The passages say "{said}" of something else.',
    "name": '"{said}" is not in the passages.',
    "excepted": 'The passage makes an exception of "{said}".',
    "pairing": 'The passage ties "{said}" to something else.',
    "opposite": 'The passage says "{source}", the sentence "{said}".',
    "invention": 'The passages do not say "{said}".',
    "word": '"{said}" is not in the passage.',
    "changed": "The passage states {source}, the sentence {said}.",
    "added": "The sentence adds {said} that the passage does not give.",
    "dropped": "The passage states {source} that the sentence leaves out.",
}
_LONGEST = 120


def reason(evidence: Evidence, outcome: str, *, french: bool) -> str:
    """The heaviest finding in words; what bears a sentence out, where nothing was found against it."""
    if outcome == "supported":
        return "Le passage le dit." if french else "The passage says so."
    findings = sorted(evidence.findings, key=lambda each: -each.weight)
    if outcome == "unchecked":
        if not findings:
            return (
                "Le passage en parle en d'autres mots."
                if french
                else "The passage speaks of it in other words."
            )
        lead = "À vérifier : " if french else "To be checked: "
        said = _said(findings[0], french=french)
        return lead + said[0].lower() + said[1:]
    if not findings:
        return "Les passages ne le disent pas." if french else "The passages do not say so."
    return _said(findings[0], french=french)


def _said(finding: Finding, *, french: bool) -> str:
    patterns = _FRENCH if french else _ENGLISH
    kind, said, source = finding.kind, finding.said[:_LONGEST], finding.source[:_LONGEST]
    if kind == "negation":
        if source == "said":
            return (
                "La phrase nie ce que le passage affirme."
                if french
                else "The sentence denies what the passage says."
            )
        return (
            "La phrase affirme ce que le passage nie."
            if french
            else "The sentence says what the passage denies."
        )
    if kind in patterns:
        if "{source}" in patterns[kind] and not source:
            kind = "name"
        return patterns[kind].format(said=said, source=source)
    what = kind.split()[-1] if " " in kind else "changed"
    place = 0 if french else 1
    names = {name: words[place] for name, words in _CLASSES.items()}
    return patterns[what].format(said=names.get(said, said), source=names.get(source, source))
