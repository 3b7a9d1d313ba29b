"""The check on links: Markdown, HTML and bare addresses to hosts that the policy does not name."""

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar

from centaure.guardrails.checks import Context
from centaure.guardrails.links.destination import allowed
from centaure.guardrails.normalisation import Normalised
from centaure.guardrails.policy import Sensitivity
from centaure.guardrails.verdicts import Action, Finding, Stage

_LONGEST = 2_000
"""Characters of an address: what is longer is left out up to there."""
_MOST_BEFORE = 300
"""Characters of the words of a link, or of a tag, before its address."""
_BARE = re.compile(
    rf"(?<![a-z0-9])(?:[a-z][a-z0-9+.-]{{1,20}}:[/\\]{{2}}|www\.|(?:javascript|vbscript|mailto|blob):(?=\S)|data:(?=[\w.+-]{{1,40}}[/;,]))[^\s<>\"`]{{0,{_LONGEST}}}",
    re.IGNORECASE,
)
_ENTITIES = re.compile(
    r"[^\s<>&]{0,40}&(?:#\w{1,8}|colon|sol|period|bsol);[^\s<>\"]{0,400}", re.IGNORECASE
)
_MARKDOWN = re.compile(rf"\]\(\s{{0,20}}(<[^>\n]{{0,{_LONGEST}}}>|[^\s)]{{1,{_LONGEST}}})")
_REFERENCE = re.compile(
    rf"\[[^\[\]\n]{{1,200}}\]:\s{{0,20}}(<[^>\n]{{0,{_LONGEST}}}>|\S{{1,{_LONGEST}}})"
)
_ATTRIBUTE = re.compile(
    r"\b(?:src|href|action|formaction|poster|background|data|cite|longdesc|manifest|xlink:href)\s{0,10}=\s{0,10}"
    rf"(\"[^\"]{{0,{_LONGEST}}}\"|'[^']{{0,{_LONGEST}}}'|[^\s\"'>]{{1,{_LONGEST}}})",
    re.IGNORECASE,
)
_STYLE = re.compile(rf"\burl\(\s{{0,10}}[\"']?([^\s)\"']{{1,{_LONGEST}}})", re.IGNORECASE)
_ACTIVE = re.compile(
    rf"<(?:script|iframe|frame|object|embed|applet|meta|base|form|style|link|svg|math)\b[^<>]{{0,{_LONGEST}}}>?"
    rf"|<\w{{1,20}}\s[^<>]{{0,{_MOST_BEFORE}}}\b(?:on\w{{3,20}}|srcset|ping)\s{{0,10}}=[^<>]{{0,{_LONGEST}}}>?",
    re.IGNORECASE,
)
_AFTER = ".,;:!?)]}»”’'*_"


_WEB = re.compile(r"(?:https?://|www\.)", re.IGNORECASE)
_LONGEST_TYPED = 150
"""Characters of an address that may pass: what follows it in a stream is looked at with all of it."""
_OVER = re.compile(rf"[{re.escape(_AFTER)}]{{0,2}}(?:[\s<]|\Z)")
"""Where every reader of an answer sees the end of an address."""
_TYPED_OVER = re.compile(rf"[{re.escape(_AFTER)}]{{0,8}}(?:[\s<>\"`]|\Z)")


class Links:
    """Links and images that lead to a host that the policy does not name: they are left out.

    A bare address that the person wrote passes: it carries nothing that was not theirs, and shows where it
    leads. Images, active content and links with other words than their address do not.
    """

    name: ClassVar[str] = "links"
    stages: ClassVar[frozenset[Stage]] = frozenset({Stage.OUTPUT})
    default: ClassVar[Sensitivity | None] = Sensitivity(at=0.5, action=Action.REDACT)

    def look(self, text: Normalised, context: Context) -> Iterable[Finding]:
        """Each of them, whole: with its words where it is of Markdown, with its tag where it is of HTML."""
        told: set[tuple[int, int]] = set()
        for start, end, label, address in _addresses(text.text):
            if address is not None and allowed(address, context.policy.hosts):
                continue
            span = text.span(start, end)
            if span not in told and not (
                label == "BARE_LINK" and _is_theirs(text.original, *span, context.typed)
            ):
                told.add(span)
                yield Finding(*span, self.name, label, 1.0, f"{label.lower()}.1")


def _addresses(text: str) -> Iterator[tuple[int, int, str, str | None]]:
    """Start, end, kind and address of whatever leads away; None: it does so whatever its address is."""
    for found in _MARKDOWN.finditer(text):
        start, image = _words(text, found.start())
        yield start, _closed(text, found.end()), "IMAGE" if image else "LINK", _bare(found[1])
    for found in _REFERENCE.finditer(text):
        yield *found.span(), "LINK", _bare(found[1])
    for found in _ATTRIBUTE.finditer(text):
        start, end = _tag(text, *found.span())
        image = text[start : start + 4].lower() == "<img"
        yield start, end, "IMAGE" if image else "LINK", found[1].strip("\"'")
    for found in _STYLE.finditer(text):
        yield *_tag(text, *found.span()), "IMAGE", found[1]
    for found in _ACTIVE.finditer(text):
        yield *found.span(), "ACTIVE_CONTENT", None
    for found in _BARE.finditer(text):
        address = found.group().rstrip(_AFTER)
        yield found.start(), found.start() + len(address), "BARE_LINK", _whole(address)
    for found in _ENTITIES.finditer(text):
        said = html.unescape(found.group())
        if inside := _BARE.search(said):
            yield *found.span(), "LINK", _whole(inside.group())


def _is_theirs(text: str, start: int, end: int, typed: Sequence[str]) -> bool:
    """Whether an address stands in what the person typed: whole, and to the letter."""
    address = text[start:end]
    if len(address) > _LONGEST_TYPED or not _WEB.match(address):
        return False
    framed = start > 0 and text[start - 1] == "<" and text.startswith(">", end)
    if not framed and not _OVER.match(text, end):
        return False
    return any(_stands(address, one) for one in typed)


def _stands(address: str, typed: str) -> bool:
    at = typed.find(address)
    while at >= 0:
        if _TYPED_OVER.match(typed, at + len(address)):
            return True
        at = typed.find(address, at + 1)
    return False


def _whole(address: str) -> str:
    return f"https://{address}" if address.lower().startswith("www.") else address


def _bare(written: str) -> str:
    return written[1:-1] if written.startswith("<") and written.endswith(">") else written


def _words(text: str, at: int) -> tuple[int, bool]:
    """Where the words before a Markdown address begin, and whether it is an image."""
    start = text.rfind("[", max(at - _MOST_BEFORE, 0), at)
    if start < 0:
        return at, False
    image = start > 0 and text[start - 1] == "!"
    return start - image, image


def _closed(text: str, end: int) -> int:
    """Past the bracket that closes a Markdown address, its title left out."""
    close = text.find(")", end, end + _MOST_BEFORE)
    line = text.find("\n", end, end + _MOST_BEFORE)
    return close + 1 if close >= 0 and not 0 <= line < close else end


def _tag(text: str, start: int, end: int) -> tuple[int, int]:
    """The tag of HTML that holds a part, or that part."""
    opened = text.rfind("<", max(start - _MOST_BEFORE, 0), start)
    closed = text.find(">", end, end + _MOST_BEFORE)
    return (opened if opened >= 0 else start), (closed + 1 if closed >= 0 else end)
