"""Subjects that questions can be asked about, in the words of the documents' own titles and headings."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from centaure.kit.database import ReadSession

_NUMBER = re.compile(r"^(?:\w+\s+)?(?:[A-Z]-?)?\d+(?:\.\d+)*[.)]?\s+")
_WORD = re.compile(r"\w{4,}")
_UNREADABLE = re.compile(r"[«»“”\"|_/\\]|^[^\W\d_]*\d|\d{4}-\d|\b\w*\.\w{2,4}$|:|^\S+-\S+-\S+$")
_SHORTEST, _LONGEST = 6, 60
_MOST_DOCUMENTS, _MOST_PASSAGES = 50, 8


@dataclass(frozen=True, slots=True)
class Subject:
    """What a passage is about, as its document says it."""

    document_id: int
    words: str


async def suggest_subjects(session: ReadSession, limit: int, language: str) -> list[Subject]:
    """Subjects of the documents that came last, one of each, of those that the principal may read.

    Those in the language come first. Only the first passages of the latest documents are read.
    """
    values = {
        "documents": _MOST_DOCUMENTS,
        "passages": _MOST_PASSAGES,
        "language": language,
    }
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


# Each list goes down the documents' key, so that those before the latest are not looked at, and no more
# than the first passages of what it chose are read.
_PASSAGES = """
    with latest as (
        (select true as told, id, title from document
          where language = %(language)s and file_id is null and parent_id is null
              and format not in ('csv', 'xlsx', 'ods', 'image')
          order by id desc limit %(documents)s)
        union all
        (select false, id, title from document
          where language <> %(language)s and file_id is null and parent_id is null
              and format not in ('csv', 'xlsx', 'ods', 'image')
          order by id desc limit %(documents)s)
    ), chosen as materialized (
        select * from latest order by told desc, id desc limit %(documents)s
    )
    select chosen.id, chosen.title, first.heading_path, first.text
    from chosen cross join lateral (
        select position, heading_path, text from chunk
        where document_id = chosen.id order by position limit %(passages)s
    ) as first
    order by chosen.told desc, chosen.id desc, first.position
"""
