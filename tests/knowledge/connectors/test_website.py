"""A web site: what is asked of it, what is never asked, and what its pages say of themselves."""

import gzip
import time
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr

from centaure.kit.errors import InvalidInput
from centaure.knowledge.connectors.conformance import fetched, listing
from centaure.knowledge.connectors.port import (
    Item,
    ItemGone,
    ItemTooLarge,
    ItemUnreadable,
    PlaceUnavailable,
    Problem,
)
from centaure.knowledge.connectors.web import website as websites
from centaure.knowledge.connectors.web.addresses import (
    NotAnAddress,
    address,
    is_within,
    item_path,
    possible_addresses,
)
from centaure.knowledge.connectors.web.pages import BrokenSitemap, page, sitemap
from centaure.knowledge.connectors.web.robots import robots
from centaure.knowledge.connectors.web.website import Website, WebsiteOptions
from centaure.knowledge.parsing.limits import Limits
from knowledge.connectors.servers.website import website_server

NAMESPACE = "xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'"


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    monkeypatch.setattr("centaure.kit.outbound._backoff", lambda _: 0.01)


@pytest.fixture
def site(started):
    found = started(website_server)
    found.clear()
    return found


@contextmanager
def connector(site, path="/", **options):
    chosen = WebsiteOptions(**{"requests_per_second": 1000, **options})
    with closing(Website.connect(site.origin + path, chosen)) as made:
        yield made


def paths(site, path="/", **options):
    with connector(site, path, **options) as made:
        return {item.path for item in listing(made)}


def links(*targets):
    return "".join(f'<a href="{target}">a page</a>' for target in targets)


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("HTTPS://Www.Example.org:443", "https://www.example.org/"),
        ("http://example.org:80/a/./b/../c/", "http://example.org/a/c/"),
        (
            "https://example.org/%7euser/%c3%a9t%c3%a9#part",
            "https://example.org/~user/%C3%A9t%C3%A9",
        ),
        ("https://example.org/été", "https://example.org/%C3%A9t%C3%A9"),
        ("https://example.org/100%", "https://example.org/100%25"),
        ("https://exämple.org/", "https://xn--exmple-cua.org/"),
        ("https://example.org//evil.org/x", "https://example.org/evil.org/x"),
        ("https://[::1]:8443/", "https://[::1]:8443/"),
    ],
)
def test_a_location_has_one_form(written, normal):
    assert Website.normal_location(written, WebsiteOptions()) == normal
    assert Website.normal_location(normal, WebsiteOptions()) == normal


@pytest.mark.parametrize(
    "written",
    [
        "example.org",
        "ftp://example.org/",
        "https://",
        "https://ada:secret@example.org/",
        "https://ex*mple.org/",
        "https://example.org/?a=b",
        "https://example.org:99999/",
        "https://[::1/",
        "javascript:alert(1)",
        "https://example.org/" + "a" * 5000,
    ],
)
def test_what_is_no_location_is_refused_in_words(written):
    with pytest.raises(InvalidInput) as refused:
        Website.normal_location(written, WebsiteOptions())
    assert "secret" not in refused.value.message


@pytest.mark.parametrize(
    ("link", "target"),
    [
        ("?utm_source=x&id=3&fbclid=y", "/a/b?id=3"),
        ("c;jsessionid=12AB?x", "/a/c?x"),
        ("//example.org/x", "/x"),
        ("../../../../etc", "/etc"),
        ("#top", "/a/b"),
        ("/%2e%2e/%2e%2e/x", "/x"),
    ],
)
def test_links_lose_what_only_tracks(link, target):
    assert address(link, address("https://example.org/a/b")).target == target


@pytest.mark.parametrize(
    "link", ["mailto:a@b.org", "data:text/html,x", "https://a@b.org/", "http://:80/"]
)
def test_what_is_no_page_is_no_address(link):
    with pytest.raises(NotAnAddress):
        address(link, address("https://example.org/a"))


def test_only_what_lies_below_is_within():
    start = address("https://example.org/docs")
    within = ["/docs", "/docs/", "/docs/a/b", "/docs?x=1"]
    outside = ["/", "/docs-old", "/doc", "/docs/../x", "/other"]
    assert all(is_within(address(each, start), start) for each in within)
    assert not any(is_within(address(each, start), start) for each in outside)
    for each in ("http://example.org/docs/", "https://example.org:444/docs/", "//evil.org/docs/"):
        assert not is_within(address(each, start), start)


@pytest.mark.parametrize(
    ("target", "suffix", "path"),
    [
        ("/", ".html", "index.html"),
        ("/a/", ".html", "a/index.html"),
        ("/a", ".html", "a.html"),
        ("/a.html", ".html", "a.html"),
        ("/a.php", ".html", "a.php.html"),
        ("/report.pdf", ".pdf", "report.pdf"),
        ("/get?id=3", ".pdf", "get?id=3.pdf"),
        ("/?next=/a/b", ".html", "index?next=%2Fa%2Fb.html"),
        ("/caf%C3%A9/%2F%3F%23%25.html", ".html", "café/%2F%3F%23%25.html"),
        ("/%00%FF.html", ".html", "%00%FF.html"),
    ],
)
def test_a_page_has_a_path_and_is_found_by_it(target, suffix, path):
    start = address("https://example.org/")
    made = address(target, start)
    assert item_path(made, suffix) == path
    assert made in possible_addresses(start, path)


def test_a_long_query_is_hashed():
    made = address("https://example.org/a?q=" + "x" * 500)
    assert len(item_path(made, ".html")) < 40
    assert possible_addresses(made, item_path(made, ".html")) == []


def test_links_are_followed_and_documents_found(site):
    site.page("/", links("a/", "report.pdf", "logo.png", "old.txt#part", "/a/?utm_source=x"))
    site.page("/a/", links("b", "../", "c?id=1", "c?id=2"))
    site.page("/a/b", "<p>Deep.")
    site.page("/a/c?id=1", "<p>One.")
    site.page("/a/c?id=2", "<p>Two.")
    site.page("/report.pdf", b"%PDF-1.7", content_type="application/pdf")
    site.page("/old.txt", "Text.", content_type="text/plain")
    assert paths(site) == {
        "index.html",
        "a/index.html",
        "a/b.html",
        "a/c?id=1.html",
        "a/c?id=2.html",
        "report.pdf",
        "old.txt",
    }
    assert ("HEAD", "/report.pdf") in site.asked
    assert ("GET", "/report.pdf") not in site.asked
    assert not any("logo" in target for _, target in site.asked)
    assert all(agent.startswith("Centaure/") for agent in site.agents)


def test_no_other_site_and_nothing_above_is_ever_asked(site):
    with website_server() as other:
        other.page("/secret", "<p>Of another port.")
        site.page(
            "/docs/",
            links(
                f"{other.origin}/secret",
                "/private",
                "../private",
                "moved",
                "away",
                "in/../../private",
            ),
        )
        site.page("/private", "<p>Above.")
        site.page("/docs/moved", "", status=302, headers={"Location": f"{other.origin}/secret"})
        site.page("/docs/away", "", status=301, headers={"Location": "/private"})
        site.page(
            "/sitemap.xml",
            f"<urlset {NAMESPACE}><url><loc>{other.origin}/secret</loc></url>"
            "<url><loc>/private</loc></url></urlset>",
            content_type="application/xml",
        )
        site.page("/robots.txt", f"Sitemap: {other.origin}/sitemap.xml", content_type="text/plain")
        with connector(site, "/docs/") as made:
            assert {item.path for item in listing(made)} == {"docs/index.html"}
            for path in ("private.html", "docs/moved.html", "docs/away.html", "../private.html"):
                with pytest.raises(ItemGone), made.fetch(path):
                    pass
        assert other.asked == []
        assert not any("private" in target for _, target in site.asked)


def test_a_start_that_redirects_away_is_said(site):
    with website_server() as other:
        site.page("/", "", status=301, headers={"Location": f"{other.origin}/"})
        with connector(site) as made, pytest.raises(PlaceUnavailable, match="redirects to"):
            made.check()
        assert other.asked == []


def test_a_redirect_within_is_a_link(site):
    site.page("/", links("old"))
    site.page("/old", "", status=301, headers={"Location": "/new"})
    site.page("/new", "<p>New.")
    assert paths(site) == {"index.html", "new.html"}


def test_canonical_addresses_are_listed_once(site):
    site.page("/", links("a?sort=up", "a?sort=down", "a", "x", "y"))
    for target in ("/a?sort=up", "/a?sort=down", "/a"):
        site.page(target, '<link rel="canonical" href="/a"><p>The page.')
    site.page("/x", '<link rel=canonical href="/y">')
    site.page("/y", '<link rel=canonical href="/x">')
    found = paths(site)
    assert {"index.html", "a.html"} <= found
    assert len(found & {"x.html", "y.html"}) == 1
    assert not any("sort" in path for path in found)


def test_what_does_not_want_to_be_listed_is_not(site):
    site.page("/", links("meta", "header", "ours", "theirs", "nofollow"))
    site.page("/meta", '<meta name="ROBOTS" content="NoIndex, follow">' + links("behind"))
    site.page("/behind", "<p>Behind.")
    site.page("/header", "<p>x", headers={"X-Robots-Tag": "noindex"})
    site.page("/ours", '<meta name="centaure" content="none">')
    site.page("/theirs", "<p>x", headers={"X-Robots-Tag": "otherbot: noindex"})
    site.page("/nofollow", "<meta name=robots content=nofollow>" + links("never"))
    site.page("/never", "<p>Never.")
    assert paths(site) == {"index.html", "behind.html", "theirs.html", "nofollow.html"}


def test_robots_are_obeyed(site):
    site.page("/", links("open", "closed/x", "file.php?x=1", "closed/open"))
    for target in ("/open", "/closed/x", "/file.php?x=1", "/closed/open"):
        site.page(target, "<p>x")
    site.page(
        "/robots.txt",
        "User-agent: *\nDisallow: /\n\nUser-agent: centaure\nDisallow: /closed/\nAllow: /closed/open\n"
        "Disallow: /*.php\n",
        content_type="text/plain",
    )
    assert paths(site) == {"index.html", "open.html", "closed/open.html"}
    assert ("GET", "/closed/x") not in site.asked
    with connector(site) as made, pytest.raises(ItemGone), made.fetch("closed/x.html"):
        pass
    site.page("/robots.txt", "User-agent: *\nDisallow: /", content_type="text/plain")
    with connector(site) as made, pytest.raises(PlaceUnavailable, match=r"robots\.txt"):
        made.check()


@pytest.mark.parametrize(
    ("rules", "target", "allowed"),
    [
        ("Disallow:", "/a", True),
        ("Disallow: /a", "/ab", False),
        ("Disallow: /a$", "/ab", True),
        ("Disallow: /*.pdf$", "/x/y.pdf", False),
        ("Disallow: /*.pdf$", "/x/y.pdf?z", True),
        ("Disallow: /a\nAllow: /a", "/a", True),
        ("Allow: /\nDisallow: /private", "/private/x", False),
        ("Disallow: /*a*a*a*a*a*a*a*a*a*b", "/" + "a" * 50_000, True),
    ],
)
def test_the_longest_rule_decides(rules, target, allowed):
    before = time.monotonic()
    assert robots(f"User-agent: *\n{rules}\n", "Centaure").allows(target) is allowed
    assert time.monotonic() - before < 1


def test_the_site_sets_the_pace(site):
    site.page("/", links("a", "b"))
    site.page("/a", "<p>a")
    site.page("/b", "<p>b")
    site.page("/robots.txt", "User-agent: *\nCrawl-delay: 0.2", content_type="text/plain")
    before = time.monotonic()
    paths(site)
    asked = len(site.asked)
    assert time.monotonic() - before > 0.2 * (asked - 2)


def test_sitemaps_are_read_packed_and_nested(site):
    index = f"<sitemapindex {NAMESPACE}><sitemap><loc>{site.origin}/one.xml.gz</loc></sitemap></sitemapindex>"
    one = (
        f"<urlset {NAMESPACE}><url><loc>{site.origin}/lonely</loc>"
        "<lastmod>2020-01-02</lastmod></url></urlset>"
    )
    site.page("/robots.txt", f"Sitemap: {site.origin}/index.xml", content_type="text/plain")
    site.page("/index.xml", index, content_type="text/xml")
    site.page("/one.xml.gz", gzip.compress(one.encode()), content_type="application/gzip")
    site.page("/", "<p>No links.")
    site.page("/lonely", "<p>Lonely.")
    with connector(site) as made:
        found = {item.path: item for item in listing(made)}
    assert set(found) == {"index.html", "lonely.html"}
    assert found["lonely.html"].modified_ns == datetime(2020, 1, 2, tzinfo=UTC).timestamp() * 1e9


def test_with_a_dated_sitemap_a_second_listing_asks_for_no_page(site):
    now = datetime.now(UTC).replace(microsecond=0)
    dates = {
        "old": "2020-01-02",
        "exact": (now - timedelta(minutes=5)).isoformat(),
        "today": now.date().isoformat(),
    }
    lines = "".join(
        f"<url><loc>{site.origin}/{name}</loc><lastmod>{date}</lastmod></url>"
        for name, date in dates.items()
    )
    site.page("/sitemap.xml", f"<urlset {NAMESPACE}>{lines}</urlset>", content_type="text/xml")
    for name in dates:
        site.page(f"/{name}", f"<p>{name}")
    with connector(site, discover="sitemap") as made:
        first = listing(made)
        site.asked.clear()
        assert listing(made) == first
        assert {target for _, target in site.asked} == {
            "/robots.txt",
            "/",
            "/sitemap.xml",
            "/today",
        }
        assert b"exact" in fetched(made, "exact.html")
        site.page("/old", "<meta name=robots content=noindex>")
        with pytest.raises(ItemGone), made.fetch("old.html"):
            pass


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not xml",
        b"<urlset><url><loc>x</loc>",
        gzip.compress(b"x" * 60_000_000),
        b"\x1f\x8bbroken",
    ],
)
def test_a_broken_sitemap_removes_nothing(site, content):
    site.page("/", "<p>Start.")
    site.page("/sitemap.xml", content, content_type="application/xml")
    with connector(site) as made:
        entries = list(made.items())
    assert [entry.path for entry in entries if isinstance(entry, Item)] == ["index.html"]
    (problem,) = [entry for entry in entries if isinstance(entry, Problem)]
    assert problem.holds_below


def test_a_sitemap_opens_no_entity():
    bomb = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    document = (
        f'<!DOCTYPE x [<!ENTITY a0 "boom"><!ENTITY f SYSTEM "file:///etc/passwd">{bomb}]>'
        f"<urlset {NAMESPACE}><url><loc>&f;</loc></url><url><loc>&a11;</loc></url></urlset>"
    )
    try:
        found = [entry.address for entry in sitemap(document.encode())]
    except BrokenSitemap:
        found = []
    assert not any("root" in each or "boom" in each for each in found)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0\xff" * 1000,
        b"<a href=" * 5000,
        b"<div>" * 100_000,
        b"<meta name=robots>",
        b"<a href=x\0y>",
    ],
)
def test_any_page_is_taken_apart(content):
    assert page(content, "text/html; charset=no-such", "Centaure").canonical == ""


def test_versions_are_what_the_site_says(site):
    old = "Wed, 01 Jan 2020 00:00:00 GMT"
    site.page("/", links("tagged", "dated", "bare", "bare.pdf"), etag="start")
    site.page("/tagged", "<p>x", etag="v1")
    site.page("/dated", "<p>x", etag=None, headers={"Last-Modified": old})
    site.page("/bare", "<p>x", etag=None)
    site.page("/bare.pdf", b"%PDF", etag=None, content_type="application/pdf")
    with connector(site) as made:
        versions = {item.path: item.version for item in listing(made)}
        assert versions["tagged.html"] == '"v1"'
        assert versions["dated.html"] == "1577836800 4"
        assert versions["bare.html"].startswith("sha256:")
        assert versions["bare.pdf"] == ""
        for path, version in versions.items():
            with made.fetch(path) as file:
                assert file.version == version


def test_a_fault_of_the_site_removes_nothing(site):
    site.page("/", links("a", "b", "broken"))
    site.page("/a", "<p>a")
    site.page("/b", "<p>b")
    site.page("/broken", "oh", status=500)
    with connector(site) as made:
        problems = {entry.path: entry for entry in made.items() if isinstance(entry, Problem)}
        assert set(problems) == {"broken.html", "."}
        assert problems["."].holds_below
        for target in ("/a", "/b"):
            site.page(target, "oh", status=500)
        with pytest.raises(PlaceUnavailable, match="HTTP 500"):
            list(made.items())
        site.page("/", "oh", status=502)
        with pytest.raises(PlaceUnavailable, match="HTTP 502"):
            made.check()
        site.page("/robots.txt", "oh", status=500)
        with pytest.raises(PlaceUnavailable, match="robots"):
            list(made.items())


def test_a_site_that_asks_to_wait_too_long_is_unavailable(site):
    site.page("/", "later", status=503, headers={"Retry-After": "3600"})
    with connector(site) as made, pytest.raises(PlaceUnavailable, match="wait"):
        list(made.items())


def test_a_host_that_vanishes_half_way_raises():
    with website_server() as site:
        site.page("/", links(*(f"p{number}" for number in range(20))))
        for number in range(20):
            site.page(f"/p{number}", "<p>x")
        opened = connector(site)
        made = opened.__enter__()
        entries = made.items()
        assert isinstance(next(entries), Item)
    with pytest.raises(PlaceUnavailable):
        list(entries)
    opened.__exit__(None, None, None)


def test_pages_that_are_gone_are_gone(site):
    site.page("/", links("there", "gone", "closed"))
    site.page("/there", "<p>x")
    site.page("/gone", "x", status=410)
    site.page("/closed", "x", status=403)
    with connector(site) as made:
        entries = {entry.path: entry for entry in made.items()}
        assert set(entries) == {"index.html", "there.html", "closed.html"}
        assert isinstance(entries["closed.html"], Problem)
        with pytest.raises(ItemUnreadable), made.fetch("closed.html"):
            pass
        del site.answers["/"]
        with pytest.raises(PlaceUnavailable, match="nothing at"):
            list(made.items())


def test_an_endless_site_ends_and_what_was_known_is_kept(site):
    for number in range(60):
        site.page(f"/p{number}", links(f"p{number + 1}"))
    site.page("/", links("p0"))
    with connector(site, most_pages=5) as made:
        entries = list(made.items())
    assert len([entry for entry in entries if isinstance(entry, Item)]) == 5
    assert isinstance(entries[-1], Problem)
    assert entries[-1].holds_below
    assert "most_pages" in entries[-1].reason
    assert paths(site, deepest=2) == {"index.html", "p0.html", "p1.html"}
    with connector(site, most_seconds=1, requests_per_second=4) as made:
        assert "most_seconds" in list(made.items())[-1].reason


def test_what_is_too_large_is_not_read(site, monkeypatch):
    monkeypatch.setattr(websites, "DEFAULT_LIMITS", Limits(file_bytes=1000))
    site.page("/", links("big.pdf"))
    site.page("/big.pdf", b"%PDF" + b"x" * 2000, content_type="application/pdf")
    with connector(site) as made:
        sizes = {item.path: item.size for item in listing(made)}
        assert sizes["big.pdf"] == 2004
        with pytest.raises(ItemTooLarge), made.fetch("big.pdf"):
            pass


def test_a_page_is_fetched_without_a_listing(site):
    site.page("/", links("a/"))
    site.page("/a/", "<p>In a folder.")
    site.page("/b.html", "<p>With a name.")
    for path, words in (("a/index.html", b"In a folder"), ("b.html", b"With a name")):
        with connector(site) as made:
            assert words in fetched(made, path)


def test_a_password_is_for_this_site_only_and_never_shown(site):
    site.password = "Basic YWRhOnNlY3JldA=="
    site.page("/", "<p>Closed to others.")
    assert paths(site, user="ada", password=SecretStr("secret")) == {"index.html"}
    with (
        connector(site, user="ada", password=SecretStr("wrong-secret")) as made,
        pytest.raises(PlaceUnavailable) as refused,
    ):
        made.check()
    assert "wrong-secret" not in refused.value.message + repr(made)
