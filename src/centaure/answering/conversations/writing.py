"""Answers while they are written: by one process, ended from any."""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncGenerator, Coroutine, Sequence
from contextlib import aclosing
from dataclasses import replace
from functools import partial
from typing import Any

from centaure.answering.answers import Answer, Citation, Judged, Piece, Sentence
from centaure.answering.asking import Asking, Enquiry
from centaure.answering.conversations import repository
from centaure.answering.conversations.keeping import State, Written, keep_answer
from centaure.answering.conversations.service import Begun
from centaure.answering.gaps.keeping import keep_unanswered
from centaure.answering.relay import Relay
from centaure.answering.variants import Variant
from centaure.identity import Principal
from centaure.kit.database import Database
from centaure.kit.errors import CentaureError, Unavailable
from centaure.knowledge.retrieval.schemas import SearchFilters

log = logging.getLogger(__name__)

MOST_STAYING = 5
"""Answers of one person that a process goes on writing at once, though perhaps nobody waits for them."""
LOOKS_S = 0.5
"""Seconds between two looks at which answers are still wanted."""


class Writers:
    """The answers that this process writes. Each is kept when it ends, however it ends.

    An answer is written while the database says so: every half second, one statement asks for all of them
    which are not wanted any more.

    Args:
        database: as the application's role.
        asking: what answers.
        keep_unanswered: whether words of questions that find no answer are kept for curators.
    """

    def __init__(
        self, database: Database, asking: Asking, *, keep_unanswered: bool = False
    ) -> None:
        self._database = database
        self._asking = asking
        self._keep_unanswered = keep_unanswered
        self._open: dict[int, Relay[Piece]] = {}
        self._staying = Counter[int]()
        self._keeping: set[asyncio.Task[None]] = set()
        self._looking: asyncio.Task[None] | None = None

    def write(self, reader: Principal, begun: Begun) -> Relay[Piece]:
        """Write an answer, from now on, for its conversation's owner; its pieces as they come.

        When the whole answer comes, which is last, it is kept already.
        """
        relay = Relay(self._pieces(reader, begun))
        self._open[begun.turn] = relay
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())
        return relay

    def may_stay(self, reader: int, relay: Relay[Piece]) -> bool:
        """Whether an answer is written to its end if its reader goes; `MOST_STAYING` of each are, at once.

        Args:
            reader: who asked.
            relay: the answer as `write` gave it; ask once.
        """
        if self._staying[reader] >= MOST_STAYING:
            return False
        self._staying[reader] += 1
        relay.afterwards(partial(self._stayed, reader))
        return True

    def _stayed(self, reader: int) -> None:
        self._staying[reader] -= 1
        if not self._staying[reader]:
            del self._staying[reader]

    async def close(self) -> None:
        """End every answer, and wait until it is kept."""
        await asyncio.gather(*(relay.close() for relay in list(self._open.values())))
        while self._keeping:
            await asyncio.wait(set(self._keeping))
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.wait({self._looking})

    async def _pieces(self, reader: Principal, begun: Begun) -> AsyncGenerator[Piece]:
        sentences: list[Sentence] = []
        citations: list[Citation] = []
        known: list[Answer] = []
        state: State = "stopped"
        problem = ""
        try:
            question = begun.question
            words = SearchFilters.model_validate(question.filters).words()
            words = replace(words, documents=begun.documents)
            enquiry = Enquiry(
                question.text,
                begun.history,
                words,
                begun.conversation,
                erasures=begun.erasures,
                carried=frozenset[int]().union(*begun.carried.values()),
                assistant=begun.assistant,
                variant=Variant(model=begun.model),
            )
            said = self._asking.ask(reader, enquiry, written=known.append)
            async with aclosing(said) as pieces:
                async for piece in pieces:
                    match piece:
                        case Sentence():
                            sentences.append(piece)
                        case Citation():
                            citations.append(piece)
                        case Judged(place, support, reason):
                            sentences[place] = replace(
                                sentences[place], support=support, reason=reason
                            )
                        case Answer():
                            known.append(piece)
                            state = "done"
                            break
                    yield piece
        except CentaureError as error:
            state, problem = "failed", error.message
            raise
        except Exception:
            state, problem = "failed", "Centaure failed on this question, and its log says why."
            raise
        finally:
            self._open.pop(begun.turn, None)
            answer = known[-1] if known else None
            written = Written(state, sentences, citations, answer, begun.carried, problem)
            await self._to_its_end(self._keep(reader, begun, written))
        if state == "done":
            yield known[-1]

    async def _to_its_end(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something whole, even if whoever waits for it is cancelled meanwhile."""
        task = asyncio.create_task(work)
        self._keeping.add(task)
        task.add_done_callback(self._keeping.discard)
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError:
            await asyncio.wait({task})
            raise

    async def _keep(self, reader: Principal, begun: Begun, written: Written) -> None:
        async with self._database.write(reader.id, begun.conversation) as session:
            # First the conversation, then its documents: so does whoever removes a file of it.
            if await repository.hold_conversation(session, begun.conversation) is None:
                return
            if await keep_answer(session, begun.turn, written):
                await repository.touch_conversation(session, begun.conversation, "")
        if self._keep_unanswered and written.state == "done":
            await keep_unanswered(self._database, reader.id, begun.conversation, begun.turn)

    async def _look(self) -> None:
        """End what is not wanted any more, as long as anything is written."""
        while self._open:
            await asyncio.sleep(LOOKS_S)
            self._open = {turn: relay for turn, relay in self._open.items() if not relay.ended}
            for turn in await self._unwanted(list(self._open)):
                if turn in self._open:
                    self._open[turn].stop()

    async def _unwanted(self, turns: Sequence[int]) -> list[int]:
        if not turns:
            return []
        try:
            async with self._database.read(None) as session:
                return await repository.no_longer_written(session, turns)
        except Unavailable as error:
            log.warning("Whether answers are still wanted is not known: %s", error.message)
            return []
