"""A question from its words to the pieces of its answer: what every door that answers shares."""

import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from centaure.answering.answers import Answer, Citation, Fallback, Piece, Sentence, Turn
from centaure.answering.approved.service import approved_answer
from centaure.answering.assistants.behaviour import Behaviour, find_behaviour
from centaure.answering.assistants.service import identifier
from centaure.answering.drafting import call_of, drafted, instead, wish_of, writer
from centaure.answering.generated import (
    MOST_TOKENS,
    Brief,
    Judge,
    Sources,
    Withheld,
    Writing,
    choices,
    request,
)
from centaure.answering.planted import Kept, tell_curators, without_planted
from centaure.answering.privilege import REPLIES, language_of_request
from centaure.answering.questions import question_language
from centaure.answering.service import MOST_PASSAGES, NOT_FOUND, answer, searched_text
from centaure.answering.variants import USUAL, Variant
from centaure.audit import Action, Detail, describe_question, record
from centaure.gateway.calls import Call, Purpose, QuotaExhausted, Stopped
from centaure.gateway.routing import Facts
from centaure.gateway.service import Gateway
from centaure.guardrails.policies import OnePolicy, Policies
from centaure.kit.database import Database
from centaure.kit.errors import CentaureError
from centaure.kit.settings import Settings
from centaure.knowledge.parsing import Box
from centaure.knowledge.retrieval import SearchResult
from centaure.knowledge.retrieval.filters import FilterWords, resolve_filters
from centaure.knowledge.retrieval.finding import Asked, Finding
from centaure.knowledge.retrieval.passages import read_boxes
from centaure.knowledge.retrieval.thesaurus.missed import keep_missed


class Reader(Protocol):
    """Whose rights hold: a principal, and the API key that was used, if any."""

    @property
    def id(self) -> int: ...
    @property
    def key_id(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Enquiry:
    """What somebody wants to know.

    Attributes:
        question: as it was typed.
        history: earlier turns, the oldest first.
        words: which documents it is narrowed to.
        conversation: that it belongs to, whose files are searched too; None: none.
        by_machine: whether the owner of the machine asks for somebody.
        classification: class of what is asked, 0 to 3, where it is above that of a question.
        erasures: of that conversation, before anything of it was read.
        carried: documents whose words earlier turns bring with them, as far as they are known.
        assistant: key of the one that answers, whose policy and approved answers hold; empty: none is named.
        behaviour: what that is, once it was looked up for the reader; None: it was not, or none is named.
        began: when it was asked, in seconds of `time.monotonic`: what was read for it is no older.
        variant: how it is answered, where that is not as for everybody.
    """

    question: str
    history: Sequence[Turn] = ()
    words: FilterWords = field(default_factory=FilterWords)
    conversation: int | None = None
    by_machine: bool = False
    classification: int = 0
    erasures: int = 0
    carried: frozenset[int] = frozenset()
    assistant: str = ""
    behaviour: Behaviour | None = None
    variant: Variant = USUAL
    began: float = field(default_factory=time.monotonic, compare=False)


@dataclass(frozen=True, slots=True)
class Asking:
    """What answers questions; one for a process.

    Attributes:
        database: as the application's role.
        finding: what finds passages.
        settings: of the installation.
        gateway: by which language models are asked; None: documents are quoted.
        policies: of assistants: what is done about words in documents that speak to one.
    """

    database: Database
    finding: Finding
    settings: Settings
    gateway: Gateway | None = None
    policies: Policies = field(default_factory=OnePolicy)

    async def find(
        self, reader: Reader, enquiry: Enquiry, gone: Callable[[], Awaitable[None]] | None = None
    ) -> SearchResult:
        """The passages to answer from, among those that the reader may read.

        Args:
            reader: whose rights hold.
            enquiry: what they want to know.
            gone: comes back once nobody waits any more: then no language model is waited for.

        Raises:
            NotFound: there is no such assistant that the reader can use.
        """
        enquiry = await self._known(reader, enquiry)
        text = await searched_text(enquiry.question, enquiry.history)
        asked = Asked(
            text,
            enquiry.words,
            enquiry.question,
            enquiry.history,
            key_id=reader.key_id,
            conversation=enquiry.conversation,
            erasures=enquiry.erasures,
            classification=enquiry.classification,
            upto=enquiry.variant.search,
        )
        return await self.finding.find(reader.id, asked, MOST_PASSAGES, gone)

    async def ask(
        self,
        reader: Reader,
        enquiry: Enquiry,
        gone: Callable[[], Awaitable[None]] | None = None,
        found: SearchResult | None = None,
        written: Callable[[Answer], object] | None = None,
    ) -> AsyncGenerator[Piece]:
        """The answer as it is made, from the documents that the reader may read.

        Each sentence comes after the citations that it is the first to name; what a second model judged of
        sentences in doubt comes after them; the whole answer comes last.
        An approved answer is given word for word, and nothing is searched; nor for whoever asks for a right,
        who is told that no conversation gives any. A language model writes the answer to another question
        where one may be sent the passages, and the documents seem to answer; else, and where each model
        fails, it is made of quotations. Closing this ends the model's work. No transaction
        is open while a model writes.

        Args:
            reader: whose rights hold.
            enquiry: what they want to know.
            gone: as in `find`.
            found: what `find` gave already.
            written: told what there is of an answer that a model writes, before each of its pieces: what is
                left if it is stopped.

        Raises:
            NotFound: there is no such assistant that the reader can use.
        """
        enquiry = await self._known(reader, enquiry)
        if enquiry.behaviour is not None and enquiry.behaviour.kind == "writing":
            async with aclosing(
                self._drafted(reader, enquiry, enquiry.behaviour, written)
            ) as lines:
                async for line in lines:
                    yield line
            return
        prepared = await self._approved(reader, enquiry) or await self._refused(reader, enquiry)
        if prepared is not None:
            for piece in quotations(prepared):
                yield piece
            return
        found = found or await self.find(reader, enquiry, gone)
        async with aclosing(self._from(found, reader, enquiry, written)) as pieces:
            async for piece in pieces:
                yield piece

    async def _known(self, reader: Reader, enquiry: Enquiry) -> Enquiry:
        """The enquiry with the assistant that it names, as its reader can use it now.

        Raises:
            NotFound: there is no such assistant of theirs.
        """
        if not enquiry.assistant or enquiry.behaviour is not None:
            return enquiry
        language = "en" if question_language(enquiry.question) == "en" else "fr"
        async with self.database.read(reader.id) as session:
            found = await find_behaviour(session, enquiry.assistant, language)
        within = replace(enquiry.words, within=found.scope)
        return replace(enquiry, behaviour=found, words=within)

    async def _drafted(
        self,
        reader: Reader,
        enquiry: Enquiry,
        behaviour: Behaviour,
        written: Callable[[Answer], object] | None,
    ) -> AsyncGenerator[Sentence | Answer]:
        """A text that a model writes from what it is given, or what it would be asked where none may be."""
        level = max(int(self.settings.question_class[1:]), enquiry.classification)
        language = question_language(enquiry.question)
        behaviour = replace(behaviour, model=enquiry.variant.model or behaviour.model)
        wish = wish_of(behaviour, enquiry.question, language, enquiry.history, level)
        await self._record_prepared(reader, enquiry, {"documents": sorted(enquiry.carried)})
        if self.gateway is None or await writer(self.gateway, wish, reader.id) is None:
            for piece in instead(wish):
                yield piece
            return
        call = replace(
            call_of(wish, reader.id, reader.key_id, tuple(_typed(enquiry.history))),
            conversation=enquiry.conversation,
            erasures=enquiry.erasures,
            documents=tuple(sorted(enquiry.carried)),
        )
        async with aclosing(drafted(self.gateway, call, wish, written)) as pieces:
            async for piece in pieces:
                yield piece

    async def _from(
        self,
        found: SearchResult,
        reader: Reader,
        enquiry: Enquiry,
        written: Callable[[Answer], object] | None,
    ) -> AsyncGenerator[Piece]:
        """The answer from passages, as in `ask`."""
        policy = await self.policies.of(enquiry.assistant)
        kept = await without_planted(found.hits, policy)
        found = replace(found, hits=kept.hits)
        async with self.database.read(reader.id, enquiry.conversation) as session:
            filters = await resolve_filters(session, enquiry.words)
            quoted = await answer(
                session, enquiry.question, enquiry.history, filters=filters, found=found
            )
            several = [hit.chunk_id for hit in found.hits if hit.page_first != hit.page_last]
            boxes = await read_boxes(session, several) if several and self.gateway else {}
        writing = await self._writing(reader, enquiry, found, quoted, boxes)
        await self._record(reader, enquiry, quoted, writing, kept)
        quoted = replace(quoted, left_out=kept.documents)
        if self.settings.keep_failed_questions and not quoted.answerable:
            key = self.settings.asker_key
            text = await searched_text(enquiry.question, enquiry.history)
            await keep_missed(self.database, text, found, reader.id, key)
        if writing is None and self.gateway is not None and quoted.answerable:
            missing: Fallback = "chosen" if enquiry.variant.model else "no_model"
            quoted = replace(quoted, fallback=missing)
        if writing is not None:
            try:
                async with aclosing(writing.pieces()) as pieces:
                    async for piece in pieces:
                        if written is not None:
                            written(_whole(quoted, writing))
                        yield piece
            except CentaureError as error:
                quoted = _instead(quoted, writing, error)
            else:
                whole = _whole(quoted, writing)
                for piece in quotations(whole) if writing.draft.says_nothing else (whole,):
                    yield piece
                return
        for piece in quotations(quoted):
            yield piece

    async def _approved(self, reader: Reader, enquiry: Enquiry) -> Answer | None:
        """The answer that somebody stands for, put on record; None: there is none, or documents are named."""
        if enquiry.words.narrows:
            return None
        async with self.database.read(reader.id) as session:
            found = await approved_answer(
                session, enquiry.question, enquiry.history, enquiry.assistant
            )
        if found is None or found.approved is None:
            return None
        await self._record_prepared(reader, enquiry, {"approved_answer": found.approved.id})
        return found

    async def _refused(self, reader: Reader, enquiry: Enquiry) -> Answer | None:
        """The reply to somebody who asks for a right, put on record; None: they do not."""
        language = language_of_request(enquiry.question)
        if language is None:
            return None
        await self._record_prepared(reader, enquiry, {"prepared": "access"})
        reply = Sentence(REPLIES[language], ())
        return Answer(enquiry.question, language, False, (reply,), (), fallback="access")

    async def _record_prepared(
        self, reader: Reader, enquiry: Enquiry, why: Mapping[str, Detail]
    ) -> None:
        details = {
            **describe_question(enquiry.question, self.settings.digest_key),
            **why,
            **_named(enquiry),
        }
        async with self.database.write(reader.id) as session:
            await record(session, Action.ASK, "", details=details)

    async def _writing(
        self,
        reader: Reader,
        enquiry: Enquiry,
        found: SearchResult,
        quoted: Answer,
        boxes: Mapping[int, Sequence[Box]],
    ) -> Writing | None:
        """A model about to write the answer; None: the documents do not answer, or none may be sent them."""
        if self.gateway is None or quoted.classification is None:
            return None
        level = max(int(self.settings.question_class[1:]), enquiry.classification)
        behaviour = enquiry.behaviour
        named, told = (behaviour.model, behaviour.told) if behaviour else ("", "")
        named, wishes = enquiry.variant.model or named, enquiry.variant.wishes
        brief = Brief(told, wishes)
        for shown in choices(found.hits, quoted.classification, enquiry.history, level):
            facts = Facts(
                classification=shown.classification,
                purpose=Purpose.ANSWER,
                assistant=enquiry.assistant,
                language=quoted.language,
                most_tokens=MOST_TOKENS,
                model=named,
            )
            models = (await self.gateway.plan(facts)).models
            first = next(
                (model for model in models if self.gateway.answers(model, reader.id)), None
            )
            if first is None:
                continue
            asked = request(enquiry.question, quoted.language, shown, first.context, brief)
            if behaviour:
                asked = replace(asked, version=f"{asked.version}, {behaviour.version}")
            if not asked.passages:
                continue
            call = Call(
                asked.chat,
                reader.id,
                Purpose.ANSWER,
                shown.classification,
                key_id=reader.key_id,
                assistant=enquiry.assistant,
                language=quoted.language,
                model=named,
                prompt_version=asked.version,
                conversation=enquiry.conversation,
                erasures=enquiry.erasures,
                documents=(*asked.documents, *sorted(enquiry.carried)),
                began=enquiry.began,
                typed=(*_typed(enquiry.history), *((wishes,) if wishes else ()), enquiry.question),
                instructions=told,
            )
            sources = Sources(asked.passages, boxes, enquiry.question, quoted.language)
            judge = Judge(self.gateway, self.settings.judging_s)
            policy = self.settings.unsupported
            return Writing(self.gateway, call, asked, sources, policy, shown.sources, judge)
        return None

    async def _record(
        self,
        reader: Reader,
        enquiry: Enquiry,
        quoted: Answer,
        writing: Writing | None,
        kept: Kept,
    ) -> None:
        """Put on record what is about to be said: the documents that are cited, or that a model is shown.

        Documents that something is planted in are told with the rules that found it, and to their curators.
        """
        cited = {citation.document.id for citation in quoted.citations}
        told = [f"{document}: {', '.join(rules)}" for document, rules in sorted(kept.rules.items())]
        details = {
            **describe_question(enquiry.question, self.settings.digest_key),
            "answerable": quoted.answerable,
            "documents": sorted(cited if writing is None else {*cited, *writing.given}),
            **_named(enquiry),
            **({"planted": told} if told else {}),
        }
        async with self.database.write(reader.id) as session:
            await tell_curators(session, kept.rules)
            await record(session, Action.ASK, "", details=details)


def _named(enquiry: Enquiry) -> dict[str, Detail]:
    """Who asks for whom, and which assistant answers, for the audit."""
    named: dict[str, Detail] = {"by": "machine"} if enquiry.by_machine else {}
    if enquiry.assistant:
        named["assistant"] = identifier(enquiry.assistant)
    return named


def _typed(history: Sequence[Turn]) -> Iterator[str]:
    """What the person wrote before, the oldest first."""
    return (turn.text for turn in history if turn.role == "user")


def quotations(answer: Answer) -> Iterator[Citation | Sentence | Answer]:
    """The pieces of an answer that is there already."""
    sent: set[int] = set()
    for sentence in answer.sentences:
        for citation in answer.citations:
            if citation.number in sentence.citations and citation.number not in sent:
                sent.add(citation.number)
                yield citation
        yield sentence
    yield answer


def _whole(quoted: Answer, writing: Writing) -> Answer:
    """What a model wrote, in place of what would have been quoted."""
    draft = writing.draft
    said: dict[str, Any] = {
        "model": writing.model,
        "generation": writing.generation,
        "usage": writing.usage,
        "prompt_version": writing.version,
    }
    if draft.says_nothing:
        nothing = Sentence(NOT_FOUND[quoted.language], ())
        return replace(quoted, answerable=False, sentences=(nothing,), citations=(), **said)
    return replace(
        quoted,
        sentences=tuple(draft.sentences),
        citations=tuple(draft.citations.values()),
        given=writing.given,
        shown=writing.sources_class,
        stopped=writing.stopped,
        held=writing.held,
        warning=writing.policy != "show" and bool(draft.doubts),
        **said,
    )


def _instead(quoted: Answer, writing: Writing, error: CentaureError) -> Answer:
    """The quotations, with the reason why they are given in place of what a model would have written.

    Where a check stopped the call, its reply stands in place of both.
    """
    if isinstance(error, Stopped):
        reply = Sentence(error.message, ())
        stopped = replace(
            quoted, sentences=(reply,), citations=(), fallback="check", held=error.held
        )
        if error.held is None or writing.generation is None:
            return stopped
        return replace(
            stopped,
            model=writing.model,
            generation=writing.generation,
            prompt_version=writing.version,
            given=writing.given,
            shown=writing.sources_class,
        )
    fallback: Fallback = "failed"
    if isinstance(error, QuotaExhausted):
        fallback = "quota"
    elif isinstance(error, Withheld):
        fallback = "withheld"
    return replace(quoted, fallback=fallback, problem=error.message if fallback == "quota" else "")
