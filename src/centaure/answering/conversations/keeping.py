"""An answer is kept: its end, the documents that it was made from, its citations and its sentences."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from psycopg.types.json import Jsonb

from centaure.answering.answers import Answer, Citation, Sentence
from centaure.kit.database import WriteSession

State = Literal["done", "stopped", "failed"]

UNKNOWN = 0
"""Stands for documents that are not known; nobody may read it."""

_END = """
    update turn
       set state = case when state = 'writing' then %(state)s else state end,
           problem = %(problem)s, language = %(language)s, answerable = %(answerable)s,
           helped_by = %(helped_by)s, model = %(model)s, generation = %(generation)s,
           prompt_version = %(prompt_version)s, fallback = %(fallback)s, stopped = %(stopped)s,
           warning = %(warning)s, held = %(held)s, approved = %(approved)s
     where id = %(id)s
"""

# What was read of a document after the answer began may be other words than those that it quotes. Earlier
# answers brought its words of then, of the class of then. Words of two versions are of no known one.
_DOCUMENTS = """
    with made_from(document_id, content_hash, classification) as (
        select document.id,
               case when exists (
                   select from reading
                   where reading.document_id = document.id and reading.indexed_at < turn.at
               ) then document.content_hash else '' end,
               document.classification
          from turn join document on document.id = any(%(read)s)
         where turn.id = %(id)s
        union all
        select document_id, content_hash, classification
          from turn_document
         where turn_id = any(%(carried)s)
    )
    insert into turn_document (turn_id, document_id, owner, content_hash, classification, left_out)
    select %(id)s, document_id, current_principal(),
           case when count(distinct content_hash) = 1 then (array_agg(content_hash))[1] else '' end,
           max(classification), document_id = any(%(left_out)s)
      from made_from
     group by document_id
"""

_CITATIONS = """
    insert into turn_citation
        (turn_id, number, document_id, chunk_id, page, sheet, cells, heading, quote)
    select known.turn_id, one.number, one.document_id, one.chunk_id, one.page, one.sheet, one.cells,
           one.heading, one.quote
      from jsonb_to_recordset(%(citations)s) as one(
           number int, document_id bigint, chunk_id bigint, page int, sheet text, cells text,
           heading text[], quote text)
      join turn_document known on known.turn_id = %(id)s and known.document_id = one.document_id
"""

_SENTENCES = """
    insert into turn_sentence (turn_id, position, text, citations, rests_on, support, reason)
    select %(id)s, one.position, one.text, one.citations, one.rests_on, one.support, one.reason
      from jsonb_to_recordset(%(sentences)s) as one(
           position int, text text, citations int[], rests_on bigint[], support text, reason text)
"""


@dataclass(frozen=True, slots=True)
class Written:
    """What there is of an answer when its writing ends.

    Attributes:
        state: how it ended.
        sentences: that were said.
        citations: that were given.
        answer: the whole of it, or what was known of it last; None: nothing was.
        carried: the documents whose words earlier answers brought into it, by these answers' turns.
        problem: why it failed, in a sentence.
    """

    state: State
    sentences: Sequence[Sentence]
    citations: Sequence[Citation]
    answer: Answer | None = None
    carried: Mapping[int, Collection[int]] = field(default_factory=dict[int, Collection[int]])
    problem: str = ""

    @property
    def read(self) -> frozenset[int]:
        """Every document that it cites, or that its model was shown."""
        shown = self.answer.given if self._by_model and self.answer else ()
        return frozenset((*shown, *(citation.document.id for citation in self.citations)))

    @property
    def left_out(self) -> frozenset[int]:
        """The documents of which a part is left out."""
        return frozenset(document.id for document in (self.answer.left_out if self.answer else ()))

    @property
    def earlier(self) -> Sequence[int]:
        """The turns of the answers that its model was shown."""
        return sorted(self.carried) if self._by_model else []

    def rests_on(self, sentence: Sentence) -> list[int]:
        """The documents whose words a sentence may repeat.

        They are those that a quotation cites, and all that its model was shown for any other sentence: what
        supports it need not be where its words are from.
        """
        numbers = set(sentence.citations)
        cited = {one.document.id for one in self.citations if one.number in numbers}
        if cited and sentence.support is None:
            return sorted(cited)
        if self.answer is None:
            return [UNKNOWN]
        return sorted(self.read.union(*(self.carried[turn] for turn in self.earlier)))

    @property
    def _by_model(self) -> bool:
        return self.answer is not None and bool(self.answer.model)


async def keep_answer(session: WriteSession, turn: int, written: Written) -> bool:
    """Write what there is of an answer; False: its conversation was removed meanwhile.

    Args:
        session: the owner's.
        turn: the answer's; nothing of it is written yet.
        written: what there is.
    """
    answer, whole = written.answer, written.state == "done"
    found = await session.execute(
        _END,
        {
            "id": turn,
            "state": written.state,
            "problem": written.problem or (answer.problem if answer else ""),
            "language": answer.language if answer else "",
            "answerable": answer.answerable if whole and answer else bool(written.citations),
            "helped_by": answer.helped_by if answer else "",
            "model": answer.model if answer else "",
            "generation": answer.generation if answer else None,
            "prompt_version": answer.prompt_version if answer else "",
            "fallback": answer.fallback if answer else None,
            "stopped": answer.stopped if answer else None,
            "warning": answer.warning if answer else False,
            # What replies that the rest waits is said last: it was, of a whole answer alone.
            "held": answer.held if whole and answer else None,
            "approved": answer.approved.id if answer and answer.approved else None,
        },
    )
    if not found:
        return False
    made_from = {
        "id": turn,
        "read": sorted(written.read | written.left_out),
        "carried": written.earlier,
        "left_out": sorted(written.left_out),
    }
    await session.execute(_DOCUMENTS, made_from)
    await session.execute(
        _CITATIONS,
        {"id": turn, "citations": Jsonb([_citation(one) for one in written.citations])},
    )
    sentences = [
        {
            "position": position,
            "text": clean(sentence.text),
            "citations": list(sentence.citations),
            "rests_on": written.rests_on(sentence),
            "support": sentence.support,
            "reason": clean(sentence.reason),
        }
        for position, sentence in enumerate(written.sentences)
    ]
    await session.execute(_SENTENCES, {"id": turn, "sentences": Jsonb(sentences)})
    return True


def _citation(citation: Citation) -> dict[str, object]:
    return {
        "number": citation.number,
        "document_id": citation.document.id,
        "chunk_id": citation.chunk_id,
        "page": citation.page,
        "sheet": citation.sheet,
        "cells": citation.cells,
        "heading": list(citation.heading),
        "quote": citation.quote,
    }


def clean(text: str) -> str:
    """A text that PostgreSQL can hold, whatever a model wrote."""
    return text.replace("\0", "").encode(errors="replace").decode()
