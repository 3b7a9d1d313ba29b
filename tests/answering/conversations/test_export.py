"""An exported file says what was said, what it rests on, what class it has and that a machine made it."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO

import docx
import pypdfium2
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from centaure.answering.answers import Citation, Sentence
from centaure.answering.conversations.export import (
    FORMATS,
    Format,
    export,
    exported,
    formats,
    paper_of,
)
from centaure.answering.conversations.export.formats import LONGEST
from centaure.answering.conversations.export.paper import PUT_TOGETHER, WRITTEN_BY_MODEL
from centaure.answering.conversations.reading import Answered, Asked, Conversation
from centaure.kit.errors import InvalidInput
from centaure.knowledge.retrieval.results import DocumentBrief

AT = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


def conversation(title: str = "Repas") -> Conversation:
    return Conversation(1, title, "", False, True, "", AT, AT)


def turns(
    question: str, sentences: Sequence[str], *, model: str = "", level: int = 2, quote: str = "25 €"
) -> list[Asked | Answered]:
    document = DocumentBrief(
        7,
        1,
        "Intranet",
        "rh/frais.pdf",
        "Frais",
        "pdf",
        "fr",
        level,
        datetime(2026, 1, 1, tzinfo=UTC),
    )
    said = tuple(Sentence(text, (1,)) for text in sentences)
    return [
        Asked(1, None, AT, question, {}, (1,)),
        Answered(
            id=2,
            parent_id=1,
            at=AT,
            state="done",
            problem="",
            language="fr",
            answerable=True,
            sentences=said,
            citations=(Citation(1, document, 9, 3, None, None, (), quote),) if said else (),
            documents=frozenset({7}),
            classification=level,
            helped_by="",
            model=model,
            generation=None,
            prompt_version="",
            fallback=None,
            stopped=None,
            warning=False,
            held=None,
            held_state=None,
            approved=None,
            siblings=(2,),
        ),
    ]


SAID = turns(
    "Quel plafond ?", ["Le plafond est de 25 €.", "Il vaut pour un repas."], model="mistral"
)


def texts(kind: Format, content: bytes) -> str:
    match kind:
        case "markdown":
            return content.decode()
        case "docx":
            return "\n".join(p.text for p in docx.Document(BytesIO(content)).paragraphs)
        case "pdf":
            pages = pypdfium2.PdfDocument(content)
            return "\n".join(page.get_textpage().get_text_range() for page in pages)


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_says_the_same(kind: Format) -> None:
    paper = paper_of(conversation(), SAID, AT)
    text = " ".join(texts(kind, export(paper, kind)).replace("\\", "").split())
    for words in (
        "Repas",
        "Quel plafond ?",
        "Le plafond est de 25 €. [1] Il vaut pour un repas. [1]",
        "[1] Frais, page 3, Intranet/rh/frais.pdf, C2: « 25 € »",
        "Classification : C2",
        "Contenu généré par une intelligence artificielle (mistral)",
        "Réponse écrite par le modèle mistral.",
        "Exporté de Centaure le 2026-03-02.",
    ):
        assert words in text, words


def test_the_metadata_of_each_file_says_who_wrote_it_and_its_class() -> None:
    paper = paper_of(conversation(), SAID, AT)
    front = yaml.safe_load(export(paper, "markdown").decode().split("---")[1])
    assert front["digital_source_type"] == WRITTEN_BY_MODEL
    assert front["classification"] == "C2"
    word = docx.Document(BytesIO(export(paper, "docx"))).core_properties
    assert (word.subject, word.category) == (paper.mark, "C2")
    assert WRITTEN_BY_MODEL in word.keywords
    pdf = pypdfium2.PdfDocument(export(paper, "pdf")).get_metadata_dict()
    assert pdf["Title"] == "Repas"
    assert pdf["Subject"] == paper.mark
    assert f"classification=C2; digital source type={WRITTEN_BY_MODEL}" in pdf["Keywords"]


def test_quotations_are_not_said_to_be_a_models() -> None:
    paper = paper_of(conversation(), turns("Quel plafond ?", ["25 €"]), AT)
    assert paper.source_type == PUT_TOGETHER
    assert "sans modèle de langage" in paper.mark


def test_a_sentence_that_is_not_borne_out_says_so() -> None:
    said = turns("Quel plafond ?", ["Le plafond est de 25 €."], model="mistral")
    answer = said[1]
    assert isinstance(answer, Answered)
    doubtful = replace(answer, sentences=(Sentence("Et de 30 €.", (), "unsupported", "chiffre"),))
    content = export(paper_of(conversation(), [said[0], doubtful], AT), "markdown").decode()
    assert "Et de 30 €. (non étayé par les sources)" in content


def test_what_is_in_a_conversation_is_no_markup() -> None:
    evil = "# <script>alert(1)</script> [x](http://evil) **bold** `code`\n- a\n1. b"
    paper = paper_of(conversation(evil), turns(evil, [evil], quote=evil), AT)
    content = export(paper, "markdown").decode()
    html = MarkdownIt().render(content.split("---", 2)[2])
    for tag in ("<script", "<a ", "<code", "<ol"):
        assert tag not in html
    assert html.count("<h1") == html.count("<h2") == 1


@pytest.mark.parametrize("kind", FORMATS)
def test_characters_that_no_file_holds_are_left_out(kind: Format) -> None:
    unfit = "a\uffffb\ufffec\ud800d\x00e\x85f"
    paper = paper_of(conversation(unfit), turns(unfit, [unfit], quote=unfit), AT)
    assert "abcdef" in texts(kind, export(paper, kind))


@pytest.mark.parametrize("kind", FORMATS)
def test_what_is_too_long_to_be_laid_out_can_be_had_as_markdown(kind: Format) -> None:
    long = SAID[:1] + turns("Encore ?", ["mot " * (LONGEST // 4)])[1:]
    paper = paper_of(conversation(), long, AT)
    if kind == "markdown":
        assert export(paper, kind)
        return
    with pytest.raises(InvalidInput, match="Markdown"):
        export(paper, kind)


@pytest.mark.anyio
async def test_no_more_than_two_files_are_written_at_once() -> None:
    others = (object(), object())
    for other in others:
        formats.AT_ONCE.acquire_on_behalf_of_nowait(other)
    waiting = asyncio.create_task(exported(conversation(), SAID, "markdown"))
    while not formats.AT_ONCE.statistics().tasks_waiting:  # noqa: ASYNC110 - it tells nobody
        await asyncio.sleep(0)
    assert not waiting.done()
    for other in others:
        formats.AT_ONCE.release_on_behalf_of(other)
    title, content = await waiting
    assert title == "Repas"
    assert "25 €" in content.decode()


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=200), st.text(max_size=200))
def test_any_words_can_be_exported(question: str, said: str) -> None:
    paper = paper_of(conversation(question), turns(question, [said], quote=said), AT)
    for kind in FORMATS:
        assert export(paper, kind)
