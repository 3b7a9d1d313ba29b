"""An assistant answers what it is for, asks where it cannot tell, and leaves the rest."""

from collections.abc import Sequence

import pytest

from centaure.guardrails.attacks import Domain
from centaure.guardrails.checks import Context, Turn, scan
from centaure.guardrails.policy import Domain as Examples
from centaure.guardrails.policy import Policy
from centaure.guardrails.verdicts import Action, Verdict

LIBRARY = Examples(
    inside=(
        "Comment prolonger le prêt d'un livre ?",
        "Quels sont les horaires de la bibliothèque ?",
        "Comment réserver un document déjà emprunté ?",
        "Combien coûte l'inscription à la médiathèque ?",
    ),
    outside=(
        "Écris-moi un programme en Python.",
        "Quel placement financier me conseilles-tu ?",
        "Que penses-tu des élections présidentielles ?",
    ),
)


def held(text: str, *earlier: Turn, check: Domain | None = None) -> Verdict:
    """The verdict of this check alone, for a library."""
    context = Context(policy=Policy(domain=LIBRARY), earlier=earlier)
    return scan(text, context, among=[check or Domain()])


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("Puis-je prolonger mon prêt de deux livres ?", Action.PASS),
        ("À quels horaires la bibliothèque ferme-t-elle ?", Action.PASS),
        ("Bonjour !", Action.PASS),
        ("Quelle recette pour une blanquette réussie ?", Action.ASK),
        ("Conseilles-tu un placement financier ?", Action.REPLY),
    ],
)
def test_a_question_is_near_one_side_or_asked_about(text: str, action: Action) -> None:
    assert held(text).action is action


def test_a_follow_up_belongs_to_what_came_before() -> None:
    before = Turn("user", "Comment prolonger le prêt d'un livre ?")
    text = "Encore deux semaines supplémentaires alors ?"
    assert held(text, before).score < held(text).score


def test_without_examples_nothing_is_outside() -> None:
    assert not scan("Quelle recette pour ce soir ?", Context(), among=[Domain()]).findings


def test_a_nearness_of_meanings_may_take_the_place_of_words() -> None:
    def near(text: str, examples: Sequence[str]) -> list[float]:
        del text
        return [0.9 if "horaires" in one else 0.0 for one in examples]

    assert held("Vous ouvrez quand, dimanche matin ?", check=Domain(near)).action is Action.PASS
