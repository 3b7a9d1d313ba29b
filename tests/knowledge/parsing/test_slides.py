"""Text in the pictures of slides is read where it can be, and never waited for."""

import io
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pptx
import pytest
from PIL import Image
from pptx.util import Inches

from centaure.knowledge.parsing import ParsedDocument, ParseStatus, parse_file
from centaure.knowledge.parsing.limits import DEFAULT_LIMITS, Limits

needs_tesseract = pytest.mark.skipif(
    shutil.which("tesseract") is None, reason="tesseract is not installed"
)
Encode = Callable[[Image.Image], bytes]
Draw = Callable[[list[str]], Image.Image]


def make_deck(path: Path, pictures: list[bytes], inches: float = 6) -> None:
    deck = pptx.Presentation()
    for number, content in enumerate(pictures, start=1):
        slide = deck.slides.add_slide(deck.slide_layouts[5])
        slide.shapes.title.text = f"Titre {number}"
        slide.shapes.add_picture(io.BytesIO(content), Inches(1), Inches(2), Inches(inches))
    deck.save(str(path))


def read(path: Path, limits: Limits = DEFAULT_LIMITS) -> ParsedDocument:
    outcome = parse_file(path, limits=limits)
    assert outcome.status is ParseStatus.PARSED
    assert outcome.document is not None
    return outcome.document


def texts(document: ParsedDocument) -> list[str]:
    return [block.text for block in document.blocks]


@needs_tesseract
def test_text_in_a_picture_of_a_slide_is_read_once_at_its_place(
    tmp_path: Path, picture: Draw, png_bytes: Encode
) -> None:
    content = png_bytes(picture(["Le contrat de location", "prend effet en mars."]))
    make_deck(tmp_path / "a.pptx", [content, content])
    document = read(tmp_path / "a.pptx")
    assert texts(document)[0] == "Titre 1"
    assert " ".join(texts(document)[1:]) == "Le contrat de location prend effet en mars. Titre 2"
    box = document.blocks[1].boxes[0]
    assert (box.page, box.left, box.top) == (1, 72.0, 144.0)
    assert document.warnings == ()


@needs_tesseract
def test_pictures_past_the_limits_are_told(
    tmp_path: Path, picture: Draw, png_bytes: Encode
) -> None:
    pictures = [png_bytes(picture([f"Le contrat de location {n}00"])) for n in range(1, 4)]
    make_deck(tmp_path / "a.pptx", pictures)
    document = read(tmp_path / "a.pptx", replace(DEFAULT_LIMITS, slide_pictures=1))
    assert "Le contrat de location 100" in texts(document)
    assert "Le contrat de location 200" not in texts(document)
    assert "in 2 pictures" in document.warnings[0]
    late = read(tmp_path / "a.pptx", replace(DEFAULT_LIMITS, slide_seconds=0.0))
    assert "in 3 pictures" in late.warnings[0]


@needs_tesseract
def test_noise_small_pictures_and_damaged_ones_give_nothing(
    tmp_path: Path, picture: Draw, png_bytes: Encode
) -> None:
    noise = Image.effect_noise((800, 600), 90)
    make_deck(tmp_path / "noise.pptx", [png_bytes(noise), png_bytes(picture(["x"]))])
    assert texts(read(tmp_path / "noise.pptx")) == ["Titre 1", "Titre 2"]
    make_deck(tmp_path / "small.pptx", [png_bytes(picture(["Le contrat de location"]))], 1)
    assert texts(read(tmp_path / "small.pptx")) == ["Titre 1"]
    whole = png_bytes(noise)
    make_deck(tmp_path / "damaged.pptx", [whole[: len(whole) // 2]])
    assert texts(read(tmp_path / "damaged.pptx")) == ["Titre 1"]


def test_a_presentation_does_not_wait_for_tesseract(
    tmp_path: Path, picture: Draw, png_bytes: Encode, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_deck(tmp_path / "a.pptx", [png_bytes(picture(["Le contrat de location"]))])
    monkeypatch.setenv("PATH", str(tmp_path))
    document = read(tmp_path / "a.pptx")
    assert texts(document) == ["Titre 1"]
    assert "tesseract, is not installed" in document.warnings[0]
