#!/usr/bin/env python3
"""Makes the sample company's binary documents from the readable sources.

`sources/a/b.docx.md` becomes `company/documents/a/b.docx`: what is left of the name once the source's
own ending is gone says which writer is used. Documents that are text already (Markdown, HTML, CSV
and UTF-8 text) have no source: they are edited where they lie.

Run it as `python examples/build.py` after a change of a source, and commit both.
"""

import os
import sys
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from making.grid import read_workbook
from making.mail import write_eml
from making.markup import Source, read_source
from making.opendocument import write_ods, write_odt
from making.pdf import write_pdf, write_scan
from making.pictures import write_png
from making.sheets import write_xlsx
from making.slides import write_pptx
from making.word import write_docx

HERE = Path(__file__).resolve().parent
SOURCES = HERE / "sources"
DOCUMENTS = HERE / "company" / "documents"

# The same file kept in two places, as every company does.
COPIES = {
    "finance/divers/politique-deplacements-2026 (copie).docx": (
        "ressources-humaines/politiques/politique-deplacements-2026.docx"
    ),
}

_TEXT_WRITERS: dict[str, Callable[[Source], bytes]] = {
    ".docx": write_docx,
    ".odt": write_odt,
    ".pptx": write_pptx,
    ".png": write_png,
}


def build(path: Path) -> tuple[bytes, float]:
    """Makes one document from its source; gives its bytes and its date in seconds."""
    kind = Path(path.stem).suffix
    if path.suffix == ".yaml":
        book = read_workbook(path)
        content = write_xlsx(book) if kind == ".xlsx" else write_ods(book)
        return repack(content), book.moment.timestamp()
    source = read_source(path)
    if kind == ".pdf":
        content = write_scan(source) if source.heading.get("scan") else write_pdf(source)
    elif kind == ".txt":
        content = source.body.replace("\n", "\r\n").encode(str(source.heading["encoding"]))
    elif kind == ".eml":
        folder = path.with_suffix("").with_suffix(".attachments")
        files = sorted(folder.iterdir()) if folder.is_dir() else []
        content = write_eml(source, {file.stem: build(file)[0] for file in files})
    else:
        content = _TEXT_WRITERS[kind](source)
        content = repack(content) if kind != ".png" else content
    return content, source.moment.timestamp()


def repack(content: bytes) -> bytes:
    """Writes an office document's zip again without the time of day, order kept."""
    output = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(content)) as old,
        zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for member in old.infolist():
            entry = zipfile.ZipInfo(member.filename, (1980, 1, 1, 0, 0, 0))
            # OpenDocument wants its first member, `mimetype`, stored as it is.
            stored = member.filename == "mimetype"
            entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(member))
    return output.getvalue()


def main() -> None:
    made = 0
    for path in sorted(SOURCES.rglob("*")):
        inside_message = any(part.endswith(".attachments") for part in path.parts)
        if path.is_dir() or inside_message:
            continue
        target = DOCUMENTS / path.relative_to(SOURCES).with_suffix("")
        content, seconds = build(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        os.utime(target, (seconds, seconds))
        made += 1
    for copy, original in COPIES.items():
        (DOCUMENTS / copy).parent.mkdir(parents=True, exist_ok=True)
        (DOCUMENTS / copy).write_bytes((DOCUMENTS / original).read_bytes())
        stamp = (DOCUMENTS / original).stat().st_mtime
        os.utime(DOCUMENTS / copy, (stamp, stamp))
    sys.stdout.write(f"{made} documents and {len(COPIES)} copy made in {DOCUMENTS}\n")


if __name__ == "__main__":
    main()
