"""Which files are versions of one document, from their paths.

"rapport_2023.docx", "rapport_2024 (1).docx" and "Rapport v2 final.pdf" of one folder are one family:
what is taken off the end of a name is what people add to it when they save it again.
"""

import re
from pathlib import PurePosixPath

from centaure.knowledge.language import fold

_SUFFIX = re.compile(
    r"""
    (?<![\s_.\-–—]) [\s_.\-–—]*+ (?:
        \( \s* (?: \d{1,2} | copie(?:\ \d+)? | copy(?:\ \d+)? | old | ancien(?:ne)? ) \s* \)
      | (?<![a-z\d]) v (?:er)? (?:sion)? [\s_.\-]* \d{1,3} (?: [.\-]\d{1,3} ){0,2}
      | (?<![a-z\d]) (?: version | rev | revision | indice | ind ) [\s_.\-]* (?: \d{1,3} | [a-h] )
      | (?<![a-z\d]) (?: final | finale | def | definitif | definitive | brouillon | draft | copie
          | copy | old | ancien | ancienne | nouveau | nouvelle | new | latest | maj | signe | signee
          | signed | valide | validee | approved | corrige | corrigee ) (?![a-z])
      | (?: (?<![a-z\d]) | (?<=[a-z]{3}) ) (?: 19 | 20 ) \d\d (?: [\s_.\-]? (?: 0[1-9] | 1[0-2] )
          (?: [\s_.\-]? (?: 0[1-9] | [12]\d | 3[01] ) )? )? (?!\d)
      | (?<!\d) (?: 0[1-9] | [12]\d | 3[01] ) [\s_.\-] (?: 0[1-9] | 1[0-2] ) [\s_.\-]
          (?: 19 | 20 ) \d\d (?!\d)
    ) $
    """,
    re.VERBOSE,
)
_DAY_FIRST = re.compile(r"(?<!\d)(\d\d)[\s_.\-](\d\d)[\s_.\-]((?:19|20)\d\d)(?!\d)")
_YEAR_FIRST = re.compile(
    r"(?<!\d)((?:19|20)\d\d)(?:[\s_.\-]?(0[1-9]|1[0-2])(?:[\s_.\-]?(0[1-9]|[12]\d|3[01]))?)?(?!\d)"
)
_NUMBER = re.compile(
    r"(?<![a-z\d])(?:v(?:er)?(?:sion)?|rev(?:ision)?|ind(?:ice)?)[\s_.\-]*"
    r"(\d{1,3}(?:[.\-]\d{1,3}){0,2}|[a-h])(?![a-z\d])"
)
_OLD = re.compile("old|ancien|brouillon|draft")
_FINAL = re.compile("final|definiti|signe|valide|approved")
_LONGEST_MARKS = 120
"""Characters at the end of a name that are looked at for marks."""
_SEPARATORS = re.compile(r"[\s_.\-–—]+")


def family_of(path: str, title: str | None = None) -> str | None:
    """The family of a file inside its source, or None when its name says nothing.

    Files are of one family when they lie in the same folder and their names, without the extension,
    case, accents and marks of a version (v2, a date, "(1)", "final"), are the same. A name that is
    nothing but such marks ("2024.pdf") is a family with the files of the same title, where it has one.

    Args:
        path: Posix path of the file in its source; an attachment lies in its message.
        title: Title of the document.
    """
    file = PurePosixPath(path)
    stem = _bare(file.stem)
    if not stem:
        stem = _bare(title or "")
        if not stem:
            return None
        stem = f"title {stem}"
    return f"{file.parent}/{stem}"


def _rest(folded: str) -> str:
    """A folded name without the marks of a version at its end."""
    start = max(len(folded) - _LONGEST_MARKS, 0)
    rest = folded[start:]
    while (shorter := _SUFFIX.sub("", rest)) != rest:
        rest = shorter
    return folded[:start] + rest


def _bare(name: str) -> str:
    return _SEPARATORS.sub(" ", _rest(fold(name.strip()))).strip()


def version_of(path: str) -> tuple[tuple[int, ...], tuple[int, ...], int]:
    """What the name of a file says about its version; of two versions the greater is the later.

    The date (year, month, day), then the number ("v1.2" is 1, 2), then -1 for a draft or an old copy
    and 1 for a final one.
    """
    name = fold(PurePosixPath(path).stem)
    marks = name[len(_rest(name)) :]
    date: tuple[int, ...] = ()
    if day_first := _DAY_FIRST.search(marks):
        date = tuple(int(part) for part in reversed(day_first.groups()))
    elif year_first := _YEAR_FIRST.search(marks):
        date = tuple(int(part) for part in year_first.groups() if part)
    number: tuple[int, ...] = ()
    if mark := _NUMBER.search(marks):
        number = tuple(
            int(part) if part.isdigit() else ord(part) - ord("a") + 1
            for part in re.split(r"[.\-]", mark.group(1))
        )
    state = -1 if _OLD.search(marks) else 1 if _FINAL.search(marks) else 0
    return date, number, state
