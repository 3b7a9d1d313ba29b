"""Who may read a page: whom its space lets read, and whom each restriction on the way down to it names."""

from collections import OrderedDict
from collections.abc import Collection, Iterable, Iterator

from centaure.knowledge.connectors.confluence.service import (
    Content,
    NotThere,
    Readers,
    RightsUnreadable,
    Service,
    Space,
)
from centaure.knowledge.connectors.port import EVERYONE, PlaceAccess, PlaceGroup

Clause = frozenset[str]

_PREFIX = "confluence/"
_MOST_KEPT = 200_000
_MOST_LOGINS = 200_000
_DEEPEST = 200
_LOST = (
    "What this page lies below cannot be read, and it may be restricted, so nobody sees the page. Let the "
    "account of this source see what lies above it."
)


class Tree:
    """What contents lie below; the last 200,000 that were needed are known, others are asked for."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._known: OrderedDict[str, Content] = OrderedDict()

    def clear(self) -> None:
        """Forget all, before a new listing."""
        self._known.clear()

    def keep(self, content: Content) -> None:
        """Remember a content that a listing told."""
        self._known[content.id] = content
        if len(self._known) > _MOST_KEPT:
            self._known.popitem(last=False)

    def above(self, content: Content) -> list[Content]:
        """What a content lies below, from the nearest up.

        Raises:
            RightsUnreadable: it cannot be told.
        """
        found: list[Content] = []
        below = content
        while below.parent:
            if len(found) > _DEEPEST:
                raise RightsUnreadable(_LOST)
            parent = self._known.get(below.parent)
            if parent is None:
                try:
                    parent = self._service.content(below.parent_kind, below.parent, body=False)
                except NotThere:
                    raise RightsUnreadable(_LOST) from None
                self.keep(parent)
            found.append(parent)
            below = parent
        return found

    def titles(self, content: Content) -> list[str]:
        """Titles of what a content lies below, from the top; none where they cannot be told."""
        try:
            return [parent.title for parent in reversed(self.above(content))]
        except RightsUnreadable:
            return []


class Rights:
    """Reads rights during one listing, with one thread at a time."""

    def __init__(self, service: Service, tree: Tree) -> None:
        self._service = service
        self._tree = tree
        self._restrictions: OrderedDict[str, Readers | RightsUnreadable | None] = OrderedDict()
        self._logins: dict[str, str] = {}

    def clear(self) -> None:
        """Forget all, before a new listing."""
        self._restrictions.clear()
        self._logins.clear()

    def of_space(self, space: Space) -> Clause | RightsUnreadable:
        """Whom a space lets read, or why that is not known."""
        try:
            return self._clause(self._service.space_readers(space))
        except RightsUnreadable as error:
            return error

    def asked(self, identifier: str) -> Readers | RightsUnreadable | None:
        """The restriction of a content, or why it is not known; keeps nothing, for several threads."""
        try:
            return self._service.restriction(identifier)
        except RightsUnreadable as error:
            return error

    def keep(self, found: Iterable[tuple[str, Readers | RightsUnreadable | None]]) -> None:
        """Remember restrictions by content, and learn who the people in them are, all at once."""
        accounts: set[str] = set()
        for identifier, restriction in found:
            self._restrictions[identifier] = restriction
            if isinstance(restriction, Readers):
                accounts |= restriction.accounts
            if len(self._restrictions) > _MOST_KEPT:
                self._restrictions.popitem(last=False)
        try:
            self._learn(accounts)
        except RightsUnreadable:
            return  # said where each of them is used

    def read(self, floor: Clause | RightsUnreadable, content: Content) -> PlaceAccess:
        """The rights of a content in a space: a clause for the space, and one for each restriction."""
        try:
            if isinstance(floor, RightsUnreadable):
                raise floor
            clauses = [floor]
            for step in [content, *self._tree.above(content)]:
                restriction = self._restriction(step.id)
                if restriction is not None:
                    clauses.append(self._clause(restriction))
            return PlaceAccess(tuple(dict.fromkeys(clauses)))
        except RightsUnreadable as error:
            return PlaceAccess.unreadable(str(error))

    def groups(self, named: Collection[str]) -> Iterator[PlaceGroup]:
        """The groups named; one that cannot be read is left out."""
        for name in sorted({name.removeprefix("group:") for name in named}):
            if not name.startswith(_PREFIX):
                continue
            try:
                group = self._service.group(name.removeprefix(_PREFIX))
            except NotThere:
                continue
            if group is not None:
                yield PlaceGroup(name, group.label, group.logins)

    def _restriction(self, identifier: str) -> Readers | None:
        if identifier not in self._restrictions:
            self.keep([(identifier, self.asked(identifier))])
        found = self._restrictions[identifier]
        if isinstance(found, RightsUnreadable):
            raise RightsUnreadable(str(found))
        return found

    def _clause(self, readers: Readers) -> Clause:
        self._learn(readers.accounts)
        names = {f"group:{_PREFIX}{group}" for group in readers.groups if group}
        for account in readers.accounts:
            if login := self._logins[account]:
                names.add(f"user:{login}")
        if readers.everyone:
            names.add(EVERYONE)
        return frozenset(names)

    def _learn(self, accounts: Collection[str]) -> None:
        if len(self._logins) > _MOST_LOGINS:
            self._logins.clear()
        missing = set(accounts) - self._logins.keys() - {""}
        found = self._service.logins(missing) if missing else {}
        self._logins.update({account: found.get(account, "") for account in missing}, **{"": ""})
