"""Mode and access control list as rights: never wider than the system."""

import os
import stat
import struct
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from centaure.knowledge.connectors.files import posix_rights
from centaure.knowledge.connectors.files.folder import FolderConnector
from centaure.knowledge.connectors.files.posix_rights import posix_groups
from centaure.knowledge.connectors.port import Item, PlaceAccess

READ = 4
USERS, GROUPS = (1, 2, 3, 4), (1, 2, 3)


def entries(mode: int, named: dict[tuple[int, int], int], mask: int) -> list[tuple[int, int, int]]:
    kinds = posix_rights
    found = [(kinds._USER_OWNER, mode >> 6 & 7, 0), (kinds._GROUP_OWNER, mode >> 3 & 7, 0)]
    found += [(kind, bits, number) for (kind, number), bits in named.items()]
    return [*found, (kinds._MASK, mask, 0), (kinds._OTHER, mode & 7, 0)]


def reference(
    rows: list[tuple[int, int, int]], owner: int, group: int, user: int, groups: set[int]
) -> bool:
    """The algorithm of acl(5), section ACCESS CHECK ALGORITHM."""
    mask = next(bits for kind, bits, _ in rows if kind == posix_rights._MASK)
    if user == owner:
        return any(kind == posix_rights._USER_OWNER and bits & READ for kind, bits, _ in rows)
    for kind, bits, number in rows:
        if kind == posix_rights._USER and number == user:
            return bool(bits & mask & READ)
    matched = [
        bits & mask & READ
        for kind, bits, number in rows
        if (kind == posix_rights._GROUP_OWNER and group in groups)
        or (kind == posix_rights._GROUP and number in groups)
    ]
    if matched:
        return any(matched)
    return any(kind == posix_rights._OTHER and bits & READ for kind, bits, _ in rows)


def opens(access: PlaceAccess, user: int, groups: set[int]) -> bool:
    keys = {"*", f"user:u{user}", *(f"group:posix/{group}" for group in groups)}
    return all(clause & keys for clause in access.clauses) and not access.denied & keys


@settings(max_examples=1000)
@given(
    mode=some.integers(0, 0o777),
    named=some.dictionaries(
        some.tuples(
            some.sampled_from([posix_rights._USER, posix_rights._GROUP]), some.sampled_from(USERS)
        ),
        some.integers(0, 7),
        max_size=4,
    ),
    mask=some.integers(0, 7),
    owner=some.sampled_from(USERS),
    group=some.sampled_from(GROUPS),
    user=some.sampled_from(USERS),
    groups=some.sets(some.sampled_from(GROUPS)),
)
def test_the_rights_of_a_file_are_those_of_the_system(  # noqa: PLR0913, PLR0917 - the cases of one property
    mode: int,
    named: dict[tuple[int, int], int],
    mask: int,
    owner: int,
    group: int,
    user: int,
    groups: set[int],
) -> None:
    rows = entries(mode, named, mask)
    status = os.stat_result((stat.S_IFREG | mode, 1, 1, 1, owner, group, 1, 0, 0, 0))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(posix_rights, "_user", lambda number: f"user:u{number}")
        patched.setattr(posix_rights, "_is_known_group", lambda _: True)
        access = posix_rights._decided(status, rows, READ)
    found, right = opens(access, user, groups), reference(rows, owner, group, user, groups)
    assert right or not found, "wider than the system"
    if not any(key.startswith("group:") for key in access.denied):
        assert found == right


def test_a_closed_folder_closes_what_it_holds(tmp_path: Path) -> None:
    (tmp_path / "open").mkdir(mode=0o755)
    (tmp_path / "open" / "note.txt").write_text("words")
    (tmp_path / "closed").mkdir()
    (tmp_path / "closed" / "note.txt").write_text("words")
    for path in tmp_path.rglob("*.txt"):
        path.chmod(0o644)
    tmp_path.chmod(0o755)
    (tmp_path / "closed").chmod(0o700)
    found = {
        item.path: item.access
        for item in FolderConnector(tmp_path, reports_access=True).items()
        if isinstance(item, Item)
    }
    openly, closed = found["open/note.txt"], found["closed/note.txt"]
    assert openly is not None
    assert closed is not None
    assert all("*" in clause for clause in openly.clauses)
    assert any("*" not in clause for clause in closed.clauses)


def test_an_access_control_list_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "note.txt"
    place.write_text("words")
    nobody = 0xFFFFFFFF
    rows = [(1, 6, nobody), (4, 0, nobody), (8, 4, 0), (16, 4, nobody), (32, 0, nobody)]
    written = struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *row) for row in rows)
    # As the kernel gives it; not every file system that tests run on keeps such lists.
    monkeypatch.setattr(posix_rights.os, "getxattr", lambda *_, **__: written)
    holder = os.open(tmp_path, os.O_RDONLY | os.O_DIRECTORY)
    access = posix_rights.file_access(holder, place.name, PlaceAccess(()))
    assert "group:posix/0" in access.clauses[0]
    assert "*" not in access.clauses[0]
    monkeypatch.setattr(posix_rights.os, "getxattr", lambda *_, **__: written[:-3])
    damaged = posix_rights.file_access(holder, place.name, PlaceAccess(()))
    os.close(holder)
    assert damaged.clauses == (frozenset(),)
    assert "cannot be read" in damaged.problem


def test_groups_of_the_machine_have_their_members() -> None:
    (found,) = posix_groups(["posix/0", "posix/4242424", "other/0"])
    assert (found.id, found.label) == ("posix/0", "root")
    assert "root" in found.users


UNKNOWN = 4_242_424


def decided(mode: int, owner: int, group: int, named: dict[tuple[int, int], int]) -> PlaceAccess:
    status = os.stat_result((stat.S_IFREG | mode, 1, 1, 1, owner, group, 1, 0, 0, 0))
    return posix_rights._decided(status, entries(mode, named, 7), READ)


@pytest.mark.parametrize(
    ("mode", "owner", "group", "named"),
    [
        (0o044, UNKNOWN, 0, {}),
        (0o604, 0, UNKNOWN, {}),
        (0o644, 0, 0, {(posix_rights._USER, UNKNOWN): 0}),
        (0o644, 0, 0, {(posix_rights._GROUP, UNKNOWN): 0}),
        (0o640, 0, 0, {(posix_rights._USER, UNKNOWN): 0}),
    ],
    ids=["owner", "group", "named user", "named group", "named user among an open group"],
)
def test_a_number_shut_out_that_nobody_knows_closes(
    mode: int, owner: int, group: int, named: dict[tuple[int, int], int]
) -> None:
    access = decided(mode, owner, group, named)
    assert access.clauses == (frozenset(),)
    assert str(UNKNOWN) in access.problem


@pytest.mark.parametrize(
    ("mode", "named"),
    [(0o644, {}), (0o600, {(posix_rights._USER, UNKNOWN): 0})],
    ids=["it is let in", "nobody else is let in"],
)
def test_a_number_that_nobody_knows_may_stand_where_it_changes_nothing(
    mode: int, named: dict[tuple[int, int], int]
) -> None:
    assert decided(mode, 0, UNKNOWN if not named else 0, named).problem == ""


def test_an_account_that_was_not_found_once_is_looked_up_by_the_next_listing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "note.txt").write_text("words")
    connector = FolderConnector(tmp_path, reports_access=True)

    def fails(_: int) -> None:
        raise KeyError

    with monkeypatch.context() as patched:
        patched.setattr(posix_rights.pwd, "getpwuid", fails)
        posix_rights._user.cache_clear()
        list(connector.items())
    (item,) = connector.items()
    assert isinstance(item, Item)
    assert item.access is not None
    login = posix_rights.pwd.getpwuid(os.getuid()).pw_name
    assert f"user:{login}" in item.access.clauses[-1]


def test_a_file_that_became_a_link_is_not_open_by_the_mode_of_the_link(tmp_path: Path) -> None:
    (tmp_path / "closed.txt").touch(0o600)
    (tmp_path / "note.txt").symlink_to("closed.txt")
    holder = os.open(tmp_path, os.O_RDONLY | os.O_DIRECTORY)
    access = posix_rights.file_access(holder, "note.txt", PlaceAccess(()))
    os.close(holder)
    assert access.clauses == (frozenset(),)
