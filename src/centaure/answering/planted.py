"""Passages without what is planted in them, before they are quoted or a model is shown them."""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from centaure.guardrails.checks import Context, scan
from centaure.guardrails.documents import Planted, blanked
from centaure.guardrails.policy import Policy
from centaure.guardrails.verdicts import Action, Stage
from centaure.kit.database import WriteSession
from centaure.knowledge.retrieval import DocumentBrief, Hit

_PLANTED = Planted()


@dataclass(frozen=True, slots=True)
class Kept:
    """What is left of passages.

    Attributes:
        hits: the passages; offsets hold, since what is left out is blank.
        rules: what was found, by document: the names and versions of rules, nothing of the text.
    """

    hits: tuple[Hit, ...]
    rules: dict[int, tuple[str, ...]]

    @property
    def documents(self) -> tuple[DocumentBrief, ...]:
        """Those that something is left out of, the best passage's first."""
        found = (hit.document for hit in self.hits if hit.document.id in self.rules)
        return tuple({document.id: document for document in found}.values())


async def without_planted(hits: Sequence[Hit], policy: Policy) -> Kept:
    """Passages, their headings, sheets and titles, each without the sentences that speak to an assistant.

    Args:
        hits: the passages.
        policy: of the assistant that answers: where it warns, all is kept; where it does more than leave
            places out, the text that holds one is left out whole.
    """
    return await asyncio.to_thread(_kept, hits, Context(Stage.DOCUMENT, policy))


async def texts_without_planted(texts: Sequence[str], policy: Policy) -> list[str]:
    """Texts, each without the sentences that speak to an assistant, which are blank; as passages are."""
    context = Context(Stage.DOCUMENT, policy)
    return await asyncio.to_thread(lambda: [_left(text, {}, context) for text in texts])


async def tell_curators(session: WriteSession, documents: Collection[int]) -> None:
    """Note in the ledger that something is planted in documents, once for each version of them.

    Args:
        session: of somebody who may read them.
        documents: what they are.
    """
    if documents:
        await session.execute(_TELL, {"documents": sorted(documents)})


_TELL = (
    "insert into planted_notice (document_id, content_hash)"
    " select id, content_hash from document where id = any(%(documents)s) order by id on conflict do nothing"
)


def _kept(hits: Sequence[Hit], context: Context) -> Kept:
    found: dict[int, dict[str, None]] = {}
    kept: list[Hit] = []
    for hit in hits:
        document, rules = hit.document, dict[str, None]()
        text = _left(hit.text, rules, context)
        headings = tuple(_left(heading, rules, context) for heading in hit.heading_path)
        title = _left(document.title, rules, context)
        sheet = hit.sheet and _left(hit.sheet, rules, context)
        if not rules:
            kept.append(hit)
            continue
        found.setdefault(document.id, {}).update(rules)
        named = replace(document, title=title)
        kept.append(replace(hit, text=text, heading_path=headings, sheet=sheet, document=named))
    return Kept(tuple(kept), {document: tuple(rules) for document, rules in found.items()})


def _left(text: str, rules: dict[str, None], context: Context) -> str:
    verdict = scan(text, context, [_PLANTED])
    places = verdict.left_out
    if verdict.action > Action.REDACT:
        places = [replace(verdict.findings[0], start=0, end=len(text))]
        rules.update(dict.fromkeys(verdict.rules()))
    if not places:
        return text
    rules.update(dict.fromkeys(finding.rule for finding in verdict.left_out))
    return blanked(text, places)
