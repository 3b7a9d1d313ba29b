"""Chunks: nothing lost, nothing invented, cut where the document pauses."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from centaure.knowledge.chunking import MAXIMUM_WORDS, MINIMUM_WORDS, Chunk, chunk_document
from centaure.knowledge.parsing.blocks import Block, BlockKind, Box, ParsedDocument


def document(*blocks: Block, form: str = "docx") -> ParsedDocument:
    return ParsedDocument(form, None, None, None, None, None, blocks)


def heading(text: str, level: int = 1, page: int | None = None) -> Block:
    return Block(BlockKind.HEADING, text, level=level, page=page)


def paragraph(text: str, page: int | None = None) -> Block:
    return Block(BlockKind.PARAGRAPH, text, page=page)


def table(rows: list[list[str]], header_rows: int = 1, cells: str | None = None) -> Block:
    cut = tuple(tuple(row) for row in rows)
    text = "\n".join(" | ".join(row) for row in cut)
    return Block(BlockKind.TABLE, text, rows=cut, header_rows=header_rows, cells=cells, sheet="S")


def prose(name: str, words: int, length: int = 12) -> str:
    """Sentences of `length` words, each word different."""
    result = [f"{name}{number}" for number in range(words)]
    for start in range(0, words, length):
        result[start] = result[start].capitalize()
        result[min(start + length, words) - 1] += "."
    return " ".join(result)


def words_of(chunk: Chunk) -> list[str]:
    return [word for word in chunk.text.split() if word not in {"|", "---", "-"}]


def test_a_chunk_keeps_the_headings_above_it() -> None:
    chunks = chunk_document(
        document(
            heading("Guide"),
            heading("Congés", 2),
            paragraph(prose("conge", 200)),
            heading("Frais", 2),
            paragraph(prose("frais", 200)),
        )
    )
    assert [chunk.heading_path for chunk in chunks] == [("Guide", "Congés"), ("Guide", "Frais")]
    assert all("Guide" not in chunk.text for chunk in chunks)


def test_short_sections_under_one_parent_share_a_chunk_with_their_headings_in_it() -> None:
    chunks = chunk_document(
        document(
            heading("Guide"),
            *(
                block
                for name in ("Un", "Deux", "Trois")
                for block in (heading(name, 2), paragraph(prose(name, 60)))
            ),
        )
    )
    assert len(chunks) == 1
    assert chunks[0].heading_path == ("Guide",)
    assert [chunks[0].text.index(f"{name}\n\n") for name in ("Un", "Deux", "Trois")] == sorted(
        chunks[0].text.index(f"{name}\n\n") for name in ("Un", "Deux", "Trois")
    )


def test_chapters_are_not_glued() -> None:
    chunks = chunk_document(
        document(
            heading("Chapitre A"),
            heading("Objet", 2),
            paragraph(prose("objet", 20)),
            heading("Chapitre B"),
            heading("Portée", 2),
            paragraph(prose("portee", 20)),
        )
    )
    assert [chunk.heading_path for chunk in chunks] == [
        ("Chapitre A", "Objet"),
        ("Chapitre B", "Portée"),
    ]


def test_a_long_section_is_cut_into_parts_of_one_length_between_sentences() -> None:
    chunks = chunk_document(document(heading("A"), paragraph(prose("mot", 1000))))
    sizes = [len(chunk.text.split()) for chunk in chunks]
    assert len(sizes) == 4
    assert all(MINIMUM_WORDS <= size <= 270 for size in sizes)
    assert all(chunk.text.endswith(".") for chunk in chunks)


def test_the_line_that_announces_a_list_stays_with_it() -> None:
    items = [Block(BlockKind.LIST_ITEM, prose(f"item{n}x", 40)) for n in range(8)]
    chunks = chunk_document(
        document(paragraph(prose("avant", 240)), paragraph("Les pièces sont :"), *items)
    )
    holder = next(chunk for chunk in chunks if "Les pièces sont :" in chunk.text)
    assert "Les pièces sont :\n- Item0x0" in holder.text


def test_a_table_repeats_its_header_and_keeps_its_rows_whole() -> None:
    rows = [
        ["Ville", "Plafond"],
        *([f"Ville numéro {n}", f"{n} euros par nuit"] for n in range(200)),
    ]
    chunks = chunk_document(document(table(rows, cells="A1:B201"), form="xlsx"))
    assert len(chunks) > 3
    for chunk in chunks:
        assert chunk.kind == "table"
        assert chunk.text.startswith("Ville | Plafond\n--- | ---\n")
    body = [line for chunk in chunks for line in chunk.text.splitlines()[2:]]
    assert body == [" | ".join(row) for row in rows[1:]]
    assert chunks[0].cells is not None
    assert chunks[0].cells.startswith("A2:B")
    assert chunks[-1].cells is not None
    assert chunks[-1].cells.endswith(":B201")
    assert {chunk.sheet for chunk in chunks} == {"S"}


def test_a_row_longer_than_a_chunk_is_not_cut() -> None:
    rows = [["a"], [prose("mot", 500)], ["b"]]
    chunks = chunk_document(document(table(rows, header_rows=0)))
    assert any(prose("mot", 500) in chunk.text for chunk in chunks)


def test_a_slide_is_a_chunk() -> None:
    blocks = [
        block
        for page in (1, 2, 3)
        for block in (heading(f"Titre {page}", 1, page), paragraph(prose(f"s{page}x", 30), page))
    ]
    chunks = chunk_document(document(*blocks, form="pptx"))
    assert [(chunk.page_first, chunk.page_last) for chunk in chunks] == [(1, 1), (2, 2), (3, 3)]
    assert [chunk.heading_path for chunk in chunks] == [("Titre 1",), ("Titre 2",), ("Titre 3",)]


def test_pages_and_boxes_follow_the_lines() -> None:
    boxes = tuple(Box(page, 0, line, 100, line + 1) for page in (1, 2) for line in range(40))
    block = Block(BlockKind.PARAGRAPH, prose("mot", 640, 8), page=1, boxes=boxes)
    chunks = chunk_document(document(block, form="pdf"))
    assert chunks[0].page_first == 1
    assert chunks[-1].page_last == 2
    assert {box for chunk in chunks for box in chunk.boxes} == set(boxes)


def test_an_endless_word_is_cut_so_that_a_chunk_stays_small() -> None:
    chunks = chunk_document(document(paragraph("x" * 1_000_000)))
    assert max(len(chunk.text) for chunk in chunks) < 150_000


def test_each_chunk_has_its_language() -> None:
    french = "Les salariés peuvent demander un congé auprès de leur responsable. " * 20
    english = "Employees may ask their manager for a day of leave at any time. " * 20
    chunks = chunk_document(
        document(heading("A"), paragraph(french), heading("B"), paragraph(english))
    )
    assert [chunk.language for chunk in chunks] == ["fr", "en"]


_words = st.integers(1, 700)


@st.composite
def blocks(draw: st.DrawFn) -> list[Block]:
    """A random document: every word appears once, so that losses and doubles show."""
    made: list[Block] = []
    for number in range(draw(st.integers(1, 12))):
        kind = draw(st.sampled_from(["heading", "paragraph", "list", "table", "code", "endless"]))
        name = f"b{number}w"
        if kind == "heading":
            made.append(heading(prose(name, draw(st.integers(1, 50)), 60), draw(st.integers(1, 4))))
        elif kind == "paragraph":
            made.append(paragraph(prose(name, draw(_words), draw(st.integers(3, 60)))))
        elif kind == "list":
            made += [
                Block(BlockKind.LIST_ITEM, prose(f"{name}{item}i", draw(st.integers(1, 60))))
                for item in range(draw(st.integers(1, 5)))
            ]
        elif kind == "table":
            columns = draw(st.integers(1, 4))
            rows = [
                [
                    prose(f"{name}{row}r{column}c", draw(st.integers(1, 12)))
                    for column in range(columns)
                ]
                for row in range(draw(st.integers(1, 30)))
            ]
            made.append(table(rows, draw(st.integers(0, 1))))
        elif kind == "code":
            made.append(Block(BlockKind.CODE, prose(name, draw(_words)).replace(". ", "\n")))
        else:
            made.append(paragraph(prose(name, draw(_words), 10_000)))
    return made


@settings(deadline=None)  # a shared machine has pauses of its own
@given(blocks())
def test_no_word_is_lost_or_invented_and_order_is_kept(made: list[Block]) -> None:
    chunks = chunk_document(document(*made))
    headers = {
        word
        for block in made
        if block.header_rows
        for cell in block.rows[0]
        for word in cell.split()
    }
    expected = [
        word
        for block in made
        for word in block.text.replace("|", " ").split()
        if word not in headers
    ]
    seen: list[str] = []
    known: set[str] = set()
    for chunk in chunks:
        for word in (*" ".join(chunk.heading_path).split(), *words_of(chunk)):
            if word not in headers and word not in known:
                seen.append(word)
                known.add(word)
    assert seen == expected
    bodies = [word for chunk in chunks for word in words_of(chunk) if word not in headers]
    in_headings = {
        word for block in made if block.kind is BlockKind.HEADING for word in block.text.split()
    }
    bodies = [word for word in bodies if word not in in_headings]
    assert len(bodies) == len(set(bodies))
    assert [chunk.position for chunk in chunks] == list(range(len(chunks)))


@settings(deadline=None)  # a shared machine has pauses of its own
@given(blocks())
def test_a_chunk_is_never_longer_than_the_maximum_but_for_one_row(made: list[Block]) -> None:
    for chunk in chunk_document(document(*made)):
        assert len(words_of(chunk)) <= MAXIMUM_WORDS
        assert chunk.text.strip()


@settings(deadline=None)  # a shared machine has pauses of its own
@given(blocks())
def test_a_sentence_that_fits_is_never_cut(made: list[Block]) -> None:
    text = "\0".join(chunk.text for chunk in chunk_document(document(*made)))
    for block in made:
        if block.kind in {BlockKind.PARAGRAPH, BlockKind.LIST_ITEM}:
            for sentence in re.split(r"(?<=\.)\s", block.text):
                if len(sentence.split()) <= MAXIMUM_WORDS:
                    assert sentence in text
