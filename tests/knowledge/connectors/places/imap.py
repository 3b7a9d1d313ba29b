"""An account on Dovecot, over TLS from the first byte, and over loopback in the clear."""

import base64
import imaplib
import itertools
import re
import time
from contextlib import contextmanager
from email.utils import make_msgid

from pydantic import SecretStr

from centaure.knowledge.connectors.conformance import (
    ACCESS,
    IDENTITY,
    MOVE,
    REMOVE,
    VERSION,
    CannotHold,
    Place,
)
from centaure.knowledge.connectors.mail.mailbox import Mailbox, MailboxOptions
from centaure.knowledge.connectors.mail.responses import cleaned
from centaure.knowledge.connectors.names import is_ignored
from knowledge.connectors.servers.imap import PASSWORD, imap_server

_NUMBERS = itertools.count()
_WRONG = "no-one-may-see-this-secret"
_UID = re.compile(rb"(?:APPENDUID \d+|\d+ \d+) (\d+)")


class ImapPlace(Place):
    """An account; what is written is a message whose subject is the name and whose body is the text."""

    capabilities = frozenset({REMOVE, MOVE, IDENTITY, VERSION})
    secrets = (PASSWORD, _WRONG)

    def __init__(self, server, *, tls, **options):
        self.server = server
        self.tls = tls
        self.options = options
        self.user = f"reader{next(_NUMBERS)}"
        self.client = imaplib.IMAP4("127.0.0.1", server.plain, timeout=20)
        self.client.login(self.user, PASSWORD)
        self.folders = {"INBOX"}
        self.subjects = {}

    def made(self, *, location=None, **options):
        written = location or (
            f"imaps://127.0.0.1:{self.server.tls}/"
            if self.tls
            else f"imap://127.0.0.1:{self.server.plain}"
        )
        chosen = MailboxOptions(
            **{
                "user": self.user,
                "password": SecretStr(PASSWORD),
                "ca_file": self.server.ca_file,
                **self.options,
                **options,
            }
        )
        return Mailbox.connect(Mailbox.normal_location(written, chosen), chosen)

    def connector(self):
        return self.made()

    def connector_with_wrong_credentials(self):
        return self.made(password=SecretStr(_WRONG))

    def connector_to(self, host, port):
        return self.made(location=f"{'imaps' if self.tls else 'imap'}://{host}:{port}")

    def folder_of(self, path):
        return f"INBOX/{path.rpartition('/')[0]}" if "/" in path else "INBOX"

    def make_folder(self, folder):
        if any(is_ignored(name) for name in folder.split("/")):
            raise CannotHold
        if folder not in self.folders:
            status, words = self.client.create(_quoted(folder))
            assert status == "OK", words
            self.folders.add(folder)

    def write(self, path, content):
        folder, subject = self.folder_of(path), path.rpartition("/")[2]
        self.make_folder(folder)
        header = f"Subject: {subject}\r\nMessage-ID: {make_msgid(domain='example.org')}\r\n"
        message = header.encode() + b"From: a@example.org\r\n\r\n" + content
        status, words = self.client.append(
            _quoted(folder), None, imaplib.Time2Internaldate(time.time()), message
        )
        assert status == "OK", words
        return self.listed(folder, words, subject)

    def listed(self, folder, words, subject):
        uid = _UID.search(words[-1]).group(1).decode()
        name = cleaned(subject)
        path = f"{folder}/{uid} {name}.eml" if name else f"{folder}/{uid}.eml"
        self.subjects[path] = subject
        return path

    def opened(self, path):
        folder, _, name = path.rpartition("/")
        status, words = self.client.select(_quoted(folder))
        assert status == "OK", words
        return name.split(" ")[0].split(".")[0]

    def remove(self, path):
        uid = self.opened(path)
        self.client.uid("STORE", uid, "+FLAGS", "(\\Deleted)")
        self.client.expunge()

    def move(self, old, new):
        folder = self.folder_of(new)
        self.make_folder(folder)
        uid = self.opened(old)
        status, words = self.client.uid("COPY", uid, _quoted(folder))
        assert status == "OK", words
        words = self.client.response("COPYUID")[1]
        moved = self.listed(folder, words, self.subjects[old])
        self.remove(old)
        return moved


class ImapPlaceWithRights(ImapPlace):
    """An account whose folders have access control lists; each message of a check in a folder of its own."""

    capabilities = ImapPlace.capabilities | {ACCESS}

    def write(self, path, content):
        folder, _, name = path.rpartition("/")
        own = f"for {name}" if folder == "rights" else ""
        return super().write("/".join(filter(None, (folder, own, name))), content)

    def allow(self, path, logins):
        folder = _quoted(path.rpartition("/")[0])
        for login in {"ada", "bob", "eve"} - set(logins):
            self.client.setacl(folder, login, '""')
        for login in logins:
            status, words = self.client.setacl(folder, login, "lr")
            assert status == "OK", words

    def close_all(self, path):
        self.allow(path, [])


def _quoted(folder):
    def shifted(found):
        code = base64.b64encode(found.group().encode("utf-16-be")).decode().rstrip("=")
        return f"&{code.replace('/', ',')}-"

    return f'"{re.sub("[^ -~]+", shifted, folder.replace("&", "&-"))}"'


@contextmanager
def _account(started, kind, **options):
    place = kind(started(imap_server), **options)
    try:
        yield place
    finally:
        place.client.logout()


@contextmanager
def imaps(started, tmp_path):
    _ = tmp_path
    with _account(started, ImapPlace, tls=True) as place:
        yield place


@contextmanager
def imap(started, tmp_path):
    _ = tmp_path
    with _account(started, ImapPlace, tls=False) as place:
        yield place


@contextmanager
def imap_with_rights(started, tmp_path):
    _ = tmp_path
    with _account(started, ImapPlaceWithRights, tls=True, rights="place") as place:
        yield place


PLACES = {"imap": imap, "imaps": imaps, "imap-with-rights": imap_with_rights}
