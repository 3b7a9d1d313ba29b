"""What is parsed is the file that was hashed, and one message takes a bounded share of a run."""

from email.message import EmailMessage
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pytest

from centaure.knowledge.connectors import ItemChanged, ItemGone, copies
from centaure.knowledge.connectors.files.folder import FolderConnector
from centaure.knowledge.parsing import ParseOutcome, ParserProcess, parse_file
from centaure.knowledge.sources import reading
from centaure.knowledge.sources.reading import ReadFile, read_file
from centaure.knowledge.sources.sync import SyncOptions

OPEN = "The words of the note that anybody may read.\n"
CLOSED = "The words of the note that is closed to most.\n"


class Here:
    """Parses in this process, and counts."""

    def __init__(self) -> None:
        self.parsed = 0

    def parse(self, path: Path, name: str | None = None) -> ParseOutcome:
        self.parsed += 1
        return parse_file(path, name)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        return


def swap(root: Path) -> None:
    """Put a link to the closed folder in the place of the open one."""
    (root / "open").rename(root / "aside")
    (root / "open").symlink_to(root / "hr")


def swap_back(root: Path) -> None:
    (root / "open").unlink()
    (root / "aside").rename(root / "open")


@pytest.mark.parametrize("processes", ["/proc", "/nowhere"])
def test_a_folder_swapped_for_a_link_between_hash_and_parse_gives_nothing_away(
    tmp_path: Path, processes: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copies, "_PROCESSES", processes)
    for folder, words in (("open", OPEN), ("hr", CLOSED)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "note.txt").write_text(words)

    class Swapping(Here):
        def parse(self, path: Path, name: str | None = None) -> ParseOutcome:
            swap(tmp_path)
            try:
                return super().parse(path, name)
            finally:
                swap_back(tmp_path)

    read = read_file(Swapping(), FolderConnector(tmp_path), "open/note.txt", None)
    assert read.reading is not None
    assert read.reading.document is not None
    assert [chunk.text for chunk in read.reading.document.chunks] == [OPEN.strip()]

    class Leaving(Here):
        def parse(self, path: Path, name: str | None = None) -> ParseOutcome:
            swap(tmp_path)
            return super().parse(path, name)

    with pytest.raises(ItemChanged):
        read_file(Leaving(), FolderConnector(tmp_path), "open/note.txt", None)
    with pytest.raises(ItemGone), FolderConnector(tmp_path).fetch("open/note.txt"):
        pass


@pytest.mark.anyio
async def test_a_run_stores_no_closed_text_under_an_open_path(library: Any) -> None:
    library.write("open/pay.txt", OPEN)

    class Swapping(ParserProcess):
        def parse(self, path: Path, name: str | None = None) -> ParseOutcome:
            swap(library.root)
            try:
                return super().parse(path, name)
            finally:
                swap_back(library.root)

    await library.sync(SyncOptions(parsers=1, open_parser=Swapping))
    rows = await library.rows(
        "select text from chunk join document on document.id = document_id where path = 'open/pay.txt'"
    )
    assert rows == [(OPEN.strip(),)]


def nested(depth: int, width: int) -> EmailMessage:
    message = EmailMessage()
    message["Subject"], message["From"] = f"Level {depth}", "a@example.org"
    message.set_content("Please find the annexes attached to this message.")
    for number in range(width):
        message.add_attachment(
            f"The annex number {number} of level {depth}.", filename=f"{number}.txt"
        )
    if depth:
        message.add_attachment(nested(depth - 1, width))
    return message


def read_message(tmp_path: Path, parser: Here) -> ReadFile:
    (tmp_path / "mail.eml").write_bytes(nested(3, 4).as_bytes())
    return read_file(parser, FolderConnector(tmp_path), "mail.eml", None)


def test_all_attachments_of_a_message_share_one_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MOST_ATTACHMENTS", 7)
    parser = Here()
    read = read_message(tmp_path, parser)
    assert parser.parsed == 1 + 7
    assert read.reading is not None
    refused = [line for line in read.reading.every() if line.status == "too_large"]
    # The first level is read, with its message; of the second three are, and each other has a line.
    assert [line.path.rpartition("/")[2] for line in refused] == ["2.txt", "3.txt", "Level 1.eml"]
    assert all("more than 7 attachments" in line.reason for line in refused)


def test_all_attachments_of_a_message_share_one_deadline(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "FILE_S", 0.0)
    parser = Here()
    read = read_message(tmp_path, parser)
    assert parser.parsed == 1
    assert read.reading is not None
    assert read.reading.document is not None
    assert [line.status for line in read.reading.inside] == ["too_large"] * 5
    assert "took more than" in read.reading.inside[0].reason
