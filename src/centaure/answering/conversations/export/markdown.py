"""Markdown, with what its metadata is in a block of YAML before it."""

import json
import re

from centaure.answering.conversations.export.paper import Paper

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~&!])")
_OPENING = re.compile(r"^(\s*)([-+=]|\d+[.)])", re.MULTILINE)


def write(paper: Paper) -> bytes:
    """The file, in UTF-8."""
    about = {
        "title": paper.title,
        "lang": paper.language,
        "date": paper.at.isoformat(timespec="seconds"),
        "generator": "Centaure",
        "mark": paper.mark,
        "digital_source_type": paper.source_type,
        "classification": paper.level or None,
    }
    lines = ["---"]
    # A value of JSON is one of YAML.
    lines += [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in about.items()]
    lines += ["---", "", f"# {_line(paper.title)}", ""]
    lines += [f"**{_line(paper.classification)}**", "", f"*{_line(paper.mark)}*", ""]
    for section in paper.sections:
        lines += [f"## {_line(section.question)}", ""]
        if section.answer:
            lines += [_plain(section.answer), ""]
        lines += [f"*{_line(section.made)}*", ""]
        if section.sources:
            lines += [f"**{paper.sources}**", ""]
            lines += [f"- {_line(source)}" for source in section.sources]
            lines += [""]
    lines += ["---", "", _line(paper.exported), ""]
    return "\n".join(lines).encode()


def _plain(text: str) -> str:
    """The text as it stands: nothing in it is markup."""
    escaped = _SPECIAL.sub(r"\\\1", text)
    return _OPENING.sub(lambda match: f"{match[1]}{match[2][:-1]}\\{match[2][-1]}", escaped)


def _line(text: str) -> str:
    return _plain(" ".join(text.split()))
