"""Word recall of the PDF parser on French guides whose source text is known, and its speed.

The truth is the Markdown that each PDF was made from. Recall is the share of the truth's words,
counted with repeats, that the parsed text holds as often, both sides being folded alike: compatible
forms made one (NFKC), lower case, and words taken as runs of letters and digits.

Of the Markdown these do not count, because they are not on the pages: front matter, site components
(`<PDFExports/>`), the opening and closing signs of boxes (`::: tip`), HTML tags and comments,
targets of links and images, the alignment row of tables, and the signs of Markdown themselves.
The text of links, titles of boxes, alternative texts of images and cells of tables do count.

    python benchmarks/parsing.py [--data ../shared/data]
"""

import argparse
import html
import re
import resource
import time
import unicodedata
from collections import Counter
from pathlib import Path

from centaure.knowledge.parsing.parser import parse_file
from report import report

_FRONT_MATTER = re.compile(r"^---\n(?:[\w-]+:.*\n|\s+-.*\n)*---\s*$", re.MULTILINE)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_TAG = re.compile(r"</?[A-Za-z][^>\n]*>")
_BOX = re.compile(r"^\s*:::+[ \t]*(?:tip|lexique|warning|danger|details|info|quote)?", re.MULTILINE)
_TARGET = re.compile(r"\]\((?:[^()\s]|\([^()]*\))*(?:\s+\"[^\"]*\")?\)")
_REFERENCE = re.compile(r"^\[[^\]]+\]:\s+\S+.*$", re.MULTILINE)
_AUTOLINK = re.compile(r"<(https?://[^>]+|[^\s>]+@[^\s>]+)>")
_WORD = re.compile(r"[^\W_]+")


def truth_text(markdown: str) -> str:
    """The words of a Markdown file that its PDF shows."""
    text = _FRONT_MATTER.sub("", markdown)
    text = _COMMENT.sub("", text)
    text = _AUTOLINK.sub(r"\1", text)
    text = _TAG.sub(" ", text)
    text = _BOX.sub(" ", text)
    text = _TARGET.sub("]", text)
    text = _REFERENCE.sub("", text)
    # Emphasis stands inside words at times: it disappears without leaving a space.
    text = re.sub(r"\*+|(?<!\w)_+|_+(?!\w)|`", "", text)
    return html.unescape(text)


def words(text: str) -> Counter[str]:
    return Counter(_WORD.findall(unicodedata.normalize("NFKC", text).casefold()))


def recall(truth: Counter[str], found: Counter[str]) -> float:
    return sum((truth & found).values()) / max(1, sum(truth.values()))


def _speed(folder: Path) -> tuple[int, float]:
    """Pages of every PDF of a folder, and CPU seconds taken to parse them, best of two rounds."""
    pages, seconds = 0, []
    for _ in range(2):
        pages = 0
        start = time.process_time()
        for path in sorted(folder.glob("*.pdf")):
            outcome = parse_file(path)
            if outcome.document is not None:
                pages += outcome.document.page_count or 0
        seconds.append(time.process_time() - start)
    return pages, min(seconds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--missing", action="store_true", help="print the words not found")
    arguments = parser.parse_args()
    rows: list[list[str | int | float | None]] = []
    recalls: list[float] = []
    for path in sorted((arguments.data / "parsing_fr").glob("*.pdf")):
        start = time.process_time()
        outcome = parse_file(path)
        seconds = time.process_time() - start
        truth = words(truth_text(path.with_suffix(".md").read_text(encoding="utf-8")))
        text = (
            "" if outcome.document is None else "\n".join(b.text for b in outcome.document.blocks)
        )
        found = words(text)
        recalls.append(recall(truth, found))
        pages = outcome.document.page_count if outcome.document else 0
        rows.append([path.stem, pages, truth.total(), recalls[-1], seconds])
        if arguments.missing:
            print((truth - found).most_common(60))
    notes: dict[str, str | int | float | None] = {
        "mean recall": sum(recalls) / max(1, len(recalls)),
        "least recall": min(recalls, default=0.0),
    }
    for name in ("parsing_fr", "retrieval/kgrag_10q_en/pdfs"):
        pages, seconds = _speed(arguments.data / name)
        notes[f"pages per CPU-second, {name}"] = pages / seconds if seconds else None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    notes["peak memory, MiB"] = round(peak)
    report("parsing", ["guide", "pages", "words of the truth", "word recall", "CPU s"], rows, notes)


if __name__ == "__main__":
    main()
