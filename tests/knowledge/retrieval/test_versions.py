"""Which files are versions of each other, and which is the latest."""

import pytest

from centaure.knowledge.retrieval import family_of
from centaure.knowledge.retrieval.versions import version_of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a/rapport_2023.docx", "a/rapport_2024 (1).docx"),
        ("a/Rapport v2 final.pdf", "a/rapport-v1.2.pdf"),
        ("a/note 2024-03-12.pdf", "a/Note 12-03-2024 copie.pdf"),
        ("a/plan rév. C.pdf", "a/plan.pdf"),
        ("a/procédure_version3.doc", "a/Procedure (copie).doc"),
    ],
)
def test_marks_of_a_version_do_not_part_a_family(one: str, other: str) -> None:
    assert family_of(one) == family_of(other) is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a/rapport.docx", "b/rapport.docx"),
        ("a/facture 2024-017.pdf", "a/facture 2024-018.pdf"),
        ("a/ISO 9001.pdf", "a/ISO 27001.pdf"),
        ("a/TP-204-B.pdf", "a/TP-204-C.pdf"),
        ("mail.eml/a.pdf", "autre.eml/a.pdf"),
    ],
)
def test_other_names_are_other_families(one: str, other: str) -> None:
    assert family_of(one) != family_of(other)


def test_a_name_that_is_only_a_mark_is_told_by_its_title() -> None:
    assert family_of("2023.pdf") is None
    assert family_of("a/2023.pdf", "Rapport annuel") == family_of(
        "a/2024.pdf", "Rapport annuel 2024"
    )


def test_later_versions_are_greater() -> None:
    names = [
        "plan draft",
        "plan",
        "plan final",
        "plan v1.9",
        "plan v1.10",
        "plan v2",
        "plan v2 final",
    ]
    keys = [version_of(f"a/{name}.doc") for name in names]
    assert keys == sorted(keys)
    dates = ["n 2023.doc", "n 2024.doc", "n 2024-03.doc", "n 12-03-2024.doc", "n 20240401.doc"]
    assert sorted(dates, key=version_of) == dates
