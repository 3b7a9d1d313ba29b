"""Which rules of a manifest cover at least one file, and what the others probably meant."""

import unicodedata

from centaure.knowledge.sources.manifest import Manifest, Rule


class RuleUse:
    """Told of every file of a source, knows the rules that match nothing."""

    def __init__(self, manifest: Manifest) -> None:
        self._rules = manifest.rules
        self._files = {rule.path: rule for rule in manifest.rules if rule.type == "file"}
        self._folders = {rule.path: rule for rule in manifest.rules if rule.type == "folder"}
        self._folded = {rule.path.casefold(): rule for rule in manifest.rules}
        self._used: set[Rule] = set()
        self._hints: dict[Rule, str] = {}
        self._folders_seen: set[str] = set()
        if (whole := self._folders.get("")) is not None:
            self._used.add(whole)

    def saw(self, path: str) -> None:
        """Take note of a file, by its posix path relative to the source."""
        path = unicodedata.normalize("NFC", path)
        if (rule := self._files.get(path)) is not None:
            self._used.add(rule)
        if (rule := self._folders.get(path)) is not None:
            self._used.add(rule)
            self._hints[rule] = "it is a file: its type should be file"
        self._other_capitals(path)
        folder = path.rpartition("/")[0]
        while folder and folder not in self._folders_seen:
            self._folders_seen.add(folder)
            if (rule := self._folders.get(folder)) is not None:
                self._used.add(rule)
            if (rule := self._files.get(folder)) is not None:
                self._hints[rule] = "it is a folder: its type should be folder"
            self._other_capitals(folder)
            folder = folder.rpartition("/")[0]

    def _other_capitals(self, path: str) -> None:
        rule = self._folded.get(path.casefold())
        if rule is not None and rule.path != path:
            self._hints[rule] = f"capitals count, and '{path}' exists"

    def warnings(self) -> list[str]:
        """A sentence for each rule that matches nothing, or not what it says."""
        sentences: list[str] = []
        for rule in self._rules:
            hint = self._hints.get(rule)
            if rule not in self._used:
                sentences.append(
                    f"Line {rule.line}: the rule for the {rule.name} matches no file"
                    f"{': ' + hint if hint else _unusual(rule)}."
                )
            elif hint and rule.path and "type should" in hint:
                sentences.append(f"Line {rule.line}: the rule for the {rule.name}: {hint}.")
        return sentences


def _unusual(rule: Rule) -> str:
    if "*" in rule.path or "?" in rule.path:
        return ": patterns are not read, a path is taken letter by letter"
    return ""
