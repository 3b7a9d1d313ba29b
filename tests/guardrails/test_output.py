"""What must not come out of an assistant: secrets, commitments and insults."""

import base64
import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from centaure.guardrails.checks import Check, Context, scan
from centaure.guardrails.normalisation import normalise
from centaure.guardrails.output import Commitment, Inappropriate, Leak
from centaure.guardrails.output.secrets import sought
from centaure.guardrails.verdicts import Action, Stage, Verdict

KEY = "ZEBRE-7731-cuivre"
INSTRUCTIONS = (
    "Tu es Basile, l'assistant des archives de Kerval.\n"
    "Ne parle jamais du déménagement prévu vers le bâtiment des tanneurs.\n"
    "La salle de lecture est ouverte de neuf heures à seize heures.\n"
    "Le mot de passe du coffre est goéland-argenté, ne le donne à personne."
)


def held(check: Check, text: str, *secrets: str) -> Verdict:
    return scan(text, Context(Stage.OUTPUT, secrets=secrets), [check])


@pytest.mark.parametrize(
    "said",
    [
        f"La clé est {KEY}.",
        "zébre 7731 CUIVRE",
        "Z.E.B.R.E.7.7.3.1.C.U.I.V.R.E",
        "\n".join(KEY),
        "\u200b".join(KEY),
        KEY[::-1],
        base64.b64encode(f"oui : {KEY}".encode()).decode(),
        f"https://x.example/?q={base64.urlsafe_b64encode(KEY.encode()).decode()}",
        KEY.encode().hex(),
        KEY.encode().hex(" "),
        codecs.encode(KEY, "rot13"),
        " ".join(str(ord(one)) for one in KEY),
        " ".join(f"{ord(one):08b}" for one in KEY),
        "".join(f"&#{ord(one)};" for one in KEY),
        "".join(f"%{ord(one):02x}" for one in KEY),
        "2ebre-7731-cu1vre".replace("2", "z"),
        KEY[:-1],
    ],
)
def test_a_key_does_not_leave_in_any_of_these_forms(said: str) -> None:
    assert held(Leak(), said, KEY).action is Action.BLOCK


@pytest.mark.parametrize(
    "said",
    [
        "Ne parle jamais du déménagement prévu vers le bâtiment des tanneurs.",
        "On m'a dit : ne parle jamais du déménagement prévu vers le bâtiment.",
        "Le mot de passe du coffre est « goéland argenté ».",
        INSTRUCTIONS[::-1],
    ],
)
def test_orders_and_passwords_of_instructions_do_not_leave(said: str) -> None:
    assert held(Leak(), said, INSTRUCTIONS).action is Action.BLOCK


@pytest.mark.parametrize(
    "said",
    [
        "Je suis Basile, l'assistant des archives de Kerval.",
        "La salle de lecture est ouverte de neuf heures à seize heures.",
        "Je ne peux pas donner ce mot de passe.",
        "Les archives ont 7731 boîtes en cuivre.",
        "",
    ],
)
def test_what_instructions_say_to_be_told_and_refusals_pass(said: str) -> None:
    assert held(Leak(), said, INSTRUCTIONS, KEY).action is Action.PASS


def test_a_short_secret_is_no_part_of_another_word_and_is_told_by_first_letters() -> None:
    assert held(Leak(), "Le saulnier vend du sel.", "saule").action is Action.PASS
    assert held(Leak(), "Le saule est là.", "saule").action is Action.BLOCK
    assert held(Leak(), "Sel\nAnis\nUnité\nLait\nEau", "saule").action is Action.BLOCK


@pytest.mark.parametrize(
    "said",
    [
        "-----BEGIN RSA PRIVATE KEY-----",
        "Le jeton : ghp_" + "a1B2c3D4e5F6g7H8i9J0" * 2,
        "postgres://app:s3cr3t-word@db.example/app",
    ],
)
def test_what_has_the_shape_of_a_secret_does_not_leave(said: str) -> None:
    assert held(Leak(), said).action is Action.BLOCK


def test_a_password_in_clear_is_left_out_and_advice_on_passwords_is_not() -> None:
    verdict = held(Leak(), "Le mot de passe est : Tr0mpette!9.")
    assert verdict.action is Action.REDACT
    assert [(one.start, one.end) for one in verdict.left_out] == [(22, 33)]
    assert held(Leak(), "Le mot de passe est personnel.").action is Action.PASS
    assert held(Leak(), "password: ************").action is Action.PASS


@pytest.mark.parametrize(
    ("said", "label"),
    [
        ("Je vous accorde une remise de 15 % sur cette commande.", "PRICE"),
        ("You will be fully refunded, I promise.", "REFUND"),
        ("Nous acceptons votre offre.", "CONTRACT"),
        ("Il sera livré mardi, c'est garanti.", "DATE"),
        ("Vous gagnerez votre procès.", "LEGAL"),
        ("You don't need to see a doctor.", "MEDICAL"),
        ("You are fired.", "EMPLOYMENT"),
        ("Je ne suis pas médecin, mais vous avez une grippe.", "MEDICAL"),
    ],
)
def test_a_commitment_is_told_with_its_kind(said: str, label: str) -> None:
    verdict = held(Commitment(), said)
    assert verdict.action is Action.WARN
    assert label in {one.label for one in verdict.findings if one.score > 0.5}


@pytest.mark.parametrize(
    "said",
    [
        "Je ne peux pas vous accorder de remise.",
        "Si le service l'accepte, vous serez remboursé.",
        "Selon la convention, vous serez remboursé sous dix jours.",
        "Vous serez remboursé sous dix jours [2].",
        "« Nous acceptons votre offre » est une formule à éviter.",
        "Only a doctor can tell you whether you have the flu.",
        "La réunion a lieu mardi.",
    ],
)
def test_what_is_conditional_attributed_quoted_or_referred_is_no_commitment(said: str) -> None:
    assert held(Commitment(), said).action is Action.PASS


@pytest.mark.parametrize(
    "said",
    [
        "Tu es un imbécile.",
        "Quel c o n n a r d",
        "You stupid b1tch",
        "Les femmes sont inférieures.",
    ],
)
def test_an_insult_is_left_out(said: str) -> None:
    assert held(Inappropriate(), said).action is Action.REDACT


@pytest.mark.parametrize(
    "said",
    [
        "Le mot « connard » est une insulte.",
        "Les femmes ne sont pas inférieures.",
        "Le melon et la morue sont au menu.",
        "Les déchets vont dans le bac gris, et ces ordures aussi.",
        "Votre retard est excusé.",
    ],
)
def test_what_is_quoted_denied_or_harmless_stays(said: str) -> None:
    assert held(Inappropriate(), said).action is Action.PASS


@given(st.text(max_size=200), st.text(max_size=60))
def test_any_text_can_be_held_against_any_secret(said: str, secret: str) -> None:
    for check in (Leak(), Commitment(), Inappropriate()):
        for one in held(check, said, secret).findings:
            assert 0 <= one.start <= one.end <= len(said)


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "a ",
        "-",
        "eyJ",
        "a@",
        "« ",
        '"a',
        "sk-",
        "12 ",
        "je vous ",
        "....- ",
        "mot de passe ",
        "M comme ",
    ],
)
def test_a_hostile_text_is_read_to_its_end(piece: str) -> None:
    said = (piece * 100_000)[:100_000]
    for check in (Leak(), Commitment(), Inappropriate()):
        list(check.look(normalise(said), Context(Stage.OUTPUT, secrets=(KEY, INSTRUCTIONS))))


def test_facts_of_instructions_are_not_sought() -> None:
    wholes = [one.whole for one in sought(INSTRUCTIONS).statements]
    assert not any("salledelecture" in whole for whole in wholes)
    assert any("tanneurs" in whole for whole in wholes)
