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
    access = posix_rights.file_access(place, PlaceAccess(()))
    assert "group:posix/0" in access.clauses[0]
    assert "*" not in access.clauses[0]
    monkeypatch.setattr(posix_rights.os, "getxattr", lambda *_, **__: written[:-3])
    damaged = posix_rights.file_access(place, PlaceAccess(()))
    assert damaged.clauses == (frozenset(),)
    assert "cannot be read" in damaged.problem


def test_groups_of_the_machine_have_their_members() -> None:
    (found,) = posix_groups(["posix/0", "posix/4242424", "other/0"])
    assert (found.id, found.label) == ("posix/0", "root")
    assert "root" in found.users
