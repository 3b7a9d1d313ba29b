"""Windows lists of rights, and answers of machines: never wider than the system, whatever the bytes are."""

import struct
from contextlib import contextmanager, suppress
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from pydantic import SecretStr
from smbprotocol.security_descriptor import (
    AccessAllowedAce,
    AccessDeniedAce,
    AclPacket,
    SDControl,
    SIDPacket,
    SMB2CreateSDBuffer,
)

from centaure.knowledge.connectors.files import smb_directory, smb_rpc
from centaure.knowledge.connectors.files.smb_descriptor import (
    Right,
    Unclear,
    access_of,
    joined,
    read_descriptor,
)
from centaure.knowledge.connectors.files.smb_directory import Directory, Meaning
from centaure.knowledge.connectors.files.smb_rights import Rights, Settings
from centaure.knowledge.connectors.files.smb_session import Account, Machine
from centaure.knowledge.connectors.port import (
    ItemGone,
    ItemUnreadable,
    PlaceAccess,
    PlaceUnavailable,
)

DOMAIN = "S-1-5-21-1-2-3"
ADA, BOB, EVE = (f"{DOMAIN}-{number}" for number in (1001, 1002, 1003))
TEAM, STAFF, GONE = (f"{DOMAIN}-{number}" for number in (2001, 2002, 3001))
EVERYONE, OWNER_RIGHTS, CREATOR = "S-1-1-0", "S-1-3-4", "S-1-3-0"
SEVERAL = {TEAM: {ADA, BOB}, STAFF: {BOB, EVE}}
NAMES = {ADA: "ada", BOB: "bob", EVE: "eve"}
READ, WRITE, TRAVERSE = 0x1, 0x2, 0x20
ALL, GENERIC_READ, GENERIC_WRITE = 0x10000000, 0x80000000, 0x40000000
INHERIT_ONLY, INHERITED = 0x8, 0x10


class People:
    """Knows three people and two groups."""

    def meanings(self, sids):
        found = {sid: Meaning(complete=False) for sid in sids}
        known = {sid: Meaning(frozenset({f"user:{name}"})) for sid, name in NAMES.items()}
        known |= {sid: Meaning(frozenset({f"group:{sid}"})) for sid in SEVERAL}
        known |= {EVERYONE: Meaning(frozenset({"*"})), CREATOR: Meaning()}
        return {sid: known.get(sid, meaning) for sid, meaning in found.items()}


def packed(letters):
    packet = SIDPacket()
    packet.from_string(letters)
    return packet


def allow(sid, mask=READ, flags=0):
    return _ace(AccessAllowedAce(), sid, mask, flags)


def deny(sid, mask=READ, flags=0):
    return _ace(AccessDeniedAce(), sid, mask, flags)


def _ace(ace, sid, mask, flags):
    ace["mask"], ace["sid"] = mask, packed(sid)
    ace["ace_flags"].set_value(flags)
    return ace


def raw(kind, sid, mask=READ, flags=0):
    """An entry of any type; those of object types are for no class (MS-DTYP 2.4.4.3)."""
    classes = b"\0" * 4 if kind in {0x05, 0x06} else b""
    body = struct.pack("<I", mask) + classes + packed(sid).pack()
    return struct.pack("<BBH", kind, flags, 4 + len(body)) + body


def descriptor(*entries, owner=ADA, protected=False):
    written = SMB2CreateSDBuffer()
    listed = AclPacket()
    listed["aces"] = [entry if isinstance(entry, bytes) else entry.pack() for entry in entries]
    listed["ace_count"] = len(entries)
    listed["acl_size"] = 8 + sum(map(len, entries))
    written["control"].set_flag(SDControl.SELF_RELATIVE)
    if protected:
        written["control"].set_flag(SDControl.DACL_PROTECTED)
    written.set_owner(packed(owner))
    written.set_dacl(listed)
    return written.pack()


def accessed(written, right=Right.READ):
    try:
        return access_of(read_descriptor(written), right, People(), "it")
    except Unclear as error:
        return PlaceAccess.unreadable(str(error))


def keys_of(person):
    groups = {f"group:{group}" for group, members in SEVERAL.items() if person in members}
    return {"*", f"user:{NAMES[person]}"} | groups


def let_in(access):
    return {
        NAMES[person]
        for person in NAMES
        if access.clauses
        and all(clause & keys_of(person) for clause in access.clauses)
        and not access.denied & keys_of(person)
    }


@pytest.mark.parametrize(
    ("entries", "readers"),
    [
        ([], set()),
        ([allow(ADA)], {"ada"}),
        ([allow(ADA, WRITE)], set()),
        ([allow(ADA, GENERIC_READ), allow(BOB, ALL), allow(EVE, GENERIC_WRITE)], {"ada", "bob"}),
        ([allow(TEAM)], {"ada", "bob"}),
        ([allow(EVERYONE)], {"ada", "bob", "eve"}),
        ([deny(BOB), allow(TEAM)], {"ada"}),
        ([deny(STAFF), allow(EVERYONE)], {"ada"}),
        ([deny(BOB, WRITE), allow(TEAM)], {"ada", "bob"}),
        ([deny(EVERYONE), allow(ADA)], set()),
        ([allow(ADA), deny(EVERYONE)], {"ada"}),
        ([allow(EVERYONE), deny(ADA)], {"ada", "bob", "eve"}),
        ([allow(ADA, flags=INHERIT_ONLY), allow(BOB, flags=INHERITED)], {"bob"}),
        ([deny(ADA, flags=INHERIT_ONLY), allow(ADA)], {"ada"}),
        ([allow(CREATOR), allow(BOB)], {"bob"}),
        ([deny(CREATOR), allow(BOB)], {"bob"}),
        ([allow(OWNER_RIGHTS)], {"ada"}),
        ([deny(OWNER_RIGHTS), allow(EVERYONE)], {"bob", "eve"}),
        ([allow(GONE), allow(BOB)], {"bob"}),
        ([raw(0x09, EVERYONE), allow(ADA)], {"ada"}),  # on a condition
        ([raw(0x05, EVERYONE), allow(ADA)], {"ada"}),  # for a class of objects
        ([raw(0x02, EVERYONE), allow(ADA)], {"ada"}),  # recorded only
        ([raw(0x0A, BOB, WRITE), allow(ADA)], {"ada"}),
        # As Samba writes what POSIX rights leave out
        ([allow(BOB, 0), allow(EVERYONE)], {"ada", "eve"}),
        ([allow(BOB, 0), allow(TEAM)], {"ada"}),
        ([allow(TEAM, 0), allow(EVERYONE)], {"eve"}),
        ([allow(TEAM, 0), allow(STAFF)], {"bob", "eve"}),
        ([allow(OWNER_RIGHTS, 0), allow(EVERYONE)], {"ada", "bob", "eve"}),
    ],
)
def test_a_list_lets_in_whom_it_says(entries, readers):
    access = accessed(descriptor(*entries))
    assert let_in(access) == readers
    assert not access.problem


@pytest.mark.parametrize(
    "entries",
    [
        [deny(GONE), allow(EVERYONE)],
        [raw(0x0A, BOB), allow(EVERYONE)],  # denied on a condition
        [raw(0x06, BOB), allow(EVERYONE)],
        [raw(0x15, BOB), allow(EVERYONE)],  # of no known type
        [raw(0x13, EVERYONE), allow(EVERYONE)],
        [raw(0x11, "S-1-16-12288", mask=2), allow(EVERYONE)],
        [allow(GONE, 0), allow(EVERYONE)],
        [allow(GONE)],
        [allow(EVERYONE), b"\0\0\4\0"],
        [allow(EVERYONE), b"\0\0\xff\xff" + b"\0" * 8],
        [allow(EVERYONE), b"\0\0\0\0" + b"\0" * 8],
        [raw(0x00, EVERYONE)[:-4]],
    ],
)
def test_what_cannot_be_understood_closes_and_is_said(entries):
    access = accessed(descriptor(*entries))
    assert let_in(access) == set()
    assert access.problem


def test_a_list_that_is_null_lets_everyone_in_and_one_that_is_absent_nobody():
    null = struct.pack("<BBHIIII", 1, 0, 0x8004, 0, 0, 0, 0)
    absent = struct.pack("<BBHIIII", 1, 0, 0x8000, 0, 0, 0, 0)
    assert let_in(accessed(null)) == {"ada", "bob", "eve"}
    assert accessed(absent).problem
    assert let_in(accessed(absent)) == set()


def test_a_protected_list_is_read_as_any_other():
    assert let_in(accessed(descriptor(allow(ADA), protected=True))) == {"ada"}


def test_folders_ask_for_another_right_than_files():
    written = descriptor(allow(ADA, READ), allow(BOB, TRAVERSE))
    assert let_in(accessed(written)) == {"ada"}
    assert let_in(accessed(written, Right.PASS)) == {"bob"}


def test_a_central_policy_beside_the_list_closes():
    own = descriptor(allow(EVERYONE))
    policy = raw(0x13, "S-1-17-1")
    system = struct.pack("<BBHHH", 2, 0, 8 + len(policy), 1, 0) + policy
    header = list(struct.unpack_from("<BBHIIII", own))
    header[2] |= 0x10
    header[5] = len(own)
    written = struct.pack("<BBHIIII", *header) + own[20:] + system
    assert let_in(accessed(own)) == {"ada", "bob", "eve"}
    assert let_in(accessed(written)) == set()
    assert "central" in accessed(written).problem


def test_a_reader_is_let_in_by_each_step():
    accesses = [accessed(descriptor(allow(TEAM))), accessed(descriptor(deny(ADA), allow(EVERYONE)))]
    assert let_in(joined(accesses)) == {"bob"}
    closed = joined([*accesses, PlaceAccess.unreadable("Why.")])
    assert (let_in(closed), closed.problem) == (set(), "Why.")


def granted(entries, person, owner):
    """MS-DTYP 2.5.3.2 for FILE_READ_DATA."""
    token = {person, EVERYONE} | {group for group, members in SEVERAL.items() if person in members}
    token |= {OWNER_RIGHTS} if owner == person else set()
    for allows, sid, mask, flags in entries:
        if flags & INHERIT_ONLY or sid not in token or not mask & (READ | ALL | GENERIC_READ):
            continue
        return allows
    return False


@settings(max_examples=500, deadline=None)
@given(
    entries=some.lists(
        some.tuples(
            some.booleans(),
            some.sampled_from([*NAMES, *SEVERAL, GONE, EVERYONE, OWNER_RIGHTS, CREATOR]),
            some.sampled_from([0, READ, WRITE, ALL, GENERIC_READ]),
            some.sampled_from([0, 0, INHERIT_ONLY, INHERITED]),
        ),
        max_size=6,
    ),
    owner=some.sampled_from([*NAMES]),
)
def test_nobody_is_let_in_whom_the_system_keeps_out(entries, owner):
    made = [(allow if allows else deny)(*rest) for allows, *rest in entries]
    readers = let_in(accessed(descriptor(*made, owner=owner)))
    assert readers <= {NAMES[one] for one in NAMES if granted(entries, one, owner)}


@settings(max_examples=500, deadline=None)
@given(some.data())
def test_damaged_bytes_are_said_or_are_a_list(data):
    whole = bytearray(descriptor(deny(BOB), allow(TEAM), allow(ADA, ALL)))
    for _ in range(data.draw(some.integers(0, 4))):
        whole[data.draw(some.integers(0, len(whole) - 1))] = data.draw(some.integers(0, 255))
    with suppress(Unclear):
        read_descriptor(bytes(whole[: data.draw(some.integers(0, len(whole)))]))


@settings(max_examples=500, deadline=None)
@given(some.binary(max_size=200))
def test_any_bytes_are_said_or_are_a_list(written):
    with suppress(Unclear):
        read_descriptor(written)


def test_a_descriptor_that_is_cut_opens_nothing():
    whole = descriptor(allow(EVERYONE))
    for length in range(len(whole)):
        assert let_in(accessed(whole[:length])) == set()


class Told(Machine):
    """A machine whose pipes say what a test has them say."""

    def __init__(self, said, descriptors=None):
        super().__init__("files.example.org", 445, Account("reader", SecretStr("secret")))
        self._said = [*said]
        self._descriptors = descriptors or {}
        self.sent = []
        self.connection = self
        self.max_read_size = 1 << 16

    @contextmanager
    def handle(self, share, name, access, options):
        _ = share, name, access, options
        yield self

    def descriptor(self, share, name, options, information):
        _ = share, options, information
        found = self._descriptors.get(name)
        if isinstance(found, bytes):
            return found
        raise found or ItemGone

    def write(self, said):
        self.sent.append(said)

    def read(self, offset, length):
        _ = offset, length
        return self._said.pop(0) if self._said else b""


def fragment(number, stub, kind=2, flags=3):
    body = struct.pack("<IHBx", len(stub), 0, 0) + stub
    return struct.pack("<BBBBIHHI", 5, 0, kind, flags, 16, 16 + len(body), 0, number) + body


def bound(number=1, result=0):
    body = struct.pack("<HHIH", 4280, 4280, 1, 12) + b"\\PIPE\\lsass\0" + b"\0\0"
    body += struct.pack("<IHH", 1, result, 0) + smb_rpc._NDR.bytes_le + struct.pack("<I", 2)
    return struct.pack("<BBBBIHHI", 5, 0, 12, 3, 16, 16 + len(body), 0, number) + body


HANDLE = b"h" * 20 + struct.pack("<I", 0)
DOMAIN_TOLD = (
    struct.pack("<IHxxHHII", 1, 5, 4, 6, 2, 3)
    + smb_rpc.text("AB")
    + smb_rpc.sid(DOMAIN)
    + struct.pack("<I", 0)
)
QUESTIONS = {
    "domain": smb_directory.account_domain,
    "names": lambda machine: smb_directory.looked_up(machine, [ADA, BOB, GONE]),
    "alias": lambda machine: smb_directory.members_of(machine, {TEAM: True}),
    "group": lambda machine: smb_directory.members_of(machine, {TEAM: False}),
    "share": lambda machine: smb_directory.share_descriptor(machine, "documents"),
}


@pytest.mark.parametrize("cut", [1, 7, 16, 30, 1000])
def test_an_answer_in_pieces_is_put_together(cut):
    places = [*range(0, len(DOMAIN_TOLD), cut), len(DOMAIN_TOLD)]
    pieces = [
        fragment(3, DOMAIN_TOLD[a:b], flags=(a == 0) | (b == len(DOMAIN_TOLD)) << 1)
        for a, b in pairwise(places)
    ]
    whole = b"".join([bound(), fragment(2, HANDLE), *pieces])
    packets = [whole[at : at + cut * 3] for at in range(0, len(whole), cut * 3)]
    assert smb_directory.account_domain(Told(packets)) == DOMAIN


@pytest.mark.parametrize(
    "said",
    [
        [b"HTTP/1.1 200 OK\r\n\r\n" * 5],
        [bound(number=9)],
        [bound(), fragment(2, HANDLE), fragment(9, DOMAIN_TOLD)],
        [bound(), fragment(2, HANDLE), fragment(3, DOMAIN_TOLD, flags=2)],
        [bound(), fragment(2, HANDLE), fragment(3, b"", flags=1)],
        [bound(), fragment(2, HANDLE), fragment(3, DOMAIN_TOLD[:-9])],
        [bound(), fragment(2, HANDLE), fragment(3, DOMAIN_TOLD)[:-9]],
        [bound()],
        [],
    ],
)
def test_answers_that_are_none_are_a_sentence(said):
    with pytest.raises(PlaceUnavailable, match=r"files\.example\.org .*\."):
        smb_directory.account_domain(Told(said))


@pytest.mark.parametrize(
    "said", [fragment(2, b"\5\0\0\0", kind=3), fragment(2, b"h" * 20 + b"\5\0\0\0")]
)
def test_a_question_that_is_refused_is_not_an_answer(said):
    with pytest.raises(smb_rpc.Refused):
        smb_directory.account_domain(Told([bound(), said]))


def test_an_interface_that_is_not_offered_is_not_asked():
    machine = Told([bound(result=2), fragment(2, HANDLE), fragment(3, DOMAIN_TOLD)])
    with pytest.raises(smb_rpc.Refused):
        smb_directory.account_domain(machine)
    assert len(machine.sent) == 1


@pytest.mark.parametrize("question", QUESTIONS)
@settings(max_examples=100, deadline=None)
@given(
    stubs=some.lists(
        some.one_of(
            some.binary(max_size=120),
            some.just(HANDLE),
            some.lists(
                some.sampled_from([0, 1, 2, 3, 5, 40, 502, 0x107, 0xFFFFFFFF]), max_size=40
            ).map(lambda numbers: struct.pack(f"<{len(numbers)}I", *numbers)),
        ),
        max_size=5,
    )
)
def test_any_answer_is_an_error_of_the_port_or_an_answer(question, stubs):
    said = [bound(), *(fragment(number, stub) for number, stub in enumerate(stubs, 2))]
    with suppress(PlaceUnavailable, smb_rpc.Refused):
        QUESTIONS[question](Told(said))


@settings(max_examples=100, deadline=None)
@given(some.lists(some.binary(min_size=1, max_size=100), max_size=5))
def test_any_packets_are_an_error_of_the_port_or_an_answer(said):
    for question in QUESTIONS.values():
        with suppress(PlaceUnavailable, smb_rpc.Refused):
            question(Told(said))


def rights_of(machine):
    directory = Directory(machine, None, "")
    return Rights(
        machine, directory, Settings("documents", "", share_counts=False, folders_count=False)
    )


@pytest.mark.parametrize("error", [ItemUnreadable("No."), ItemGone(), None])
def test_a_descriptor_that_is_not_given_opens_nothing_and_is_said(error):
    access = rights_of(Told([], {"a.txt": error})).of_file("a.txt")
    assert access.problem.startswith("The rights of a.txt cannot be read (")
    assert let_in(access) == set()


def test_machines_that_do_not_answer_about_people_stop_the_listing():
    rights = rights_of(Told([], {"a.txt": descriptor(allow(ADA))}))
    with pytest.raises(PlaceUnavailable):
        rights.of_file("a.txt")


def test_machines_that_refuse_to_tell_of_people_open_nothing():
    refusal = struct.pack("<BBBBIHHI", 5, 0, 13, 3, 16, 16, 0, 1)
    rights = rights_of(Told([refusal] * 10, {"a.txt": descriptor(allow(ADA))}))
    assert let_in(rights.of_file("a.txt")) == set()
    assert ADA in rights.of_file("a.txt").problem


OTHER = "S-1-5-21-7-8-9"
NAMED = {
    ADA: (1, "Ada"),
    BOB: (1, "bob"),
    EVE: (1, "PC$"),
    TEAM: (4, "Team"),
    STAFF: (2, "Staff"),
    GONE: (8, GONE),
    f"{DOMAIN}-513": (2, "Domain Users"),
    f"{OTHER}-1001": (1, "ada"),
    f"{OTHER}-2001": (4, "Team"),
    "S-1-5-32-545": (4, "Users"),
    "S-1-22-1-1000": (1, "carl"),
    "S-1-22-1-4242": (1, "4242"),
    "S-1-22-2-0": (2, "root"),
}


@pytest.fixture
def directory(monkeypatch):
    """A directory of two machines, whose groups have the members that it is called with."""

    def made(members, *, with_domain=False, refused=()):
        server, domain = (
            Machine(host, 445, Account("reader", SecretStr("secret"))) for host in ("files", "dc")
        )
        keeps = {server: OTHER if with_domain else DOMAIN, domain: DOMAIN}

        def names(machine, sids):
            if machine.host in refused:
                raise smb_rpc.Refused
            assert all(sid.startswith(("S-1-5-32-", "S-1-22-", keeps[machine])) for sid in sids)
            return {sid: NAMED.get(sid, (8, "")) for sid in sids}

        def inside(machine, groups):
            _ = machine
            return {sid: tuple(members[sid]) for sid in groups if sid in members}

        monkeypatch.setattr(smb_directory, "account_domain", lambda machine: keeps[machine])
        monkeypatch.setattr(smb_directory, "looked_up", names)
        monkeypatch.setattr(smb_directory, "members_of", inside)
        return Directory(server, domain if with_domain else None, "")

    return made


def meaning_of(directory, sid):
    meaning = directory.meanings([sid])[sid]
    return set(meaning.names), meaning.complete


@pytest.mark.parametrize(
    ("sid", "names", "complete"),
    [
        (EVERYONE, {"*"}, True),
        ("S-1-5-11", {"*"}, True),
        ("S-1-5-18", set(), True),
        (ADA, {"user:ada"}, True),
        (EVE, set(), False),  # a computer
        (GONE, set(), False),
        (f"{OTHER}-1001", set(), False),
        ("S-1-5-4", set(), False),
        ("S-1-22-1-1000", {"user:carl"}, True),
        ("S-1-22-1-4242", set(), False),  # a number that nobody has
        ("S-1-22-2-0", set(), False),
        ("S-1-5-32-545", {"group:smb/files/S-1-5-32-545", "*"}, True),
        (TEAM, {f"group:smb/files/{TEAM}"}, True),
        (STAFF, {f"group:smb/files/{STAFF}"}, False),
        (f"{DOMAIN}-513", {f"group:smb/files/{DOMAIN}-513"}, False),
    ],
)
def test_a_sid_means_whom_its_machine_says(directory, sid, names, complete):
    members = {
        TEAM: [ADA, BOB],
        STAFF: [ADA, GONE],
        f"{DOMAIN}-513": [ADA],
        "S-1-5-32-545": [TEAM, "S-1-5-11"],
    }
    assert meaning_of(directory(members), sid) == (names, complete)


def test_groups_that_hold_each_other_end(directory):
    told = directory({TEAM: [STAFF, ADA], STAFF: [TEAM, BOB]})
    assert meaning_of(told, TEAM) == ({f"group:smb/files/{TEAM}"}, True)
    groups = {group.id: group for group in told.groups([f"smb/files/{TEAM}"])}
    assert {group.users for group in groups.values()} == {("ada",), ("bob",)}
    assert groups[f"smb/files/{TEAM}"].contains == (f"smb/files/{STAFF}",)


def test_a_group_of_the_file_server_holds_people_of_the_domain_only(directory):
    local = f"{OTHER}-2001"
    told = directory({local: [ADA, f"{OTHER}-1001", TEAM], TEAM: [BOB]}, with_domain=True)
    assert meaning_of(told, f"{OTHER}-1001") == (set(), False)
    assert meaning_of(told, local) == ({f"group:smb/files/{local}"}, False)
    groups = {group.id: group.users for group in told.groups([f"smb/files/{local}"])}
    assert groups == {f"smb/files/{local}": ("ada",), f"smb/dc/{TEAM}": ("bob",)}


def test_a_machine_that_refuses_leaves_its_accounts_unknown(directory):
    told = directory({TEAM: [ADA]}, with_domain=True, refused={"dc"})
    assert meaning_of(told, ADA) == (set(), False)
    assert meaning_of(told, EVERYONE) == ({"*"}, True)
    assert list(told.groups([f"smb/dc/{TEAM}", "smb/dc/nonsense", "", "S-1-5-32-x"])) == []


def test_what_is_known_is_asked_again_after_it_is_forgotten(directory):
    members = {TEAM: [ADA]}
    told = directory(members)
    name = f"smb/files/{TEAM}"
    assert [group.users for group in told.groups([name])] == [("ada",)]
    members[TEAM] = [BOB]
    assert [group.users for group in told.groups([name])] == [("ada",)]
    told.forget()
    assert [group.users for group in told.groups([name])] == [("bob",)]
