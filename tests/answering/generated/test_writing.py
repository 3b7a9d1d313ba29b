"""What a model says is read sentence by sentence, cited from what it was given, and held against it."""

from typing import Any

import pytest

from centaure.answering.answers import Citation, Sentence
from centaure.answering.generated import Sources, Withheld, Writing, choices, request
from centaure.answering.generated.writing import Policy
from centaure.gateway.calls import Call, NoModel, Purpose, QuotaExhausted
from centaure.gateway.catalogue import CatalogueModel
from centaure.gateway.tokens import used
from centaure.kit.errors import Unavailable
from centaure.knowledge.retrieval import DocumentBrief, Hit
from gateway.fakes import House, house
from scripted_model import Script

pytestmark = pytest.mark.anyio

QUESTION = "Quel est le plafond de remboursement d'un repas ?"
MEALS = (
    "Tout déplacement fait l'objet d'un ordre de mission. Le plafond de remboursement d'un repas est de "
    "22 euros le midi et de 27 euros le soir. Les boissons alcoolisées ne sont pas remboursées."
)
HOTELS = "L'hôtel est réservé par l'agence Escale, au moins une semaine avant le départ."
TRUE = "Le plafond de remboursement d'un repas est de 22 euros le midi [1]."
FALSE = "Le plafond de remboursement d'un repas est de 95 euros le midi [1]."


def hit(text: str, number: int, classification: int = 1) -> Hit:
    brief = DocumentBrief(
        number, 1, "docs", f"{number}.docx", "", "docx", "fr", classification, None
    )
    return Hit(brief, number * 10, 0, text, (), "text", 3, 3, None, None, "fr", 20.0, 1.0, ())


def written_by(script: Any, policy: Policy = "warn", highest: int = 3) -> tuple[House, Writing]:
    """A writing of the answer to the question, from two passages."""
    model = CatalogueModel(id=1, name="scribe", kind="openai", highest=highest)
    kept = house((model, script))
    shown = choices([hit(MEALS, 1), hit(HOTELS, 2)], 1, [], 1)[0]
    asked = request(QUESTION, "fr", shown, None)
    call = Call(asked.chat, 1, Purpose.ANSWER, shown.classification)
    sources = Sources(asked.passages, {}, QUESTION, "fr")
    return kept, Writing(kept.gateway, call, asked, sources, policy, shown.sources)


async def pieces(writing: Writing) -> list[Citation | Sentence]:
    return [piece async for piece in writing.pieces()]


async def test_each_sentence_comes_after_its_citation_with_what_supports_it() -> None:
    script = Script([f"{TRUE} L'hôtel est réservé par l'agence Escale. [2][1] Fin [7]."])
    _, writing = written_by(script)
    first, said, second, more, last = await pieces(writing)
    assert isinstance(first, Citation)
    assert isinstance(second, Citation)
    assert (first.number, first.chunk_id, first.page) == (1, 10, 3)
    assert first.quote.startswith("Le plafond de remboursement d'un repas est de 22 euros")
    assert (second.number, second.quote) == (2, HOTELS)
    assert isinstance(said, Sentence)
    assert said.text == "Le plafond de remboursement d'un repas est de 22 euros le midi."
    assert (said.citations, said.support) == ((1,), "supported")
    assert isinstance(more, Sentence)
    assert more.citations == (2, 1)
    assert isinstance(last, Sentence)
    assert last.citations == ()  # passage 7 was not given
    assert last.support != "supported"
    assert (writing.model, writing.generation) == ("scribe", 1)
    assert writing.version.startswith("answer.fr ")
    assert writing.usage == used(writing.asked.chat, str(script.texts[0]), None)


async def test_the_model_is_shown_passages_as_data_under_their_version() -> None:
    script = Script([TRUE])
    kept, writing = written_by(script)
    await pieces(writing)
    system, user = script.asked[0].messages
    assert system.role == "system"
    key = writing.asked.fence.key
    assert f'<passage-{key} number="2"' in user.content
    assert user.content.endswith(f"<question-{key}>\n{QUESTION}\n</question-{key}>")
    assert list(kept.records.finished) == [1]


async def test_a_wrong_figure_is_marked_and_the_reason_given() -> None:
    _, writing = written_by(Script([FALSE]))
    sentence = (await pieces(writing))[-1]
    assert isinstance(sentence, Sentence)
    assert sentence.support == "unsupported"
    assert "95" in sentence.reason or "22" in sentence.reason


async def test_a_sentence_without_a_marker_is_at_best_unchecked() -> None:
    _, writing = written_by(Script([TRUE.replace(" [1]", "")]))
    (sentence,) = await pieces(writing)
    assert isinstance(sentence, Sentence)
    assert sentence.support == "unchecked"
    assert "aucun passage" in sentence.reason


async def test_what_is_not_borne_out_can_be_left_out() -> None:
    _, writing = written_by(Script([f"{FALSE} {TRUE}"]), "withhold")
    said = [piece.text for piece in await pieces(writing) if isinstance(piece, Sentence)]
    assert len(said) == 1
    assert "22 euros" in said[0]
    _, nothing = written_by(Script([FALSE]), "withhold")
    with pytest.raises(Withheld):
        await pieces(nothing)


async def test_an_answer_can_be_written_once_more() -> None:
    script = Script([FALSE, TRUE])
    kept, writing = written_by(script, "rewrite")
    said = [piece.text for piece in await pieces(writing) if isinstance(piece, Sentence)]
    assert "22 euros" in said[0]
    assert writing.generation == 2
    assert "rewrite.fr" in writing.version
    told = script.asked[1].messages
    assert [message.role for message in told[-2:]] == ["assistant", "user"]
    assert "95 euros le midi.[1]" in told[-2].content
    assert len(kept.records.finished) == 2


@pytest.mark.parametrize("second", [Unavailable("away"), FALSE + " " + FALSE, "?"])
async def test_the_first_answer_stays_where_the_second_is_no_better(
    second: str | Exception,
) -> None:
    _, writing = written_by(Script([FALSE, second]), "rewrite")
    said = [piece for piece in await pieces(writing) if isinstance(piece, Sentence)]
    assert len(said) == 1
    assert writing.generation == 1 or said[0].text == "?"


@pytest.mark.parametrize(
    "words",
    [
        "Les documents ne le disent pas.",
        "Les passages fournis ne mentionnent pas ce point.",
        "Je ne sais pas.",
        "The documents do not say.",
        "I could not find this.",
    ],
)
async def test_saying_that_the_documents_do_not_answer_is_no_answer(words: str) -> None:
    _, writing = written_by(Script([words]))
    assert await pieces(writing) == []
    assert writing.draft.says_nothing


async def test_it_is_a_sentence_where_an_answer_follows() -> None:
    _, writing = written_by(Script([f"Les documents ne disent pas tout. {TRUE}"]))
    said = [piece.text for piece in await pieces(writing) if isinstance(piece, Sentence)]
    assert said[0] == "Les documents ne disent pas tout."
    assert len(said) == 2
    assert not writing.draft.says_nothing


async def test_a_broken_stream_keeps_what_was_said_and_drops_half_a_sentence() -> None:
    _, writing = written_by(Script([f"{TRUE} L'hôtel est réservé par l'a<cut>"]))
    said = [piece for piece in await pieces(writing) if isinstance(piece, Sentence)]
    assert len(said) == 1
    assert writing.stopped == "cut"


async def test_an_answer_that_is_too_long_says_so() -> None:
    _, writing = written_by(Script([f"{TRUE} L'hôtel est rés"], finish="length"))
    said = [piece for piece in await pieces(writing) if isinstance(piece, Sentence)]
    assert len(said) == 1
    assert writing.stopped == "length"


@pytest.mark.parametrize("text", ["<cut>", "Le pla<cut>", "", "\n \n", "[1]"])
async def test_an_answer_without_a_sentence_is_a_failure(text: str) -> None:
    _, writing = written_by(Script([text]))
    with pytest.raises(Unavailable):
        await pieces(writing)


async def test_no_model_and_no_quota_are_told_before_the_first_piece() -> None:
    _, writing = written_by(Script([TRUE]), highest=0)
    with pytest.raises(NoModel):
        await pieces(writing)
    kept, writing = written_by(Script([TRUE]))
    kept.records.poor = frozenset({1})
    with pytest.raises(QuotaExhausted):
        await pieces(writing)


async def test_leaving_early_cancels_the_model_and_is_recorded() -> None:
    script = Script([f"{TRUE} " * 50], wait_s=0.001)
    kept, writing = written_by(script)
    stream = writing.pieces()
    await anext(stream)
    await stream.aclose()
    assert script.closed == 1
    ((outcome,),) = kept.records.finished.values()
    assert outcome.end == "cancelled"
