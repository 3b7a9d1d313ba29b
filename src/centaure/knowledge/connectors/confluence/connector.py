"""Confluence, Cloud and Data Center: pages, blog posts and attachments, for whom they are open there.

The location is the site's address: `https://contoso.atlassian.net/wiki`, or that of one's own server.

Changes. There is no feed: Confluence can be asked what was modified since a time, and not what was removed,
moved away or closed, so everything is listed each time. That is cheap in bytes (versions, no bodies), and
costs two requests per page, four at a time: its restriction, which has no version of its own, and its
attachments.

Rights. A reader may read the space and is named by the restriction of the page, where it has one, and by that
of each page above it. Each of them is a clause. Roles of a space (Cloud's access by roles) are not told as
permissions and open nothing; nor do people whose profile hides their mail address.

Text. Pages are read as they are stored, never as Confluence renders them: its macros would put into a page
what the account of the source may read of others. What other pages give (include, excerpt-include, reports)
is found where it stands; see `storage`.
"""

import hashlib
import re
import urllib.parse
from collections.abc import Collection, Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, ConfigDict, SecretStr, field_validator
from typing_extensions import override

from centaure.kit.errors import InvalidInput
from centaure.knowledge.connectors.answers import bounded, place_errors, printable, too_large
from centaure.knowledge.connectors.confluence.cloud import CloudService
from centaure.knowledge.connectors.confluence.datacenter import DataCenterService
from centaure.knowledge.connectors.confluence.paths import (
    attachment_path,
    document,
    folder_of,
    meaning,
    page_path,
)
from centaure.knowledge.connectors.confluence.rights import Clause, Rights, Tree
from centaure.knowledge.connectors.confluence.service import (
    Attachment,
    Client,
    Content,
    Kind,
    NotThere,
    RightsUnreadable,
    Service,
    Space,
)
from centaure.knowledge.connectors.copies import Fetched, copied
from centaure.knowledge.connectors.names import is_ignored
from centaure.knowledge.connectors.port import (
    Connector,
    Item,
    ItemGone,
    ItemUnreadable,
    Options,
    PlaceAccess,
    PlaceGroup,
    PlaceUnavailable,
    Problem,
    path_problem,
)
from centaure.knowledge.parsing.limits import DEFAULT_LIMITS

DOWNLOAD_HOSTS = ("api.media.atlassian.com",)
"""Where Cloud's downloads lead; none is sent credentials."""

# Another one has pages read again that were read in another form.
_FORM = "storage"
_KINDS: tuple[Kind, ...] = ("page", "blogpost")
_ABREAST = 4
_LOCAL = frozenset({"127.0.0.1", "::1", "localhost"})
_NO_SITE = (
    "This is no address of a Confluence. Write it as the browser shows it up to its first page, such as "
    "https://contoso.atlassian.net/wiki."
)
_PATH = re.compile(r"(/[\w.~-]+)*", re.ASCII)


def _words(value: object) -> object:
    """Several words in one option, between commas."""
    if isinstance(value, str):
        return tuple(word.strip() for word in value.split(",") if word.strip())
    return value


class ConfluenceOptions(Options):
    """An account that sees what is to be read, and how its answers are taken.

    Attributes:
        user: of Cloud, the account's mail address; empty for a personal access token of Data Center.
        token: an API token, or a personal access token.
        spaces: keys of those to read, between commas; all that the account sees when empty.
        attachments: whether files on pages are read.
        login: which name of a person is the login here: 'email', or 'account' for Cloud's account
            identifiers. Data Center has user names.
        deployment: 'cloud' or 'datacenter'; told by the address when empty.
        download_hosts: hosts, besides Atlassian's, that downloads may lead to.
    """

    # A refused option is said by its name, never with the secrets beside it.
    model_config = ConfigDict(hide_input_in_errors=True)

    user: str = ""
    token: SecretStr
    spaces: Annotated[tuple[str, ...], BeforeValidator(_words)] = ()
    attachments: bool = True
    login: Literal["email", "account"] = "email"
    deployment: Literal["", "cloud", "datacenter"] = ""
    download_hosts: Annotated[tuple[str, ...], BeforeValidator(_words)] = ()

    @field_validator("token")
    @classmethod
    def _is_a_word(cls, value: SecretStr) -> SecretStr:
        token = value.get_secret_value().strip()
        # A header cannot hold others, and the error that says so would show the token.
        if not (token and token.isascii() and token.isprintable()):
            raise ValueError("a token has letters, digits and signs only")
        return SecretStr(token)


class ConfluenceConnector(Connector):
    """A site, or some of its spaces."""

    kind = "confluence"
    options_model = ConfluenceOptions
    reports_access = True

    def __init__(self, location: str, options: ConfluenceOptions) -> None:
        self.location = location
        self._options = options
        hosts = (*DOWNLOAD_HOSTS, *options.download_hosts)
        self._client = Client(location, options.user, options.token.get_secret_value(), hosts)
        self._service = self._of_deployment()
        self._tree = Tree(self._service)
        self._rights = Rights(self._service, self._tree)
        self._spaces: dict[str, Space] = {}

    def __repr__(self) -> str:
        """Without secrets."""
        return f"ConfluenceConnector({self.location!r})"

    @classmethod
    @override
    def normal_location(cls, written: str, options: Options) -> str:
        try:
            split = urllib.parse.urlsplit(written.strip())
            port = f":{split.port}" if split.port else ""
        except ValueError:
            raise InvalidInput(_NO_SITE) from None
        host = (split.hostname or "").rstrip(".")
        path = split.path.rstrip("/")
        local = split.scheme == "http" and host in _LOCAL
        if not host or split.username or split.password or not (split.scheme == "https" or local):
            raise InvalidInput(_NO_SITE)
        if not _PATH.fullmatch(path) or {".", ".."} & {*path.split("/")}:
            raise InvalidInput(_NO_SITE)
        shown = f"[{host}]" if ":" in host else host
        return f"{split.scheme}://{shown}{port}{path}"

    @classmethod
    @override
    def connect(cls, location: str, options: Options) -> Self:
        if not isinstance(options, ConfluenceOptions):
            raise InvalidInput("A Confluence source needs a user and a token.")
        return cls(location, options)

    @override
    def check(self) -> None:
        with _reached():
            self._service.check()
            self._known_spaces(fresh=True)

    @override
    def items(self, since: str | None = None) -> Iterator[Item | Problem]:
        """Everything; memory grows with the number of pages (some 500 bytes each), not with their text."""
        self.passed_over = 0
        with _reached():
            self._service.check()
            self._tree.clear()
            self._rights.clear()
            spaces = self._known_spaces(fresh=True)
            with ThreadPoolExecutor(_ABREAST, "confluence") as threads:
                for space in spaces.values():
                    floor = self._rights.of_space(space)
                    for kind in _KINDS:
                        for contents in self._service.contents(space, kind):
                            yield from self._page(threads, space, floor, contents)

    @override
    @contextmanager
    def fetch(self, path: str) -> Generator[Fetched]:
        with ExitStack() as stack:
            with _reached():
                meant = meaning(path)
                space = self._known_spaces().get(meant.space) if meant else None
                if meant is None or space is None:
                    raise ItemGone(path)
                try:
                    content = self._service.content(meant.kind, meant.id, body=not meant.file)
                except NotThere:
                    raise ItemGone(path) from None
                if content.space != space.id:
                    raise ItemGone(path)
                copy = (
                    self._attachment_copy(path, space, content)
                    if meant.file
                    else self._page_copy(path, space, content)
                )
                fetched = stack.enter_context(copy)
            yield fetched

    @override
    def groups(self, named: Collection[str]) -> Iterable[PlaceGroup]:
        with _reached():
            yield from self._rights.groups(named)

    @override
    def close(self) -> None:
        self._client.close()

    def _of_deployment(self) -> Service:
        host = urllib.parse.urlsplit(self.location).hostname or ""
        deployment = self._options.deployment
        if deployment == "cloud" or (not deployment and host.endswith(".atlassian.net")):
            return CloudService(self._client, self._options.login)
        return DataCenterService(self._client)

    def _known_spaces(self, *, fresh: bool = False) -> dict[str, Space]:
        """The spaces to read, by key."""
        if fresh or not self._spaces:
            wanted = set(self._options.spaces)
            found = {space.key: space for space in self._service.spaces(wanted)}
            if missing := wanted - found.keys():
                raise PlaceUnavailable(
                    f"Confluence shows no space {', '.join(sorted(missing))} to this account. Check the keys "
                    "and what the account may see."
                )
            if not found:
                raise PlaceUnavailable(
                    "Confluence shows no space at all to this account. Check its rights."
                )
            self._spaces = {
                key: space for key, space in found.items() if not wanted or key in wanted
            }
        return self._spaces

    def _page(
        self,
        threads: ThreadPoolExecutor,
        space: Space,
        floor: Clause | RightsUnreadable,
        contents: list[Content],
    ) -> Iterator[Item | Problem]:
        contents = [content for content in contents if content.space == space.id]
        for content in contents:
            self._tree.keep(content)
        names = [content.id for content in contents]
        attached = threads.map(self._attachments, contents)
        self._rights.keep(zip(names, threads.map(self._rights.asked, names), strict=True))
        for content, attachments in zip(contents, attached, strict=True):
            access = self._rights.read(floor, content)
            yield Item(
                page_path(space.key, content),
                None,
                content.modified_ns,
                self._version(content),
                content.id,
                access,
            )
            if isinstance(attachments, PlaceUnavailable):
                reason = f"{attachments.message} What was read of its attachments before is kept."
                folder = folder_of(space.key, content)
                yield Problem(folder, "unreadable", reason, holds_below=True)
            else:
                yield from self._attached(space, content, attachments, access)

    def _attachments(self, content: Content) -> list[Attachment] | PlaceUnavailable:
        if not self._options.attachments:
            return []
        try:
            return self._service.attachments(content)
        except NotThere:
            return []
        except PlaceUnavailable as error:
            return error

    def _attached(
        self,
        space: Space,
        content: Content,
        attachments: list[Attachment],
        access: PlaceAccess,
    ) -> Iterator[Item | Problem]:
        for attachment in attachments:
            if is_ignored(attachment.title):
                self.passed_over += 1
                continue
            path = attachment_path(space.key, content, attachment)
            if (wrong := path_problem(path)) is not None:
                yield Problem(printable(path, attachment.id), "unreadable", wrong)
                continue
            yield Item(
                path,
                attachment.size,
                attachment.modified_ns,
                attachment.version,
                attachment.id,
                access,
            )

    def _version(self, content: Content) -> str:
        """Its number, and the titles above it: they are in the text, and change without a version."""
        titles = "\n".join(self._tree.titles(content)).encode("utf-8", "replace")
        return f"{content.version}.{_FORM}.{hashlib.sha256(titles).hexdigest()[:12]}"

    @contextmanager
    def _page_copy(self, path: str, space: Space, content: Content) -> Generator[Fetched]:
        if page_path(space.key, content) != path:
            raise ItemGone(path)
        text = document(space.key, self._tree.titles(content), content)
        with copied(
            path.rsplit("/", maxsplit=1)[-1],
            [text],
            modified_ns=content.modified_ns,
            version=self._version(content),
            identity=content.id,
        ) as fetched:
            yield fetched

    @contextmanager
    def _attachment_copy(self, path: str, space: Space, content: Content) -> Generator[Fetched]:
        try:
            attachments = self._service.attachments(content)
        except NotThere:
            raise ItemGone(path) from None
        for attachment in attachments:
            named = attachment_path(space.key, content, attachment)
            if named == path and not is_ignored(attachment.title):
                break
        else:
            raise ItemGone(path)
        if (attachment.size or 0) > DEFAULT_LIMITS.file_bytes:
            raise too_large(DEFAULT_LIMITS.file_bytes)
        with copied(
            path.rsplit("/", maxsplit=1)[-1],
            self._pieces(attachment, path),
            modified_ns=attachment.modified_ns,
            version=attachment.version,
            identity=attachment.id,
        ) as fetched:
            yield fetched

    def _pieces(self, attachment: Attachment, path: str) -> Iterator[bytes]:
        with self._client.stream(attachment.path) as answer:
            if answer.status_code in {404, 410}:
                raise ItemGone(path)
            if answer.status_code != 200:
                raise ItemUnreadable(
                    f"Confluence does not give this file (HTTP {answer.status_code}). Let the account of "
                    "this source see it."
                )
            yield from bounded(answer, DEFAULT_LIMITS.file_bytes)


@contextmanager
def _reached() -> Generator[None]:
    """A list that is not there, where the address should lead to one, is an address that is wrong."""
    with place_errors():
        try:
            yield
        except NotThere:
            raise PlaceUnavailable(
                "There is no Confluence at this address, or not for this account. Check both."
            ) from None
        except RightsUnreadable as error:
            raise PlaceUnavailable(str(error)) from None
