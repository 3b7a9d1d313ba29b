"""What a site asks of those who walk through it: robots.txt, as RFC 9309 has it, and Crawl-delay.

The standard library's reader knows no `*` and `$` in a path and takes the first rule that fits instead of the
longest, so that it would read pages that a site closes.
"""

import math
import re
from dataclasses import dataclass, field

LARGEST_ROBOTS = 512 * 1024
_MOST_RULES = 10_000
_LONGEST_DELAY_S = 3600.0
_LINE = re.compile(r"\s*([A-Za-z-]+)\s*:\s*([^#]*)")


@dataclass(slots=True)
class _Group:
    rules: list[tuple[str, bool]] = field(default_factory=list[tuple[str, bool]])
    delay_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules for one robot.

    Attributes:
        rules: patterns of paths, and whether they are open.
        delay_s: seconds that the site asks for between two requests.
        sitemaps: addresses, as they are written.
    """

    rules: tuple[tuple[str, bool], ...] = ()
    delay_s: float = 0.0
    sitemaps: tuple[str, ...] = ()

    def allows(self, target: str) -> bool:
        """Whether a path with its query may be read: the longest rule that fits decides."""
        longest, is_open = -1, True
        for pattern, opens in self.rules:
            length = len(pattern)
            if (length > longest or (length == longest and opens)) and _fits(pattern, target):
                longest, is_open = length, opens
        return is_open


def robots(text: str, product: str) -> Robots:
    """The rules of a robots.txt for a robot of this name, or else those for any."""
    groups: dict[str, _Group] = {}
    sitemaps: list[str] = []
    named: list[str] = []
    was_name = False
    count = 0
    for line in text.lstrip("\ufeff").splitlines():
        found = _LINE.match(line)
        if found is None or count >= _MOST_RULES:
            continue
        count += 1
        key, value = found.group(1).lower(), found.group(2).strip()
        if key == "user-agent":
            named = [*named, value.lower()] if was_name else [value.lower()]
            groups.setdefault(value.lower(), _Group())
        elif key == "sitemap":
            sitemaps.append(value)
        for name in named if key != "user-agent" else ():
            _add(groups[name], key, value)
        was_name = key == "user-agent" or (was_name and key == "sitemap")
    chosen = groups.get(product.lower()) or groups.get("*") or _Group()
    return Robots(tuple(chosen.rules), chosen.delay_s, tuple(sitemaps))


def _add(group: _Group, key: str, value: str) -> None:
    if key in {"allow", "disallow"} and value:
        group.rules.append((value, key == "allow"))
    elif key == "crawl-delay":
        try:
            seconds = float(value)
        except ValueError:
            return
        if math.isfinite(seconds) and seconds > 0:
            group.delay_s = min(seconds, _LONGEST_DELAY_S)


def _fits(pattern: str, target: str) -> bool:
    """`*` is any text and `$` the end; read from left to right, so that no pattern takes long."""
    whole = pattern.endswith("$")
    first, *others = pattern.removesuffix("$").split("*")
    if not target.startswith(first):
        return False
    position = len(first)
    if not others:
        return not whole or position == len(target)
    *middle, last = others
    for part in middle:
        found = target.find(part, position)
        if found < 0:
            return False
        position = found + len(part)
    if whole:
        return len(target) - len(last) >= position and target.endswith(last)
    return target.find(last, position) >= 0
