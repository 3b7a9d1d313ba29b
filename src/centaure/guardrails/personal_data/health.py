"""What a text says about a person's health; what it says about health in general is none of it."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files

from centaure.guardrails.personal_data.reading import Candidate, Reading, words_of
from centaure.guardrails.policy import Label

_BACK, _ON = 110, 90
"""Characters of a clause that are looked at before a term and after it."""
_CLAUSE = re.compile(
    r"[.;:!?\n()|\"]|, |,(?=[^ ])| (?:et|and|mais|but) (?=(?:il|elle|he|she|i|que|that) )"
)
_VERBS = (
    r"(?:(?:ne |n'|m'|s'|me |se |lui )?(?:est|suis|etes|etait|etais|sera|a|ai|avez|avait|avais|aura|ont"
    r"|souffr(?:e|ait|ant|ent)|suit|suivait|fait|faisait|prend|prenait|presente|attend|subi[ts]?|subira"
    r"|developpe|traverse|traine|garde|recoit|combat|porte|utilise|dort|vit|remet|sort|revient|vient"
    r"|releve|reste|continue|doit|peine|vomit|consulte|prendra|repart|suivra|sortait|sortira|entame"
    r"|is|am|are|was|were|has|have|had|suffer(?:s|ed|ing)?|takes?|taking|took"
    r"|uses?|needs?|needed|undergo(?:es|ing)?|underwent|developed|contracted|caught|recover(?:s|ed|ing)"
    r"|broke|injured|sprained|hurt|twisted|tested|lost|await(?:s|ing)|receiv(?:es|ed|ing)|carries"
    r"|lives|wears|got|fell|fights?|became|becomes|remains|requires?|s'est casse|s'est blesse|m'est"
    r"|devient|devenu))"
)
_ONE = r"(?:il|elle|je|he|she|i|qui|who)"
_RELATIVE = (
    r"(?:mon|ma|son|sa|notre|votre|leur|my|his|her|our|your|their) (?:[a-z]+ )?(?:mari|femme|epouse?"
    r"|conjointe?|compagn(?:on|e)|fils|fille|enfant|mere|pere|frere|soeur|neveu|niece|grand-mere"
    r"|grand-pere|collegue"
    r"|husband|wife|partner|son|daughter|child|mother|father|mum|dad|brother|sister|nephew|colleague|boss"
    r"|manager|assistante?|voisine?|neighbour|spouse|responsable)"
)
_STATED = re.compile(
    rf"(?<![a-z'])(?:(?P<one>{_ONE}|j')|(?P<near>{_RELATIVE})"
    rf"|(?P<you>(?:que|that|because|since|as|car) (?:vous|you))"
    rf"|(?P<name>[a-z'\-]+\.?))(?:(?<=j')| )(?P<said>{_VERBS})(?![a-z])"
)
_JOINED = re.compile(rf" (?:et|and(?! a )) (?P<said>{_VERBS})(?![a-z])")
_COMMON = re.compile(
    r"(?<![a-z])(?:assurances?|risque|universelle|branche|caisse|arrets?|conges?|personnes?|adultes"
    r"|travailleurs"
    r"|enfants|salaries|people|workers|meme|grand|(?:l')?assurance)[ \-]?$"
)
_STATE = re.compile(
    r"(?<![a-z'])(?:atteinte?s? d[eu']|souffrant d[eu']|suffering from|diagnosed with|porteu(?:r|se) d[eu']"
    r"|opere?e? d[eu']|hospitalisee? pour|en arret (?:maladie |de travail )?(?:pour|depuis)"
    r"|off (?:sick|work) with"
    r"|en remission d|suivie? pour|traitee? pour|treated for|recovering from|(?:due to|because of"
    r"|owing to) (?:his|her|a|an)"
    r"|pour cause d|en raison d'?e?(?: son| sa| ses| une?)?|a cause de (?:son|sa|ses)"
    r"|(?:a la )?suite (?:a|d')"
    r"(?: un| une| son| sa)?|apres (?:son|sa|une?)|absente? pour|absent with|signed off with|allergic to"
    r"|allergique a|living with|under treatment for|sous traitement|operation d|victime d|remise? d"
    r"|pregnant"
    r"|enceinte|waiting for|following (?:a|an|her|his))"
)
_AFTER_NAME = re.compile(rf"\s*(?P<said>{_VERBS})(?![a-z])")
_HIS = re.compile(r"(?<![a-z])(?:mon|ma|mes|son|sa|ses|my|his|her)(?: [a-z'\-]+){0,2} $")
_ANSWER = re.compile(
    r"(?<![a-z])(?:oui|yes|motif(?: (?:note|medical|de l'arret))?|diagnosti[cs]s?|pathologies?|antecedents?"
    r"|allergies?|traitements?|treatments?|conditions?|maladies?|handicaps?|symptom\w*|affections?|health"
    r"|medical (?:history|condition|notes?)|etat de sante|observations? medicales?|reason(?: for absence)?"
    r"|besoins particuliers|disability|medication)\"?\s?[:=]\s?\"?(?:[^\n.;:|]{0,60})$"
)
_HEALTH_OF = re.compile(
    r"(?:etat de sante|diagnostic|diagnosis|condition) (?:de|of|du|d') ?[^.;\n]{2,40}\([^()\n]{0,60}$"
)
_HEAD = re.compile(
    r".*(?<![a-z])(?:motif|reason|diagnos\w+|pathologie|needs|besoins|condition|health|sante"
    r"|maladie|allergies?"
    r"|traitement|treatment|medical|handicap|disability|observations?|remarques?|notes?)(?![a-z]).*"
)
_GENERAL = re.compile(
    r"(?<![a-z])(?:si|s'il|s'ils|lorsqu\w*|quand|if|when|whether|en cas|should|peut|pourrait|may"
    r"|could|anyone"
    r"|toute personne|any|toutes? [a-z]+|etes-vous|avez-vous|chaque|every|une personne|un salarie"
    r"|le salarie|l'enfant|la personne)(?![a-z])"
)
_PERSON = re.compile(
    r"(?:\b(?:M|Mr|Mrs|Ms|Mme|Mlle|Dr|Me|Pr)\.? |\b(?:Monsieur|Madame|Mademoiselle|docteur|Doctor|Maître) )"
    r"(?:[Dd]e |[Ll]e |[Dd]u )?[^\W\d_a-z]"
    r"|\b[^\W\d_a-z][^\W\d_A-Z]+ (?:[Dd]e |[Ll]e |[Dd]u |[Bb]en )?[^\W\d_a-z][\w\-']+"
)
_NO_NAMES = words_of(
    "cela ceci ca tout rien chacun chacune aucun aucune personne ce on nul tous toutes certains"
    " beaucoup plusieurs it this that there everyone everybody anyone nobody somebody staff people"
    " what which work absence stress patients employees workers pregnancy diabetes asthma cancer"
    " surgery treatment sickness illness depression they we vous you ils elles nous les des"
    " children women men half most many some all none both each grossesse maladie traitement"
    " diabete sport tabac alcool"
)
_SELF = ("je", "j'", "i")
_PRONOUNS = words_of(
    "il elle je j he she i qui who mon ma son sa my his her notre our que that vous you"
)


@cache
def _terms() -> tuple[re.Pattern[str], frozenset[str], frozenset[str]]:
    """The pattern of all terms; their first words, and the first four letters of those that are stems."""
    lines = (
        (files("centaure.guardrails.personal_data") / "health_terms.txt")
        .read_text("utf-8")
        .splitlines()
    )
    terms = [line for line in lines if line and not line.startswith("#")]
    longest_first = sorted(terms, key=len, reverse=True)
    pattern = "|".join(term.replace("*", "[a-z]*") for term in longest_first)
    firsts = [re.split(r"[ \-(]", term)[0] for term in terms]
    whole = {first.partition("*")[0] for first in firsts}
    return (
        re.compile(rf"(?:{pattern})s?(?![a-z])"),
        frozenset({*whole, *(f"{one}s" for one in whole)}),
        frozenset(first[:4] for first in firsts if "*" in first),
    )


def health(reading: Reading) -> Iterable[Candidate]:
    """Statements that a person has a condition, a treatment or an aid: the predicate, or the answer."""
    done = 0
    for start, stop in sorted(_spoken_of(reading)):
        if start < done or _COMMON.search(reading.low, max(0, start - 25), start):
            continue
        begin = _start(reading, start)
        if begin is not None:
            done = _end(reading.low, stop)
            yield Candidate(begin, done, Label.HEALTH, 0.75, "health.1")


def _spoken_of(reading: Reading) -> Iterator[tuple[int, int]]:
    """Where terms stand."""
    pattern, whole, stems = _terms()
    low = reading.low
    for word in reading.words:
        if word not in whole and word[:4] not in stems:
            continue
        place = low.find(word)
        while place >= 0:
            if not low[place - 1 : place].isalpha() and (found := pattern.match(low, place)):
                yield found.span()
            place = low.find(word, place + 1)


def _start(reading: Reading, term: int) -> int | None:
    """Where the statement begins that a term belongs to; None where it speaks of nobody."""
    head = reading.cues.columns.head(term)
    if head:
        return _cell_start(reading, term) if _HEAD.fullmatch(head) else None
    low = reading.low
    base = max(0, term - _BACK)
    breaks = [found.end() for found in _CLAUSE.finditer(low, base, term)]
    clause = breaks[-1] if breaks else base
    if answered := _answer(low, base, term):
        return answered
    if _GENERAL.search(low, max(base, clause - 30), term):
        return None
    return _of_somebody(reading, clause, term)


def _of_somebody(reading: Reading, clause: int, term: int) -> int | None:
    """Where a clause says of a person that they have what a term names: by a verb, a participle, "his"."""
    low = reading.low
    if stated := list(_statements(reading, clause, term)):
        joined = [found.start("said") for found in _JOINED.finditer(low, stated[-1], term)]
        return joined[-1] if joined else stated[-1]
    if not _is_particular(reading, term):
        return None
    state = _STATE.search(low, clause, term + 12)
    if state and state.start() <= term and " vous " not in low[clause:term]:
        return state.start()
    owned = _HIS.search(low, clause, term)
    return owned.start() + len(owned.group().split()[0]) + 1 if owned else None


def _statements(reading: Reading, clause: int, term: int) -> Iterator[int]:
    """Where predicates begin between the start of a clause and a term."""
    low = reading.low
    if clause and low[clause - 2 : clause] == ", ":
        name = re.search(r"[^\W\d_a-z][\w\-']*\.?, $", reading.text[max(0, clause - 40) : clause])
        verb = _AFTER_NAME.match(low, clause, term)
        if name and verb:
            yield verb.start("said")
    for found in _STATED.finditer(low, clause, term):
        if reading.text[found.start("said")] == "à":
            continue
        name = found.group("name")
        if name is not None:
            begins = found.start("name")
            written = reading.text[begins : found.end("name")]
            capital = written[0].isupper() and name not in _PRONOUNS
            if written.isupper() and not _is_particular(reading, term):
                continue
            likely = begins > clause + 1 or name not in _NO_NAMES or _is_particular(reading, term)
            if capital and likely:
                yield found.start("said")
        elif _is_named(found) or _is_particular(reading, term):
            yield found.start("said")


def _is_named(found: re.Match[str]) -> bool:
    """Whether the subject is the speaker, a relative, or the one who is spoken to."""
    return bool(found.group("near") or found.group("you") or found.group("one") in _SELF)


def _is_particular(reading: Reading, place: int) -> bool:
    """Whether the text names somebody near a place."""
    return bool(_PERSON.search(reading.text, max(0, place - 500), place + 200))


def _answer(low: str, base: int, term: int) -> int | None:
    """Where an answer begins: after "Diagnostic :", "Oui :", in parentheses after "état de santé de"."""
    line = max(base, low.rfind("\n", base, term) + 1)
    if found := _ANSWER.search(low, line, term):
        begin = max(low.rfind(mark, found.start(), term) for mark in ":=") + 1
        while low[begin] in ' "':
            begin += 1
        return begin
    if _HEALTH_OF.search(low, line, term):
        return low.rfind("(", line, term) + 1
    return None


def _cell_start(reading: Reading, term: int) -> int:
    return next(
        (start for start, end, _ in reading.cues.columns.cells() if start <= term < end), term
    )


_STOP = re.compile(
    r"[.;:!?\n()|\",]"
    rf"| (?:et|and(?! a )) (?:{_ONE} )?(?={_VERBS}(?![a-z]))"
    r"| (?=(?:et|and) (?:passe|va|vit|travaille|reprend|goes|works|propose|demande|n'a|ne |should"
    r"|can|will|was|asks|wants|may)(?![a-z]))"
    r"| (?=(?:depuis |since |du )?(?:(?:le|on) )?\d{1,2}(?:er)? "
    r"(?:jan|fev|feb|mar|avr|apr|mai|may|jui|jun|jul|aou|aug|sep|oct|nov|dec))"
)


def _end(low: str, place: int) -> int:
    """Where the statement ends that a term belongs to."""
    found = _STOP.search(low, place, place + _ON)
    end = found.start() if found else min(len(low), place + _ON)
    if not found and end < len(low):
        end = max(place, low.rfind(" ", place, end))
    while low[end - 1] == " ":
        end -= 1
    return end
