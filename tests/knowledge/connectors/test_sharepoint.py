"""SharePoint and OneDrive: rights as Graph tells them, feeds that notice, downloads that leak nothing."""

import datetime as dt
import json
from contextlib import closing

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from centaure.kit.errors import InvalidInput
from centaure.knowledge.connectors.conformance import fetched, readers
from centaure.knowledge.connectors.microsoft import connector as microsoft
from centaure.knowledge.connectors.microsoft.connector import MicrosoftConnector
from centaure.knowledge.connectors.microsoft.options import MicrosoftOptions
from centaure.knowledge.connectors.port import (
    Checkpoint,
    Gone,
    Item,
    ItemGone,
    ItemTooLarge,
    ItemUnreadable,
    PlaceUnavailable,
    Problem,
    TokenExpired,
)
from centaure.knowledge.connectors.twins.graph import SITE_COLLECTION, GraphTwin
from centaure.knowledge.connectors.twins.server import in_json
from centaure.knowledge.parsing.limits import Limits

SITE = "https://contoso.sharepoint.com/sites/hr"
PEOPLE = ("ada@contoso.com", "bob@contoso.com", "guest@example.org")
ADA, BOB, GUEST = PEOPLE


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    monkeypatch.setattr("centaure.kit.outbound._backoff", lambda _: 0.01)


@pytest.fixture
def twin():
    with GraphTwin(page_size=3) as twin:
        twin.add_user(ADA, mail="Ada.Lovelace@contoso.com")
        twin.add_user(BOB)
        twin.add_user(GUEST, kind="Guest")
        yield twin


@pytest.fixture
def connect(twin):
    made = []

    def connected(location=SITE, **options):
        known = MicrosoftOptions.model_validate(
            {
                "tenant": twin.tenant,
                "client_id": twin.client_id,
                "client_secret": twin.client_secret,
                "graph_url": twin.graph_url,
                "login_url": twin.login_url,
                "rest_url": twin.rest_url,
                "download_hosts": "127.0.0.1",
                **options,
            }
        )
        made.append(
            MicrosoftConnector.connect(MicrosoftConnector.normal_location(location, known), known)
        )
        return made[-1]

    yield connected
    for connector in made:
        connector.close()


@pytest.fixture(scope="session")
def certificate():
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "centaure")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now + dt.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ) + made.public_bytes(serialization.Encoding.PEM)
    return pem.decode(), made


def rights(connector, since=None):
    return {
        item.path: readers(connector, item.access, PEOPLE)
        for item in connector.items(since)
        if isinstance(item, Item)
    }


def told(connector, since=None):
    entries = list(connector.items(since))
    assert isinstance(entries[-1], Checkpoint)
    assert entries[-1].complete
    return [entry for entry in entries if not isinstance(entry, Checkpoint)], entries[-1].token


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        (" https://Contoso.SharePoint.com/sites/hr/ ", SITE),
        ("https://contoso.sharepoint.com/sites/hr?web=1#top", SITE),
        ("https://contoso.sharepoint.com", "https://contoso.sharepoint.com"),
        (
            "https://contoso.sharepoint.com/sites/H%20R",
            "https://contoso.sharepoint.com/sites/H%20R",
        ),
        ("OneDrive:Ada@Contoso.com", "onedrive:ada@contoso.com"),
    ],
)
def test_a_location_has_one_form(written, normal):
    assert MicrosoftConnector.normal_location(written, None) == normal


@pytest.mark.parametrize(
    "written",
    [
        "",
        "http://contoso.sharepoint.com/sites/hr",
        "https://ada:secret@contoso.sharepoint.com/sites/hr",
        "https://contoso.sharepoint.com:8080/sites/hr",
        "https://contoso.sharepoint.com:x/",
        "https://contoso.sharepoint.com/sites/../hr",
        "https://contoso.sharepoint.com/sites/%2e%2e/hr",
        "onedrive:",
        "onedrive:a/b",
    ],
)
def test_what_is_no_location_is_refused_without_a_secret(written):
    with pytest.raises(InvalidInput) as refusal:
        MicrosoftConnector.normal_location(written, None)
    assert "secret" not in refusal.value.message


@pytest.mark.parametrize(
    "options",
    [
        {"graph_url": "http://graph.example.org/v1.0"},
        {"login_url": "ftp://127.0.0.1"},
        {"tenant": "a/b"},
        {"client_secret": ""},
        {"unknown": "1"},
    ],
)
def test_bad_options_are_refused_without_a_secret(options):
    with pytest.raises(ValueError) as refusal:
        MicrosoftOptions.model_validate(
            {"tenant": "t", "client_id": "c", "client_secret": "hush-hush", **options}
        )
    assert "hush" not in str(refusal.value)


def test_secrets_are_in_no_repr(connect):
    connector = connect()
    connector.check()
    assert "twin-secret" not in repr(connector) + repr(connector._graph) + repr(vars(connector))


def test_items_without_rights_of_their_own_have_those_above_them(twin, connect):
    twin.set_permissions("Documents", [twin.for_user(ADA), twin.for_user(BOB)])
    twin.page_size = 50
    for number in range(8):
        twin.write(f"Documents/open/{number}.txt", b"For both.")
    twin.write("Documents/open/closed/deep/one.txt", b"For Ada.")
    twin.write("Documents/open/closed/deep/two.txt", b"For Bob.")
    twin.set_permissions("Documents/open/closed", [twin.for_user(ADA)])
    twin.set_permissions("Documents/open/closed/deep/two.txt", [twin.for_user(BOB)])
    found = rights(connect())
    assert {found[f"Documents/open/{number}.txt"] == {ADA, BOB} for number in range(8)} == {True}
    assert found["Documents/open/closed/deep/one.txt"] == {ADA}
    assert found["Documents/open/closed/deep/two.txt"] == {BOB}
    library, own, sample = 1, 3, 1
    assert twin.requests["permissions"] == library + own + sample


def test_inheritance_that_is_told_wrong_is_found_out(twin, connect, monkeypatch):
    twin.set_permissions("Documents", [twin.for_user(ADA), twin.for_user(BOB)])
    twin.write("Documents/closed.txt", b"For Ada.")
    twin.set_permissions("Documents/closed.txt", [twin.for_user(ADA)])
    honest = twin._item

    def forgetful(node, **asked):
        item = honest(node, **asked)
        if node.content is not None:
            item.pop("shared", None)
        return item

    monkeypatch.setattr(twin, "_item", forgetful)
    with pytest.raises(PlaceUnavailable, match="permissions=every"):
        list(connect().items())
    assert rights(connect(permissions="every")) == {"Documents/closed.txt": {ADA}}


@pytest.mark.parametrize("hidden", [True, False], ids=["no full control", "every"])
def test_where_inheritance_is_not_told_each_item_is_asked_for(twin, connect, hidden):
    twin.full_control = not hidden
    twin.set_permissions("Documents", [twin.for_user(ADA), twin.for_user(BOB)])
    twin.write("Documents/open.txt", b"For both.")
    twin.write("Documents/closed/one.txt", b"For Ada.")
    twin.set_permissions("Documents/closed", [twin.for_user(ADA)])
    connector = connect(permissions="unique" if hidden else "every")
    assert rights(connector) == {
        "Documents/open.txt": {ADA, BOB},
        "Documents/closed/one.txt": {ADA},
    }


def test_a_library_whose_rights_are_hidden_is_shown_to_nobody(twin, connect):
    twin.set_permissions("Documents", [twin.for_user(ADA)])
    twin.write("Documents/a.txt", b"Hidden.")
    twin.hide_permissions("Documents")
    (item,) = [entry for entry in connect().items() if isinstance(entry, Item)]
    assert item.access.clauses == (frozenset(),)
    assert "nobody sees it" in item.access.problem


@pytest.mark.parametrize("scope", ["anonymous", "organization"])
def test_a_link_opens_an_item_to_those_who_hold_it_only(twin, connect, scope):
    twin.write("Documents/a.txt", b"Shared.")
    twin.set_permissions("Documents/a.txt", [twin.for_link(scope, (BOB,))])
    assert rights(connect()) == {"Documents/a.txt": {BOB}}


def test_links_open_items_where_the_source_says_so(twin, connect):
    twin.write("Documents/anyone.txt", b"Shared.")
    twin.write("Documents/company.txt", b"Shared.")
    twin.write("Documents/locked.txt", b"Shared.")
    twin.write("Documents/existing.txt", b"Shared.")
    twin.set_permissions("Documents/anyone.txt", [twin.for_link("anonymous")])
    twin.set_permissions("Documents/company.txt", [twin.for_link("organization")])
    locked = {**twin.for_link("anonymous"), "hasPassword": True}
    twin.set_permissions("Documents/locked.txt", [locked])
    twin.set_permissions("Documents/existing.txt", [twin.for_link("existingAccess")])
    assert rights(connect(links="everyone")) == {
        "Documents/anyone.txt": set(PEOPLE),
        "Documents/company.txt": {ADA, BOB},
        "Documents/locked.txt": set(),
        "Documents/existing.txt": set(),
    }


@pytest.mark.parametrize(
    ("changes", "let_in"),
    [
        ({}, {ADA}),
        ({"roles": []}, set()),
        ({"roles": ["sp.view only"]}, set()),
        ({"roles": "read"}, set()),
        ({"expirationDateTime": "2020-01-01T00:00:00Z"}, set()),
        ({"expirationDateTime": "0001-01-01T00:00:00Z"}, {ADA}),
        ({"expirationDateTime": "9999-01-01T00:00:00Z"}, {ADA}),
        ({"expirationDateTime": "nonsense"}, set()),
        ({"grantedToV2": {"user": {"displayName": "Ada"}}}, set()),
        ({"grantedToV2": {"application": {"id": "1"}}}, set()),
        ({"grantedToV2": "ada"}, set()),
        ({"grantedToV2": {"group": {"id": "../users"}}}, set()),
        ({"grantedToV2": {"siteUser": {"loginName": f"i:0#.f|membership|{ADA.upper()}"}}}, {ADA}),
    ],
)
def test_what_is_no_plain_right_to_read_opens_nothing(twin, connect, changes, let_in):
    twin.write("Documents/a.txt", b"For Ada, perhaps.")
    twin.set_permissions("Documents/a.txt", [{**twin.for_user(ADA), **changes}])
    assert rights(connect()) == {"Documents/a.txt": let_in}


def test_everyone_is_who_the_directory_says(twin, connect):
    for name, claim in (
        ("members", "c:0-.f|rolemanager|spo-grid-all-users/9f7d"),
        ("all", "c:0(.s|true"),
    ):
        twin.write(f"Documents/{name}.txt", b"For everyone.")
        who = {"siteUser": {"id": "4", "displayName": "Everyone", "loginName": claim}}
        permission = {"id": "1", "roles": ["read"], "grantedToV2": who}
        twin.set_permissions(f"Documents/{name}.txt", [permission])
    assert rights(connect()) == {
        "Documents/members.txt": {ADA, BOB},
        "Documents/all.txt": set(PEOPLE),
    }


def test_people_are_known_by_their_mail_where_the_source_says_so(twin, connect):
    twin.write("Documents/a.txt", b"For Ada.")
    twin.write("Documents/b.txt", b"For the team.")
    twin.set_permissions("Documents/a.txt", [twin.for_user(ADA)])
    team = twin.for_group(twin.add_group("team", (ADA, BOB)))
    twin.set_permissions("Documents/b.txt", [team])
    connector = connect(login="mail")
    items = {item.path: item for item in connector.items() if isinstance(item, Item)}
    assert items["Documents/a.txt"].access.clauses == ({"user:ada.lovelace@contoso.com"},)
    (group,) = connector.groups(items["Documents/b.txt"].access.clauses[0])
    assert group.users == ("ada.lovelace@contoso.com",), "Who has no mail is left out."
    assert group.label == "team"


def test_groups_of_a_site_need_a_certificate_and_are_its_own(twin, connect, certificate):
    pem, twin.certificate = certificate
    number = twin.add_group("team", (BOB,))
    claims = (f"i:0#.f|membership|{ADA}", f"c:0o.c|federateddirectoryclaimprovider|{number}")
    twin.add_site_group("5", "hr Members", (*claims, "c:0!.s|windows"))
    twin.write("Documents/a.txt", b"For members of the site.")
    twin.set_permissions("Documents", [twin.for_site_group("5")])
    assert rights(connect()) == {"Documents/a.txt": set()}, "Unreadable members open nothing."
    connector = connect(client_secret="", certificate=pem)
    assert rights(connector) == {"Documents/a.txt": {ADA, BOB}}
    (item,) = [entry for entry in connector.items() if isinstance(entry, Item)]
    assert item.access.clauses == ({f"group:site/{SITE_COLLECTION}/5"},)
    assert not list(connector.groups(["site/of-another/5", "site/5", "entra/../users", "x"]))


def test_a_certificate_that_is_none_is_a_sentence(connect):
    with pytest.raises(PlaceUnavailable, match="certificate cannot be used"):
        connect(certificate="-----BEGIN NONSENSE-----").check()


def test_a_change_of_rights_comes_with_the_feed(twin, connect):
    twin.write("Documents/folder/a.txt", b"A text.")
    twin.write("Documents/folder/b.txt", b"A text.")
    connector = connect()
    _, token = told(connector)
    twin.set_permissions("Documents/folder/a.txt", [twin.for_user(BOB)])
    assert rights(connector, token) == {"Documents/folder/a.txt": {BOB}}


def test_a_new_folder_comes_with_the_feed(twin, connect):
    twin.set_permissions("Documents", [twin.for_user(ADA)])
    twin.write("Documents/folder/a.txt", b"A text.")
    connector = connect()
    _, token = told(connector)
    twin.write("Documents/folder/new/newer/b.txt", b"A text.")
    assert rights(connector, token) == {"Documents/folder/new/newer/b.txt": {ADA}}


@pytest.mark.parametrize(
    "change",
    [
        lambda twin: twin.move("Documents/folder", "Documents/renamed"),
        lambda twin: twin.move("Documents/folder/below", "Documents/below"),
        lambda twin: twin.remove("Documents/folder"),
        lambda twin: twin.set_permissions("Documents/folder", []),
        lambda twin: twin.set_permissions("Documents", []),
        lambda twin: twin.rename_library("Documents", "Papers"),
        lambda twin: twin.expire_tokens(),
    ],
    ids=["renamed", "moved", "removed", "closed", "library closed", "library renamed", "expired"],
)
def test_what_a_feed_cannot_tell_has_everything_listed_again(twin, connect, change):
    twin.set_permissions("Documents", [twin.for_user(ADA)])
    twin.write("Documents/folder/below/a.txt", b"A text.")
    twin.write("Documents/b.txt", b"A text.")
    connector = connect()
    _, token = told(connector)
    change(twin)
    with pytest.raises(TokenExpired):
        list(connector.items(token))
    _, token = told(connector)
    assert told(connector, token)[0] == []


def test_a_token_does_not_outlive_its_day_nor_other_options(twin, connect):
    twin.write("Documents/a.txt", b"A text.")
    _, token = told(connect())
    with pytest.raises(TokenExpired):
        list(connect(links="everyone").items(token))
    told(connect(), token)
    old = json.loads(token)
    old[2] -= 25 * 3600
    with pytest.raises(TokenExpired):
        list(connect().items(json.dumps(old)))


def test_a_token_leads_to_no_other_host(twin, connect):
    twin.write("Documents/a.txt", b"A text.")
    connector = connect()
    _, token = told(connector)
    forged = token.replace(twin.graph_url, "https://attacker.example.org/v1.0")
    assert forged != token
    with pytest.raises(PlaceUnavailable, match="leads elsewhere"):
        list(connector.items(forged))


def test_an_interrupted_listing_goes_on_where_it_stopped(twin, connect):
    twin.add_library("Policies")
    for number in range(10):
        twin.write(f"Documents/folder {number % 2}/{number}.txt", b"A text.")
        twin.write(f"Policies/{number}.txt", b"A text.")
    twin.set_permissions("Documents/folder 1", [twin.for_user(ADA)])
    seen, token, resumed = {}, None, 0
    while True:
        with closing(connect().items(token)) as entries:
            for entry in entries:
                if isinstance(entry, Item):
                    seen[entry.path] = readers(connect(), entry.access, PEOPLE)
                if isinstance(entry, Checkpoint):
                    token, complete = entry.token, entry.complete
                    break
        if complete:
            break
        resumed += 1
    assert resumed > 5
    assert len(seen) == 20
    assert seen["Documents/folder 1/1.txt"] == {ADA}, (
        "A folder of an earlier page lends its rights."
    )
    twin.write("Policies/new.txt", b"A text.")
    changed, _ = told(connect(), token)
    assert [item.path for item in changed if isinstance(item, Item)] == ["Policies/new.txt"]


def test_only_the_libraries_named_are_read(twin, connect):
    twin.add_library("Policies")
    twin.write("Documents/a.txt", b"A text.")
    twin.write("Policies/b.txt", b"A text.")
    connector = connect(libraries="Policies")
    assert list(rights(connector)) == ["Policies/b.txt"]
    with pytest.raises(ItemGone), connector.fetch("Documents/a.txt"):
        pass
    with pytest.raises(PlaceUnavailable, match="no library named Nowhere"):
        connect(libraries="Policies, Nowhere").check()


def test_one_persons_files(twin, connect):
    path = f"onedrive:{ADA}/notes/a.txt"
    twin.write(path, b"Of Ada.")
    twin.set_permissions(path, [twin.for_user(ADA, ("owner",))])
    connector = connect(f"onedrive:{ADA.upper()}")
    connector.check()
    assert rights(connector) == {"notes/a.txt": {ADA}}
    assert fetched(connector, "notes/a.txt") == b"Of Ada."
    with pytest.raises(PlaceUnavailable, match="OneDrive cannot be read"):
        connect("onedrive:nobody@contoso.com").check()


def test_what_is_no_file_is_said_or_passed_over(twin, connect):
    for name, facet, value in (
        ("shortcut.txt", "remoteItem", {"id": "1"}),
        ("virus.exe", "malware", {}),
        ("notebook", "package", {"type": "oneNote"}),
        ("plain.txt", "description", "A text."),
    ):
        twin.write(f"Documents/{name}", b"A text.")
        if facet == "package":
            twin._at(f"Documents/{name}").content = None
        twin.mark(f"Documents/{name}", facet, value)
    twin.write("Documents/lost+found/a.txt", b"Nothing.")
    twin.write("Documents/Thumbs.db", b"Nothing.")
    connector = connect()
    entries = {
        entry.path: entry for entry in connector.items() if not isinstance(entry, Checkpoint)
    }
    assert connector.passed_over == 2
    assert {path: type(entry) for path, entry in entries.items()} == {
        "Documents/shortcut.txt": Problem,
        "Documents/virus.exe": Problem,
        "Documents/notebook": Problem,
        "Documents/plain.txt": Item,
    }
    assert entries["Documents/virus.exe"].status == "unreadable"
    for path, error in (
        ("shortcut.txt", ItemGone),
        ("virus.exe", ItemUnreadable),
        ("notebook", ItemGone),
        ("lost+found/a.txt", ItemGone),
        ("PLAIN.txt", ItemGone),
    ):
        with pytest.raises(error), connector.fetch(f"Documents/{path}"):
            pass


def test_a_download_on_another_host_sees_no_token(twin, connect):
    twin.write("Documents/a.txt", b"A text.")
    assert fetched(connect(), "Documents/a.txt") == b"A text."
    assert twin.leaked == 0


def test_a_download_leads_to_known_hosts_only(twin, connect):
    twin.write("Documents/a.txt", b"A text.")
    twin._downloads.url = "http://attacker.example.org"
    with (
        pytest.raises(PlaceUnavailable, match="not a host that may be spoken to"),
        connect().fetch("Documents/a.txt"),
    ):
        pass


def test_a_file_that_is_closed_or_too_large_is_a_sentence(twin, connect, monkeypatch):
    twin.write("Documents/closed.txt", b"A text.")
    twin.refuse_content("Documents/closed.txt")
    twin.write("Documents/large.txt", b"A" * 2000)
    twin.write("Documents/lying.txt", b"A" * 2000)
    twin.mark("Documents/lying.txt", "size", 10)
    monkeypatch.setattr(microsoft, "DEFAULT_LIMITS", Limits(file_bytes=1000))
    connector = connect()
    with pytest.raises(ItemUnreadable), connector.fetch("Documents/closed.txt"):
        pass
    for name in ("large", "lying"):
        with (
            pytest.raises(ItemTooLarge, match="larger than"),
            connector.fetch(f"Documents/{name}.txt"),
        ):
            pass


def test_a_token_that_ended_is_renewed_on_the_way(twin, connect):
    for number in range(7):
        twin.write(f"Documents/{number}.txt", b"A text.")
    connector = connect()
    seen = 0
    for entry in connector.items():
        twin.revoke_sessions()
        seen += isinstance(entry, Item)
    assert seen == 7
    twin.revoke_sessions()
    assert fetched(connector, "Documents/0.txt") == b"A text."


def test_a_service_that_asks_to_wait_is_waited_for(twin, connect):
    for number in range(7):
        twin.write(f"Documents/{number}.txt", b"A text.")
        twin.set_permissions(f"Documents/{number}.txt", [twin.for_user(ADA)])
    connector = connect()
    for entry in connector.items():
        twin.throttle(2)
        assert not isinstance(entry, Item) or readers(connector, entry.access, PEOPLE) == {ADA}
    twin.throttle(1, retry_after_s=3600)
    with pytest.raises(PlaceUnavailable, match="asks to wait"):
        list(connector.items())


@pytest.mark.parametrize(
    "answer",
    [
        {},
        [],
        {"value": {}},
        {"value": []},
        {"value": [], "@odata.nextLink": 7},
        {"value": [], "@odata.nextLink": "https://attacker.example.org/v1.0/x"},
        {"value": [{"id": "1", "name": "a", "file": {}}], "@odata.deltaLink": "x"},
        {"value": [{"id": "1", "name": "a", "folder": {}}], "@odata.deltaLink": "x"},
    ],
)
def test_a_listing_that_makes_no_sense_never_ends_as_if_whole(twin, connect, monkeypatch, answer):
    monkeypatch.setattr(twin, "_delta_page", lambda *_: in_json(answer))
    with pytest.raises(PlaceUnavailable) as error:
        list(connect().items())
    assert error.value.message.endswith(".")


def test_folders_in_a_circle_are_a_sentence(twin, connect):
    twin.write("Documents/a/b/c.txt", b"A text.")
    twin._at("Documents/a").parent = twin._at("Documents/a/b").id
    with pytest.raises(PlaceUnavailable, match="deeper than any"):
        list(connect().items())


@pytest.mark.parametrize("name", ["/", "a/../../b", "a\0b", "\ud800", "x" * 3000])
def test_hostile_names_are_problems_that_can_be_shown(twin, connect, name):
    twin.write("Documents/a.txt", b"A text.")
    twin._at("Documents/a.txt").name = name
    (problem,) = [entry for entry in connect().items() if not isinstance(entry, Checkpoint)]
    assert isinstance(problem, Problem)
    assert len(problem.path.encode()) <= 2000
    assert "\0" not in problem.path


def test_what_is_gone_is_told_by_its_identity(twin, connect):
    for number in range(5):
        twin.write(f"Documents/{number}.txt", b"A text.")
    connector = connect()
    known, token = told(connector)
    twin.remove("Documents/3.txt")
    (identity,) = [item.identity for item in known if item.path == "Documents/3.txt"]
    assert told(connector, token)[0] == [Gone(identity=identity)]


def applied(paths, entry):
    if isinstance(entry, Item):
        paths[entry.path] = entry.identity
    if isinstance(entry, Gone):
        for path in [path for path, identity in paths.items() if identity == entry.identity]:
            del paths[path]


@pytest.mark.parametrize("resumed", [False, True])
def test_a_file_that_moves_during_a_whole_listing_is_told_under_its_new_path_only(
    twin, connect, resumed, monkeypatch
):
    twin.write("Documents/secret/moves.txt", b"A text.")
    for number in range(8):
        twin.write(f"Documents/{number}.txt", b"A text.")
    moved = False
    page = twin._delta_page

    def moving(*asked):
        # Graph tells an item that changes meanwhile again, on a later page.
        answer = page(*asked)
        if moved:
            found = json.loads(answer.body)
            found["value"].append(twin._item(twin._at(new), prefer=set(), in_delta=True))
            return in_json(found)
        return answer

    new = "Documents/open/moves.txt"
    monkeypatch.setattr(twin, "_delta_page", moving)
    paths, token = {}, None
    for entry in connect().items():
        applied(paths, entry)
        if isinstance(entry, Item) and entry.path.endswith("secret/moves.txt"):
            twin.move("Documents/secret/moves.txt", new)
            moved = True
        if isinstance(entry, Checkpoint) and moved and resumed:
            token = entry.token
            break
    for entry in connect().items(token) if resumed else ():
        applied(paths, entry)
    assert [path for path in paths if path.endswith("moves.txt")] == [new]


def test_what_is_no_document_any_more_is_gone(twin, connect):
    twin.write("Documents/a.txt", b"A text.")
    twin.write("Documents/b.txt", b"A text.")
    connector = connect()
    known, token = told(connector)
    identities = {item.path: item.identity for item in known}
    twin.move("Documents/a.txt", "Documents/Thumbs.db")
    twin.mark("Documents/b.txt", "malware", {})
    changed, _ = told(connector, token)
    assert {entry.identity for entry in changed if isinstance(entry, Gone)} == {
        *identities.values()
    }
    assert [entry.path for entry in changed if isinstance(entry, Problem)] == ["Documents/b.txt"]
