"""Passages without what is planted in them, before they are quoted or a model is shown them."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from centaure.guardrails.checks import Context, scan
from centaure.guardrails.documents import Planted, blanked
from centaure.guardrails.verdicts import Finding, Stage
from centaure.knowledge.retrieval import Hit

_CONTEXT = Context(stage=Stage.DOCUMENT)
_PLANTED = Planted()
_REMEMBERED = range(200, 4_000)
"""Characters of a text whose findings are kept: most passages; what is shorter is read as fast."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What is left of passages.

    Attributes:
        hits: the passages; offsets hold, since what is left out is blank.
        rules: what was found, by document: the names and versions of rules, nothing of the text.
    """

    hits: tuple[Hit, ...]
    rules: dict[int, tuple[str, ...]]


async def without_planted(hits: Sequence[Hit]) -> Kept:
    """Passages, their headings and titles, each without the sentences that speak to an assistant."""
    return await asyncio.to_thread(_kept, hits)


async def texts_without_planted(texts: Sequence[str]) -> list[str]:
    """Texts, each without the sentences that speak to an assistant, which are blank."""
    return await asyncio.to_thread(lambda: [_left(text, {}) for text in texts])


def _kept(hits: Sequence[Hit]) -> Kept:
    found: dict[int, dict[str, None]] = {}
    kept: list[Hit] = []
    for hit in hits:
        document, rules = hit.document, dict[str, None]()
        text = _left(hit.text, rules)
        headings = tuple(_left(heading, rules) for heading in hit.heading_path)
        title = _left(document.title, rules)
        if not rules:
            kept.append(hit)
            continue
        found.setdefault(document.id, {}).update(rules)
        named = replace(document, title=title)
        kept.append(replace(hit, text=text, heading_path=headings, document=named))
    return Kept(tuple(kept), {document: tuple(rules) for document, rules in found.items()})


def _left(text: str, rules: dict[str, None]) -> str:
    planted = _read(text) if len(text) in _REMEMBERED else _planted_in(text)
    if not planted:
        return text
    rules.update(dict.fromkeys(finding.rule for finding in planted))
    return blanked(text, planted)


def _planted_in(text: str) -> tuple[Finding, ...]:
    return scan(text, _CONTEXT, [_PLANTED]).left_out


_read = lru_cache(maxsize=512)(_planted_in)
"""The same for passages that were read lately: a text is its own key, so nothing of another is told by it."""
