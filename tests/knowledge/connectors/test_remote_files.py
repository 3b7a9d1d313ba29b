"""What the file servers have of their own: each refusal is its own sentence, and nothing leads elsewhere."""

import base64
import hashlib
import os
import socket
import threading
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest
from pydantic import SecretStr

from centaure.kit.errors import InvalidInput
from centaure.knowledge.connectors.conformance import fetched, listing
from centaure.knowledge.connectors.files.s3 import S3Connector, S3Options
from centaure.knowledge.connectors.files.sftp import SftpConnector, SftpOptions
from centaure.knowledge.connectors.files.smb import SmbConnector, SmbOptions
from centaure.knowledge.connectors.files.webdav import WebdavConnector, WebdavOptions
from centaure.knowledge.connectors.port import (
    Item,
    ItemGone,
    ItemTooLarge,
    ItemUnreadable,
    PlaceUnavailable,
    Problem,
)
from centaure.knowledge.parsing.limits import Limits
from knowledge.connectors.places.s3 import s3_bucket, s3_folder
from knowledge.connectors.places.sftp import sftp, sftp_plain_user
from knowledge.connectors.places.smb import smb, smb_in_clear
from knowledge.connectors.places.webdav import webdav, webdav_tls
from knowledge.connectors.servers.cable import cable
from knowledge.connectors.servers.webdav import webdav_tls_server

FILE_SERVERS = {"s3": s3_folder, "webdav": webdav, "sftp": sftp, "smb": smb}
SERVED_FOLDERS = {"webdav": webdav, "sftp": sftp, "smb": smb}


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    monkeypatch.setattr("centaure.kit.outbound._backoff", lambda _: 0.01)


def problem_of(connector):
    with closing(connector), pytest.raises(PlaceUnavailable) as caught:
        connector.check()
    return caught.value.message


@pytest.mark.parametrize("name", FILE_SERVERS)
def test_a_file_too_large_is_refused_before_it_is_copied(name, started, tmp_path, monkeypatch):
    module = "centaure.knowledge.connectors.files.remote_files.DEFAULT_LIMITS"
    monkeypatch.setattr(module, Limits(file_bytes=100))
    with FILE_SERVERS[name](started, tmp_path) as place, closing(place.connector()) as connector:
        place.write("small.txt", b"x" * 100)
        place.write("large.txt", b"x" * 101)
        assert len(fetched(connector, "small.txt")) == 100
        with pytest.raises(ItemTooLarge, match="at most"), connector.fetch("large.txt"):
            pass


@pytest.mark.parametrize("name", SERVED_FOLDERS)
def test_names_that_are_no_documents_are_passed_over_and_counted(name, started, tmp_path):
    with SERVED_FOLDERS[name](started, tmp_path) as place, closing(place.connector()) as connector:
        (place.root / ".git").mkdir()
        (place.root / ".git" / "config").write_text("hidden")
        (place.root / "~$report.docx").write_text("a lock")
        place.write("report.txt", b"A report.")
        assert [item.path for item in listing(connector)] == ["report.txt"]
        assert connector.passed_over == 2


@pytest.mark.parametrize("name", SERVED_FOLDERS)
def test_a_listing_that_loses_its_server_raises(name, started, tmp_path):
    with SERVED_FOLDERS[name](started, tmp_path) as place, cable(_port(place)) as way:
        for number in range(20):
            place.write(f"folder {number}/file.txt", b"A text.")
        with closing(place.connector_to("127.0.0.1", way.port)) as connector:
            items = connector.items()
            assert isinstance(next(items), Item)
            way.cut()
            with pytest.raises(PlaceUnavailable):
                list(items)


@pytest.mark.parametrize("name", SERVED_FOLDERS)
def test_a_file_that_loses_its_server_is_never_half_a_file(name, started, tmp_path):
    with SERVED_FOLDERS[name](started, tmp_path) as place, cable(_port(place), 3_000_000) as way:
        place.write("large.bin", os.urandom(9_000_000))
        with closing(place.connector_to("127.0.0.1", way.port)) as connector:
            connector.check()
            with pytest.raises(PlaceUnavailable), connector.fetch("large.bin"):
                pass


def _port(place):
    return getattr(place.server, "port", None) or urlsplit(place.server.address).port


@pytest.mark.parametrize("name", FILE_SERVERS)
def test_a_server_that_says_nothing_is_given_up(name, started, tmp_path, monkeypatch):
    for module in ("s3", "webdav", "sftp", "smb_session"):
        monkeypatch.setattr(f"centaure.knowledge.connectors.files.{module}.TIMEOUT_S", 1)
    with (
        FILE_SERVERS[name](started, tmp_path) as place,
        socket.create_server(("127.0.0.1", 0)) as silent,
    ):
        words = problem_of(place.connector_to("127.0.0.1", silent.getsockname()[1]))
    assert words.endswith(".")


def test_secrets_are_in_no_repr():
    secret = SecretStr("hidden-word")
    made = (
        S3Options(key="a", secret=secret, token=secret),
        WebdavOptions(password=secret),
        SftpOptions(password=secret, private_key=secret, passphrase=secret),
        SmbOptions(password=secret),
    )
    assert "hidden-word" not in repr(made)


@pytest.mark.parametrize(
    ("connector", "options", "location"),
    [
        (S3Connector, S3Options(anonymous=True), "s3://user:word@bucket/x"),
        (S3Connector, S3Options(anonymous=True), "s3://bucket/../other"),
        (S3Connector, S3Options(anonymous=True), "https://bucket/x"),
        (S3Connector, S3Options(), "s3://bucket"),
        (S3Connector, S3Options(key="a"), "s3://bucket"),
        (S3Connector, S3Options(anonymous=True, endpoint_url="file:///etc"), "s3://bucket"),
        (WebdavConnector, WebdavOptions(), "https://user:word@host/x"),
        (WebdavConnector, WebdavOptions(), "https://host/a/%2e%2e/b"),
        (WebdavConnector, WebdavOptions(), "file:///etc"),
        (WebdavConnector, WebdavOptions(), "https://host:99999/"),
        (WebdavConnector, WebdavOptions(user="a"), "http://files.example.org/x"),
        (SftpConnector, SftpOptions(), "sftp://host/x"),
        (SftpConnector, SftpOptions(user="a"), "sftp://a:word@host/x"),
        (SftpConnector, SftpOptions(user="a", private_key=SecretStr("none")), "sftp://host/x"),
        (SmbConnector, SmbOptions(user="a", password=SecretStr("b")), "smb://host"),
        (SmbConnector, SmbOptions(user="a", password=SecretStr("b")), "smb://host/share/a\\b"),
        (SmbConnector, SmbOptions(user="a"), "smb://host/share"),
    ],
)
def test_a_location_that_is_none_is_refused_in_words(connector, options, location):
    with pytest.raises(InvalidInput) as caught:
        connector.normal_location(location, options)
    assert caught.value.message.endswith(".")
    assert "word" not in caught.value.message.replace("password", "")


def test_s3_says_what_is_wrong(started, tmp_path):
    with s3_bucket(started, tmp_path) as place:
        place.client.create_bucket(Bucket=f"closed-{place.bucket}")
        place.write("closed/file.txt", b"Not for these credentials.")
        assert "no bucket" in problem_of(place.made("there-is-none"))
        assert "s3:ListBucket" in problem_of(place.made(f"closed-{place.bucket}"))
        with closing(place.connector()) as connector:
            assert [item.path for item in listing(connector)] == ["closed/file.txt"]
            with pytest.raises(ItemUnreadable, match="s3:GetObject"):
                connector.fetch("closed/file.txt").__enter__()


def test_s3_keys_that_are_no_paths_are_problems(started, tmp_path):
    with s3_bucket(started, tmp_path) as place, closing(place.connector()) as connector:
        for key in ("a//b.txt", "a/../b.txt", "/c.txt", "shown/", ".git/config", "good.txt"):
            place.client.put_object(Bucket=place.bucket, Key=key, Body=b"A text.")
        entries = list(connector.items())
        assert [entry.path for entry in entries if isinstance(entry, Item)] == ["good.txt"]
        assert len([entry for entry in entries if isinstance(entry, Problem)]) == 2
        assert connector.passed_over == 2  # what is below `..` counts as hidden, like `.git`


def test_webdav_says_what_is_wrong(started, tmp_path):
    with webdav(started, tmp_path) as place:
        place.write("file.txt", b"A text.")
        place.name += "/file.txt"
        assert "is a file" in problem_of(place.connector())
        place.name = "there is none"
        assert "not there" in problem_of(place.connector())


def test_webdav_refuses_a_certificate_that_nobody_vouches_for(started, tmp_path):
    with webdav_tls(started, tmp_path) as place:
        assert "certificate" in problem_of(place.made(ca_file=""))


def test_s3_refuses_a_certificate_that_nobody_vouches_for(started):
    server = started(webdav_tls_server)
    options = S3Options(endpoint_url=server.address, anonymous=True)
    assert "certificate" in problem_of(S3Connector.connect("s3://bucket", options))
    options = S3Options(endpoint_url=server.address, anonymous=True, ca_file=server.ca_file)
    assert "certificate" not in problem_of(S3Connector.connect("s3://bucket", options))


_GOOD = (
    "<d:response><d:href>%s</d:href><d:propstat><d:prop>%s</d:prop>"
    "<d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>"
)
_FOLDER = "<d:resourcetype><d:collection/></d:resourcetype>"
_ENTITIES = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 9))
_BOMB = f'<!DOCTYPE b [<!ENTITY a0 "aaaaaaaaaa">{_ENTITIES}]>'


def _multistatus(*responses, before=""):
    body = "".join(_GOOD % response for response in responses)
    return f'<?xml version="1.0"?>{before}<d:multistatus xmlns:d="DAV:">{body}</d:multistatus>'


@contextmanager
def hostile_webdav(answers):
    """A server that answers a PROPFIND of each depth with what it is told."""

    class Handler(BaseHTTPRequestHandler):
        def do_PROPFIND(self):
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, headers, body = answers(self.headers["Depth"])
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            """Nothing to say."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            options = WebdavOptions()
            yield WebdavConnector.connect(f"http://127.0.0.1:{server.server_port}/base", options)
        finally:
            server.shutdown()
            thread.join(timeout=10)


@pytest.mark.parametrize(
    ("status", "headers", "body"),
    [
        (207, {}, ""),
        (207, {}, _multistatus(("/base/", _FOLDER))[:-20]),
        (200, {}, "<html>Welcome</html>"),
        (302, {"Location": "http://localhost:9/base/"}, ""),
        (302, {"Location": "/elsewhere/"}, ""),
        (301, {"Location": "http://127.0.0.1:9/base/"}, ""),
        (500, {}, "no"),
        (207, {}, _multistatus(("&a8;", _FOLDER), before=_BOMB)),
    ],
)
def test_webdav_takes_no_answer_that_is_none(status, headers, body):
    def answers(_):
        return status, headers, body.encode()

    with hostile_webdav(answers) as connector, closing(connector), pytest.raises(PlaceUnavailable):
        list(connector.items())


def test_webdav_listing_cannot_name_what_lies_elsewhere():
    def answers(depth):
        if depth == "0":
            return 207, {}, _multistatus(("/base/", _FOLDER)).encode()
        elsewhere = [("/base/../etc/passwd", ""), ("/other/file.txt", ""), ("/base/a/b.txt", "")]
        return 207, {}, _multistatus(("/base/", _FOLDER), *elsewhere).encode()

    with (
        hostile_webdav(answers) as connector,
        closing(connector),
        pytest.raises(PlaceUnavailable, match="elsewhere"),
    ):
        list(connector.items())


def test_webdav_keeps_what_the_server_does_not_tell():
    closed = (
        "<d:response><d:href>/base/closed</d:href><d:status>HTTP/1.1 403 Forbidden</d:status></d:response>"
        "<d:response><d:href>/base/gone</d:href><d:status>HTTP/1.1 404 Not Found</d:status></d:response>"
    )

    def answers(_):
        body = _multistatus(("/base/", _FOLDER), ("/base/file.txt", ""))
        return 207, {}, body.replace("</d:multistatus>", f"{closed}</d:multistatus>").encode()

    with hostile_webdav(answers) as connector, closing(connector):
        item, problem = connector.items()
    assert item.path == "file.txt"
    assert (problem.path, problem.holds_below) == ("closed", True)


def test_sftp_names_the_key_of_a_server_that_is_not_known(started, tmp_path):
    with sftp(started, tmp_path) as place:
        other = place.server.host_key("rsa").split()
        words = problem_of(place.made(host_key=""))
        assert (
            fingerprint(place.server.host_key()) in words or fingerprint(" ".join(other)) in words
        )
        stranger = f"ssh-ed25519 {base64.b64encode(os.urandom(51)).decode()}"
        assert "is not the one that is known" in problem_of(place.made(host_key=stranger))
        assert "not the one" in problem_of(place.made(host_key="SHA256:another"))


@pytest.mark.parametrize("kind", ["ed25519", "rsa"])
def test_sftp_takes_a_key_a_fingerprint_or_known_hosts(kind, started, tmp_path):
    with sftp(started, tmp_path) as place:
        key = place.server.host_key(kind)
        known = tmp_path / "known_hosts"
        known.write_text(f"[127.0.0.1]:{place.server.port} {' '.join(key.split()[:2])}\n")
        for options in ({"host_key": key}, {"host_key": "", "known_hosts": str(known)}):
            with closing(place.made(**options)) as connector:
                connector.check()
        # Which of its keys the server shows to somebody who knows none is its own choice.
        shown = problem_of(place.made(host_key="")).split("SHA256:")[1].split(":")[0]
        with closing(place.made(host_key=f"SHA256:{shown}")) as connector:
            connector.check()


def fingerprint(public):
    digest = hashlib.sha256(base64.b64decode(public.split()[1])).digest()
    return "SHA256:" + base64.b64encode(digest).decode().rstrip("=")


def test_sftp_follows_no_link_and_opens_no_pipe(started, tmp_path):
    with sftp(started, tmp_path) as place, closing(place.connector()) as connector:
        place.write("folder/file.txt", b"A text.")
        (place.root / "link.txt").symlink_to("/etc/passwd")
        (place.root / "linked").symlink_to(place.server.root)
        os.mkfifo(place.root / "pipe.txt")
        entries = list(connector.items())
        assert [entry.path for entry in entries if isinstance(entry, Item)] == ["folder/file.txt"]
        assert {entry.path: entry.status for entry in entries if isinstance(entry, Problem)} == {
            "link.txt": "ignored",
            "linked": "ignored",
            "pipe.txt": "ignored",
        }
        for path in ("link.txt", "linked/outside.txt", "pipe.txt", "folder"):
            with pytest.raises(ItemGone), connector.fetch(path):
                pass


def test_sftp_name_that_is_no_text_is_a_problem_of_its_own(started, tmp_path):
    with sftp(started, tmp_path) as place, closing(place.connector()) as connector:
        place.write("good.txt", b"A text.")
        (place.root / os.fsdecode(b"caf\xe9.txt")).write_bytes(b"A name in Latin-1.")
        entries = {entry.path: entry for entry in connector.items()}
        assert isinstance(entries.pop("good.txt"), Item)
        (problem,) = entries.values()
        assert "UTF-8" in problem.reason


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has a file that another user cannot read")
def test_sftp_keeps_what_was_read_of_a_folder_that_closed(started, tmp_path):
    with sftp_plain_user(started, tmp_path) as place, closing(place.connector()) as connector:
        place.write("open/file.txt", b"A text.")
        (place.root / "open" / "closed.txt").write_text("Not for these credentials.")
        (place.root / "open" / "closed.txt").chmod(0o600)
        place.write("closed/file.txt", b"A text.")
        (place.root / "closed").chmod(0o700)
        problems = [entry for entry in connector.items() if isinstance(entry, Problem)]
        assert [(problem.path, problem.holds_below) for problem in problems] == [("closed", True)]
        with pytest.raises(ItemUnreadable), connector.fetch("open/closed.txt"):
            pass


def test_smb_says_what_is_wrong(started, tmp_path):
    with smb(started, tmp_path) as place:
        assert "has no share" in problem_of(place.made(share="none"))
        assert "has no share" in problem_of(place.made(share="closed"))
        place.name = "there is none"
        assert "not there" in problem_of(place.made())
    with smb_in_clear(started, tmp_path) as place:
        assert "does not encrypt" in problem_of(place.made(encrypt=True))


def test_smb_reads_no_stream_and_nothing_outside_of_the_share(started, tmp_path):
    with smb(started, tmp_path) as place, closing(place.connector()) as connector:
        place.write("file.txt", b"A text.")
        (place.root / "link.txt").symlink_to("/etc/passwd")
        (place.root / "linked").symlink_to("/etc")
        items = [entry.path for entry in connector.items() if isinstance(entry, Item)]
        assert "file.txt" in items
        assert not any(path.startswith("linked/") for path in items)
        for path in ("link.txt", "linked/passwd", "file.txt:stream", "a\\..\\..\\outside.txt"):
            with pytest.raises((ItemGone, ItemUnreadable)), connector.fetch(path):
                pass
