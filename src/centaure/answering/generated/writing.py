"""An answer that a language model writes, sentence by sentence, each checked before anybody sees it."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Literal

from centaure.answering.answers import Citation, Judged, Sentence, Stop
from centaure.answering.generated.draft import Draft
from centaure.answering.generated.judging import Judge
from centaure.answering.generated.request import Request, again
from centaure.answering.generated.sentences import SentenceReader, Written
from centaure.answering.generated.support import Checked, Sources
from centaure.answering.generated.thoughts import ThoughtReader
from centaure.gateway.calls import Call, Stopped
from centaure.gateway.catalogue import shown_name
from centaure.gateway.chat import Usage
from centaure.gateway.service import Gateway, Spoken
from centaure.kit.errors import CentaureError, Unavailable

Policy = Literal["show", "warn", "rewrite", "withhold"]
"""What becomes of sentences that their passages do not bear out: they are shown as such; the reader is warned
as well; the answer is held until it is complete and written once more; they are left out. Where a judge is
asked, what may be left out for it is held until it has spoken."""

_STOPS: dict[str, Stop] = {"length": "length", "content_filter": "cut"}


class Withheld(Unavailable):
    """Nothing of what a model wrote was borne out."""


@dataclass(slots=True)
class Writing:
    """A model writing an answer; iterate over `pieces` once, then read the rest.

    Attributes:
        gateway: by which models are asked.
        call: what is asked, and for whom.
        asked: the same, with the passages.
        sources: what sentences are held against.
        policy: what becomes of sentences that are not borne out.
        sources_class: highest class, 0 to 3, of the passages and earlier answers in the request.
        judge: is asked about sentences in doubt; None: they stay so.
        model: who wrote it.
        generation: the record of that.
        usage: the tokens of that.
        version: of the instructions.
        stopped: why it ends early; None: it does not.
        held: number of what of it waits for a person; None: nothing does.
        draft: what was taken.
    """

    gateway: Gateway
    call: Call
    asked: Request
    sources: Sources
    policy: Policy
    sources_class: int
    judge: Judge | None = None
    model: str = ""
    generation: int | None = None
    usage: Usage | None = None
    version: str = ""
    stopped: Stop | None = None
    held: int | None = None
    draft: Draft = field(init=False)

    def __post_init__(self) -> None:
        self.draft = Draft(self.sources, withhold=self.policy == "withhold")

    @property
    def given(self) -> tuple[int, ...]:
        """The documents whose words the model is shown."""
        return self.asked.documents

    async def pieces(self) -> AsyncGenerator[Citation | Sentence | Judged]:
        """Sentences, each after the citations that it is the first to need. Open no transaction around it.

        Raises:
            QuotaExhausted, NoModel, Unavailable, Refused, Stopped, Withheld: before the first piece; after
                it, the answer only stops early.
        """
        if self.policy != "rewrite":
            async with aclosing(self._written(self.asked)) as pieces:
                async for piece in pieces:
                    yield piece
            return
        held = [piece async for piece in self._written(self.asked)]
        if self.draft.doubts and self.stopped != "check":
            held = await self._again(held)
        for piece in held:
            yield piece

    async def _again(
        self, held: list[Citation | Sentence | Judged]
    ) -> list[Citation | Sentence | Judged]:
        """The answer written once more; the first one where that fails or says nothing."""
        first = (
            self.draft, self.model, self.generation, self.usage, self.version, self.stopped,
        )  # fmt: skip
        said = " ".join(
            sentence.text + "".join(f"[{number}]" for number in self._numbers(sentence))
            for sentence in self.draft.sentences
        )
        asked = again(self.asked, said, self.draft.doubts)
        self.draft, self.stopped = Draft(self.sources), None
        try:
            second = [piece async for piece in self._written(asked)]
        except CentaureError:
            second = []
        if second and len(self.draft.doubts) <= len(first[0].doubts):
            return second
        (
            self.draft, self.model, self.generation, self.usage, self.version, self.stopped,
        ) = first  # fmt: skip
        self.held = None
        return held

    def _numbers(self, sentence: Sentence) -> list[int]:
        """The numbers by which the model knows what a sentence cites."""
        passages = {cited.number: passage for passage, cited in self.draft.citations.items()}
        return [passages[number] for number in sentence.citations]

    async def _written(self, asked: Request) -> AsyncGenerator[Citation | Sentence | Judged]:
        """The sentences of one answer, checked; what is held until a judge has spoken comes last."""
        judge = self.judge
        if judge is not None and not await judge.appointed(self.call):
            judge = None
        doubts: dict[int, Checked] = {}
        held: list[Checked] = []
        reply: Sentence | None = None
        try:
            async with aclosing(self._checked(asked)) as sentences:
                async for checked in sentences:
                    if held or (judge is not None and self._holds(checked)):
                        held.append(checked)
                        continue
                    for piece in await self.draft.take(checked):
                        yield piece
                    if checked.doubtful:
                        doubts[len(self.draft.sentences) - 1] = checked
        except CentaureError as error:
            if not self.draft.sentences and not held:
                raise
            reply = self._ended(error)
        async with aclosing(self._judged(judge, doubts, held)) as pieces:
            async for piece in pieces:
                yield piece
        for piece in self._last(reply):
            yield piece

    def _ended(self, error: CentaureError) -> Sentence | None:
        """Keep why an answer stops early; what a check replies in place of the rest."""
        if not isinstance(error, Stopped):
            self.stopped = "cut"
            return None
        self.stopped, self.held = "check", error.held
        return Sentence(error.message, ())

    def _last(self, reply: Sentence | None) -> list[Sentence]:
        """What ends an answer that was stopped; nothing ends another.

        Raises:
            Unavailable: there is no answer.
        """
        if reply is not None:
            self.draft.sentences.append(reply)
            return [reply]
        if self.draft.sentences or self.draft.says_nothing:
            return []
        if self.draft.withheld:
            raise Withheld("The documents bear out nothing of what the language model wrote.")
        raise Unavailable("The language model wrote nothing that can be shown.")

    async def _judged(
        self, judge: Judge | None, doubts: Mapping[int, Checked], held: Sequence[Checked]
    ) -> AsyncGenerator[Citation | Sentence | Judged]:
        """What a judge says of sentences in doubt, by their place, and of those that are held; then these."""
        asks = [*doubts.values(), *(checked for checked in held if checked.doubtful)]
        judged: dict[Checked, Checked] = {}
        if judge is not None and asks:
            said = [sentence.text for sentence in self.draft.sentences]
            answer = " ".join([*said, *(checked.written.text for checked in held)])
            judged = await judge.judged(self.call, self.sources, answer, asks)
        for place, checked in doubts.items():
            if checked in judged:
                yield self.draft.amend(place, judged[checked])
        for checked in held:
            for piece in await self.draft.take(judged.get(checked, checked)):
                yield piece

    def _holds(self, checked: Checked) -> bool:
        """Whether nothing is shown from this sentence on, until a judge has spoken."""
        return self.policy == "rewrite" or (self.policy == "withhold" and checked.doubtful)

    async def _checked(self, asked: Request) -> AsyncGenerator[Checked]:
        """The sentences of one answer, held against what they cite."""
        async with aclosing(self._spoken(asked)) as sentences:
            async for written in sentences:
                for checked in await self.draft.check(written):
                    yield checked

    async def _spoken(self, asked: Request) -> AsyncGenerator[Written]:
        """The sentences of one answer as the model says them."""
        reader, thoughts = SentenceReader(asked.language), ThoughtReader()
        call = replace(self.call, request=asked.chat, prompt_version=asked.version)
        async with self.gateway.speak(call) as spoken:
            self._take_from(spoken, asked)
            try:
                async for delta in spoken:
                    if delta.finish in _STOPS:
                        self.stopped = _STOPS[delta.finish]
                    for written in reader.read(thoughts.read(delta.text)):
                        yield written
            except Stopped:
                for written in reader.end():  # a check has passed it
                    if written.whole:
                        yield written
                raise
            finally:
                self._take_from(spoken, asked)
        for written in [*reader.read(thoughts.end()), *reader.end()]:
            if written.whole or self.stopped is None:
                yield written

    def _take_from(self, spoken: Spoken, asked: Request) -> None:
        """Who speaks now, and how much so far."""
        model = spoken.model
        self.model = shown_name(model.name, simulated=model.simulated, language=asked.language)
        self.generation, self.version, self.usage = spoken.generation, asked.version, spoken.usage
