"""Who may read a path, decided from the manifest alone; no disk, no database.

The most specific rule that covers the path replaces every broader one. Inside it, deny beats read. No
rule, no access. An attachment is asked for by the path of its message.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from centaure.knowledge.sources.manifest import EVERYONE, Manifest, Principals, Rule

SECRET = 3


@dataclass(frozen=True, slots=True)
class Rights:
    """What a document's row says of its readers.

    Attributes:
        readers: keys of principals: `*`, `user:ID` or `group:ID`; empty opens to nobody.
        denied: keys of principals that deny closes, whatever `readers` holds.
        classification: 0 (public) to 3 (secret).
        rule: path of the rule that applied ('.' for the whole source); `None`: no rule covers the path.
    """

    readers: frozenset[str]
    denied: frozenset[str]
    classification: int
    rule: str | None


NOBODY = Rights(frozenset(), frozenset(), SECRET, None)


class RightsBook:
    """The rules of a manifest, ready to be asked about many paths."""

    def __init__(self, manifest: Manifest) -> None:
        self.manifest = manifest
        self._files = {rule.path: rule for rule in manifest.rules if rule.type == "file"}
        self._folders = {rule.path: rule for rule in manifest.rules if rule.type == "folder"}
        self._decided: dict[Rule, Rights] = {}

    def rule_for(self, path: str) -> Rule | None:
        """The most specific rule that covers a file's path.

        At the file's own path, a rule for a file comes before one for a folder.
        """
        path = unicodedata.normalize("NFC", path)
        if (rule := self._files.get(path)) is not None:
            return rule
        for covering in _upwards(path):
            if (rule := self._folders.get(covering)) is not None:
                return rule
        return None

    def evaluate(self, path: str) -> Rights:
        """The rights of a file, by its posix path relative to the source."""
        rule = self.rule_for(path)
        if rule is None:
            return NOBODY
        if rule not in self._decided:
            self._decided[rule] = self._decide(rule)
        return self._decided[rule]

    def _decide(self, rule: Rule) -> Rights:
        readers = {f"user:{user}" for user in rule.read.users if user != EVERYONE}
        readers |= {f"group:{group}" for group in rule.read.groups if group in self.manifest.groups}
        denied = {f"user:{user}" for user in self._denied_users(rule.deny)}
        denied |= {f"group:{group}" for group in rule.deny.groups if group in self.manifest.groups}
        if rule.read.everyone:
            readers.add(EVERYONE)
        if rule.deny.everyone:
            denied.add(EVERYONE)
        return Rights(frozenset(readers), frozenset(denied), rule.classification, rule.path or ".")

    def _denied_users(self, deny: Principals) -> Iterator[str]:
        """Deny errs on the side of closing: other capitals and undeclared groups count as well."""
        folded = {user.casefold() for user in deny.users}
        undeclared = {group for group in deny.groups if group not in self.manifest.groups}
        yield from (user for user in deny.users if user != EVERYONE)
        for user in self.manifest.users.values():
            if user.id.casefold() in folded or undeclared.intersection(user.groups):
                yield user.id


def _upwards(path: str) -> Iterator[str]:
    while path:
        yield path
        path = path.rpartition("/")[0]
    yield ""
