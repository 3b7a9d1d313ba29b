"""From a document to the pieces of its summary: what every door that summarises shares."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field

from centaure.answering.asking import Reader
from centaure.answering.conversations.repository import count_erasures
from centaure.answering.generated.request import Request
from centaure.answering.planted import tell_curators, without_planted
from centaure.answering.summaries.parts import cut
from centaure.answering.summaries.requests import MOST_TOKENS, room
from centaure.answering.summaries.summary import (
    Fallback,
    Language,
    Piece,
    Progress,
    Summary,
    SummarySentence,
)
from centaure.answering.summaries.telling import quota, sections, telling
from centaure.answering.summaries.writing import Text, Written
from centaure.audit import Action, record
from centaure.gateway.calls import Call, Purpose, QuotaExhausted
from centaure.gateway.routing import Facts
from centaure.gateway.service import Gateway
from centaure.guardrails.policies import OnePolicy, Policies
from centaure.kit.database import Database
from centaure.kit.errors import CentaureError, InvalidInput, NotFound
from centaure.kit.settings import Settings
from centaure.knowledge.documents.service import Document, read_document
from centaure.knowledge.parsing import Box
from centaure.knowledge.retrieval import DocumentBrief, Hit
from centaure.knowledge.retrieval.passages import passages_of, read_boxes

MOST_PASSAGES = 5_000
"""Of a document that is summarised: about 3,000 pages."""
_MOST_QUOTING = 2
"""Documents that a process reads for their most telling sentences at once: that takes the processor."""


@dataclass(slots=True)
class _Reading:
    """A document that somebody may read, and what the models are told of it.

    Attributes:
        document: as it was last looked up.
        hits: its passages in order.
        boxes: lines of those that run over several pages, by chunk.
        level: highest class, 0 to 3, that it has had since.
        language: of the summary.
        within: the conversation that it was dropped in.
        erasures: of that conversation, before any of this was read.
        left_out: whether a part of it is left out, since it speaks to an assistant and not to a reader.
    """

    document: DocumentBrief
    hits: Sequence[Hit]
    boxes: dict[int, tuple[Box, ...]]
    level: int
    language: Language
    within: int | None = None
    erasures: int = 0
    left_out: bool = False


@dataclass(frozen=True, slots=True)
class Summarising:
    """What summarises documents; one for a process.

    Attributes:
        database: as the application's role.
        settings: of the installation.
        gateway: by which language models are asked; None: documents are quoted.
        policies: of assistants: what is done about words in a document that speak to one.
    """

    database: Database
    settings: Settings
    gateway: Gateway | None = None
    policies: Policies = field(default_factory=OnePolicy)
    _quoting: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_MOST_QUOTING))

    async def summarise(
        self,
        reader: Reader,
        document_id: int,
        language: Language | None = None,
        *,
        within: int | None = None,
        by_machine: bool = False,
    ) -> AsyncGenerator[Piece]:
        """The summary of a document, as it is made; progress first, the whole last.

        Closing this ends the models' work. No transaction is open while a model writes; the rights of the
        reader and the class of the document are looked up again before each part is sent.

        Args:
            reader: whose rights hold.
            document_id: of the document.
            language: to write in; None: that of the document. Quotations stay as they are.
            within: the conversation that it was dropped in; None: it is of no conversation.
            by_machine: whether the owner of the machine asks for somebody.

        Raises:
            NotFound: it does not exist, or is not theirs to read, or not any more.
            InvalidInput: it has no text, or too much.
        """
        reading = await self._read(reader, document_id, language, within)
        level = max(reading.level, self._question_class)
        most = await self._room(level, reading.language)
        parts = cut(reading.hits, most) if most is not None else sections(reading.hits)
        await self._record(reader, reading, len(parts), most is not None, by_machine)
        yield Progress("parts", 0, len(parts))
        fallback: Fallback = "no_model"
        problem = ""
        if self.gateway is not None and most is not None:
            text = Text(parts, reading.boxes, reading.language, most)
            written = self._written(self.gateway, reader, reading, text)
            try:
                async with aclosing(written.pieces()) as pieces:
                    async for piece in pieces:
                        yield piece
            except NotFound:
                raise
            except QuotaExhausted as error:
                fallback, problem = "quota", error.message
            except CentaureError:
                fallback = "failed"
            else:
                yield self._whole(reading, written)
                return
            await self._look_up(reader, reading)
        async with aclosing(self._quoted(reading, fallback, problem)) as pieces:
            async for piece in pieces:
                yield piece

    @property
    def _question_class(self) -> int:
        return int(self.settings.question_class[1:])

    async def _read(
        self, reader: Reader, document_id: int, language: Language | None, within: int | None
    ) -> _Reading:
        async with self.database.read(reader.id, within) as session:
            erasures = await count_erasures(session, within)
            document = brief(await read_document(session, document_id))
            hits = await passages_of(session, document, MOST_PASSAGES + 1)
            several = [hit.chunk_id for hit in hits if hit.page_first != hit.page_last]
            boxes = await read_boxes(session, several) if several else {}
        if not hits:
            raise InvalidInput("This document has no text that could be summarised.")
        if len(hits) > MOST_PASSAGES:
            raise InvalidInput(
                f"This document has more than {MOST_PASSAGES:,} passages. Ask a question about it instead."
            )
        kept = await without_planted(hits, await self.policies.of(""))
        return _Reading(
            document,
            kept.hits,
            boxes,
            document.classification,
            language or _language(document, hits),
            within,
            erasures,
            bool(kept.rules),
        )

    async def _room(self, level: int, language: str) -> int | None:
        """Characters that the model which would be asked first reads at once; None: there is no model."""
        if self.gateway is None:
            return None
        facts = Facts(
            classification=level,
            purpose=Purpose.SUMMARY,
            language=language,
            most_tokens=MOST_TOKENS,
        )
        models = (await self.gateway.plan(facts)).models
        first = next((model for model in models if self.gateway.answers(model)), None)
        return None if first is None else room(first.context)

    async def _look_up(self, reader: Reader, reading: _Reading) -> None:
        """Whether the document may still be read, and its class."""
        async with self.database.read(reader.id, reading.within) as session:
            reading.document = brief(await read_document(session, reading.document.id))
        reading.level = max(reading.level, reading.document.classification)

    def _written(self, gateway: Gateway, reader: Reader, reading: _Reading, text: Text) -> Written:
        async def admit(asked: Request, longest_s: float) -> Call:
            await self._look_up(reader, reading)
            return Call(
                asked.chat,
                reader.id,
                Purpose.SUMMARY,
                max(reading.level, self._question_class),
                key_id=reader.key_id,
                language=text.language,
                prompt_version=asked.version,
                longest_s=longest_s,
                conversation=reading.within,
                erasures=reading.erasures,
            )

        return Written(gateway, admit, text, self.settings.unsupported)

    def _whole(self, reading: _Reading, written: Written) -> Summary:
        return Summary(
            document=reading.document,
            classification=reading.level,
            language=reading.language,
            sentences=tuple(written.sentences),
            parts=len(written.text.parts),
            missing=tuple(written.missing),
            joined=written.joined,
            models=tuple(written.models),
            generations=tuple(written.generations),
            prompt_version=", ".join(written.versions),
            problem=written.problem,
            stopped=written.stopped,
            warning=self.settings.unsupported != "show" and written.doubts,
            left_out=reading.left_out,
        )

    async def _quoted(
        self, reading: _Reading, fallback: Fallback, problem: str
    ) -> AsyncGenerator[Piece]:
        """The most telling sentences of each part."""
        parts = sections(reading.hits)
        told: frozenset[str] = frozenset()
        found: list[SummarySentence] = []
        async with self._quoting:
            for number, part in enumerate(parts, 1):
                most = quota(len(parts))
                quoted, told = await asyncio.to_thread(telling, part, most, told, reading.boxes)
                found += quoted
                for sentence in quoted:
                    yield sentence
                yield Progress("parts", number, len(parts))
        yield Summary(
            document=reading.document,
            classification=reading.level,
            language=reading.language,
            sentences=tuple(found),
            parts=len(parts),
            joined=False,
            fallback=fallback,
            problem=problem,
            left_out=reading.left_out,
        )

    async def _record(
        self, reader: Reader, reading: _Reading, parts: int, by_model: bool, by_machine: bool
    ) -> None:
        """Put on record what is about to be read, and shown to models."""
        details = {
            "parts": parts,
            "model": by_model,
            **({"by": "machine"} if by_machine else {}),
        }
        document = reading.document.id
        async with self.database.write(reader.id) as session:
            await tell_curators(session, [document] if reading.left_out else [])
            await record(session, Action.SUMMARY, f"document:{document}", details=details)


def brief(document: Document) -> DocumentBrief:
    """A document as lists show it."""
    return DocumentBrief(
        document.id,
        document.source_id,
        document.source,
        document.path,
        document.title,
        document.format,
        document.language,
        document.classification,
        document.modified,
    )


def _language(document: DocumentBrief, hits: Sequence[Hit]) -> Language:
    """That of a document, or of most of its passages."""
    counts = Counter([document.language] * len(hits) + [hit.language for hit in hits])
    return "en" if counts["en"] > counts["fr"] else "fr"
