"""EML: messages with fixed identifiers, dates and boundaries."""

from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256

from making.markup import Source

_TYPES = {
    "pdf": ("application", "pdf"),
    "xlsx": ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


def write_eml(source: Source, attachments: dict[str, bytes]) -> bytes:
    message = EmailMessage(policy=SMTP)
    message["From"] = str(source.heading["from"])
    message["To"] = str(source.heading["to"])
    if "cc" in source.heading:
        message["Cc"] = str(source.heading["cc"])
    message["Subject"] = source.title
    message["Date"] = format_datetime(source.moment)
    key = sha256(source.title.encode()).hexdigest()[:20]
    message["Message-ID"] = f"<{key}@aubervane.example>"
    message.set_content(source.body, cte="quoted-printable")
    for name, content in attachments.items():
        main, sub = _TYPES[name.rsplit(".", 1)[1]]
        message.add_attachment(content, maintype=main, subtype=sub, filename=name)
    if attachments:
        message.set_boundary(f"=_{key}")
    return message.as_bytes()
