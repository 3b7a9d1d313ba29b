"""Statements on somebody's health, each beside what speaks of health and of nobody's."""

import pytest

from centaure.guardrails.normalisation import normalise
from centaure.guardrails.personal_data.finding import find_structured
from centaure.guardrails.policy import Label


def _told(text: str) -> list[str]:
    found = find_structured(normalise(text))
    return [text[one.start : one.end] for one in found if one.label == Label.HEALTH]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("Mme Garnier est enceinte de cinq mois.", "enceinte"),
        ("M. Lenoir bénéficie d'une RQTH.", "RQTH"),
        ("Mme Costa perçoit l'AAH.", "AAH"),
        ("Ibrahim est drépanocytaire.", "drépanocytaire"),
        ("Le dossier de M. Lopez précise qu'il présente des troubles bipolaires.", "bipolaires"),
        ("La cliente (Mme Serra) est insulinodépendante.", "insulino"),
        ("Clara, diabétique, mange à heures fixes.", "diabétique"),
        ("Mme Lefort, reconnue travailleuse handicapée, a un poste adapté.", "handicapée"),
        ("La dépression de Mme Roy l'empêche de venir.", "dépression"),
        ("Arrêt de travail de Sophie Marin pour lumbago.", "lumbago"),
        ("Mon médecin m'a prescrit du Tramadol.", "Tramadol"),
        ("Yanis a la mucoviscidose.", "mucoviscidose"),
        ("Thomas boit trop.", "boit trop"),
        ("Allergies : arachides, latex", "arachides"),
        ("Patient : Paul Roy. Traitement : Xyzal 5 mg", "Xyzal"),
        ("Groupe sanguin : O négatif", "O négatif"),
        ("nom;motif;jours\nRoy;grippe;3\nBel;congés;10", "grippe"),
        ("Mr Cole broke his leg while skiing.", "broke his leg"),
        ("Mr Grant's heart attack happened at work.", "heart attack"),
        ("Rachel is seeing a therapist.", "therapist"),
        ("Ms Hunt contracted Lyme disease.", "Lyme"),
        ("Olga is absent because of a slipped disc.", "slipped disc"),
        ("My wife Jane is in hospital after a fall.", "hospital"),
        ("Diagnosis: acute bronchitis", "bronchitis"),
    ],
)
def test_what_is_told_of_a_person_is_found(text: str, part: str) -> None:
    assert any(part in one for one in _told(text))


@pytest.mark.parametrize(
    "text",
    [
        "Le congé maternité est ouvert à toute salariée enceinte.",
        "La RQTH est délivrée par la MDPH ; l'AAH est versée par la CAF.",
        "Vous êtes enceinte ? Déclarez votre grossesse.",
        "En raison de la pandémie de covid, M. Roy a reporté la réunion.",
        "Mme Roy est responsable du service de cancérologie.",
        "M. Martin, cardiologue, reçoit le mardi. Dr Lee is a psychiatrist at the clinic.",
        "Jean Roy a écrit un article sur la dépression.",
        "M. Roy a présenté le plan de prévention des addictions.",
        "Mme Roy suit le dossier de la maladie de la vigne.",
        "La déclaration est remise au greffe du tribunal par Mme Roy.",
        "Il fait l'objet d'un licenciement pour insuffisance professionnelle, dit M. Roy.",
        "Ms Young has a blind date with data.",
        "Diagnostic : le réseau est saturé. Traitement : redémarrage du serveur",
        "Allergies : néant",
        "Absence: annual leave. Motif : déménagement.",
        "Mr Smith asked whether sick leave is paid.",
        "Les absences pour maladie reculent, selon Mme Roy.",
    ],
)
def test_what_is_told_of_nobody_is_left_alone(text: str) -> None:
    assert _told(text) == []
