"""Why somebody can or cannot read a path, in words, from the manifest alone."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from centaure.knowledge.sources.manifest import EVERYONE, Manifest, Principals, Rule, User
from centaure.knowledge.sources.rights import RightsBook

CLASS_NAMES = ("C0 (public)", "C1 (internal)", "C2 (confidential)", "C3 (secret)")


@dataclass(frozen=True, slots=True)
class Explanation:
    """A decision and its reasons, in the order in which they decide."""

    readable: bool
    sentences: tuple[str, ...]
    rule: str | None
    classification: int | None


def explain(book: RightsBook, login: str, path: str) -> Explanation:
    """Say why a user can or cannot read the file at a path.

    Args:
        book: the rules.
        login: who; anybody signed in counts for `*`, declared or not.
        path: posix, in the source; of the message, for an attachment.
    """
    manifest = book.manifest
    rule = book.rule_for(path)
    if rule is None:
        reason = f"No rule covers '{path}', so nobody can read it."
        return Explanation(readable=False, sentences=(reason,), rule=None, classification=None)
    sentences = [_choice(book, rule)]
    chains = _chains(manifest, login)
    user = manifest.users.get(login)
    if user is None:
        sentences.append(f"The manifest does not declare the user '{login}'.")
    refusal = _denied(book, rule, login, path, chains)
    opening = _opened(rule, login, chains, manifest)
    sentences.append(refusal or opening or _unopened(rule, login))
    readable = refusal is None and opening is not None
    if readable:
        ceiling = _ceiling(rule, user, login)
        readable = ceiling is None
        if ceiling:
            sentences.append(ceiling)
    return Explanation(readable, tuple(sentences), rule.path or ".", rule.classification)


def _choice(book: RightsBook, rule: Rule) -> str:
    broader = [
        f"{other.name} (line {other.line})"
        for other in book.manifest.rules
        if other.type == "folder"
        and other is not rule
        and (not other.path or f"{rule.path}/".startswith(f"{other.path}/"))
    ]
    replaces = f"; it replaces the broader {' and '.join(broader)}" if broader else ""
    return (
        f"The rule for the {rule.name} (line {rule.line}) is the most specific one that covers the "
        f"file{replaces}."
    )


def _chains(manifest: Manifest, login: str) -> dict[str, tuple[str, ...]]:
    """Each declared group that the user is in, with the shortest way from the user to it."""
    user = manifest.users.get(login)
    holders: dict[str, list[str]] = {}
    for group in manifest.groups.values():
        for contained in group.contains:
            holders.setdefault(contained, []).append(group.id)
    chains: dict[str, tuple[str, ...]] = {}
    ahead = deque[tuple[str, tuple[str, ...]]]()
    ahead.extend((group, (group,)) for group in (user.groups if user else ()))
    while ahead:
        group, chain = ahead.popleft()
        if group not in manifest.groups or group in chains:
            continue
        chains[group] = chain
        ahead.extend((holder, (*chain, holder)) for holder in holders.get(group, ()))
    return chains


def _denied(
    book: RightsBook, rule: Rule, login: str, path: str, chains: dict[str, tuple[str, ...]]
) -> str | None:
    beats = "Deny beats read, so they cannot read it."
    if rule.deny.everyone:
        return f"The rule denies any signed-in user ('*'). {beats}"
    alike = login.casefold() in {user.casefold() for user in rule.deny.users}
    if alike or f"user:{login}" in book.evaluate(path).denied:
        return f"The rule denies '{login}' by name or through a group that is not declared. {beats}"
    for group in rule.deny.groups:
        if group in chains:
            return f"The rule denies the group '{group}', and {_way(login, chains[group])}. {beats}"
    return None


def _opened(
    rule: Rule, login: str, chains: dict[str, tuple[str, ...]], manifest: Manifest
) -> str | None:
    if rule.read.everyone:
        return "The rule opens to any signed-in user ('*')."
    if login in rule.read.users:
        return f"The rule opens to '{login}' by name."
    for group in rule.read.groups:
        if group in chains:
            label = manifest.groups[group].label
            named = f" ({label})" if label != group else ""
            return (
                f"The rule opens to the group '{group}'{named}, and {_way(login, chains[group])}."
            )
    return None


def _unopened(rule: Rule, login: str) -> str:
    named = _listed(rule.read)
    if not named:
        return "The rule opens to nobody, so they cannot read it."
    return f"The rule opens to {named}; '{login}' is none of them, so they cannot read it."


def _ceiling(rule: Rule, user: User | None, login: str) -> str | None:
    if user is None or user.clearance is None or rule.classification <= user.clearance:
        return None
    return (
        f"The file is classified {CLASS_NAMES[rule.classification]}, above the clearance of '{login}', "
        f"{CLASS_NAMES[user.clearance]}, so they cannot read it."
    )


def _way(login: str, chain: tuple[str, ...]) -> str:
    if len(chain) == 1:
        return f"'{login}' is in it"
    links = " which is contained in ".join(f"'{group}'" for group in chain)
    return f"'{login}' is in {links}"


def _listed(principals: Principals) -> str:
    parts = [
        *_quoted("the group", principals.groups),
        *_quoted("the user", principals.users),
    ]
    return ", ".join(parts)


def _quoted(kind: str, names: Iterable[str]) -> list[str]:
    return [f"{kind} '{name}'" for name in names if name != EVERYONE]
