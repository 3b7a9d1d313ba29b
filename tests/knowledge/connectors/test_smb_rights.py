"""Rights of shares as a real Samba tells them: who is let in, who is not, and what is said."""

import os
import socket
from contextlib import closing

import pytest
from pydantic import SecretStr
from smbprotocol.file_info import InfoType
from smbprotocol.open import Open, SMB2SetInfoRequest

from centaure.kit.errors import InvalidInput
from centaure.knowledge.connectors.conformance import listing, readers
from centaure.knowledge.connectors.files.smb import SmbConnector, SmbOptions
from centaure.knowledge.connectors.files.smb_session import Account, Machine
from centaure.knowledge.connectors.port import PlaceUnavailable
from knowledge.connectors.places.smb import SmbPlaceWithRights
from knowledge.connectors.servers.smb import (
    PASSWORD,
    keeps_windows_lists,
    smb_domain_server,
    smb_server_with_lists,
    smb_server_with_people,
)
from knowledge.connectors.servers.smb_accounts import PEOPLE, posix_list
from knowledge.connectors.test_smb_descriptors import allow, deny, descriptor, raw

ALL = set(PEOPLE)
USERS = "S-1-5-32-545"
AUTHENTICATED = "S-1-5-11"
WRITE_LIST, READ_PERMISSIONS = 0x40000, 0x20000


@pytest.fixture
def place(started):
    return SmbPlaceWithRights(started(smb_server_with_people))


@pytest.fixture
def place_of_a_domain(started):
    return SmbPlaceWithRights(started(smb_server_with_people), started(smb_domain_server))


@pytest.fixture
def share(place):
    """The list of the share itself, which lets everyone in again afterwards."""
    yield place.people.share
    place.people.share()


def let_in(connector):
    return {item.path: readers(connector, item.access, PEOPLE) for item in listing(connector)}


def read(place, path="file.txt", **options):
    """Whom the place lets in, and the problem that it says."""
    with closing(place.made(**options)) as connector:
        (item,) = [item for item in listing(connector) if item.path == path]
        return readers(connector, item.access, PEOPLE), item.access.problem


def number(place, name):
    return place.number(place.people.person(name))


def test_without_being_asked_to_no_rights_are_told(place):
    place.write("file.txt", b"A text.")
    with closing(place.made(rights="manifest")) as connector:
        assert not connector.reports_access
        assert [item.access for item in listing(connector)] == [None]
        assert list(connector.groups(["smb/127.0.0.1/S-1-5-32-545"])) == []


def test_a_group_in_a_group_lets_its_members_in_until_they_leave(place):
    people = place.people
    path = place.write("file.txt", b"A text.")
    inner = people.group("inner", [people.person("bob")])
    outer = people.group("outer", [people.person("ada"), inner])
    posix_list(place.root / path, groups=[place.number(outer, "G")])
    with closing(place.connector()) as connector:
        assert let_in(connector) == {path: {"ada", "bob"}}
        people.group("inner", [])
        assert let_in(connector) == {path: {"ada"}}
        people.group("inner", [outer, people.person("eve")])
        assert let_in(connector) == {path: {"ada", "eve"}}


def test_a_group_that_was_removed_opens_nothing(place):
    people = place.people
    path = place.write("file.txt", b"A text.")
    gone = people.group("gone", [people.person("bob")])
    posix_list(place.root / path, groups=[place.number(gone, "G")])
    assert read(place) == ({"bob"}, "")
    people.remove_group("gone")
    assert read(place)[0] == set()


def test_names_that_are_no_groups_are_left_out(place):
    with closing(place.connector()) as connector:
        named = ["smb/x/S-1-5-32-x", "S-1-5-32-99999999999", "smb/x/S-1-5-32-545", "", "group"]
        assert list(connector.groups(named)) == []


def test_a_change_of_rights_is_seen_though_the_file_is_the_same(place):
    path = place.write("file.txt", b"A text.")
    place.allow(path, ["ada"])
    with closing(place.connector()) as connector:
        (before,) = listing(connector)
        place.allow(path, ["bob"])
        (after,) = listing(connector)
        assert after.modified_ns == before.modified_ns
        assert readers(connector, before.access, PEOPLE) == {"ada"}
        assert readers(connector, after.access, PEOPLE) == {"bob"}


def test_who_is_shut_out_stays_out_where_others_are_let_in(place):
    people = place.people
    path = place.write("file.txt", b"A text.")
    posix_list(place.root / path, shut_out=[number(place, "bob")], other=4)
    # The group that owns the file is left out as well, and must have a name.
    owner = (place.root / path).stat().st_gid
    people.stands_for(owner, people.group("owners", []), "G")
    assert read(place) == ({"ada", "eve"}, "")


def test_a_folder_that_is_closed_closes_what_lies_below(place):
    path = place.write("one/two/file.txt", b"A text.")
    posix_list(place.root / "one", users=[number(place, "ada"), number(place, "bob")])
    posix_list(place.root / "one" / "two", users=[number(place, "bob"), number(place, "eve")])
    (place.root / path).chmod(0o644)
    assert read(place, path) == ({"bob"}, "")
    assert read(place, path, folders="bypass")[0] == ALL


def test_the_share_itself_must_let_in_as_well(place, share):
    people = place.people
    place.write("file.txt", b"A text.")
    reader = f"{people.reader}:ALLOWED/0x0/FULL"
    share(f"{people.person('bob')}:DENIED/0x0/FULL", "S-1-1-0:ALLOWED/0x0/READ", reader)
    assert read(place) == ({"ada", "eve"}, "")
    assert read(place, share_rights="everyone")[0] == ALL
    share(f"{people.person('ada')}:ALLOWED/0x0/READ", reader)
    assert read(place) == ({"ada"}, "")
    share("S-1-5-21-9-9-9-1000:DENIED/0x0/FULL", "S-1-1-0:ALLOWED/0x0/READ", reader)
    found, problem = read(place)
    assert found == set()
    assert "S-1-5-21-9-9-9-1000" in problem


def test_a_group_that_is_shut_out_keeps_its_members_out_whoever_joins(place, share):
    people = place.people
    place.write("file.txt", b"A text.")
    group = people.group("shut out", [people.person("bob")])
    share(f"{group}:DENIED/0x0/FULL", "S-1-1-0:ALLOWED/0x0/READ")
    assert read(place) == ({"ada", "eve"}, "")
    people.group("shut out", [people.person("bob"), people.person("eve")])
    assert read(place) == ({"ada"}, "")
    people.group("shut out", ["S-1-5-21-9-9-9-1000"])
    found, problem = read(place)
    assert found == set()
    assert group in problem


def test_authenticated_users_in_a_group_are_everyone(place, share):
    people = place.people
    place.write("file.txt", b"A text.")
    group = people.group("all", [people.group("all of them", [AUTHENTICATED])])
    share(f"{group}:ALLOWED/0x0/READ", f"{people.reader}:ALLOWED/0x0/FULL")
    assert read(place) == (ALL, "")


def test_people_of_another_machine_are_nobody_even_of_the_same_name(place_of_a_domain):
    place = place_of_a_domain
    path = place.write("file.txt", b"A text.")
    local = place.server.accounts
    posix_list(place.root / path, users=[local.number(local.person("ada"))])
    found, problem = read(place)
    assert found == set()
    assert local.person("ada") in problem
    assert read(place, directory="") == ({"ada"}, "")
    place.allow(path, ["ada"])
    assert read(place) == ({"ada"}, "")
    assert read(place, directory="")[0] == set()


def test_groups_are_named_by_the_machine_that_keeps_them(place_of_a_domain):
    place = place_of_a_domain
    one, two = (place.write(name, b"A text.") for name in ("one.txt", "two.txt"))
    place.allow_group(one, "team", ["ada"])
    place.allow_group(two, "team", ["eve"], scope=1)
    with closing(place.connector()) as connector:
        named = {group for item in listing(connector) for group in item.access.clauses[-1]}
        ids = {group.removeprefix("group:") for group in named}
        machines = {f"smb/127.0.0.1:{port}" for port in (place.server.port, place.domain.port)}
        assert {name.rpartition("/")[0] for name in ids} == machines
        with closing(place.connector()) as other:
            told = {group.id: group.users for group in other.groups(ids)}
        assert sorted(told.values()) == [("ada",), ("eve",)]


def test_a_login_may_have_more_than_the_name(place):
    place.allow(place.write("file.txt", b"A text."), ["ada"])
    with closing(place.made(login_suffix="@example.org")) as connector:
        (item,) = listing(connector)
        assert readers(connector, item.access, ["ada", "ada@example.org"]) == {"ada@example.org"}


def test_a_directory_that_cannot_be_reached_stops_the_listing(place):
    place.write("file.txt", b"A text.")
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"127.0.0.1:{server.getsockname()[1]}"
    with closing(place.made(directory=address)) as connector:
        with pytest.raises(PlaceUnavailable) as caught:
            listing(connector)
        assert "cannot be reached" in caught.value.message
        assert PASSWORD not in caught.value.message


@pytest.mark.parametrize("written", ["a/b", "smb://a", "a:b", "a b", "user@a", ":445", "a:99999"])
def test_a_directory_is_a_machine(written):
    options = SmbOptions(user="a", password=SecretStr("b"), rights="place", directory=written)
    with pytest.raises(InvalidInput, match="directory"):
        SmbConnector.normal_location("smb://host/share", options)


class PlaceWithLists(SmbPlaceWithRights):
    """One whose server keeps Windows lists, which a machine of its own sets."""

    def __init__(self, server):
        super().__init__(server)
        account = Account(server.user, SecretStr(PASSWORD))
        self.machine = Machine("127.0.0.1", server.port, account)

    def set_list(self, path, *entries, owner=None, protected=False):
        owner = owner or self.people.person("eve")
        written = descriptor(*entries, owner=owner, protected=protected)
        name = f"{self.name}/{path}".strip("/").replace("/", "\\")
        with self.machine.handle("documents", name, WRITE_LIST | READ_PERMISSIONS, 0) as opened:
            request = SMB2SetInfoRequest()
            request["info_type"] = InfoType.SMB2_0_INFO_SECURITY
            request["additional_information"] = 4
            request["file_id"] = opened.file_id
            request["buffer"] = written
            tree = opened.tree_connect
            session = tree.session
            sent = opened.connection.send(request, session.session_id, tree.tree_connect_id)
            opened.connection.receive(sent)


@pytest.fixture
def listed(started):
    if not keeps_windows_lists():
        pytest.skip("Samba's module that keeps Windows lists is not installed: samba-vfs-modules")
    place = PlaceWithLists(started(smb_server_with_lists))
    place.write("file.txt", b"A text.")
    yield place
    place.machine.close()


def test_windows_lists_let_in_whom_they_say(listed):
    ada, bob, eve = map(listed.people.person, PEOPLE)
    team = listed.people.group("windows team", [ada, bob])
    for entries, readers_of_it in (
        ([allow(ada)], {"ada"}),
        ([deny(bob), allow(team)], {"ada"}),
        ([deny(team), allow("S-1-1-0")], {"eve"}),
        ([allow(USERS), allow(eve)], {"eve"}),
        ([allow(ada, flags=8), allow(eve)], {"eve"}),
        ([], set()),
    ):
        listed.set_list("file.txt", *entries)
        assert read(listed)[0] == readers_of_it


def test_windows_lists_that_shut_out_somebody_unknown_close(listed):
    listed.set_list("file.txt", deny("S-1-5-21-9-9-9-1000"), allow("S-1-1-0"))
    found, problem = read(listed)
    assert found == set()
    assert "S-1-5-21-9-9-9-1000" in problem


def test_what_is_inherited_counts_until_it_is_protected(listed):
    ada, bob, _ = map(listed.people.person, PEOPLE)
    listed.set_list("", allow(ada, 0x1200A9, flags=3), allow("S-1-1-0", 0x1F01FF))
    with listed.machine.handle("documents", listed.name, 0x6, 1):
        pass
    opened = Open(listed.machine.tree("documents"), f"{listed.name}\\inherits.txt")
    opened.create(2, 0x3, 0, 7, 2, 0x40)
    opened.close()
    assert read(listed, "inherits.txt")[0] == {"ada"}
    listed.set_list("inherits.txt", allow(bob), protected=True)
    assert read(listed, "inherits.txt")[0] == {"bob"}


def test_rights_for_a_class_of_objects_open_nothing(listed):
    ada = listed.people.person("ada")
    listed.set_list("file.txt", raw(0x05, "S-1-1-0"), allow(ada))
    assert read(listed) == ({"ada"}, "")


if os.geteuid() == 0:  # whoever owns a file may always read its permissions

    def test_a_list_that_the_user_may_not_read_opens_nothing_and_is_said(listed):
        user = "nobody"
        sid = listed.people.add_reader(user, PASSWORD)
        listed.server.root.parent.chmod(0o711)
        listed.set_list("file.txt", allow("S-1-1-0"), allow(sid, 0x1 | READ_PERMISSIONS))
        assert read(listed, user=user) == (ALL, "")
        listed.set_list("file.txt", allow("S-1-1-0", 0x81))
        found, problem = read(listed, user=user)
        assert found == set()
        assert "does not let this user read its permissions" in problem
