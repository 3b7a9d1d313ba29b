"""A web site that is found by its links, one that is found by its sitemap, and one behind a password."""

import base64
from contextlib import contextmanager
from html import escape
from urllib.parse import quote

from pydantic import SecretStr

from centaure.knowledge.connectors.conformance import (
    CHANGE,
    MOVE,
    REMOVE,
    VERSION,
    CannotHold,
    Place,
)
from centaure.knowledge.connectors.names import is_ignored
from centaure.knowledge.connectors.web.addresses import address, item_path
from centaure.knowledge.connectors.web.website import Website, WebsiteOptions
from knowledge.connectors.servers.website import HTML, website_server

_PREFIX = "/the site/"
_PASSWORD = "open-sesame"
_WRONG = "no-one-may-see-this-secret"


class WebsitePlace(Place):
    """The part of a site below a path, whose first page, which is no document, links to the others."""

    capabilities = frozenset({CHANGE, REMOVE, MOVE, VERSION})
    secrets = (_PASSWORD, _WRONG)

    def __init__(self, site, *, by_sitemap=False, password=""):
        self.site = site
        self.by_sitemap = by_sitemap
        self.password = password
        self.targets = {}
        site.clear()
        if password:
            site.password = "Basic " + base64.b64encode(f"ada:{password}".encode()).decode()
        site.page("/beside.html", "<p>Beside it.")
        self.link()

    def made(self, *, location=None, **options):
        chosen = WebsiteOptions(
            **{
                "requests_per_second": 1000,
                "discover": "sitemap" if self.by_sitemap else "links",
                "user": "ada" if self.password else "",
                "password": SecretStr(self.password),
                **options,
            }
        )
        written = location or self.site.origin + quote(_PREFIX)
        return Website.connect(Website.normal_location(written, chosen), chosen)

    def connector(self):
        return self.made()

    def connector_with_wrong_credentials(self):
        return self.made(password=SecretStr(_WRONG)) if self.password else None

    def connector_to(self, host, port):
        return self.made(location=f"http://{host}:{port}/")

    def link(self):
        if self.by_sitemap:
            lines = "".join(
                f"<url><loc>{escape(self.site.origin + target)}</loc></url>"
                for target in self.targets.values()
            )
            words = f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{lines}</urlset>"
            self.site.page("/sitemap.xml", words, content_type="application/xml")
        links = (
            ""
            if self.by_sitemap
            else "".join(
                f'<a href="{escape(target)}">a page</a>'
                for target in ["/beside.html", *self.targets.values()]
            )
        )
        words = f"<meta name=robots content=noindex><title>Start</title>{links}"
        self.site.page(quote(_PREFIX), words)

    def put(self, path, content):
        if any(is_ignored(name) for name in path.split("/")):
            raise CannotHold
        target = quote(_PREFIX + path)
        is_text = path.endswith(".txt")
        self.site.page(target, content, content_type="text/plain" if is_text else HTML)
        listed = item_path(address(self.site.origin + target), "" if is_text else ".html")
        self.targets[listed] = target
        return listed

    def write(self, path, content):
        listed = self.put(path, content)
        self.link()
        return listed

    def write_all(self, contents):
        listed = [self.put(path, content) for path, content in contents.items()]
        self.link()
        return listed

    def remove(self, path):
        del self.site.answers[self.targets.pop(path)]
        self.link()

    def move(self, old, new):
        content = self.site.answers[self.targets[old]].content
        self.remove(old)
        return self.write(new, content)


@contextmanager
def website(started, tmp_path):
    _ = tmp_path
    yield WebsitePlace(started(website_server))


@contextmanager
def website_by_sitemap(started, tmp_path):
    _ = tmp_path
    yield WebsitePlace(started(website_server), by_sitemap=True)


@contextmanager
def website_with_password(started, tmp_path):
    _ = tmp_path
    yield WebsitePlace(started(website_server), password=_PASSWORD)


PLACES = {
    "website": website,
    "website-by-sitemap": website_by_sitemap,
    "website-with-password": website_with_password,
}
