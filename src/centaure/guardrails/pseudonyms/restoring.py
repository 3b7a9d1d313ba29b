"""Values put back where a language model wrote their placeholders, while its answer comes."""

import json
import re
from typing import Any, cast

from centaure.guardrails.pseudonyms.conversation import START, Kept, Pseudonyms, context_after
from centaure.guardrails.pseudonyms.placeholders import KINDS
from centaure.guardrails.pseudonyms.reading import STARTS, More, Written, read

_LETTERS = "".join(sorted({word[0] for word in KINDS}))
_CANDIDATE = re.compile(
    f"[{re.escape(''.join(STARTS))}]|(?<![^\\W_])[{_LETTERS}{_LETTERS.upper()}]"
)
"""Where a placeholder may begin: a bracket, or the first letter of a word."""
_IN_URL = re.compile(r"(?:https?://|www\.)\S*$", re.IGNORECASE)
_NOT_IN_URLS = re.compile(r'[\s"<>\\^`{|}]')
_JSON = re.compile(r"\s*(?:```(?:json)?\s*)?(?:\{\s*\"|\[\s*[\"\[{])", re.IGNORECASE)
_FENCED_JSON = re.compile(r"```json\s*\n[^`]*$", re.IGNORECASE)
_KEPT_BEFORE = 2_000
_KEPT_BEGINNING = 40


class Restorer:
    """Puts the values of one conversation back into one text, however it is cut into pieces.

    What is no placeholder of the conversation stays as it is. Nothing is held back but what may still
    become one.

    Attributes:
        told: each piece of what was shown, and the same as it may be kept: the placeholder of a value.
    """

    def __init__(self, pseudonyms: Pseudonyms) -> None:
        self.told: list[tuple[str, str]] = []
        self._kept = pseudonyms.kept
        self._pending = ""
        self._before = ""
        self._context = START
        self._used: dict[object, set[int]] = {}
        self._beginning = ""

    def feed(self, text: str) -> str:
        """What can be shown, now that this has come too."""
        self._pending += text
        return self._go(over=False)

    def end(self) -> str:
        """The rest: the text is over."""
        return self._go(over=True)

    def _go(self, *, over: bool) -> str:
        text, at = self._pending, 0
        shown: list[str] = []
        while found := _CANDIDATE.search(text, at):
            at += self._literal(text[at : found.start()], shown)
            try:
                written = read(text, at, self._before, over=over)
            except More:
                break
            kept = self._kept.get(written.placeholder) if written else None
            if written is None or kept is None:
                at += self._literal(text[at : written.end if written else at + 1], shown)
                continue
            at += self._restored(text, written, kept, shown)
        else:
            at += self._literal(text[at:], shown)
        self._pending = text[at:]
        return "".join(shown)

    def _literal(self, text: str, shown: list[str]) -> int:
        """Text that is shown as it came; its length."""
        if text:
            shown.append(text)
            self.told.append((text, text))
            self._remember(text)
        return len(text)

    def _remember(self, text: str) -> None:
        self._context = context_after(self._context, text)
        self._before = (self._before + text)[-_KEPT_BEFORE:]
        self._beginning = (self._beginning + text[:_KEPT_BEGINNING])[:_KEPT_BEGINNING]

    def _restored(self, text: str, written: Written, kept: Kept, shown: list[str]) -> int:
        start, end = written.start, written.end
        if written.pair and written.pair in kept.pairs:
            start, end = written.inner
            self._literal(text[written.start : start], shown)
        value = self._fitted(*self._form(kept), written) + written.ending
        shown.append(value)
        self.told.append((value, f"{kept.placeholder}{written.ending}"))
        self._remember(str(kept.placeholder))
        if (start, end) == written.inner:
            self._literal(text[end : written.end], shown)
        return written.end - written.start

    def _form(self, kept: Kept) -> tuple[str, bool]:
        """The value as it was written after the same words, and whether it was."""
        used = self._used.setdefault(kept.placeholder, set())
        at = kept.form(self._context, used)
        if at is None:
            return kept.value, False
        used.add(at)
        return kept.forms[at][1], True

    def _fitted(self, value: str, stood: bool, written: Written) -> str:
        """A value so that what it stands in stays whole."""
        if written.encoded:
            return _percent(value)
        if self._in_json():
            return (
                value
                if stood and _inside_json(value)
                else json.dumps(value, ensure_ascii=False)[1:-1]
            )
        if not stood and _IN_URL.search(self._before[-500:]):
            return _NOT_IN_URLS.sub(lambda one: _percent(one[0]), value)
        return value

    def _in_json(self) -> bool:
        return bool(_JSON.match(self._beginning) or _FENCED_JSON.search(self._before))


def candidates(text: str) -> list[Written]:
    """All that a text writes as placeholders are written, in its order; no two overlap."""
    found: list[Written] = []
    at = 0
    while start := _CANDIDATE.search(text, at):
        at = start.start()
        written = read(text, at, text[max(at - _KEPT_BEFORE, 0) : at], over=True)
        if written is not None:
            found.append(written)
        at = written.end if written else at + 1
    return found


def restore(text: str, pseudonyms: Pseudonyms) -> str:
    """A whole text with its values put back."""
    restorer = Restorer(pseudonyms)
    return restorer.feed(text) + restorer.end()


def restore_json(arguments: str, pseudonyms: Pseudonyms) -> str:
    """JSON with the values put back into its strings and keys; what is no JSON is restored as a text."""
    try:
        given = json.loads(arguments)
    except (ValueError, RecursionError):
        return restore(arguments, pseudonyms)
    return json.dumps(_restored(given, pseudonyms), ensure_ascii=False)


def _restored(value: Any, pseudonyms: Pseudonyms) -> Any:
    if isinstance(value, str):
        return restore(value, pseudonyms)
    if isinstance(value, list):
        return [_restored(one, pseudonyms) for one in cast("list[Any]", value)]
    if isinstance(value, dict):
        fields = cast("dict[str, Any]", value)
        return {restore(key, pseudonyms): _restored(one, pseudonyms) for key, one in fields.items()}
    return value


def _inside_json(value: str) -> bool:
    """Whether a string of JSON may hold a value as it is."""
    try:
        json.loads(f'"{value}"')
    except ValueError:
        return False
    return True


def _percent(text: str) -> str:
    return "".join(
        chr(byte) if chr(byte).isalnum() and byte < 0x80 else f"%{byte:02X}"
        for byte in text.encode("utf-8", "replace")
    )
