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
_REMEMBERED = 4_000
"""Characters of the longest passage whose findings are kept: with `_read_lately`, 8 MB at most."""


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
    return await asyncio.to_thread(lambda: [_left(text, _planted_in(text), {}) for text in texts])


def _kept(hits: Sequence[Hit]) -> Kept:
    found: dict[int, dict[str, None]] = {}
    kept: list[Hit] = []
    for hit in hits:
        document, rules = hit.document, dict[str, None]()
        text = _left(hit.text, _planted_in_passage(hit.chunk_id, hit.text), rules)
        headings = tuple(_left(each, _planted_in(each), rules) for each in hit.heading_path)
        title = _left(document.title, _planted_in(document.title), rules)
        if not rules:
            kept.append(hit)
            continue
        found.setdefault(document.id, {}).update(rules)
        named = replace(document, title=title)
        kept.append(replace(hit, text=text, heading_path=headings, document=named))
    return Kept(tuple(kept), {document: tuple(rules) for document, rules in found.items()})


def _left(text: str, planted: Sequence[Finding], rules: dict[str, None]) -> str:
    if not planted:
        return text
    rules.update(dict.fromkeys(finding.rule for finding in planted))
    return blanked(text, planted)


def _planted_in_passage(passage: int, text: str) -> Sequence[Finding]:
    return _read_lately(passage, text) if len(text) <= _REMEMBERED else _planted_in(text)


@lru_cache(maxsize=512)
def _read_lately(passage: int, text: str) -> Sequence[Finding]:
    """The findings of a passage; its number is in the key, so none that may not be read is in play."""
    del passage
    return _planted_in(text)


def _planted_in(text: str) -> Sequence[Finding]:
    return scan(text, _CONTEXT, [_PLANTED]).left_out
