"""Messages of an account on an IMAP server (RFC 3501), each an item `FOLDER/UID subject.eml`.

Nothing on the server changes: folders are opened with EXAMINE and messages read with BODY.PEEK, so that none
is marked as read. A message never changes under its UID, so the folder, UIDVALIDITY and UID are its version
(two folders may have the same UIDVALIDITY); a move to another folder gives it another UID, and what tells
that it is the same one is its Message-ID, with the date and the size, which a move keeps.
"""

import fnmatch
import hashlib
import re
import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import ClassVar, Literal, cast
from urllib.parse import urlsplit

from pydantic import Field, SecretStr

from centaure.kit.errors import InvalidInput
from centaure.knowledge.connectors.copies import Fetched
from centaure.knowledge.connectors.mail import responses
from centaure.knowledge.connectors.mail.session import (
    MEBIBYTE,
    Login,
    Refusal,
    Session,
)
from centaure.knowledge.connectors.names import is_ignored
from centaure.knowledge.connectors.patterns import Patterns
from centaure.knowledge.connectors.port import (
    EVERYONE,
    Checkpoint,
    Connector,
    Gone,
    Item,
    ItemGone,
    ItemTooLarge,
    ItemUnreadable,
    Options,
    PlaceAccess,
    PlaceUnavailable,
    Problem,
    path_problem,
)
from centaure.knowledge.parsing.limits import DEFAULT_LIMITS, megabytes

_TLS_PORT = 993
_PLAIN_PORT = 143
_BATCH = 500
_PIECE = 4 * MEBIBYTE
_SLACK = MEBIBYTE
_LARGEST_BATCH = 64 * MEBIBYTE
_MOST_FOLDERS = 100_000
_MOST_IDENTITIES = 2_000_000
_MOST_IDLE = 4
_SEEN_AS = "UID FLAGS RFC822.SIZE INTERNALDATE BODY.PEEK[HEADER.FIELDS (SUBJECT MESSAGE-ID)]"
_SPECIAL = frozenset({"\\trash", "\\junk", "\\drafts"})
_VIEWS = frozenset({"\\all", "\\flagged"})
_CLOSED = frozenset({"\\noselect", "\\nonexistent"})
_NAME = re.compile(r"([1-9]\d{0,9})( .*)?\.eml", re.DOTALL)
_ANYONE = frozenset({"anyone", "authenticated"})
# As written by Dovecot, then by Cyrus; the first two replace the rights of people.
_OVERRIDES = ("!", "group-override=")
_GROUPS = (*_OVERRIDES, "$", "#", "group=", "group:")
_LOGIN = re.compile(r"\w[^:=]*", re.DOTALL)


class MailboxOptions(Options):
    """How to sign in, and which folders to read.

    Attributes:
        user: who signs in.
        password: of the user.
        folders: patterns of folders to read; all of them when there are none.
        without: patterns of folders to leave out.
        special_folders: whether Trash, Junk and Drafts are read too.
        rights: `place` has the folders' access control lists (RFC 4314) say who may read.
        ca_file: certificates to trust besides the system's own.
    """

    user: str = Field(min_length=1, max_length=500)
    password: SecretStr
    folders: Patterns = ()
    without: Patterns = ()
    special_folders: bool = False
    rights: Literal["", "place"] = ""
    ca_file: str = ""


class Mailbox(Connector):
    """An account on an IMAP server."""

    kind: ClassVar[str] = "imap"
    options_model: ClassVar[type[Options]] = MailboxOptions

    def __init__(self, login: Login, options: MailboxOptions) -> None:
        """Opens nothing yet."""
        self._login = login
        self._options = options
        self.reports_access = options.rights == "place"
        self._known: dict[str, responses.Folder] = {}
        self._idle: list[Session] = []
        self._lock = Lock()

    @classmethod
    def normal_location(cls, written: str, options: Options) -> str:
        """`imaps://host[:port]/`, or `imap://` for a server that encrypts by STARTTLS."""
        _ = options
        scheme, host, port = _address(written)
        usual = _TLS_PORT if scheme == "imaps" else _PLAIN_PORT
        shown = f"[{host}]" if ":" in host else host
        return f"{scheme}://{shown}/" if port == usual else f"{scheme}://{shown}:{port}/"

    @classmethod
    def connect(cls, location: str, options: Options) -> "Mailbox":
        """A connector; errors as in `normal_location`."""
        told = cast("MailboxOptions", options)
        scheme, host, port = _address(location)
        tls = scheme == "imaps"
        return cls(Login(host, port, tls, told.user, told.password, told.ca_file), told)

    def check(self) -> None:
        """Signs in and lists the folders."""
        with self._session() as session:
            if not self._chosen(session):
                raise PlaceUnavailable(
                    "No folder of the account is to be read. Check the options folders and without."
                )

    def items(self, since: str | None = None) -> Iterator[Item | Problem | Gone | Checkpoint]:
        """Every message of the folders, but those marked as deleted.

        A message that lies twice in the account is two items, of which the first has the identity.
        """
        _ = since
        self.passed_over = 0
        identities: set[bytes] = set()
        paths: set[str] = set()
        with self._session() as session:
            for folder in self._chosen(session):
                problem = _TWICE if folder.path in paths else path_problem(folder.path)
                paths.add(folder.path)
                if problem is None:
                    yield from self._messages(session, folder, identities)
                else:
                    yield Problem(_printable(folder.path), "unreadable", problem, holds_below=True)

    @contextmanager
    def fetch(self, path: str) -> Generator[Fetched]:
        """The message as it was received; errors as in `Connector.fetch`."""
        with tempfile.TemporaryFile(prefix="centaure-copy-") as file:
            with self._session() as session:
                item = self._found(session, path)
                uid = _uid(path)
                size = 0
                for piece in _pieces(session, uid):
                    size += len(piece)
                    _refuse_large(size)
                    file.write(piece)
            file.flush()
            yield Fetched(
                file.fileno(),
                path.rsplit("/", 1)[-1],
                size,
                item.modified_ns,
                version=item.version,
                identity=item.identity,
            )

    def close(self) -> None:
        """Signs out."""
        with self._lock:
            idle, self._idle = self._idle, []
        for session in idle:
            session.close()

    @contextmanager
    def _session(self) -> Generator[Session]:
        """A session of nobody else, kept for the next one that needs it."""
        session = self._reused() or Session(self._login)
        try:
            yield session
        finally:
            with self._lock:
                kept = session.usable and len(self._idle) < _MOST_IDLE
                if kept:
                    self._idle.append(session)
            if not kept:
                session.close()

    def _reused(self) -> Session | None:
        while True:
            with self._lock:
                if not self._idle:
                    return None
                session = self._idle.pop()
            if session.is_alive():
                return session
            session.close()

    def _chosen(self, session: Session) -> list[responses.Folder]:
        """The folders to read, in order."""
        try:
            listed = list(responses.folders(session.folders()))
        except (ValueError, Refusal):
            listed = []
        if not listed or len(listed) > _MOST_FOLDERS:
            raise PlaceUnavailable(
                f"{self._login.host} does not list the folders of {self._login.user}. Check that the "
                "account has a mailbox there; the next synchronisation tries again."
            )
        chosen = sorted(filter(self._is_chosen, listed), key=lambda folder: folder.path)
        with self._lock:
            self._known = {folder.path: folder for folder in reversed(chosen)}
        return chosen

    def _is_chosen(self, folder: responses.Folder) -> bool:
        if folder.attributes & _CLOSED:
            return False
        passed = folder.attributes & _VIEWS or (
            folder.attributes & _SPECIAL and not self._options.special_folders
        )
        passed = passed or any(is_ignored(name) for name in folder.names)
        if passed:
            self.passed_over += 1
            return False
        wanted = self._options.folders
        return (not wanted or _matches(folder.path, wanted)) and not _matches(
            folder.path, self._options.without
        )

    def _messages(
        self, session: Session, folder: responses.Folder, identities: set[bytes]
    ) -> Iterator[Item | Problem]:
        try:
            validity, number = session.examine(folder.raw_name)
        except Refusal as refusal:
            if refusal.code == "NONEXISTENT":
                return
            yield Problem(
                folder.path,
                "unreadable",
                f"{self._login.host} does not let {self._login.user} open this folder; what was read of it "
                "before is kept. Give the account the right to read it, or leave the folder out.",
                holds_below=True,
            )
            return
        access = self._access(session, folder)
        last_uid = 0
        for first in range(1, number + 1, _BATCH):
            found = self._batch(session, first, min(first + _BATCH - 1, number))
            for uid in sorted(found):
                if uid <= last_uid:
                    raise PlaceUnavailable(
                        f"{self._login.host} numbers the messages of {folder.path} in no order. The next "
                        "synchronisation tries again."
                    )
                last_uid = uid
                if (item := _item(folder, validity, uid, found[uid], access)) is not None:
                    yield _once(item, identities)

    def _batch(self, session: Session, first: int, last: int) -> dict[int, responses.Fetched]:
        """The messages of a range of sequence numbers, by UID.

        While only FETCH by sequence numbers is sent, a server tells of no message removed (RFC 3501,
        section 7.4.1): the numbers stay what they were when the folder was opened.
        """
        try:
            parts = session.fetch(
                f"{first}:{last}", f"({_SEEN_AS})", by_uid=False, most=_LARGEST_BATCH
            )
            answers = list(responses.fetched(parts))
        except Refusal as refusal:
            if refusal.code != "EXPUNGEISSUED":
                raise self._confused() from None
            # Somebody removed messages meanwhile: those that remain are asked for one by one.
            return self._one_by_one(session, first, last)
        except ValueError:
            raise self._confused() from None
        return self._by_uid(answers, first, last)

    def _one_by_one(self, session: Session, first: int, last: int) -> dict[int, responses.Fetched]:
        found: dict[int, responses.Fetched] = {}
        for number in range(first, last + 1):
            try:
                parts = session.fetch(
                    str(number), f"({_SEEN_AS})", by_uid=False, most=_LARGEST_BATCH
                )
                found |= self._by_uid(list(responses.fetched(parts)), number, number)
            except Refusal as refusal:
                if refusal.code != "EXPUNGEISSUED":
                    raise self._confused() from None
            except ValueError:
                raise self._confused() from None
        return found

    def _by_uid(
        self, answers: list[responses.Fetched], first: int, last: int
    ) -> dict[int, responses.Fetched]:
        found: dict[int, responses.Fetched] = {}
        for answer in answers:
            uid = answer.whole_number(b"UID")
            # A change of flags by somebody else is told in between, without a UID.
            if uid is None or not first <= answer.number <= last:
                continue
            if answer.text(b"BODY[") is None:
                raise self._confused()
            found[uid] = answer
        if not found and last - first + 1 == _BATCH:
            raise self._confused()
        return found

    def _confused(self) -> PlaceUnavailable:
        return PlaceUnavailable(
            f"{self._login.host} does not give the messages that it says there are. The next "
            "synchronisation tries again; if it stays, the mailbox may be damaged on the server."
        )

    def _access(self, session: Session, folder: responses.Folder) -> PlaceAccess | None:
        if not self.reports_access:
            return None
        try:
            if "ACL" not in session.capabilities:
                raise Refusal("ACL")  # noqa: TRY301 - the same sentence as when the server refuses
            return access_of(responses.rights(session.rights(folder.raw_name)))
        except (Refusal, ValueError):
            return PlaceAccess.unreadable(
                f"{self._login.host} does not tell {self._login.user} who may read {folder.path}. Give the "
                "account the right to administer the folder (a), or leave out the option rights."
            )

    def _found(self, session: Session, path: str) -> Item:
        """The message that a path names, in its folder, which is open afterwards.

        Raises:
            ItemGone: there is none, or another one took its number.
            ItemUnreadable: the folder is closed to the account.
            ItemTooLarge: as said by the server.
        """
        folder_path, _, name = path.rpartition("/")
        uid = _uid(path)
        folder = self._known.get(folder_path) or self._looked_up(session, folder_path)
        if folder is None or _NAME.fullmatch(name) is None:
            raise ItemGone(path)
        try:
            validity, _ = session.examine(folder.raw_name)
            parts = session.fetch(str(uid), f"({_SEEN_AS})", by_uid=True, most=_LARGEST_BATCH)
            answers = list(responses.fetched(parts))
        except Refusal as refusal:
            if refusal.code == "NONEXISTENT" or self._looked_up(session, folder_path) is None:
                raise ItemGone(path) from None
            raise ItemUnreadable(
                f"{self._login.host} does not let {self._login.user} open the folder {folder.path}. Give the "
                "account the right to read it, or leave the folder out."
            ) from None
        except ValueError:
            raise self._confused() from None
        for answer in answers:
            if answer.whole_number(b"UID") == uid and answer.text(b"BODY[") is not None:
                item = _item(folder, validity, uid, answer, None)
                if item is not None and item.path == path:
                    _refuse_large(item.size or 0)
                    return item
        raise ItemGone(path)

    def _looked_up(self, session: Session, folder_path: str) -> responses.Folder | None:
        self._chosen(session)
        return self._known.get(folder_path)


def access_of(rights: list[tuple[str, str]]) -> PlaceAccess:
    """Who may read a folder by its access control list (RFC 4314).

    The right `r` lets people read. A group says nothing about its members here: one that is let in opens
    nothing, and one that is shut out, or whose rights replace those of people, closes the folder. So does an
    identifier of a kind that is not known here, when it is shut out.

    Args:
        rights: identifiers and their rights; an identifier that begins with `-` takes them away.
    """
    allowed: set[str] = set()
    denied: set[str] = set()
    for identifier, letters in rights:
        negative = identifier.startswith("-")
        who = identifier.removeprefix("-")
        nobody_known = _LOGIN.fullmatch(who) is None or who == "owner" or who.startswith(_GROUPS)
        if who.startswith(_OVERRIDES) or (negative and nobody_known and "r" in letters):
            return PlaceAccess.unreadable(
                "The folder's rights shut out a group whose members the mail server does not tell, or what "
                "is not known here. Give the rights to people."
            )
        if "r" not in letters or nobody_known:
            continue
        if negative and who in _ANYONE:
            return PlaceAccess((frozenset(),))
        name = EVERYONE if who in _ANYONE else f"user:{who}"
        (denied if negative else allowed).add(name)
    return PlaceAccess((frozenset(allowed),), frozenset(denied))


def _address(written: str) -> tuple[str, str, int]:
    """Scheme, host and port of a location.

    Raises:
        InvalidInput: it is none.
    """
    try:
        parts = urlsplit(written.strip())
        host, port = parts.hostname or "", parts.port
        host = host if host.isascii() else host.encode("idna").decode()
    except ValueError:
        raise InvalidInput(_WRITTEN) from None
    if parts.scheme not in {"imap", "imaps"} or not re.fullmatch(r"[0-9a-z._:-]+", host):
        raise InvalidInput(_WRITTEN)
    if "@" in parts.netloc:
        raise InvalidInput("A location holds no user and no password: give them as options.")
    if parts.path not in {"", "/"} or parts.query or parts.fragment:
        raise InvalidInput(f"{_WRITTEN} Folders are chosen with the option folders.")
    usual = _TLS_PORT if parts.scheme == "imaps" else _PLAIN_PORT
    return parts.scheme, host, usual if port is None else port


_WRITTEN = "A mailbox is written imaps://mail.example.org/, or imap:// where the server encrypts by STARTTLS."


_TWICE = (
    "Two folders have this name once it is written as a path, and only the first one is read. Rename one "
    "of them."
)


def _matches(path: str, patterns: tuple[str, ...]) -> bool:
    """Whether a folder, or one that it lies in, is named by a pattern."""
    return any(
        fnmatch.fnmatchcase(path, pattern) or fnmatch.fnmatchcase(path, f"{pattern.rstrip('/')}/*")
        for pattern in patterns
    )


def _item(
    folder: responses.Folder,
    validity: int,
    uid: int,
    answer: responses.Fetched,
    access: PlaceAccess | None,
) -> Item | None:
    """A message as an item; None for one that is marked as deleted."""
    if b"\\deleted" in answer.flags():
        return None
    message = responses.headers(answer.text(b"BODY[") or b"")
    subject = responses.subject(message)
    name = f"{uid} {subject}.eml" if subject else f"{uid}.eml"
    size = answer.whole_number(b"RFC822.SIZE")
    date = answer.text(b"INTERNALDATE")
    return Item(
        f"{folder.path}/{name}",
        size=size,
        modified_ns=responses.moment_ns(date),
        version=f"{validity}.{uid}.{_digest(folder.path)}" if validity else "",
        identity=_identity(str(message.get("Message-ID", "")), size, date),
        access=access,
    )


def _digest(path: str) -> str:
    return hashlib.sha256(path.encode(errors="replace")).hexdigest()[:12]


def _identity(message_id: str, size: int | None, date: bytes | None) -> str:
    """What a message keeps when it moves; a Message-ID alone is whatever its sender wrote."""
    if not message_id.strip():
        return ""
    words = f"{message_id.strip()} {size} {(date or b'').decode(errors='replace')}"
    return hashlib.sha256(words.encode(errors="replace")).hexdigest()[:32]


def _once(item: Item, identities: set[bytes]) -> Item:
    """The item, without its identity if another has it."""
    key = bytes.fromhex(item.identity)
    if key and (key in identities or len(identities) >= _MOST_IDENTITIES):
        return Item(item.path, item.size, item.modified_ns, item.version, "", item.access)
    identities.add(key)
    return item


def _uid(path: str) -> int:
    """Raises ItemGone where a path names no message."""
    found = _NAME.fullmatch(path.rpartition("/")[2])
    if found is None or int(found.group(1)) >= 2**32:
        raise ItemGone(path)
    return int(found.group(1))


def _pieces(session: Session, uid: int) -> Iterator[bytes]:
    """The bytes of a message of the folder that is open.

    Raises:
        ItemGone: it was removed meanwhile.
    """
    position = 0
    while True:
        try:
            parts = session.fetch(
                str(uid),
                f"(UID BODY.PEEK[]<{position}.{_PIECE}>)",
                by_uid=True,
                most=_PIECE + _SLACK,
            )
            texts = [
                answer.text(b"BODY[")
                for answer in responses.fetched(parts)
                if answer.whole_number(b"UID") == uid
            ]
        except (Refusal, ValueError):
            raise ItemGone(str(uid)) from None
        piece = next((text for text in texts if text is not None), None)
        if piece is None:
            raise ItemGone(str(uid))
        yield piece
        position += len(piece)
        if len(piece) < _PIECE:
            return


def _refuse_large(size: int) -> None:
    if size > DEFAULT_LIMITS.file_bytes:
        raise ItemTooLarge(
            f"The message is larger than {megabytes(DEFAULT_LIMITS.file_bytes)}: it is not read."
        )


def _printable(path: str) -> str:
    return path.replace("\0", "\\0")[:500] or "."
