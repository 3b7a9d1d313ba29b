"""Confluence: every restriction on the way to a page counts, and nothing is read beside it."""

import pytest

from centaure.kit.errors import InvalidInput
from centaure.knowledge.connectors.confluence import connector as confluence
from centaure.knowledge.connectors.confluence.connector import (
    ConfluenceConnector,
    ConfluenceOptions,
)
from centaure.knowledge.connectors.conformance import fetched, readers
from centaure.knowledge.connectors.port import (
    Item,
    ItemGone,
    ItemTooLarge,
    PlaceUnavailable,
    Problem,
)
from centaure.knowledge.connectors.twins.confluence import USER, ConfluenceTwin
from centaure.knowledge.connectors.twins.server import Answered, in_json
from centaure.knowledge.parsing.limits import Limits

PEOPLE = ("ada", "bob", "eve")


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    monkeypatch.setattr("centaure.kit.outbound._backoff", lambda _: 0.01)


@pytest.fixture(params=[True, False], ids=["cloud", "data center"])
def twin(request):
    with ConfluenceTwin(page_size=3, cloud=request.param) as twin:
        twin.accounts = {login: twin.add_user(login) for login in PEOPLE}
        yield twin


@pytest.fixture
def connect(twin):
    made = []

    def connected(**options):
        known = ConfluenceOptions.model_validate(
            {
                "user": USER if twin.cloud else "",
                "token": twin.token,
                "deployment": "cloud" if twin.cloud else "datacenter",
                "download_hosts": "127.0.0.1",
                **options,
            }
        )
        location = ConfluenceConnector.normal_location(twin.url, known)
        made.append(ConfluenceConnector.connect(location, known))
        return made[-1]

    yield connected
    for connector in made:
        connector.close()


@pytest.fixture
def open_space(twin):
    for account in twin.accounts.values():
        twin.let_read("HR", "user", account)


def listed(connector):
    return {item.path: item for item in connector.items() if isinstance(item, Item)}


def rights(connector):
    return {
        path.rsplit("/", 1)[-1].split(" (")[0]: readers(connector, item.access, PEOPLE)
        for path, item in listed(connector).items()
    }


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        (" https://Contoso.Atlassian.net/wiki/ ", "https://contoso.atlassian.net/wiki"),
        ("https://wiki.contoso.com:8443/confluence", "https://wiki.contoso.com:8443/confluence"),
        ("https://contoso.atlassian.net/wiki?x=1#y", "https://contoso.atlassian.net/wiki"),
    ],
)
def test_a_location_has_one_form(written, normal):
    assert ConfluenceConnector.normal_location(written, None) == normal


@pytest.mark.parametrize(
    "written",
    [
        "",
        "wiki",
        "http://wiki.contoso.com",
        "https://ada:secret@contoso.atlassian.net/wiki",
        "https://contoso.atlassian.net/wiki/../x",
        "https://contoso.atlassian.net/wi ki",
        "https://contoso.atlassian.net:port/wiki",
    ],
)
def test_what_is_no_location_is_refused_without_a_secret(written):
    with pytest.raises(InvalidInput) as refusal:
        ConfluenceConnector.normal_location(written, None)
    assert "secret" not in refusal.value.message


@pytest.mark.parametrize("token", ["", "hush\nhush", "hush\u00e9"])
def test_a_token_that_no_header_holds_is_refused_unseen(token):
    with pytest.raises(ValueError) as refusal:
        ConfluenceOptions.model_validate({"token": token})
    assert "hush" not in str(refusal.value)


def test_a_token_from_a_file_may_end_with_a_line(twin, connect):
    connect(token=f"{twin.token}\n").check()


@pytest.mark.usefixtures("open_space")
def test_a_page_holds_nothing_that_macros_would_bring_from_others(twin, connect):
    page = twin.write(
        "Page",
        '<p>Own.</p><ac:structured-macro ac:name="include"><ac:parameter ac:name="">'
        '<ac:link><ri:page ri:content-title="Salaries" /></ac:link></ac:parameter></ac:structured-macro>',
    )
    text = fetched(connect(), f"HR/Page ({page}).html").decode()
    assert "<p>Own.</p>" in text
    assert "Salaries" not in text


@pytest.mark.usefixtures("open_space")
def test_a_page_is_a_document_with_its_way_and_its_title(twin, connect):
    top = twin.write("Handbook & co", "<p>Start.</p>")
    below = twin.write("Leave <days>", "<p>25 days a year.</p>", parent=top)
    post = twin.write("News", "<p>A new colleague.</p>", kind="blogpost")
    connector = connect()
    assert set(listed(connector)) == {
        f"HR/Handbook & co ({top}).html",
        f"HR/Leave <days> ({below}).html",
        f"HR/blog/News ({post}).html",
    }
    text = fetched(connector, f"HR/Leave <days> ({below}).html").decode()
    assert "<p>HR › Handbook &amp; co</p>" in text
    assert "<h1>Leave &lt;days&gt;</h1>" in text
    assert "<p>25 days a year.</p>" in text
    assert b"A new colleague" in fetched(connector, f"HR/blog/News ({post}).html")


def test_a_space_that_nobody_may_read_shows_its_pages_to_nobody(twin, connect):
    twin.write("Secret", "<p>Nobody's.</p>")
    assert rights(connect()) == {"Secret": set()}


def test_every_restriction_on_the_way_counts(twin, connect):
    ada, bob, eve = twin.accounts.values()
    twin.let_read("HR", "group", twin.add_group("staff", (ada, bob)))
    team = twin.add_group("team", (bob, eve))
    top = twin.write("Top", "<p>Text.</p>")
    middle = twin.write("Middle", "<p>Text.</p>", parent=top)
    leaf = twin.write("Leaf", "<p>Text.</p>", parent=middle)
    twin.write("Below", "<p>Text.</p>", parent=leaf)
    twin.write("Beside", "<p>Text.</p>", parent=top)
    twin.attach(leaf, "plan.txt", b"A plan.")
    twin.restrict(middle, groups=(team,))
    twin.restrict(leaf, accounts=(ada, bob, eve))
    found = rights(connect())
    assert found["Top"] == {"ada", "bob"}
    assert found["Beside"] == {"ada", "bob"}
    assert found["Middle"] == {"bob"}, "Eve is of the team and not of the space's readers."
    assert found["Leaf"] == {"bob"}, "A page's own restriction cannot open what lies above it."
    assert found["Below"] == {"bob"}
    assert found["plan.txt"] == {"bob"}, "An attachment is as open as its page."
    twin.restrict(leaf, accounts=(ada,))
    assert rights(connect())["Below"] == set()
    twin.close_space("HR")
    assert set().union(*rights(connect()).values()) == set()


@pytest.mark.usefixtures("open_space")
def test_a_page_that_is_listed_before_what_it_lies_below_is_as_closed(twin, connect):
    early = twin.write("Early", "<p>Text.</p>")
    for number in range(5):
        twin.write(f"Between {number}", "<p>Text.</p>")
    late = twin.write("Late", "<p>Text.</p>")
    twin.move(early, late)
    twin.restrict(late, accounts=(twin.accounts["ada"],))
    assert rights(connect())["Early"] == {"ada"}


@pytest.mark.usefixtures("open_space")
def test_a_restriction_of_many_people_is_read_to_its_end(twin, connect):
    others = [twin.add_user(f"person {number}") for number in range(10)]
    page = twin.write("Page", "<p>Text.</p>")
    twin.restrict(page, (*others, twin.accounts["eve"]), (twin.add_group("empty", ()),))
    assert rights(connect()) == {"Page": {"eve"}}


@pytest.mark.usefixtures("open_space")
def test_what_lies_below_hidden_restrictions_is_shown_to_nobody(twin, connect):
    top = twin.write("Top", "<p>Text.</p>")
    twin.write("Below", "<p>Text.</p>", parent=top)
    twin.write("Beside", "<p>Text.</p>")
    lost = twin.write("Lost", "<p>Text.</p>", parent=top)
    twin.move(lost, "4711")
    twin.hide_restrictions(top)
    found = {path.split(" (")[0]: item.access for path, item in listed(connect()).items()}
    assert found["HR/Beside"].problem == ""
    assert "nobody sees it" in found["HR/Below"].problem
    assert found["HR/Below"].clauses == (frozenset(),)
    if twin.cloud:  # Data Center tells what lies above with the page itself
        assert "nobody sees the page" in found["HR/Lost"].problem


@pytest.mark.usefixtures("open_space")
@pytest.mark.parametrize(
    "restrictions",
    [{}, [], {"user": {}, "group": {}}, {"user": {"results": []}}, {"user": [], "group": []}],
)
def test_a_restriction_that_says_nothing_is_none_that_is_known(
    twin, connect, monkeypatch, restrictions
):
    twin.write("Page", "<p>Text.</p>")
    answer = in_json({"operation": "read", "restrictions": restrictions})
    _answers(monkeypatch, twin, "restriction", answer)
    (item,) = listed(connect()).values()
    assert item.access.clauses == (frozenset(),)


@pytest.mark.usefixtures("open_space")
def test_people_who_are_not_told_stay_outside(twin, connect):
    shy = twin.add_user("shy", email=False)
    page = twin.write("Page", "<p>Text.</p>")
    twin.restrict(page, (shy,))
    (item,) = listed(connect()).values()
    assert len(item.access.clauses) == 2
    assert readers(connect(), item.access, ("ada", "bob", "eve", "")) == set()
    if twin.cloud:
        (item,) = listed(connect(login="account")).values()
        assert item.access.clauses[1] == {f"user:{shy}"}


@pytest.mark.parametrize("twin", [False], ids=["data center"], indirect=True)
def test_anonymous_readers_are_everyone(twin, connect):
    twin.let_read("HR", "anonymous", "")
    page = twin.write("Open", "<p>Text.</p>")
    closed = twin.write("Closed", "<p>Text.</p>", parent=page)
    twin.restrict(closed, (twin.accounts["bob"],))
    assert rights(connect()) == {"Open": set(PEOPLE), "Closed": {"bob"}}


@pytest.mark.usefixtures("open_space")
def test_attachments_are_listed_with_their_page_and_fetched_without_credentials(twin, connect):
    page = twin.write("Page", "<p>Text.</p>")
    for number in range(5):
        twin.attach(page, f"file {number}.txt", f"File {number}.".encode())
    odd = twin.attach(page, "a/b\\c.txt", b"An odd name.")
    twin.attach(page, "~$lock.docx", b"Passed over.")
    connector = connect()
    paths = set(listed(connector))
    assert connector.passed_over == 1
    assert f"HR/Page ({page})/a-b-c ({odd}).txt" in paths
    assert len(paths) == 7
    assert fetched(connector, f"HR/Page ({page})/a-b-c ({odd}).txt") == b"An odd name."
    assert fetched(connector, f"HR/Page ({page})/file 3.txt") == b"File 3."
    assert twin.leaked == 0
    for name in ("~$lock.docx", "never.txt", "a/b\\c.txt"):
        with pytest.raises(ItemGone), connector.fetch(f"HR/Page ({page})/{name}"):
            pass
    assert len(listed(connect(attachments=False))) == 1


@pytest.mark.usefixtures("open_space")
def test_an_attachment_changes_its_version(twin, connect):
    page = twin.write("Page", "<p>Text.</p>")
    twin.attach(page, "file.txt", b"One.")
    path = f"HR/Page ({page})/file.txt"
    before = listed(connect())
    twin.attach(page, "file.txt", b"Two.")
    after = listed(connect())
    assert before[path].version != after[path].version
    assert before[path].identity == after[path].identity
    assert fetched(connect(), path) == b"Two."


@pytest.mark.usefixtures("open_space")
def test_a_title_above_a_page_is_part_of_its_version(twin, connect):
    top = twin.write("Top", "<p>Text.</p>")
    page = twin.write("Page", "<p>Text.</p>", parent=top)
    before = listed(connect())[f"HR/Page ({page}).html"]
    twin.rename(top, "Another top")
    after = listed(connect())[f"HR/Page ({page}).html"]
    assert before.version != after.version
    assert b"Another top" in fetched(connect(), after.path)


@pytest.mark.usefixtures("open_space")
def test_only_the_spaces_named_are_read(twin, connect):
    twin.add_space("IT")
    page = twin.write("Page", "<p>Text.</p>")
    other = twin.write("Other", "<p>Text.</p>", space="IT")
    connector = connect(spaces="HR")
    assert set(listed(connector)) == {f"HR/Page ({page}).html"}
    for path in (f"IT/Other ({other}).html", f"HR/Other ({other}).html", f"HR/Older ({page}).html"):
        with pytest.raises(ItemGone), connector.fetch(path):
            pass
    with pytest.raises(PlaceUnavailable, match="no space GONE"):
        connect(spaces="HR, GONE").check()


def test_credentials_of_nobody_never_list_an_empty_place(twin, connect, monkeypatch):
    _answers(monkeypatch, twin, "user/current", in_json({"type": "anonymous"}))
    with pytest.raises(PlaceUnavailable, match="nobody's"):
        list(connect().items())


def test_an_account_that_sees_no_space_never_lists_an_empty_place(twin, connect):
    twin._spaces.clear()
    with pytest.raises(PlaceUnavailable, match="no space"):
        list(connect().items())


@pytest.mark.usefixtures("open_space")
def test_a_file_that_is_too_large_is_a_sentence(twin, connect, monkeypatch):
    monkeypatch.setattr(confluence, "DEFAULT_LIMITS", Limits(file_bytes=1000))
    page = twin.write("Page", "<p>Text.</p>")
    twin.attach(page, "large.txt", b"A" * 2000)
    with pytest.raises(ItemTooLarge), connect().fetch(f"HR/Page ({page})/large.txt"):
        pass


@pytest.mark.usefixtures("open_space")
def test_a_download_leads_to_known_hosts_only(twin, connect):
    page = twin.write("Page", "<p>Text.</p>")
    twin.attach(page, "file.txt", b"One.")
    twin._media.url = "http://attacker.example.org"
    if twin.cloud:
        with (
            pytest.raises(PlaceUnavailable, match="not a host that may be spoken to"),
            connect().fetch(f"HR/Page ({page})/file.txt"),
        ):
            pass


@pytest.mark.usefixtures("open_space")
def test_a_service_that_asks_to_wait_is_waited_for(twin, connect):
    for number in range(5):
        page = twin.write(f"Page {number}", "<p>Text.</p>")
        twin.restrict(page, (twin.accounts["ada"],))
    connector = connect()
    seen = 0
    for item in connector.items():
        twin.throttle(1)
        seen += readers(connector, item.access, PEOPLE) == {"ada"}
    assert seen == 5
    twin.throttle(1, retry_after_s=3600)
    with pytest.raises(PlaceUnavailable, match="asks to wait"):
        list(connector.items())


@pytest.mark.usefixtures("open_space")
@pytest.mark.parametrize(
    "answer",
    [
        in_json({}),
        in_json({"results": {}}),
        in_json({"results": [], "_links": {"next": "https://attacker.example.org/wiki/x"}}),
        in_json({"results": [], "_links": {"next": "//attacker.example.org/wiki/x"}}),
        in_json({"results": [{"title": "No name"}]}),
        in_json({"results": [{"id": "../../x", "title": "A name that climbs"}]}),
        Answered(200, b"<html>Sign in</html>"),
        Answered(200, b"[" * 100_000),
        Answered(500),
        Answered(404),
    ],
)
def test_a_listing_that_makes_no_sense_never_ends_as_if_whole(twin, connect, monkeypatch, answer):
    twin.write("Page", "<p>Text.</p>")
    _answers(monkeypatch, twin, "pages" if twin.cloud else "rest/api/content", answer)
    with pytest.raises(PlaceUnavailable) as error:
        list(connect().items())
    assert error.value.message.endswith(".")


@pytest.mark.usefixtures("open_space")
def test_attachments_that_cannot_be_listed_are_kept(twin, connect, monkeypatch):
    page = twin.write("Page", "<p>Text.</p>")
    ending = "attachments" if twin.cloud else "child/attachment"
    _answers(monkeypatch, twin, ending, in_json({}, 403))
    entries = list(connect().items())
    (problem,) = [entry for entry in entries if isinstance(entry, Problem)]
    assert problem.holds_below
    assert problem.path == f"HR/Page ({page})"
    assert len(entries) == 2


@pytest.mark.usefixtures("open_space")
@pytest.mark.parametrize("title", ["..", ".", "", "\ud800", "a\0b", "/", "x" * 3000, " . "])
def test_hostile_titles_are_paths_that_can_be_kept(twin, connect, title):
    page = twin.write(title, "<p>Text.</p>")
    twin.attach(page, f"{title}.txt", b"A file.")
    connector = connect()
    items = listed(connector)
    assert items
    for path in items:
        fetched(connector, path)
        assert path.count("/") < 3


@pytest.mark.parametrize("twin", [True], ids=["cloud"], indirect=True)
def test_pages_in_a_circle_are_shown_to_nobody(twin, connect):
    one = twin.write("One", "<p>Text.</p>")
    two = twin.write("Two", "<p>Text.</p>", parent=one)
    twin.move(one, two)
    assert {item.access.clauses for item in listed(connect()).values()} == {(frozenset(),)}


def _answers(monkeypatch, twin, ending, answer):
    """Have the twin answer so where an address ends, or has a step, like this."""
    honest = twin._site._server.RequestHandlerClass.answering

    def answering(asked):
        steps = asked.path.removesuffix("/byOperation/read")
        return answer if steps.endswith(f"/{ending}") else honest(asked)

    handler = twin._site._server.RequestHandlerClass
    monkeypatch.setattr(handler, "answering", staticmethod(answering))
