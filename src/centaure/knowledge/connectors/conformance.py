"""The tests that any connector can be run against, whoever wrote it; docs/connectors.md shows how.

A `Place` says how to write, move and close things behind a connector; each check of `CHECKS` is given an
empty one and holds the connector to what its port promises:

    @pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
    def test_conformance(check, my_place):
        check(my_place)

A check leaves at once where the place does not claim what it needs; nothing else is left out.
"""
# ruff: noqa: S101 - asserts with words are what a test suite is made of

import os
import socket
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from functools import partial

from centaure.kit.errors import CentaureError
from centaure.knowledge.connectors.port import (
    Checkpoint,
    Connector,
    Gone,
    Item,
    ItemGone,
    ItemUnreadable,
    PlaceAccess,
    PlaceUnavailable,
    Problem,
    TokenExpired,
    path_problem,
)

BYTES = "bytes"
"""What is fetched are the bytes that were written; without it, the text written is somewhere in them."""
CHANGE = "change"
"""`write` onto a path that is there replaces its bytes."""
REMOVE = "remove"
MOVE = "move"
IDENTITY = "identity"
"""Items say an identity, which stays when they move."""
VERSION = "version"
"""Items say a version; without it, one that is there must still change with the bytes."""
FEED = "feed"
ACCESS = "access"
"""Items carry the place's rights, and `allow` and `close_all` set them."""
GROUPS = "groups"
SCOPES = "scopes"
"""Groups of the same name exist in two scopes (sites, projects, servers)."""
HIDDEN_RIGHTS = "hidden rights"
"""`hide_rights` makes the rights of an item unreadable, while the item is still listed."""

UNREACHABLE_S = 90.0
"""Longest time that a place where nothing listens may take to say so."""
_CLOCK_S = 120.0
_MANY = 1003  # more than places give in one answer

_NAMES = (
    "plain.txt",
    "two words.txt",
    "caf\u00e9 composed.txt",  # NFC
    "cafe\u0301 decomposed.txt",  # NFD
    "\U0001f98c deer \U0001f469\u200d\U0001f52c.txt",
    "日本語.txt",
    "it's \u00abquoted\u00bb.txt",
    'double "quotes".txt',
    "100%.txt",
    "a%20b.txt",
    "a+b&c=d.txt",
    "number #1.txt",
    "why?.txt",
    "a;b,c:d.txt",
    "back\\slash.txt",
    "[brackets] {braces} (round).txt",
    "star*.txt",
    "<angle>.txt",
    "$HOME ~ `id`.txt",
    " leading space.txt",
    "trailing space ",
    "trailing dot.",
    "...dots.txt..",
    "-r.txt",
    "folder with % and #/inner?.txt",
    "d\u00e9partement \u00e9t\u00e9/r\u00e9sum\u00e9 final.txt",
)
_CLIMBING = (
    "../outside.txt",
    "a/../../outside.txt",
    "/etc/passwd",
    "//etc/passwd",
    "..\\outside.txt",
    "%2e%2e/outside.txt",
    "..",
    ".",
    "",
    "a\0b",
    "\0",
)


class CannotHold(Exception):
    """The place refuses a path of this name by its own rules: the check goes on with the next one."""


class Place(ABC):
    """What a check does to the place behind a connector, by another door than the connector's own.

    Each one is empty at first. Only what `capabilities` claims need be there.

    Attributes:
        capabilities: what the place can do, of the names above.
        secrets: what must never be shown, in no error, no location and no repr.
    """

    capabilities: frozenset[str] = frozenset()
    secrets: tuple[str, ...] = ()

    @abstractmethod
    def connector(self) -> Connector:
        """A new connector to this place, with credentials that may read it all."""

    def connector_with_wrong_credentials(self) -> Connector | None:
        """A connector that the place refuses; None where there are no credentials."""
        return None

    def connector_to(self, host: str, port: int) -> Connector | None:
        """A connector to the same kind of place at another address; None where there is no address."""
        _ = host, port
        return None

    @abstractmethod
    def write(self, path: str, content: bytes) -> str:
        """Put a text there, its folders included; gives the path as the connector will list it.

        Raises:
            CannotHold: the place refuses such a name.
        """

    def write_all(self, contents: Mapping[str, bytes]) -> list[str]:
        """Many at once, for places where that is much quicker."""
        return [self.write(path, content) for path, content in contents.items()]

    def remove(self, path: str) -> None:
        """Remove what the connector lists as `path`."""
        raise NotImplementedError

    def move(self, old: str, new: str) -> str:
        """Move what is listed as `old`; gives its path as it will be listed."""
        raise NotImplementedError

    def allow(self, path: str, logins: Iterable[str]) -> None:
        """Let exactly these people of the place read an item: of 'ada', 'bob' and 'eve'."""
        raise NotImplementedError

    def close_all(self, path: str) -> None:
        """Let nobody read an item: none of 'ada', 'bob' and 'eve'."""
        raise NotImplementedError

    def allow_group(self, path: str, group: str, logins: Iterable[str], scope: int = 0) -> None:
        """Let exactly the members of a group read an item, and make these people its members.

        Args:
            path: of the item.
            group: its name; it may be there already, with the same members.
            logins: of 'ada', 'bob' and 'eve'.
            scope: 0, or 1 for another scope in which the same name is another group.
        """
        raise NotImplementedError

    def hide_rights(self, path: str) -> None:
        """Make the rights of an item unreadable to the connector."""
        raise NotImplementedError


def readers(connector: Connector, access: PlaceAccess | None, logins: Iterable[str]) -> set[str]:
    """Which of these people the access of an item lets in; without access, nobody."""
    if access is None:
        return set()
    principals = access.denied.union(*access.clauses)
    named = {name.removeprefix("group:") for name in principals if name.startswith("group:")}
    groups = {group.id: group for group in connector.groups(named)} if named else {}

    def belongs(login: str, group: str, seen: frozenset[str]) -> bool:
        if group in seen or group not in groups:
            return False
        inner = groups[group].contains
        return login in groups[group].users or any(
            belongs(login, contained, seen | {group}) for contained in inner
        )

    def meant(login: str, names: frozenset[str]) -> bool:
        return any(
            name == f"user:{login}"
            or (name.startswith("group:") and belongs(login, name[6:], frozenset()))
            for name in names
        )

    return {
        login
        for login in logins
        if access.clauses
        and all("*" in clause or meant(login, clause) for clause in access.clauses)
        and not meant(login, access.denied)
    }


def listing(connector: Connector, since: str | None = None) -> list[Item]:
    """The items of a listing; fails on a problem, on what is listed twice and on a bad path."""
    items: list[Item] = []
    for entry in connector.items(since):
        assert not isinstance(entry, Problem), f"The listing reports a problem: {entry}."
        if isinstance(entry, Item):
            items.append(entry)
    _assert_sound(items)
    return items


def fetched(connector: Connector, path: str) -> bytes:
    """The bytes of an item."""
    with connector.fetch(path) as file:
        os.lseek(file.descriptor, 0, os.SEEK_SET)
        with os.fdopen(os.dup(file.descriptor), "rb") as copy:
            content = copy.read()
        assert file.size == len(content), f"{path!r}: the size told is not that of the bytes."
        assert file.name == path.rsplit("/", 1)[-1], f"{path!r}: the name told is {file.name!r}."
        return content


def check_empty_place_lists_nothing(place: Place) -> None:
    """An empty place can be checked and lists nothing."""
    with closing(place.connector()) as connector:
        connector.check()
        assert listing(connector) == [], "An empty place lists items."


def check_making_a_connector_opens_nothing(place: Place) -> None:
    """A connector to where nothing listens can be made, shown and closed."""
    with _free_port() as port:
        connector = place.connector_to("127.0.0.1", port)
    if connector is not None:
        _assert_no_secret(place, repr(connector))
        connector.close()


def check_folders_come_back(place: Place) -> None:
    """What lies in folders of folders is listed once, with true sizes and times, and fetched."""
    before = time.time()
    written = {
        place.write(path, content): content
        for path, content in {
            "top.txt": b"The top of it.",
            "a/one.txt": b"The first one.",
            "a/two.txt": b"The second one.",
            "a/b/c/d/deep.txt": b"The deep one.",
            "b/one.txt": b"Another first one.",
        }.items()
    }
    with closing(place.connector()) as connector:
        items = listing(connector)
        assert {item.path for item in items} == set(written), "Not what was written is listed."
        for item in items:
            content = fetched(connector, item.path)
            _assert_same(place, item.path, content, written[item.path])
            _assert_true(item, content, before)


def check_names_come_back(place: Place) -> None:
    """Any name that the place holds is listed exactly as it is, and fetched."""
    written: dict[str, bytes] = {}
    for number, name in enumerate(_NAMES):
        content = f"This is number {number} of the names.".encode()
        try:
            written[place.write(name, content)] = content
        except CannotHold:
            continue
    assert written, "The place holds no name at all."
    with closing(place.connector()) as connector:
        listed = {item.path for item in listing(connector)}
        assert listed == set(written), (
            f"Missing: {sorted(set(written) - listed)}; never written: {sorted(listed - set(written))}."
        )
        for path, content in written.items():
            _assert_same(place, path, fetched(connector, path), content)


def check_bytes_are_exact(place: Place) -> None:
    """An empty file, all bytes, and a file of several pieces come back exactly."""
    if BYTES not in place.capabilities:
        return
    written = {
        place.write("empty.txt", b""): b"",
        place.write("all.bin", bytes(range(256)) * 3): bytes(range(256)) * 3,
        place.write("lines.txt", b"one\r\ntwo\n\rthree"): b"one\r\ntwo\n\rthree",
    }
    large = os.urandom(5_000_003)
    written[place.write("large.bin", large)] = large
    with closing(place.connector()) as connector:
        sizes = {item.path: item.size for item in listing(connector)}
        assert set(sizes) == set(written), "Not what was written is listed."
        for path, content in written.items():
            assert sizes[path] in {None, len(content)}, f"{path}: the size listed is {sizes[path]}."
            assert fetched(connector, path) == content, f"{path}: other bytes were fetched."


def check_second_listing_is_equal(place: Place) -> None:
    """Of a place that nobody touched, two listings say the same, by one connector or by two."""
    for number in range(5):
        place.write(f"folder {number % 2}/file {number}.txt", f"Text {number}.".encode())
    with closing(place.connector()) as connector, closing(place.connector()) as other:
        first = _by_path(listing(connector))
        assert _by_path(listing(connector)) == first, "The second listing differs from the first."
        assert _by_path(listing(other)) == first, "Another connector's listing differs."


def check_fetch_tells_the_version_listed(place: Place) -> None:
    """What is fetched says the version and the identity that the listing said, or none."""
    path = place.write("folder/file.txt", b"A text.")
    with closing(place.connector()) as connector:
        (item,) = listing(connector)
        with connector.fetch(path) as file:
            assert file.version in {"", item.version}, "The version fetched is not the one listed."
            assert file.identity in {"", item.identity}, (
                "The identity fetched is not the one listed."
            )
            assert file.unchanged(), "A file that nobody touched is said to have changed."


def check_changed_bytes_change_the_version(place: Place) -> None:
    """Other bytes of the same size are noticed: another version, or none to compare."""
    if CHANGE not in place.capabilities:
        return
    path = place.write("report.txt", b"The total is 1000.")
    with closing(place.connector()) as connector:
        (before,) = listing(connector)
        if VERSION in place.capabilities:
            assert before.version, "The place has versions, and the item says none."
        assert place.write("report.txt", b"The total is 2000.") == path
        (after,) = listing(connector)
        assert after.path == path
        assert not after.version or after.version != before.version, (
            "The bytes changed and the version did not."
        )
        if IDENTITY in place.capabilities:
            assert after.identity == before.identity, "An item that was changed is another one."
        _assert_same(place, path, fetched(connector, path), b"The total is 2000.")


def check_move_keeps_the_identity(place: Place) -> None:
    """What moves is listed where it is now, and is known to be the same where the place knows."""
    if MOVE not in place.capabilities:
        return
    old = place.write("here/report.txt", b"A report that moves.")
    stays = place.write("here/other.txt", b"A text that stays.")
    with closing(place.connector()) as connector:
        before = {item.path: item for item in listing(connector)}
        new = place.move(old, "there/annual report.txt")
        after = {item.path: item for item in listing(connector)}
        assert set(after) == {new, stays}, "After the move, not the new paths are listed."
        if IDENTITY in place.capabilities:
            assert before[old].identity, "The place has identities, and the item says none."
            assert after[new].identity == before[old].identity, "The identity changed with a move."
            assert after[stays].identity == before[stays].identity
        _assert_same(place, new, fetched(connector, new), b"A report that moves.")
        _assert_gone(connector, old)


def check_removed_is_gone(place: Place) -> None:
    """What is removed is listed no more, and its fetch says so."""
    if REMOVE not in place.capabilities:
        return
    path = place.write("folder/going.txt", b"It goes.")
    stays = place.write("folder/staying.txt", b"It stays.")
    with closing(place.connector()) as connector:
        assert len(listing(connector)) == 2
        place.remove(path)
        assert [item.path for item in listing(connector)] == [stays]
        _assert_gone(connector, path)


def check_fetch_of_what_never_was(place: Place) -> None:
    """A path that was never there is gone, also below a file and in a folder that is not there."""
    path = place.write("file.txt", b"A text.")
    with closing(place.connector()) as connector:
        for missing in ("never.txt", "no folder/never.txt", f"{path}/below.txt"):
            _assert_gone(connector, missing)


def check_fetch_never_climbs(place: Place) -> None:
    """A path that leads out of the place, or is none, reads nothing."""
    place.write("a/file.txt", b"A text.")
    with closing(place.connector()) as connector:
        for path in _CLIMBING:
            try:
                with connector.fetch(path):
                    pass
            except (ItemGone, ItemUnreadable) as error:
                _assert_no_secret(place, str(error))
            else:
                raise AssertionError(f"The fetch of {path!r} gave something.")


def check_many_are_listed_once(place: Place) -> None:
    """A thousand small files and a few are all listed, each once."""
    contents = {
        f"folder {number % 7}/file {number:04}.txt": f"Text number {number}.".encode()
        for number in range(_MANY)
    }
    written = place.write_all(contents)
    assert len(set(written)) == _MANY
    with closing(place.connector()) as connector:
        assert {item.path for item in listing(connector)} == set(written), "Some are not listed."


def check_fetches_beside_each_other(place: Place) -> None:
    """Four threads fetch through one connector, and each has the bytes that it asked for."""
    written: dict[str, bytes] = {}
    for number in range(12):
        content = f"This is text {number}. ".encode() * (1 + 4000 * (number % 3))
        written[place.write(f"folder/file {number}.txt", content)] = content
    with closing(place.connector()) as connector, ThreadPoolExecutor(4) as threads:
        paths = [*written] * 2
        contents = threads.map(partial(fetched, connector), paths)
        for path, content in zip(paths, contents, strict=True):
            _assert_same(place, path, content, written[path])


def check_fetch_while_listing(place: Place) -> None:
    """Items are fetched while the listing that named them goes on."""
    written = {
        place.write(f"folder {number % 3}/file {number}.txt", f"Text {number}.".encode()): number
        for number in range(9)
    }
    with closing(place.connector()) as connector:
        seen = 0
        for item in connector.items():
            if isinstance(item, Item):
                content = fetched(connector, item.path)
                _assert_same(place, item.path, content, f"Text {written[item.path]}.".encode())
                seen += 1
        assert seen == len(written), "The listing ended early."


def check_wrong_credentials_are_refused(place: Place) -> None:
    """Wrong credentials are a sentence that shows no secret, and never an empty listing."""
    place.write("file.txt", b"A text.")
    connector = place.connector_with_wrong_credentials()
    if connector is not None:
        with closing(connector):
            _assert_unavailable(place, connector)


def check_unreachable_place(place: Place) -> None:
    """A place where nothing listens is a sentence, soon, and never an empty listing."""
    with _free_port() as port:
        connector = place.connector_to("127.0.0.1", port)
    if connector is None:
        return
    started = time.monotonic()
    with closing(connector):
        _assert_unavailable(place, connector)
    took = time.monotonic() - started
    assert took < UNREACHABLE_S, f"It took {took:.0f} s to say that nothing listens."


def check_place_that_hangs_up(place: Place) -> None:
    """A server that hangs up on everyone is a sentence, and never an empty listing."""
    with socket.create_server(("127.0.0.1", 0)) as server, ThreadPoolExecutor(1) as threads:
        port = server.getsockname()[1]
        connector = place.connector_to("127.0.0.1", port)
        hanging_up = threads.submit(_hang_up, server)
        try:
            if connector is not None:
                with closing(connector):
                    _assert_unavailable(place, connector)
        finally:
            # Shutting down wakes the thread that waits in accept; closing alone would not.
            server.shutdown(socket.SHUT_RDWR)
            hanging_up.result(timeout=10)


def check_place_that_answers_nonsense(place: Place) -> None:
    """A server that speaks another protocol is a sentence, and never an empty listing."""
    with socket.create_server(("127.0.0.1", 0)) as server, ThreadPoolExecutor(1) as threads:
        port = server.getsockname()[1]
        connector = place.connector_to("127.0.0.1", port)
        answering = threads.submit(_hang_up, server, b"\xff\x00 4711 nonsense \r\n\r\n" * 50)
        try:
            if connector is not None:
                with closing(connector):
                    _assert_unavailable(place, connector)
        finally:
            server.shutdown(socket.SHUT_RDWR)
            answering.result(timeout=10)


def check_rights_are_the_places_own(place: Place) -> None:
    """Who reads an item is exactly whom the place lets read it, and a change is seen."""
    if ACCESS not in place.capabilities:
        return
    people = ("ada", "bob", "eve")
    for_one = place.write("rights/one.txt", b"For one person.")
    for_two = place.write("rights/two.txt", b"For two people.")
    for_nobody = place.write("rights/nobody.txt", b"For nobody.")
    place.allow(for_one, ["ada"])
    place.allow(for_two, ["ada", "bob"])
    place.close_all(for_nobody)
    with closing(place.connector()) as connector:
        assert connector.reports_access, "The place has rights, and the connector says it has none."
        rights = _rights(connector, people)
        assert rights.get(for_one) == {"ada"}, f"{rights.get(for_one)} read what is for ada."
        assert rights.get(for_two) == {"ada", "bob"}
        assert not rights.get(for_nobody), f"{rights[for_nobody]} read what is for nobody."
        place.allow(for_one, ["bob"])
        assert _rights(connector, people).get(for_one) == {"bob"}, "A changed right is not seen."


def check_unreadable_rights_open_nothing(place: Place) -> None:
    """Where the rights cannot be read, nobody reads, and a sentence says why."""
    if HIDDEN_RIGHTS not in place.capabilities:
        return
    hidden = place.write("rights/hidden.txt", b"Rights unknown.")
    place.write("rights/shown.txt", b"Rights known.")
    place.hide_rights(hidden)
    with closing(place.connector()) as connector:
        (item,) = [item for item in listing(connector) if item.path == hidden]
        assert item.access is not None
        assert item.access.problem, "No sentence says why the rights could not be read."
        assert readers(connector, item.access, ("ada", "bob", "eve")) == set()
        _assert_no_secret(place, item.access.problem)


def check_groups_are_resolved(place: Place) -> None:
    """A group lets in its members, and nobody else."""
    if GROUPS not in place.capabilities:
        return
    path = place.write("groups/file.txt", b"For the group.")
    place.allow_group(path, "engineering", ["ada", "bob"])
    with closing(place.connector()) as connector:
        rights = _rights(connector, ("ada", "bob", "eve"))
        assert rights.get(path) == {"ada", "bob"}, f"{rights.get(path)} read what is for a group."
        assert not list(connector.groups(["no such group"])), "A group that is not there is told."


def check_groups_of_two_scopes_never_collide(place: Place) -> None:
    """Groups of the same name in two scopes are two groups."""
    if SCOPES not in place.capabilities:
        return
    one = place.write("groups/one.txt", b"For the first team.")
    two = place.write("groups/two.txt", b"For the second team.")
    place.allow_group(one, "team", ["ada"], scope=0)
    place.allow_group(two, "team", ["eve"], scope=1)
    with closing(place.connector()) as connector:
        rights = _rights(connector, ("ada", "bob", "eve"))
        assert (rights.get(one), rights.get(two)) == ({"ada"}, {"eve"}), (
            "The two groups were mixed."
        )


def check_feed_tells_what_changed(place: Place) -> None:
    """After a complete checkpoint, a feed tells exactly what changed, moves included, then nothing more."""
    if FEED not in place.capabilities:
        return
    stays = place.write("feed/stays.txt", b"It stays.")
    changes = place.write("feed/changes.txt", b"It changes.")
    goes = place.write("feed/goes.txt", b"It goes.")
    with closing(place.connector()) as connector:
        assert connector.has_feed, "The place has a feed, and the connector says it has none."
        known, token = _feed(connector, None)
        assert {stays, changes, goes} <= {item.path for item in known if isinstance(item, Item)}
        new = place.write("feed/new.txt", b"It is new.")
        place.write("feed/changes.txt", b"It CHANGES.")
        place.remove(goes)
        changed, token = _feed(connector, token)
        told = {entry.path for entry in changed if isinstance(entry, Item)}
        assert told == {new, changes}, f"The feed tells of {sorted(told)}."
        assert any(isinstance(entry, Gone) for entry in changed), (
            "The feed does not tell what is gone."
        )
        _assert_applied(known, changed, connector)
        assert _feed(connector, token)[0] == [], "The feed tells the same twice."
        if MOVE in place.capabilities:
            known = _feed(connector, None)[0]
            moved = place.move(stays, "elsewhere/moved.txt")
            changed, token = _feed(connector, token)
            assert moved in {entry.path for entry in changed if isinstance(entry, Item)}
            _assert_applied(known, changed, connector)
            assert _feed(connector, token)[0] == [], "The feed tells a move twice."


def check_bad_token_is_expired(place: Place) -> None:
    """A token that the place never gave has everything listed again."""
    if FEED not in place.capabilities:
        return
    place.write("feed/file.txt", b"A text.")
    with closing(place.connector()) as connector:
        for token in ("nonsense", "0" * 40, '{"a": 1}', "../..", "\U0001f98c"):
            try:
                list(connector.items(token))
            except TokenExpired:
                continue
            raise AssertionError(f"The token {token!r} is taken for a good one.")


Check = Callable[[Place], None]
CHECKS: tuple[Check, ...] = (
    check_empty_place_lists_nothing,
    check_making_a_connector_opens_nothing,
    check_folders_come_back,
    check_names_come_back,
    check_bytes_are_exact,
    check_second_listing_is_equal,
    check_fetch_tells_the_version_listed,
    check_changed_bytes_change_the_version,
    check_move_keeps_the_identity,
    check_removed_is_gone,
    check_fetch_of_what_never_was,
    check_fetch_never_climbs,
    check_many_are_listed_once,
    check_fetches_beside_each_other,
    check_fetch_while_listing,
    check_wrong_credentials_are_refused,
    check_unreachable_place,
    check_place_that_hangs_up,
    check_place_that_answers_nonsense,
    check_rights_are_the_places_own,
    check_unreadable_rights_open_nothing,
    check_groups_are_resolved,
    check_groups_of_two_scopes_never_collide,
    check_feed_tells_what_changed,
    check_bad_token_is_expired,
)


def _assert_sound(items: list[Item]) -> None:
    paths = [item.path for item in items]
    assert len(paths) == len(set(paths)), "An item is listed twice."
    identities = [item.identity for item in items if item.identity]
    assert len(identities) == len(set(identities)), "Two items have the same identity."
    for item in items:
        problem = path_problem(item.path)
        assert problem is None, f"{item.path!r}: {problem}"


def _assert_same(place: Place, path: str, content: bytes, written: bytes) -> None:
    if BYTES in place.capabilities:
        assert content == written, f"{path!r}: other bytes were fetched than were written."
    else:
        assert written.strip() in content, f"{path!r}: the text written is not in what was fetched."


def _assert_true(item: Item, content: bytes, before: float) -> None:
    assert item.size in {None, len(content)}, f"{item.path!r}: the size listed is {item.size}."
    if item.modified_ns is not None:
        modified = item.modified_ns / 1e9
        assert before - _CLOCK_S < modified < time.time() + _CLOCK_S, (
            f"{item.path!r}: the time listed is {modified}, in seconds since 1970."
        )


def _assert_gone(connector: Connector, path: str) -> None:
    try:
        with connector.fetch(path):
            pass
    except ItemGone:
        return
    raise AssertionError(f"The fetch of {path!r}, which is not there, gave something.")


def _assert_unavailable(place: Place, connector: Connector) -> None:
    """Neither the check nor a listing passes, and both say why."""
    for attempt in (connector.check, lambda: list(connector.items())):
        try:
            attempt()
        except PlaceUnavailable as error:
            _assert_sentence(place, error)
        else:
            raise AssertionError("The place is said to be there.")


def _assert_sentence(place: Place, error: CentaureError) -> None:
    words = error.message
    assert " " in words.strip(), f"{words!r} is no sentence."
    assert words.rstrip().endswith("."), f"{words!r} does not end as a sentence."
    assert "Traceback" not in words
    assert len(words) < 2000, "The sentence is endless."
    _assert_no_secret(place, words)


def _assert_no_secret(place: Place, words: str) -> None:
    assert not any(secret in words for secret in place.secrets), "A secret is shown."


def _by_path(items: list[Item]) -> dict[str, Item]:
    return {item.path: replace(item, modified_ns=None) for item in items}


def _rights(connector: Connector, people: Iterable[str]) -> dict[str, set[str]]:
    return {item.path: readers(connector, item.access, people) for item in listing(connector)}


def _assert_applied(
    known: Iterable[Item | Problem | Gone],
    changed: Iterable[Item | Problem | Gone],
    connector: Connector,
) -> None:
    """What was known, with what a feed tells applied to it in order, is what is there."""
    items = {entry.path: entry for entry in known if isinstance(entry, Item)}
    for entry in changed:
        if isinstance(entry, Gone):
            for item in [*items.values()]:
                if entry.path == item.path or (entry.identity and entry.identity == item.identity):
                    del items[item.path]
        elif isinstance(entry, Item):
            items[entry.path] = entry
    present = {item.path for item in listing(connector)}
    assert set(items) == present, (
        f"After the feed, {sorted(set(items) - present)} stay and {sorted(present - set(items))} lack."
    )


def _feed(connector: Connector, since: str | None) -> tuple[list[Item | Problem | Gone], str]:
    """What a feed tells, and the token of the complete checkpoint that ends it."""
    entries = list(connector.items(since))
    checkpoints = [entry for entry in entries if isinstance(entry, Checkpoint)]
    assert checkpoints, "The feed ends without a checkpoint."
    assert checkpoints[-1].complete, "The feed ends without a complete checkpoint."
    return [entry for entry in entries if not isinstance(entry, Checkpoint)], checkpoints[-1].token


class _free_port:  # noqa: N801 - used as a context manager, like a function
    """A port of this machine on which nothing listens."""

    def __enter__(self) -> int:
        with socket.create_server(("127.0.0.1", 0)) as server:
            return int(server.getsockname()[1])

    def __exit__(self, *_: object) -> None:
        """Nothing is held."""


def _hang_up(server: socket.socket, words: bytes = b"") -> None:
    """Accept whoever comes, say something and hang up, until the server is shut down."""
    while True:
        try:
            connection, _ = server.accept()
        except OSError:
            return
        with connection:
            try:
                connection.sendall(words)
            except OSError:
                continue
