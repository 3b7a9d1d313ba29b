"""A company of two folders, one of which its owner alone may read, behind the whole API."""

from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import httpx2
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

PASSWORD = "correct horse battery"
SECRETS = ("zanzibar", "cobaltine", "confidentiel-", "4711 million")
"""Words that only the secret documents, their names, titles and authors hold."""

RIGHTS = """
groups:
  - {id: direction, label: Direction}
  - {id: staff, label: Staff, contains_groups: [direction]}
users:
  - {id: owner, name: Owner, groups: [direction]}
  - {id: neighbour, name: Neighbour, groups: [staff]}
  - {id: curator, name: Curator, groups: [staff]}
  - {id: administrator, name: Administrator, groups: [staff]}
rules:
  - {path: open, type: folder, classification: C1, read: {groups: [staff]}}
  - {path: confidentiel-zanzibar, type: folder, classification: C3, read: {groups: [direction]}}
"""


@dataclass(frozen=True)
class Company:
    """What the walk needs: identifiers of the secret documents, and a client per person.

    `conversation` is the owner's, about the secret documents; `turn` is its answer to `question`, `file`
    was dropped in it. `assistant` is the key of one of theirs.
    """

    root: Path
    source: int
    pdf: int
    mail: int
    attachment: int
    chunk: int
    open_document: int
    conversation: int
    question: int
    turn: int
    file: int
    assistant: str
    people: dict[str, httpx2.AsyncClient]

    async def sign_in(self, login: str) -> None:
        """Begin a browser session in the person's client."""
        client = self.people[login]
        credentials = {"login": login, "password": PASSWORD}
        response = await client.post("/api/v1/session", json=credentials)
        assert response.status_code == 200, response.text
        client.headers["X-CSRF-Token"] = response.json()["csrf_token"]


def write_documents(root: Path) -> None:
    """An open page, and a secret PDF, mail with attachment, and image."""
    (root / "open").mkdir(parents=True)
    (root / "open" / "readme.md").write_text(
        "# Canteen\n\nThe canteen opens at noon and closes at two. Lunch costs 9 euros.\n"
    )
    secret = root / "confidentiel-zanzibar"
    secret.mkdir()
    pdf = Canvas(str(secret / "confidentiel-plan.pdf"))
    pdf.setTitle("Project Zanzibar")
    pdf.setAuthor("Cobaltine Director")
    pdf.drawString(72, 720, "Project Zanzibar: we buy Cobaltine for 4711 million euros in March.")
    pdf.drawString(72, 700, "The canteen of Cobaltine closes after the purchase of Zanzibar.")
    pdf.save()
    message = EmailMessage()
    message["Subject"] = "Zanzibar schedule"
    message["From"] = "director@example.org"
    message["To"] = "owner@example.org"
    message["Date"] = "Mon, 02 Mar 2026 10:00:00 +0100"
    message.set_content("The Cobaltine purchase is signed on 14 March, see the attached note.")
    message.add_attachment(
        "Cobaltine note: price 4711 million euros.", filename="cobaltine-note.txt"
    )
    (secret / "confidentiel-mail.eml").write_bytes(message.as_bytes())
    Image.new("RGB", (40, 40), "white").save(secret / "confidentiel-blank.png")
