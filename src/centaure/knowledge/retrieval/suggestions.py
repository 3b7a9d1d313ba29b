"""Subjects that questions can be asked about, in the words of the documents' own titles and headings."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from centaure.kit.database import ReadSession

_NUMBER = re.compile(r"^(?:\w+\s+)?(?:[A-Z]-?)?\d+(?:\.\d+)*[.)]?\s+")
_WORD = re.compile(r"\w{4,}")
_UNREADABLE = re.compile(r"[«»“”\"|_/\\]|^[^\W\d_]*\d|\d{4}-\d|\b\w*\.\w{2,4}$|:|^\S+-\S+-\S+$")
_SHORTEST, _LONGEST = 6, 60
_MOST_PASSAGES = 400


@dataclass(frozen=True, slots=True)
class Subject:
    """What a passage is about, as its document says it."""

    document_id: int
    words: str


async def suggest_subjects(session: ReadSession, limit: int, language: str) -> list[Subject]:
    """Subjects of the documents that came last, one of each, of those that the principal may read.

    Those in the language come first.
    """
    values = {"most": _MOST_PASSAGES, "language": language}
    rows = await session.rows(_PASSAGES, values)
    passages = (
        (int(row.id), str(row.title), list(row.heading_path), str(row.text)) for row in rows
    )
    return choose_subjects(passages, limit)


def choose_subjects(
    passages: Iterable[tuple[int, str, list[str], str]], limit: int
) -> list[Subject]:
    """The headings, else the titles, that read well in a question and that their passage answers to.

    Args:
        passages: of each its document, the title of that, its headings from the outermost, and its text.
        limit: most subjects.
    """
    inner: dict[int, Subject] = {}
    whole: dict[int, Subject] = {}
    seen: set[str] = set()
    for document, title, headings, text in passages:
        for found, written in ((inner, headings[-1] if headings else ""), (whole, title)):
            words = _NUMBER.sub("", " ".join(written.split()))
            key = words.casefold()
            if document in found or key in seen or not _tells(words, text):
                continue
            if found is inner and key == " ".join(title.split()).casefold():
                continue
            seen.add(key)
            found[document] = Subject(document, words)
    return [*inner.values(), *(one for document, one in whole.items() if document not in inner)][
        :limit
    ]


def _tells(words: str, text: str) -> bool:
    if not _SHORTEST <= len(words) <= _LONGEST or _UNREADABLE.search(words):
        return False
    long = _WORD.findall(words.casefold())
    first, _, rest = text.casefold().partition("\n")
    body = rest if words.casefold() in first and len(first) < len(words) + 20 else text.casefold()
    return bool(long) and all(word in body for word in long)


_PASSAGES = """
    select document.id, document.title, chunk.heading_path, chunk.text
    from chunk join document on document.id = chunk.document_id
        join source on source.id = document.source_id
    where source.kind <> 'conversation' and document.parent_id is null
        and document.format not in ('csv', 'xlsx', 'ods', 'image')
    order by document.language <> %(language)s, document.id desc, chunk.id limit %(most)s
"""
