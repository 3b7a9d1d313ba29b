"""What the passages that a sentence cites say of it, and the words of theirs that it rests on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from centaure.answering.answers import Citation, Support
from centaure.answering.composition import citation, page_of
from centaure.answering.evidence import PassageEvidence
from centaure.answering.generated.passages import Numbered
from centaure.answering.generated.sentences import Written
from centaure.answering.groundedness import Judgement, Passage, check
from centaure.answering.questions import analyse
from centaure.knowledge.parsing import Box

_UNCITED = {
    "fr": "La phrase ne cite aucun passage.",
    "en": "The sentence cites no passage.",
}


@dataclass(frozen=True, slots=True)
class Checked:
    """A sentence that a model wrote, held against what it cites.

    Attributes:
        written: the sentence, which cites given passages only.
        support: whether they bear it out.
        reason: why, in the language of the answer.
        doubtful: whether it claims something that the evidence does not decide.
    """

    written: Written
    support: Support
    reason: str
    doubtful: bool = False


@dataclass(frozen=True)
class Sources:
    """The passages of an answer, as its sentences are held against them.

    Attributes:
        passages: those that the model was shown.
        boxes: lines of the passages that run over several pages, by chunk.
        question: what was asked.
        language: of the answer.
    """

    passages: tuple[Numbered, ...]
    boxes: Mapping[int, Sequence[Box]]
    question: str
    language: str

    @cached_property
    def _passages(self) -> list[Passage]:
        """What of each passage bears sentences out: its words, its headings and the document's title."""
        return [
            Passage(
                str(each.number),
                "\n".join([each.hit.document.title, *each.hit.heading_path, each.hit.text]).strip(),
            )
            for each in self.passages
        ]

    def known(self, cited: Sequence[int]) -> tuple[int, ...]:
        """The numbers of passages that were given; a marker to any other is removed."""
        return tuple(number for number in cited if 1 <= number <= len(self.passages))

    def checked(self, written: Written, before: str) -> Checked:
        """Whether the cited passages bear a sentence out, and why. Takes milliseconds: call it in a thread.

        Args:
            written: the sentence, which cites given passages only.
            before: the sentence before it, which a pronoun may stand for.
        """
        # Only what it cites is read: to read all takes longer than the model does for a sentence.
        given = [self._passages[number - 1] for number in written.cited] or self._passages
        lead = f"{before} " if before else ""
        judgements = check(f"{lead}{written.text}", given, self.question)
        own = [one for one in judgements if one.start >= len(lead)] or judgements[-1:]
        support, reason = _together(own)
        if support == "supported" and not written.cited:
            return Checked(written, "unchecked", _UNCITED[self.language])
        doubtful = support == "unchecked" and any(
            one.outcome == "unchecked" and one.claims for one in own
        )
        return Checked(written, support, reason, doubtful)

    def citation(self, number: int, passage: int, sentence: str) -> Citation:
        """A passage as it is cited, with its words that say best what the sentence does.

        Args:
            number: what the answer calls it.
            passage: what the model called it.
            sentence: the first that rests on it.
        """
        hit = self.passages[passage - 1].hit
        best = PassageEvidence(analyse(sentence), hit).best
        cited = citation(number, hit, best.unit if best else None)
        boxes = self.boxes.get(hit.chunk_id)
        if not boxes or best is None:
            return cited
        page = page_of(best.unit.start, len(hit.text), boxes)
        return cited if page is None else cited.on_page(page)


def _together(judgements: Sequence[Judgement]) -> tuple[Support, str]:
    """One outcome for a sentence that the check sees as several: the worst of them."""
    order = ("unsupported", "unchecked", "supported")
    worst = min(judgements, key=lambda one: order.index(one.outcome), default=None)
    return ("unchecked", "") if worst is None else (worst.outcome, worst.reason)
