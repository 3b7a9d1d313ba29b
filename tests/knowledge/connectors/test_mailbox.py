"""A mailbox: what the place's own checks cannot see from outside."""

import imaplib
import os
import socket
from contextlib import closing, contextmanager
from functools import partial
from threading import Thread

import pytest
from pydantic import SecretStr

from centaure.kit.errors import InvalidInput
from centaure.knowledge.connectors.conformance import fetched, listing
from centaure.knowledge.connectors.mail import mailbox as mailboxes
from centaure.knowledge.connectors.mail import responses
from centaure.knowledge.connectors.mail.mailbox import Mailbox, MailboxOptions, access_of
from centaure.knowledge.connectors.port import (
    Item,
    ItemGone,
    ItemTooLarge,
    PlaceUnavailable,
    Problem,
)
from centaure.knowledge.parsing.limits import Limits
from knowledge.connectors.places.imap import ImapPlace
from knowledge.connectors.servers.imap import PASSWORD, imap_server

OPTIONS = MailboxOptions(user="ada", password=SecretStr(PASSWORD))


@pytest.fixture
def place(started):
    made = ImapPlace(started(imap_server), tls=True)
    yield made
    made.client.logout()


def append(place, folder, message, flags=None):
    status, words = place.client.append(f'"{folder}"', flags, None, message)
    assert status == "OK", words


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("imaps://Mail.Example.org", "imaps://mail.example.org/"),
        ("imaps://mail.example.org:993/", "imaps://mail.example.org/"),
        ("imap://mail.example.org:143", "imap://mail.example.org/"),
        ("imap://[::1]:1143/", "imap://[::1]:1143/"),
        ("imaps://postée.example/", "imaps://xn--poste-esa.example/"),
    ],
)
def test_a_location_has_one_form(written, normal):
    assert Mailbox.normal_location(written, OPTIONS) == normal
    assert Mailbox.normal_location(normal, OPTIONS) == normal


@pytest.mark.parametrize(
    "written",
    [
        "mail.example.org",
        "https://mail.example.org/",
        "imaps:///",
        "imaps://ada:secret@mail.example.org/",
        "imaps://mail.example.org/INBOX",
        "imaps://mail.example.org:99999/",
        "imaps://a b/",
        "imaps://[::1/",
    ],
)
def test_what_is_no_location_is_refused_in_words(written):
    with pytest.raises(InvalidInput) as refused:
        Mailbox.normal_location(written, OPTIONS)
    assert "secret" not in refused.value.message


def test_reading_marks_nothing_as_read(place):
    path = place.write("unread.txt", b"Nobody read this.")
    with closing(place.connector()) as connector:
        assert [item.path for item in listing(connector)] == [path]
        fetched(connector, path)
    place.client.select("INBOX")
    _, flags = place.client.fetch("1", "(FLAGS)")
    assert b"\\Seen" not in flags[0]


def test_deleted_messages_and_special_folders_are_passed_over(place):
    append(place, "INBOX", b"Subject: kept\r\n\r\nKept.")
    append(place, "INBOX", b"Subject: deleted\r\n\r\nDeleted.", r"(\Deleted)")
    for folder in ("Trash", "Junk", "Drafts", "Archive"):
        place.client.create(folder)
        append(place, folder, f"Subject: in {folder}\r\n\r\nText.".encode())
    with closing(place.connector()) as connector:
        assert {item.path for item in listing(connector)} == {
            "INBOX/1 kept.eml",
            "Archive/1 in Archive.eml",
        }
        assert connector.passed_over == 3
        with pytest.raises(ItemGone), connector.fetch("INBOX/2 deleted.eml"):
            pass
    with closing(place.made(special_folders=True, without="Junk")) as connector:
        assert "Trash/1 in Trash.eml" in {item.path for item in listing(connector)}
        assert "Junk/1 in Junk.eml" not in {item.path for item in listing(connector)}


def test_folders_are_chosen_by_patterns(place):
    for path in ("projects/a/one.txt", "projects/b/two.txt", "private/three.txt"):
        place.write(path, b"Text.")
    with closing(place.made(folders="INBOX/projects", without="*/b")) as connector:
        assert [item.path for item in listing(connector)] == ["INBOX/projects/a/1 one.txt.eml"]
    with closing(place.made(folders="Nothing*")) as connector, pytest.raises(PlaceUnavailable):
        connector.check()


def test_a_message_is_never_taken_for_another_of_its_number(place):
    path = place.write("contract.txt", b"The contract.")
    assert path == "INBOX/1 contract.txt.eml"
    with closing(place.connector()) as connector:
        with pytest.raises(ItemGone), connector.fetch("INBOX/1 other.txt.eml"):
            pass
        with pytest.raises(ItemGone), connector.fetch("INBOX/01 contract.txt.eml"):
            pass
        with pytest.raises(ItemGone), connector.fetch("Nowhere/1 contract.txt.eml"):
            pass


def test_messages_of_one_number_in_two_folders_have_two_versions(place, monkeypatch):
    for folder in ("INBOX", "Other"):
        place.client.create(folder)
        append(place, folder, f"Subject: in {folder}\r\n\r\nText.".encode())
    examine = mailboxes.Session.examine
    # As servers do that count folders from the same number.
    monkeypatch.setattr(
        mailboxes.Session, "examine", lambda self, name: (1, examine(self, name)[1])
    )
    with closing(place.connector()) as connector:
        one, other = listing(connector)
        assert one.version
        assert one.version != other.version
        with connector.fetch(one.path) as file:
            assert file.version == one.version


def test_a_message_that_lies_twice_has_one_identity(place):
    place.write("twice.txt", b"Here and there.")
    place.client.create("Copies")
    place.client.select("INBOX")
    place.client.copy("1", "Copies")
    with closing(place.connector()) as connector:
        identities = [item.identity for item in listing(connector)]
    assert len(identities) == 2
    assert identities.count("") == 1


def test_a_large_message_comes_in_pieces_and_a_too_large_one_not_at_all(place, monkeypatch):
    monkeypatch.setattr(mailboxes, "_PIECE", 100_000)
    message = b"Subject: large\r\n\r\n" + os.urandom(450_000).hex().encode() + b"\r\n"
    append(place, "INBOX", message)
    with closing(place.connector()) as connector:
        (item,) = listing(connector)
        assert item.size == len(message)
        assert fetched(connector, item.path) == message
        monkeypatch.setattr(mailboxes, "DEFAULT_LIMITS", Limits(file_bytes=800_000))
        with pytest.raises(ItemTooLarge), connector.fetch(item.path):
            pass


def test_who_may_not_administer_a_folder_shows_it_to_nobody(started):
    server = started(partial(imap_server, public=True))
    public = server.folder / "mail" / "public"
    for folder in ("Team", "Own"):
        for part in ("cur", "new", "tmp"):
            (public / folder / part).mkdir(parents=True)
        (public / folder / "new" / "1.a.b").write_bytes(b"Subject: open\n\nText.\n")
    (public / "Team" / "dovecot-acl").write_text("anyone lr\n")
    (public / "Own" / "dovecot-acl").write_text("anyone lr\nuser=ada lra\n")
    _give(public)
    options = MailboxOptions(user="ada", password=SecretStr(PASSWORD), rights="place")
    connector = Mailbox.connect(f"imap://127.0.0.1:{server.plain}/", options)
    with closing(connector):
        access = {item.path: item.access for item in listing(connector)}
    team = access["Public/Team/1 open.eml"]
    assert team.clauses == (frozenset(),)
    assert "administer" in team.problem
    own = access["Public/Own/1 open.eml"]
    assert own.clauses == (frozenset({"*", "user:ada"}),)


def test_a_server_without_access_control_lists_shows_nothing(started):
    server = started(partial(imap_server, mail_plugins=""))
    client = imaplib.IMAP4("127.0.0.1", server.plain, timeout=20)
    client.login("ada", PASSWORD)
    client.append("INBOX", None, None, b"Subject: one\r\n\r\nText.")
    client.logout()
    options = MailboxOptions(user="ada", password=SecretStr(PASSWORD), rights="place")
    with closing(Mailbox.connect(f"imap://127.0.0.1:{server.plain}/", options)) as connector:
        (item,) = listing(connector)
    assert item.access is not None
    assert item.access.problem
    assert item.access.clauses == (frozenset(),)


@pytest.mark.parametrize(
    ("rights", "clauses", "denied"),
    [
        ([("ada", "lrwstipekxa"), ("bob", "l")], {"user:ada"}, set()),
        ([("anyone", "lr"), ("-eve", "r")], {"*"}, {"user:eve"}),
        ([("$team", "lr"), ("bob", "r")], {"user:bob"}, set()),
        ([("-anyone", "r"), ("bob", "r")], set(), set()),
        ([("-$team", "r"), ("bob", "r")], set(), set()),
        ([("!$team", "l"), ("bob", "r")], set(), set()),
        ([("group:team", "lr"), ("bob", "r")], {"user:bob"}, set()),
        ([("-group:team", "r"), ("anyone", "r")], set(), set()),
        ([("-group:team", "l"), ("anyone", "r")], {"*"}, set()),
        ([("-group=team", "r"), ("anyone", "r")], set(), set()),
        ([("-role:team", "r"), ("anyone", "r")], set(), set()),
        ([("-%team", "r"), ("anyone", "r")], set(), set()),
        ([("-owner", "r"), ("anyone", "r")], set(), set()),
        ([("role:team", "r"), ("bob", "r")], {"user:bob"}, set()),
        ([], set(), set()),
    ],
)
def test_rights_are_never_wider_than_the_lists(rights, clauses, denied):
    access = access_of(rights)
    assert access.clauses == (frozenset(clauses),)
    assert access.denied == frozenset(denied)


@pytest.mark.parametrize(
    ("subject", "name"),
    [
        (b"Re: =?utf-8?q?R=C3=A9sum=C3=A9?= final", "Re: Résumé final"),
        ("Résumé".encode(), "Résumé"),
        ("Résumé".encode("latin-1"), "Résumé"),
        (b"a/b\\c\t  d\x00e", "a\u2215b\\c de"),
        (b"=?utf-8?q?a=0D=0AInjected=3A_b?=", "a Injected: b"),
        (b"=?no-such-charset?q?abc?=", "=?no-such-charset?q?abc?="),
        (b"../../etc/passwd", "\u2215..\u2215etc\u2215passwd"),
        (b"=?utf-8?b?4oCuZ3Bq?=", "gpj"),
        (b"x" * 5000, "x" * 160),
        (b"...", ""),
        (b"", ""),
    ],
)
def test_a_subject_becomes_a_name(subject, name):
    message = responses.headers(b"Subject: " + subject + b"\r\n\r\n")
    assert responses.subject(message) == name


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        (b"INBOX", "INBOX"),
        (b"Envoy&AOk-s", "Envoyés"),
        (b"R&-D", "R&D"),
        (b"&ZeVnLIqe-", "日本語"),
        (b"&broken", "&broken"),
        (b"&!!!-", "&!!!-"),
        ("Envoyés".encode(), "Envoyés"),
    ],
)
def test_folder_names_are_decoded(raw, name):
    assert responses.decoded_name(raw) == name


@contextmanager
def scripted(*answers):
    """A server that greets, then answers each command with the next bytes, TAG replaced by its tag.

    It hangs up after a last answer that has no TAG.
    """
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(20)

        def serve():
            try:
                connection, _ = server.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(20)
                reader = connection.makefile("rb")
                try:
                    connection.sendall(b"* OK ready\r\n")
                    for answer in answers:
                        tag = reader.readline().split(b" ")[0]
                        connection.sendall(answer.replace(b"TAG", tag))
                    if b"TAG" in answers[-1] or not answers[-1]:
                        reader.readline()
                except OSError:
                    return
                finally:
                    reader.close()

        thread = Thread(target=serve)
        thread.start()
        yield f"imap://127.0.0.1:{server.getsockname()[1]}/"
        server.close()
        thread.join(20)


CAPABILITY = b"* CAPABILITY IMAP4rev1\r\nTAG OK done\r\n"
LOGIN = b"TAG OK done\r\n"
LIST = b'* LIST () "/" INBOX\r\nTAG OK done\r\n'
EXAMINE = b"* 1 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\nTAG OK [READ-ONLY] done\r\n"
SIGNED_IN = (CAPABILITY, LOGIN, CAPABILITY)


@pytest.mark.parametrize(
    "answers",
    [
        (b"* CAPABILITY IMAP4rev1\r\n* BYE\r\n",),
        (*SIGNED_IN, b"TAG NO not now\r\n"),
        (*SIGNED_IN, b"TAG OK and no folder at all\r\n"),
        (*SIGNED_IN, b'* LIST () "/" {99999999999999}\r\n'),
        (*SIGNED_IN, b"* LIST (((((\r\nTAG OK done\r\n"),
        (*SIGNED_IN, b"* LIST () " + b"x" * 2_000_000 + b"\r\n"),
        (*SIGNED_IN, LIST, b"* 1 EXISTS\r\n"),
        (*SIGNED_IN, LIST, b"* 99999 EXISTS\r\nTAG OK done\r\n", b"TAG OK done\r\n"),
        (*SIGNED_IN, LIST, EXAMINE, b"TAG NO [SERVERBUG] broken\r\n"),
        (*SIGNED_IN, LIST, EXAMINE, b"* 1 FETCH (UID 5 FLAGS ()\r\nTAG OK done\r\n"),
        (*SIGNED_IN, LIST, EXAMINE, b"* 1 FETCH (UID 5 FLAGS ())\r\nTAG OK done\r\n"),
        (*SIGNED_IN, LIST, EXAMINE, b"* 1 FETCH (BODY[] {" + b"9" * 5000 + b"}\r\n"),
        (*SIGNED_IN, LIST, EXAMINE, b"* 1 FETCH (UID 5 BODY[] {50}\r\nshort"),
    ],
)
def test_a_listing_that_cannot_go_on_raises(answers):
    with scripted(*answers) as location:
        connector = Mailbox.connect(location, OPTIONS)
        with closing(connector), pytest.raises(PlaceUnavailable) as raised:
            list(connector.items())
    assert PASSWORD not in raised.value.message
    assert raised.value.message.endswith(".")


def test_an_endless_answer_is_hung_up_on(monkeypatch):
    monkeypatch.setattr("centaure.knowledge.connectors.mail.session._COMMAND_BYTES", 1 << 20)
    monkeypatch.setattr(
        "centaure.knowledge.connectors.mail.session.Session._run.__kwdefaults__",
        {"response": "", "most": 1 << 20},
    )
    endless = b'* LIST () "/" again\r\n' * 200_000
    with scripted(*SIGNED_IN, endless) as location:
        connector = Mailbox.connect(location, OPTIONS)
        with closing(connector), pytest.raises(PlaceUnavailable):
            list(connector.items())


def test_a_server_that_drips_is_given_up(monkeypatch):
    monkeypatch.setattr("centaure.knowledge.connectors.mail.session._COMMAND_S", 0.5)
    with scripted(CAPABILITY, b"") as location:
        connector = Mailbox.connect(location, OPTIONS)
        with closing(connector), pytest.raises(PlaceUnavailable, match="in time"):
            connector.check()


def test_no_password_leaves_without_encryption(monkeypatch):
    monkeypatch.setattr("centaure.knowledge.connectors.mail.session.is_loopback", lambda _: False)
    with scripted(CAPABILITY) as location:
        connector = Mailbox.connect(location, OPTIONS)
        with closing(connector), pytest.raises(PlaceUnavailable, match="STARTTLS"):
            connector.check()


def test_starttls_encrypts(place, monkeypatch):
    monkeypatch.setattr("centaure.knowledge.connectors.mail.session.is_loopback", lambda _: False)
    path = place.write("secret.txt", b"Under way in secret.")
    location = f"imap://127.0.0.1:{place.server.plain}/"
    with closing(place.made(location=location)) as connector:
        assert [item.path for item in listing(connector)] == [path]
    with (
        closing(place.made(location=location, ca_file="")) as connector,
        pytest.raises(PlaceUnavailable, match="certificate"),
    ):
        connector.check()


def test_hostile_folder_names_are_problems():
    names = [b'"a/../b"', b'"x//y"', b'"' + b"z" * 3000 + b'"', b"{3}\r\na\nb", b'"Good"']
    folders = b"".join(b'* LIST () "/" ' + name + b"\r\n" for name in names) + b"TAG OK done\r\n"
    empty = b"* 0 EXISTS\r\nTAG OK done\r\n"
    with (
        scripted(*SIGNED_IN, folders, empty) as location,
        closing(Mailbox.connect(location, OPTIONS)) as connector,
    ):
        entries = list(connector.items())
    assert all(isinstance(entry, Problem) for entry in entries)
    assert len(entries) == 3
    assert connector.passed_over == 1
    assert not any(isinstance(entry, Item) for entry in entries)


def _give(folder):
    if os.getuid() != 0:
        return
    for path in [folder, *folder.rglob("*")]:
        os.chown(path, 65534, -1)
