"""What its author wrote in a message, told apart from the messages that a reply carries along.

A thread of twenty replies holds its first message twenty times: found twenty times, it hides all else.
Only a reply is cut, never a forward; every rule needs a sign that a mail program wrote, and where the
signs leave a doubt the text stays.
"""

import re
from collections.abc import Iterator, Sequence
from enum import IntEnum

FORWARD = re.compile(r"(?:fwd?|tr|wg|rv|enc|transf)\s*:", re.IGNORECASE)
REPLY = re.compile(r"(?:re|ré|réf|rép|aw|sv|antw)\s*(?:\[\d+\]|\(\d+\))?\s*:", re.IGNORECASE)
_SPACES = re.compile(r"\s+")
_TAGS = re.compile(r"(?:\s*\[[^\]]{1,40}\])*\s*")
_PREFIXES = re.compile(
    rf"(?:{_TAGS.pattern}(?:{FORWARD.pattern}|{REPLY.pattern}))*{_TAGS.pattern}", re.IGNORECASE
)

_WROTE = re.compile(
    r"(?:le|on|am|il|el)\b.{4,300}?(?:a écrit|wrote|schrieb|ha scritto|escribió)\b.{0,80}?:$",
    re.IGNORECASE | re.DOTALL,
)
_WROTE_SHORT = re.compile(r".{2,120}\b(?:a écrit|wrote)\s*:$", re.IGNORECASE)
_ADDRESS = re.compile(r"[^\s@<>]{1,64}@[^\s@<>]")
_CLOCK = re.compile(r"\b\d{1,2}\s?[:hH.]\s?\d{2}\b")
_FORWARDED = re.compile(
    r"[\s>*_-]*(?:-{2,}\s*(?:forwarded|message (?:transféré|transmis|réexpédié))|begin forwarded message"
    r"|début du message (?:transféré|réexpédié))",
    re.IGNORECASE,
)
_ORIGINAL = re.compile(
    r"[\s*_]*-{2,}\s*(?:message d['’]origine|original message|message original"
    r"|ursprüngliche nachricht|mensaje original|messaggio originale)\s*-{2,}",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r"[\s*_-]*")
_SENDER = re.compile(r"[\s*]*(?:de|from|von)\s*:", re.IGNORECASE)
_SENT = re.compile(
    r"(?:^|[\s*])(?:envoyé|sent|gesendet)(?: le)?\s*:.*?\d", re.IGNORECASE | re.DOTALL
)
_DATED = re.compile(r"(?:^|[\s*])(?:date|datum)\s*:.*?\d", re.IGNORECASE | re.DOTALL)
_RECIPIENT = re.compile(r"(?:^|[\s*])(?:à|to|an)\s*:", re.IGNORECASE)
_SUBJECT = re.compile(r"(?:^|[\s*])(?:objet|subject|betreff)\s*:[\s*]*(.*)", re.IGNORECASE)
_HEADER_LINES = 8
_LONGEST_HEADER = 3000
_ANSWERED_BELOW = re.compile(
    r"\b(?:ci-dessous|ci-après|ci-bas|plus bas|dans le (?:texte|corps|fil|mail|message)"
    r"|en (?:rouge|bleu|vert|gras|couleur|italique)|below|in-?line|in (?:red|blue|green|bold|colou?r))\b",
    re.IGNORECASE,
)
_SIGNATURE_MARK = re.compile(r"--\s*")
_DEVICE = re.compile(
    r"(?:envoyé (?:de|depuis|à partir)|sent from|obtenir outlook|get outlook|télécharger outlook)\b.*",
    re.IGNORECASE,
)
_LONGEST_QUESTION = 500
_LONGEST_INTRODUCTION = 500


class Setting(IntEnum):
    """How a line or block stands in its message."""

    OWN = 0
    SET_OFF = 1
    """As a quotation, which its author may have made: ">", or a block quotation of a web page."""
    CITED = 2
    """As the message answered, in the words of a mail program's markup."""


def is_reply(subject: str, *, answers: bool) -> bool:
    """Whether a message answers another: by its subject, or by a header (`answers`); no forward does.

    Of "TR: RE: x" the first prefix counts: the author forwards an answer.
    """
    start = _TAGS.match(subject)
    rest = subject[start.end() :] if start else subject
    return not FORWARD.match(rest) and (answers or REPLY.match(rest) is not None)


def own_places(
    texts: Sequence[str], settings: Sequence[Setting], subject: str, *, paragraphs: bool
) -> list[int]:
    """The places of what the author of a reply wrote, of its `paragraphs`, or its lines, in order.

    What is cut: the quoted lines that a mail program introduced or marked, with the line that
    introduces them, and everything below the headers of the message answered. Where answers stand
    between quotations, the last paragraph of each stays: "yes" says nothing without its question. All
    is kept where nothing but a signature would remain, where answers are announced below, and below
    the mark of a forwarded message.
    """
    end = len(texts)
    forwarded = next((i for i in range(end) if not settings[i] and _FORWARDED.match(texts[i])), end)
    history = _history(texts, settings, subject, forwarded)
    top = min(forwarded, history)
    own = _without_quotations(texts, settings, top, paragraphs=paragraphs)
    words = [texts[place] for place in own if not settings[place]]
    if not _says_something(words):
        return list(range(end))
    if history >= forwarded:
        return [*own, *range(top, end)]
    announced = any(map(_ANSWERED_BELOW.search, words))
    return [*own, *range(top, end)] if announced else own


def _says_something(texts: Sequence[str]) -> bool:
    """Whether there is a word above the signature that a program or a person adds to all messages."""
    for text in texts:
        if _SIGNATURE_MARK.fullmatch(text.strip()):
            return False
        if any(map(str.isalnum, text)) and not _DEVICE.fullmatch(text.strip()):
            return True
    return False


def _history(texts: Sequence[str], settings: Sequence[Setting], subject: str, end: int) -> int:
    """Where the message answered begins when it is not set off: at its mark or its headers."""
    for place in range(end):
        if settings[place]:
            continue
        text = texts[place].strip()
        # Above quoted lines they introduce a quotation, between whose lines there may be answers.
        if not any(settings[place : place + _HEADER_LINES]) and (
            _ORIGINAL.match(text)
            or (_SENDER.match(text) and _is_header(texts[place : place + _HEADER_LINES], subject))
            or _introduces_all(texts, settings, place)
        ):
            start = place
            while start and not settings[start - 1] and _SEPARATOR.fullmatch(texts[start - 1]):
                start -= 1
            return start
    return len(texts)


def _is_header(texts: Sequence[str], subject: str) -> bool:
    """Whether lines are the headers that a mail program puts above the message answered.

    A form may say "De : Paris, À : Lyon, Date : …" too. Headers say when the message was sent with its
    time of day, or repeat the subject of the answer.
    """
    text = "\n".join(texts)[:_LONGEST_HEADER]
    topic = _SUBJECT.search(text)
    if topic is None or not _RECIPIENT.search(text[: topic.start()] + text[topic.end() :]):
        return False
    head = text[: topic.end()]
    if _SENT.search(head):
        return _CLOCK.search(head) is not None
    same = bool(_topic(subject)) and _topic(topic[1]).startswith(_topic(subject))
    return _DATED.search(head) is not None and (same or _ADDRESS.search(head) is not None)


def _topic(subject: str) -> str:
    match = _PREFIXES.match(subject)
    return " ".join(subject[match.end() if match else 0 :].split()).casefold()


def _introduces_all(texts: Sequence[str], settings: Sequence[Setting], place: int) -> bool:
    """Whether a line tells who wrote, at which address and when, and no quotation follows it."""
    text = _SPACES.sub(" ", texts[place]).strip()
    for more in range(3):
        if _WROTE.match(text) and _ADDRESS.search(text) and any(map(str.isdigit, text)):
            following = place + more + 1
            while following < len(texts) and not texts[following].strip():
                following += 1
            return following < len(texts) and not settings[following]
        if place + more + 1 >= len(texts) or not texts[place + more + 1].strip():
            return False
        text += " " + texts[place + more + 1].strip()
    return False


def _without_quotations(
    texts: Sequence[str], settings: Sequence[Setting], end: int, *, paragraphs: bool
) -> list[int]:
    """The places before `end` that are no quotation of the message answered."""
    gone: set[int] = set()
    quoted: list[range] = []
    introduced = False
    for run in _runs(settings, end):
        introduction = _introduction(texts, run.start)
        introduced = introduced or bool(introduction)
        if introduced or settings[run.start] is Setting.CITED:
            quoted.append(run)
            gone.update(run, introduction)
    gone.difference_update(_questions(texts, quoted, end, paragraphs=paragraphs))
    return [place for place in range(end) if place not in gone]


def _runs(settings: Sequence[Setting], end: int) -> Iterator[range]:
    """Runs of quoted places."""
    start = 0
    while start < end:
        stop = start
        while stop < end and settings[stop]:
            stop += 1
        if stop > start:
            yield range(start, stop)
        start = stop + 1


def _introduction(texts: Sequence[str], start: int) -> range:
    """The one to three lines before a quotation that say who wrote it; empty where none do."""
    last = start - 1
    while last >= 0 and not texts[last].strip():
        last -= 1
    text, found = "", range(0)
    for first in range(last, max(-1, last - 3), -1):
        if not texts[first].strip():
            break
        text = " ".join(f"{texts[first]} {text}".split())
        if len(text) > _LONGEST_INTRODUCTION:
            break
        dated = any(map(str.isdigit, text))
        if _WROTE.match(text) and dated:
            return range(first, start)
        addressed = text.endswith(":") and dated and _ADDRESS.search(text)
        if not found and (addressed or _WROTE_SHORT.fullmatch(text) or _ORIGINAL.match(text)):
            found = range(first, start)
    return found


def _questions(
    texts: Sequence[str], quoted: Sequence[range], end: int, *, paragraphs: bool
) -> Iterator[int]:
    """The last paragraph of each quotation that is answered below it, before the next one."""
    stops = [run.start for run in quoted[1:]]
    between = [
        _says_something(texts[run.stop : stop]) for run, stop in zip(quoted, stops, strict=False)
    ]
    if not any(between):
        return
    for run, answered in zip(
        quoted, [*between, _says_something(texts[quoted[-1].stop : end])], strict=True
    ):
        length = 0
        for place in reversed(run):
            text = texts[place].strip(" >\t")
            length += len(text)
            if length > _LONGEST_QUESTION or not answered or (not text and length):
                break
            if text:
                yield place
            if paragraphs:
                break
