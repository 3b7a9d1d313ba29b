"""A reply is what its author wrote: the thread below it is found in its own messages."""

from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest

from centaure.knowledge.parsing import parse_file

Read = Callable[..., str]

INTRODUCTIONS = [
    "Le lun. 2 mars 2026 à 10:00, Éric Durand <eric@exemple.fr> a écrit :",
    "Le lundi 2 mars 2026 à 10:00, Éric Durand de la direction des achats\n<eric@exemple.fr> a écrit :",
    "Le 02/03/2026 à 10:00, Éric Durand a écrit :",
    "On Mon, Mar 2, 2026 at 10:00 AM Éric Durand <eric@exemple.fr> wrote:",
    "2026-03-02 10:00 GMT+01:00 Éric Durand <eric@exemple.fr>:",
]
OUTLOOK = [
    """De : Éric Durand <eric@exemple.fr>
Envoyé : lundi 2 mars 2026 10:00
À : Zoé
Cc : Luc
Objet : Devis du toit""",
    "From: Éric Durand\nSent: Monday, March 2, 2026 10:00 AM\nTo: Zoé\nSubject: Devis du toit",
    "*De :* Éric Durand <e@x.fr>\n*Date :* 2 mars 2026\n*À :* Zoé\n*Objet :* Devis du toit",
]
MARKS = [
    "-----Message d'origine-----",
    "-----Original Message-----",
    "________________________________",
]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def body(
        plain: str = "", html: str = "", subject: str = "RE: Devis du toit", answers: bool = True
    ) -> str:
        message = EmailMessage()
        message["From"] = "Zoé <zoe@exemple.fr>"
        message["Subject"] = subject
        if answers:
            message["In-Reply-To"] = "<1@exemple.fr>"
        if plain:
            message.set_content(plain)
        if html and plain:
            message.add_alternative(html, subtype="html")
        elif html:
            message.set_content(html, subtype="html")
        path = tmp_path / "message.eml"
        path.write_bytes(message.as_bytes())
        document = parse_file(path).document
        assert document is not None
        return "\n".join(block.text for block in document.blocks[1:])

    return body


@pytest.mark.parametrize("introduction", INTRODUCTIONS)
def test_quoted_lines_are_left_with_their_introduction(read: Read, introduction: str) -> None:
    found = read(
        f"Le devis est accepté.\n\nZoé\n\n{introduction}\n\n> Bonjour,\n>\n> Voici le devis.\n"
    )
    assert found == "Le devis est accepté.\nZoé"


def test_an_answer_below_the_quotation_is_kept(read: Read) -> None:
    found = read(f"{INTRODUCTIONS[0]}\n> Voici le devis.\n> Éric\n\nIl est accepté.\n")
    assert found == "Il est accepté."


def test_answers_between_quotations_are_kept_with_their_questions(read: Read) -> None:
    found = read(
        f"Mes réponses :\n\n{INTRODUCTIONS[0]}\n> Bonjour Zoé,\n>\n> Le devis est-il accepté ?\n\nOui.\n\n"
        "> Quand commencez-vous ?\n\nLe 12 mai.\n\n> Merci d'avance,\n> Éric\n"
    )
    assert found.splitlines() == [
        "Mes réponses :",
        "> Le devis est-il accepté ?",
        "Oui.",
        "> Quand commencez-vous ?",
        "Le 12 mai.",
    ]


@pytest.mark.parametrize("headers", OUTLOOK)
@pytest.mark.parametrize("mark", ["", *MARKS])
def test_what_stands_below_the_headers_of_the_message_answered_is_left(
    read: Read, headers: str, mark: str
) -> None:
    found = read(f"Le devis est accepté.\n\n{mark}\n{headers}\n\nBonjour,\nVoici le devis.\n")
    assert found == "Le devis est accepté."


@pytest.mark.parametrize("above", [MARKS[0], OUTLOOK[0], f"{MARKS[1]}\n{OUTLOOK[1]}"])
def test_answers_between_lines_quoted_below_headers_are_kept(read: Read, above: str) -> None:
    found = read(f"Bonjour,\n\n{above}\n\n> Accepté ?\n\nOui.\n\n> Quand ?\n\nLe 12 mai.\n")
    assert "Oui." in found
    assert "Le 12 mai." in found


@pytest.mark.parametrize("subject", ["TR: Devis", "Fwd: Devis", "[EXTERNE] TR: RE: Devis"])
@pytest.mark.parametrize("above", ["", "Pour information.\n\n"])
def test_a_forward_keeps_what_it_forwards(read: Read, subject: str, above: str) -> None:
    found = read(f"{above}{MARKS[0]}\n{OUTLOOK[0]}\n\nVoici le devis.\n\n> cité\n", subject=subject)
    assert "Voici le devis." in found
    assert "cité" in found


def test_a_reply_keeps_what_it_forwards(read: Read) -> None:
    found = read(
        "Voici ce que dit Luc.\n\n---------- Forwarded message ---------\nDe : Luc <luc@exemple.fr>\n"
        "Date: lun. 2 mars 2026 à 10:00\nSubject: Toit\nTo: Zoé\n\nLe toit fuit.\n"
    )
    assert "Le toit fuit." in found


@pytest.mark.parametrize("above", ["", "-- \nZoé Martin\nDirection", "Envoyé de mon iPhone"])
def test_a_reply_without_words_of_its_own_keeps_all(read: Read, above: str) -> None:
    assert "Voici le devis." in read(f"{above}\n\n{INTRODUCTIONS[0]}\n> Voici le devis.\n")
    assert "Voici le devis." in read(f"{above}\n\n{OUTLOOK[0]}\n\nVoici le devis.\n")


def test_answers_announced_in_the_message_below_are_kept(read: Read) -> None:
    found = read(f"Mes réponses ci-dessous, en rouge.\n\n{OUTLOOK[0]}\n\nAccepté ?\nOui, le 12.\n")
    assert "Oui, le 12." in found


@pytest.mark.parametrize(
    "text",
    [
        "Seuils :\n\n> 40 000 euros : trois devis\n> 90 000 euros : appel d'offres",
        "Le maire a écrit une lettre :\n\nLe toit fuit.",
        "Ordre de mission\nDe : Paris\nÀ : Lyon\nDate : 3 mars\nObjet : visite du chantier",
        "Le 3 mars, le maire a écrit :\n\nMonsieur, le toit fuit.",
    ],
)
def test_own_words_that_look_quoted_are_kept(read: Read, text: str) -> None:
    assert [part for line in text.splitlines() for part in line.split()] == read(text).split()


def test_a_message_that_answers_none_keeps_its_quotations(read: Read) -> None:
    found = read(f"Bonjour.\n\n{INTRODUCTIONS[0]}\n> cité\n", subject="Devis", answers=False)
    assert "cité" in found


GMAIL = (
    '<div class="gmail_quote"><div class="gmail_attr">Le lun. 2 mars 2026 à 10:00, Éric '
    '&lt;<a href="mailto:e@x.fr">e@x.fr</a>&gt; a écrit :<br></div>'
)


@pytest.mark.parametrize(
    "quoted",
    [
        f'{GMAIL}<blockquote class="gmail_quote"><p>Voici le devis.</p></blockquote></div>',
        """<div class="moz-cite-prefix">Le 02/03/2026 à 10:00, Éric a écrit :<br></div>
        <blockquote type="cite"><p>Voici le devis.</p><blockquote type="cite">Avant.</blockquote>
        </blockquote>""",
        """<p>Le lundi 2 mars 2026 à 10:00, Éric &lt;e@x.fr&gt; a écrit :</p>
        <blockquote><p>Voici le devis.</p></blockquote>""",
        """<hr><div id="divRplyFwdMsg"><b>De :</b> Éric &lt;e@x.fr&gt;<br><b>Envoyé :</b> lundi 2 mars
        2026 10:00<br><b>À :</b> Zoé<br><b>Objet :</b> Devis du toit<br></div>
        <p>Voici le devis.</p><table><tr><td>Toit</td><td>12</td></tr></table>""",
        """<div style="border-top:solid #E1E1E1 1.0pt"><p><b>From:</b> Éric<br><b>Sent:</b> Monday,
        March 2, 2026 10:00 AM<br><b>To:</b> Zoé<br><b>Subject:</b> Devis du toit</p></div>
        <p>Voici le devis.</p>""",
    ],
)
def test_quotations_of_web_mail_are_left(read: Read, quoted: str) -> None:
    html = f"<html><body><p>Le devis est accepté.</p><p>Zoé</p>{quoted}</body></html>"
    assert read(html=html) == "Le devis est accepté.\nZoé"
    assert "Voici le devis." in read(html=html, subject="TR: Devis du toit")
    assert "Voici le devis." in read(
        html=html.replace("Le devis est accepté.", "").replace("<p>Zoé", "")
    )


def test_answers_inside_the_quotation_of_web_mail_are_kept(read: Read) -> None:
    found = read(
        html=f'<p>Bonjour,</p>{GMAIL}<blockquote class="gmail_quote"><p>Bonjour Zoé</p><p>Accepté ?</p>'
        '</blockquote><div>Oui.</div><blockquote class="gmail_quote"><p>Quand ?</p></blockquote>'
        "<div>Le 12 mai.</div></div>"
    )
    assert found.splitlines() == ["Bonjour,", "Accepté ?", "Oui.", "Quand ?", "Le 12 mai."]


def test_a_block_quotation_of_ones_own_is_kept(read: Read) -> None:
    found = read(
        html="<p>La loi dit :</p><blockquote><p>Nul n'est censé.</p></blockquote><p>Zoé</p>"
    )
    assert "Nul n'est censé." in found
