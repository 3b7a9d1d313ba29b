"""What is suggested reads well in a question, and its passage answers to it."""

import pytest

from centaure.knowledge.retrieval.suggestions import choose_subjects


def chosen(*passages: tuple[int, str, list[str], str], limit: int = 4) -> list[str]:
    return [one.words for one in choose_subjects(passages, limit)]


def test_a_heading_comes_before_the_title_of_another() -> None:
    told = chosen(
        (2, "Charte informatique", [], "Chacun suit la charte informatique de la maison."),
        (
            1,
            "Procédure d'achat",
            ["Procédure d'achat", "4. Cadeaux"],
            "Les cadeaux des fournisseurs sont refusés.",
        ),
    )
    assert told == ["Cadeaux", "Charte informatique"]


def test_a_document_suggests_one_subject() -> None:
    told = chosen(
        (
            1,
            "Télétravail",
            ["Retour sur site"],
            "Un retour sur site est demandé dans les deux jours.",
        ),
        (1, "Télétravail", ["Matériel prêté"], "Le matériel prêté est rendu."),
    )
    assert told == ["Retour sur site"]


@pytest.mark.parametrize(
    "title",
    [
        "suivi-2026-09",
        "scan_0042",
        "plan.pdf",
        "« Cobalt »",
        "A",
        "Un titre bien trop long " * 4,
        "2026",
    ],
)
def test_what_does_not_read_well_is_left_out(title: str) -> None:
    assert chosen((1, title, [], title)) == []


def test_what_its_passage_does_not_speak_of_is_left_out() -> None:
    assert chosen((1, "", ["Clause de dédit"], "3. Clause de dédit\nLe salarié rembourse.")) == []
    assert chosen((1, "", ["Clause de dédit"], "Le salarié rembourse la formation.")) == []


def test_no_more_come_than_are_wanted() -> None:
    words = ("Garniture", "Consignation", "Livraison", "Facturation")
    passages = [
        (n, "", [word], f"La {word.lower()} est faite le lundi matin.")
        for n, word in enumerate(words)
    ]
    assert len(chosen(*passages, limit=2)) == 2
