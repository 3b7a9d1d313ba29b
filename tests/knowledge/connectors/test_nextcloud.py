"""Nextcloud: who reads is whom the owner shares with, now; whatever is not understood opens nothing."""

import time
from contextlib import ExitStack
from urllib.parse import quote

import pytest
from pydantic import SecretStr

from centaure.kit.errors import InvalidInput
from centaure.knowledge.connectors.conformance import fetched, readers
from centaure.knowledge.connectors.files import webdav_nextcloud
from centaure.knowledge.connectors.files.webdav import WebdavConnector, WebdavOptions
from centaure.knowledge.connectors.port import EVERYONE, Item, PlaceUnavailable, Problem
from centaure.knowledge.connectors.twins.nextcloud import ACCOUNT, KINDS, NextcloudTwin
from centaure.knowledge.connectors.twins.server import Answered, in_json

PEOPLE = ("ada", "bob", "eve", ACCOUNT)
YESTERDAY = time.strftime("%Y-%m-%d 00:00:00", time.gmtime(time.time() - 86_400))
TOMORROW = time.strftime("%Y-%m-%d 00:00:00", time.gmtime(time.time() + 86_400))
DOWNLOADS = '[{"scope": "permissions", "key": "download", "value": %s}]'


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    monkeypatch.setattr("centaure.kit.outbound._backoff", lambda _: 0.01)


def people(twin):
    for login in ("ada", "bob", "eve"):
        twin.add_user(login, f"{login.title()}@example.org")
    return twin


@pytest.fixture
def twin():
    with NextcloudTwin("/nextcloud") as twin:
        people(twin).write("hr/pay/salaries.txt", b"What people earn.")
        yield twin


@pytest.fixture
def connect(twin):
    with ExitStack() as made:

        def connected(folder="", server=twin, **others):
            options = WebdavOptions(
                **{
                    "user": ACCOUNT,
                    "password": SecretStr(twin.password),
                    "rights": "nextcloud",
                    **others,
                }
            )
            address = f"{server.url}/{quote(folder)}"
            location = WebdavConnector.normal_location(address, options)
            connector = WebdavConnector.connect(location, options)
            made.callback(connector.close)
            return connector

        yield connected


def listed(connector):
    return {entry.path: entry for entry in connector.items() if isinstance(entry, Item)}


def rights(connector, logins=PEOPLE):
    return {
        path: readers(connector, item.access, logins) for path, item in listed(connector).items()
    }


def who_reads(connector, path="hr/pay/salaries.txt"):
    return rights(connector)[path] - {ACCOUNT}


def problems(connector):
    return [entry for entry in connector.items() if isinstance(entry, Problem)]


def why_closed(connector, path="hr/pay/salaries.txt"):
    access = listed(connector)[path].access
    assert access.clauses == (frozenset(),)
    assert access.problem.endswith(".")
    return access.problem


@pytest.mark.parametrize(
    ("address", "others"),
    [
        ("https://cloud.example.org", {}),
        ("https://cloud.example.org/remote.php/dav", {}),
        ("https://cloud.example.org/remote.php/dav/files", {}),
        ("https://cloud.example.org/public.php/webdav", {}),
        ("https://cloud.example.org/remote.php/dav/files/robot", {"user": ""}),
    ],
)
def test_rights_are_read_at_the_address_of_an_accounts_files_only(address, others):
    options = WebdavOptions(**{"user": ACCOUNT, "rights": "nextcloud", **others})
    with pytest.raises(InvalidInput, match="Nextcloud"):
        WebdavConnector.normal_location(address, options)
    WebdavConnector.normal_location(address, WebdavOptions(user=ACCOUNT))


@pytest.mark.parametrize("path", ["remote.php/dav/files/robot/hr", "x/remote.php/webdav"])
def test_rights_are_read_at_both_addresses_that_files_have(path):
    options = WebdavOptions(user=ACCOUNT, rights="nextcloud")
    location = f"https://cloud.example.org/{path}"
    assert WebdavConnector.normal_location(location, options) == location


def test_the_manifest_alone_says_so_unless_told_otherwise(twin, connect):
    twin.share("hr", "user", "ada")
    connector = connect(rights="manifest")
    assert not connector.reports_access
    assert {item.access for item in listed(connector).values()} == {None}
    assert not [path for path in twin.asked if "/ocs/" in path]
    assert list(connector.groups(["staff"])) == []


def test_what_is_not_shared_is_the_owners(connect):
    assert rights(connect()) == {"hr/pay/salaries.txt": {ACCOUNT}}


@pytest.mark.parametrize("shared", ["hr/pay/salaries.txt", "hr/pay", "hr"])
def test_a_share_opens_a_file_and_all_that_lies_below_a_folder(twin, connect, shared):
    twin.write("other/plan.txt", b"A plan.")
    twin.share(shared, "user", "ada")
    assert rights(connect()) == {
        "hr/pay/salaries.txt": {ACCOUNT, "ada"},
        "other/plan.txt": {ACCOUNT},
    }


def test_shares_on_the_way_add_up(twin, connect):
    twin.write("hr/open.txt", b"For all of them.")
    twin.share("hr", "user", "ada")
    twin.share("hr/pay", "user", "bob")
    assert rights(connect()) == {
        "hr/open.txt": {ACCOUNT, "ada"},
        "hr/pay/salaries.txt": {ACCOUNT, "ada", "bob"},
    }


def test_a_share_of_a_folder_above_the_place_counts(twin, connect):
    twin.share("hr", "user", "ada")
    twin.share("hr/pay", "user", "bob")
    assert who_reads(connect("hr/pay"), "salaries.txt") == {"ada", "bob"}


def test_a_share_that_is_taken_back_closes_what_did_not_change(twin, connect):
    number = twin.share("hr", "user", "ada")
    connector = connect()
    before = listed(connector)["hr/pay/salaries.txt"]
    assert who_reads(connector) == {"ada"}
    twin.unshare(number)
    after = listed(connector)["hr/pay/salaries.txt"]
    assert who_reads(connector) == set()
    assert (before.version, before.identity) == (after.version, after.identity)


def test_what_moves_into_a_shared_folder_is_open_there(twin, connect):
    twin.make_folder("open")
    twin.share("open", "user", "ada")
    connector = connect()
    assert who_reads(connector) == set()
    twin.move("hr/pay", "open/pay")
    assert who_reads(connector, "open/pay/salaries.txt") == {"ada"}
    twin.move("open/pay", "hr/pay")
    assert who_reads(connector) == set()


def test_a_group_lets_in_its_members_as_they_are_now(twin, connect):
    twin.set_group("staff", ["ada", "bob"])
    twin.share("hr", "group", "staff")
    connector = connect()
    assert who_reads(connector) == {"ada", "bob"}
    twin.set_group("staff", ["bob"])
    assert who_reads(connector) == {"bob"}
    twin.set_group("staff", [])
    assert who_reads(connector) == set()


def test_a_group_of_many_is_read_to_its_end(twin, connect):
    many = [f"person {number}" for number in range(401)]
    for name in many:
        twin.add_user(name)
    twin.set_group("100% of us / all", [*many, "eve"])
    twin.share("hr", "group", "100% of us / all")
    connector = connect()
    (found,) = rights(connector, (*many, "ada", "eve")).values()
    assert found == {*many, "eve"}


def test_a_server_without_pages_does_not_tell_the_same_for_ever(twin, connect, monkeypatch):
    twin.set_group("staff", ["ada", "bob"])
    twin.share("hr", "group", "staff")
    users = {name: {"id": name, "enabled": True} for name in ("ada", "bob")}
    _ocs_answers(monkeypatch, twin, "users/details", _data({"users": users}))
    assert who_reads(connect()) == {"ada", "bob"}


def test_groups_of_two_servers_never_meet(twin, connect):
    with NextcloudTwin("/nextcloud") as other:
        people(other).write("plan.txt", b"A plan.")
        for server, member, path in ((twin, "ada", "hr"), (other, "eve", "plan.txt")):
            server.set_group("staff", [member])
            server.share(path, "group", "staff")
        here, there = connect(), connect(server=other)
        assert who_reads(here) == {"ada"}
        assert who_reads(there, "plan.txt") == {"eve"}
        elsewhere = listed(there)["plan.txt"].access
        assert readers(here, elsewhere, PEOPLE) == {ACCOUNT}
        named = {name for name in elsewhere.clauses[0] if name.startswith("group:")}
        assert not named & listed(here)["hr/pay/salaries.txt"].access.clauses[0]


@pytest.mark.parametrize("kind", sorted(KINDS.keys() - {"user", "group"}))
def test_a_share_with_nobody_here_opens_nothing(twin, connect, kind):
    twin.share("hr", kind, "ada")
    connector = connect()
    assert who_reads(connector) == set()
    (item,) = listed(connector).values()
    assert EVERYONE not in item.access.clauses[0]


@pytest.mark.parametrize(
    ("fields", "opens"),
    [
        ({"permissions": 1}, True),
        ({"permissions": 31}, True),
        ({"permissions": 4}, False),  # to drop files, not to see them
        ({"permissions": 0}, False),
        ({"permissions": None}, False),
        ({"permissions": "19"}, False),
        ({"permissions": True}, False),
        ({"expiration": TOMORROW}, True),
        ({"expiration": YESTERDAY}, False),
        ({"expiration": "soon"}, False),
        ({"expiration": 0}, False),
        ({"expiration": []}, False),
        ({"attributes": "[]"}, True),
        ({"attributes": DOWNLOADS % "true"}, True),
        ({"attributes": DOWNLOADS % "false"}, False),
        ({"attributes": DOWNLOADS.replace("value", "enabled") % "true"}, True),
        ({"attributes": DOWNLOADS.replace("value", "enabled") % "false"}, False),
        ({"attributes": '[{"scope": "fileRequest", "key": "enabled", "value": false}]'}, True),
        ({"attributes": "["}, False),
        ({"attributes": "[" * 100_000}, False),
        ({"attributes": '["download"]'}, False),
        ({"attributes": {}}, False),
        ({"share_type": None}, False),
        ({"share_type": [0]}, False),
        ({"uid_file_owner": "bob"}, False),
        ({"share_with": ""}, False),
        ({"share_with": ".."}, False),
        ({"share_with": "x/../ada"}, False),
        ({"share_with": "a\nda"}, False),
        ({"share_with": {"ada": 1}}, False),
        ({"file_source": "x"}, False),
        ({"file_source": None}, False),
    ],
)
def test_only_a_share_that_is_understood_opens(twin, connect, fields, opens):
    twin.share("hr", "user", "ada", **fields)
    assert who_reads(connect()) == ({"ada"} if opens else set())


def test_a_share_without_its_end_is_not_one_that_never_ends(twin, connect):
    number = twin.share("hr", "user", "ada")
    del twin._state.shares[number]["expiration"]
    assert who_reads(connect()) == set()


def test_whoever_is_disabled_reads_nothing(twin, connect):
    twin.set_group("staff", ["bob", "eve"])
    twin.share("hr", "user", "ada")
    twin.share("hr", "group", "staff")
    connector = connect()
    assert who_reads(connector) == {"ada", "bob", "eve"}
    twin.disable("ada")
    twin.disable("bob")
    assert who_reads(connector) == {"eve"}
    assert problems(connector) == []


def test_people_are_known_by_their_mail_address_where_that_is_the_login(twin, connect):
    twin.add_user("nameless")
    twin.set_group("staff", ["bob", "nameless"])
    for kind, name in (("user", "ada"), ("user", "nameless"), ("group", "staff")):
        twin.share("hr", kind, name)
    connector = connect(login="email")
    logins = (*PEOPLE, "nameless", "", "ada@example.org", "bob@example.org", "robot@example.org")
    (found,) = rights(connector, logins).values()
    assert found == {"ada@example.org", "bob@example.org", "robot@example.org"}


def test_what_belongs_to_another_account_is_shown_to_nobody(twin, connect):
    twin.write("theirs/plan.txt", b"A plan.")
    twin.share("theirs", "user", "ada")
    twin.give("theirs", "bob")
    twin.share("hr", "user", "ada")
    connector = connect()
    assert "another account" in why_closed(connector, "theirs/plan.txt")
    assert who_reads(connector) == {"ada"}
    for node in twin._state.nodes.values():
        node.mount = ""
    assert "another account" in why_closed(connector, "theirs/plan.txt")
    assert fetched(connector, "theirs/plan.txt") == b"A plan."


def test_a_place_in_a_folder_of_another_account_is_shown_to_nobody(twin, connect):
    twin.share("hr", "user", "ada")
    twin.give("hr", "bob")
    assert why_closed(connect("hr/pay"), "salaries.txt")


def test_what_nextcloud_mounts_is_shown_to_nobody(twin, connect):
    twin.share("hr", "user", "ada")
    twin.mount("hr/pay", "external")
    twin.write("hr/own.txt", b"The account's own.")
    connector = connect()
    assert "external" in why_closed(connector)
    assert who_reads(connector, "hr/own.txt") == {"ada"}


def test_a_team_folder_opens_to_its_groups_whatever_it_lies_below(twin, connect):
    twin.share("hr", "user", "eve")
    twin.write("hr/own.txt", b"The account's own.")
    twin.set_group("staff", ["ada"])
    twin.set_group("board", ["bob"])
    twin.team_folder("hr/pay", ["staff", "board"])
    connector = connect()
    assert rights(connector) == {
        "hr/own.txt": {ACCOUNT, "eve"},
        "hr/pay/salaries.txt": {"ada", "bob"},
    }
    twin.set_group("board", [])
    assert rights(connect("hr/pay")) == {"salaries.txt": {"ada"}}
    assert len([path for path in twin.asked if path.endswith("groupfolders/folders")]) == 2


@pytest.mark.parametrize(
    "told",
    [
        {"acl": True},
        {"acl": None},
        {"id": 4711},
        {"group_details": {}},
        {"group_details": [{"type": "group", "permissions": 31}]},
        {"group_details": {"staff": {"type": "circle", "permissions": 31}}},
        {"group_details": {"staff": {"type": "group", "permissions": 0}}},
        {"group_details": {"staff": {"type": "group", "permissions": "31"}}},
        {"group_details": {"..": {"type": "group", "permissions": 31}}},
    ],
)
def test_a_team_folder_that_is_not_understood_opens_to_nobody(twin, connect, told):
    twin.set_group("staff", ["ada"])
    twin.team_folder("hr/pay", ["staff"], **told)
    (item,) = listed(connect()).values()
    assert item.access.clauses == (frozenset(),)


@pytest.mark.parametrize(
    "answer",
    [
        Answered(403),
        Answered(404),
        Answered(500),
        in_json({"ocs": {"meta": {"statuscode": 200}, "data": [[], 1]}}),
    ],
)
def test_team_folders_that_are_not_told_open_to_nobody(twin, connect, monkeypatch, answer):
    twin.set_group("staff", ["ada"])
    twin.team_folder("hr/pay", ["staff"])
    twin.write("hr/own.txt", b"The account's own.")
    twin.share("hr", "user", "eve")
    _ocs_answers(monkeypatch, twin, "groupfolders/folders", answer)
    connector = connect()
    assert "team folder" in why_closed(connector)
    assert who_reads(connector, "hr/own.txt") == {"eve"}


def test_what_is_told_to_lie_in_a_team_folder_and_outside_of_it_is_shown_to_nobody(twin, connect):
    twin.set_group("staff", ["ada"])
    twin.team_folder("hr/pay", ["staff"])
    twin._state.nodes["hr/pay/salaries.txt"].mount = ""
    assert "team folder" in why_closed(connect())


def test_advanced_permissions_close_what_they_are_for(twin, connect):
    twin.set_group("staff", ["ada", "bob"])
    twin.write("hr/pay/grades/grades.txt", b"Grades.")
    twin.team_folder("hr/pay", ["staff"])
    twin.rule("hr/pay/grades", "user", "ada", 1, 0)
    connector = connect()
    assert "advanced permissions" in why_closed(connector, "hr/pay/grades/grades.txt")
    assert who_reads(connector) == {"ada", "bob"}


def test_a_folder_that_was_replaced_meanwhile_is_shown_to_nobody(twin, connect):
    twin.write("open/pay/plan.txt", b"A plan.")
    for number in range(3):
        twin.write(f"open/pay {number}/plan.txt", b"A plan.")
    twin.share("open", "user", "ada")
    entries = connect("open").items()
    first = next(entries)
    twin.move("open", "old")
    twin.move("hr", "open")
    found = {entry.path: entry.access for entry in entries if isinstance(entry, Item)}
    assert first.access.clauses[0] == {"user:ada", f"user:{ACCOUNT}"}
    for path, access in found.items():
        assert access.clauses == (frozenset(),), path


def test_without_the_right_to_know_of_others_nothing_opens_to_them_and_it_is_said(twin, connect):
    twin.administrator = False
    twin.set_group("staff", ["bob"])
    twin.share("hr", "user", "ada")
    twin.share("hr", "group", "staff")
    connector = connect()
    assert who_reads(connector) == set()
    (problem,) = problems(connector)
    assert "ada, the group staff" in problem.reason
    assert "administrator" in problem.reason
    assert not problem.holds_below
    twin.administrator = True
    assert who_reads(connector) == {"ada", "bob"}
    assert problems(connector) == []


def test_a_group_that_is_gone_opens_nothing_and_it_is_said(twin, connect):
    twin.share("hr", "group", "gone")
    twin.share("hr", "user", "ada")
    connector = connect()
    assert who_reads(connector) == {"ada"}
    (problem,) = problems(connector)
    assert "the group gone" in problem.reason


@pytest.mark.parametrize("status", [302, 401, 403, 404, 412, 500, 503])
def test_where_shares_are_not_told_nobody_reads_and_it_is_said(twin, connect, status):
    twin.share("hr", "user", "ada")
    connector = connect()
    assert who_reads(connector) == {"ada"}
    twin.ocs_status = status
    assert "cannot be read" in why_closed(connector)
    assert twin.password not in why_closed(connector)
    twin.ocs_status = 0
    assert who_reads(connector) == {"ada"}


@pytest.mark.parametrize("ending", ["cloud/user", "shares", "users/ada", "users/details"])
@pytest.mark.parametrize(
    "answer",
    [
        Answered(200),
        Answered(200, b"<html>Sign in</html>"),
        Answered(200, b"[" * 100_000),
        Answered(200, b"[]"),
        Answered(500),
        Answered(302, b"", {"Location": "http://attacker.example.org/"}),
        in_json({}),
        in_json({"ocs": []}),
        in_json({"ocs": {"data": [{"id": "ada", "enabled": True}]}}),
        in_json({"ocs": {"meta": {"statuscode": 997}, "data": {"id": "ada", "enabled": True}}}),
        in_json({"ocs": {"meta": {"statuscode": 200}, "data": 4711}}),
        in_json({"ocs": {"meta": {"statuscode": 200}, "data": None}}),
        in_json({"ocs": {"meta": {"statuscode": 200}, "data": {"id": "eve", "enabled": "yes"}}}),
        in_json({"ocs": {"meta": {"statuscode": 200}, "data": {"id": "eve", "enabled": True}}}),
        in_json({"ocs": {"meta": {"statuscode": 200}, "data": {"users": {"ada": {"id": "ada"}}}}}),
        in_json({"ocs": {"meta": {"statuscode": 200}, "data": {"users": [[], None, 1]}}}),
    ],
)
def test_an_answer_that_makes_no_sense_opens_nothing(twin, connect, monkeypatch, ending, answer):
    twin.set_group("staff", ["ada"])
    if ending == "users/details":
        twin.share("hr", "group", "staff")
    else:
        twin.share("hr", "user", "ada")
    _ocs_answers(monkeypatch, twin, ending, answer)
    assert rights(connect())["hr/pay/salaries.txt"] <= {ACCOUNT}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<oc:owner-id>robot</oc:owner-id>", b""),
        (b"<oc:owner-id>robot</oc:owner-id>", b"<oc:owner-id>Robot</oc:owner-id>"),
        (b"<nc:mount-type></nc:mount-type>", b""),
        (b"<nc:mount-type></nc:mount-type>", b"<nc:mount-type>new</nc:mount-type>"),
        (b"<oc:fileid>", b"<oc:fileid>x"),
        (b"fileid>", b"id>"),
    ],
)
def test_properties_that_are_not_told_open_nothing(twin, connect, monkeypatch, old, new):
    twin.share("hr", "user", "ada")
    honest = twin._server._server.RequestHandlerClass.answering

    def answering(asked):
        answered = honest(asked)
        return Answered(answered.status, answered.body.replace(old, new), answered.headers)

    _serves(monkeypatch, twin, answering)
    connector = connect()
    assert who_reads(connector) == set()
    assert why_closed(connector)


def test_a_folder_that_is_told_after_what_lies_in_it_opens_nothing(twin, connect, monkeypatch):
    twin.share("hr", "user", "ada")
    honest = twin._server._server.RequestHandlerClass.answering

    def answering(asked):
        answered = honest(asked)
        head, *responses = answered.body.replace(b"</d:multistatus>", b"").split(b"<d:response>")
        body = b"<d:response>".join([head, *reversed(responses)]) + b"</d:multistatus>"
        turned = asked.headers.get("depth") == "1"
        return Answered(answered.status, body, answered.headers) if turned else answered

    _serves(monkeypatch, twin, answering)
    assert why_closed(connect())


def test_a_server_that_asks_to_wait_is_waited_for(twin, connect):
    twin.share("hr", "user", "ada")
    connector = connect()
    twin.throttle(2)
    assert who_reads(connector) == {"ada"}
    twin.throttle(1, retry_after_s=3600)
    with pytest.raises(PlaceUnavailable, match="asks to wait"):
        list(connector.items())


def test_shares_are_asked_for_once_and_people_once_each(twin, connect):
    for number in range(12):
        twin.write(f"hr/folder {number}/file.txt", b"A text.")
        twin.share(f"hr/folder {number}", "user", "ada")
    twin.set_group("staff", ["bob"])
    twin.share("hr", "group", "staff")
    listed(connect())
    ocs = [path.rpartition("v2.php/")[2] for path in twin.asked if "/ocs/" in path]
    assert sorted(ocs) == [
        "apps/files_sharing/api/v1/shares",
        "cloud/groups/staff/users/details",
        "cloud/user",
        "cloud/users/ada",
    ]


def test_a_server_that_goes_silent_about_people_is_not_asked_about_each(twin, connect, monkeypatch):
    for name in ("ada", "bob", "eve"):
        twin.share("hr", "user", name)
        twin.share("hr/pay", "group", name)
        twin.set_group(name, [name])
    _ocs_answers(monkeypatch, twin, "users/ada", Answered(500))
    connector = connect()
    assert why_closed(connector)
    assert not [path for path in twin.asked if path.endswith(("users/bob", "details"))]


def test_a_server_that_takes_too_long_about_people_is_left(twin, connect, monkeypatch):
    monkeypatch.setattr(webdav_nextcloud, "_LONGEST_S", 0.0)
    twin.share("hr", "user", "ada")
    assert "too long" in why_closed(connect())


def test_only_groups_that_open_something_listed_are_asked_about(twin, connect):
    twin.administrator = True
    for name in ("staff", "board"):
        twin.set_group(name, ["ada"])
        twin.make_folder(name)
    twin.team_folder("hr", ["staff"])
    twin.team_folder("board", ["board"])
    assert who_reads(connect("hr"), "pay/salaries.txt") == {"ada"}
    assert not [path for path in twin.asked if "/board/" in path]


def _data(data):
    return in_json({"ocs": {"meta": {"status": "ok", "statuscode": 200}, "data": data}})


def _ocs_answers(monkeypatch, twin, ending, answer):
    honest = twin._server._server.RequestHandlerClass.answering

    def answering(asked):
        path = asked.path.removesuffix("/")
        return answer if "/dav/" not in path and path.endswith(f"/{ending}") else honest(asked)

    _serves(monkeypatch, twin, answering)


def _serves(monkeypatch, twin, answering):
    handler = twin._server._server.RequestHandlerClass
    monkeypatch.setattr(handler, "answering", staticmethod(answering))
