"""What some models write before they answer: their thoughts, between tags, which are no part of it."""

_OPENED, _CLOSED = "<think>", "</think>"


class ThoughtReader:
    """Leaves out the thoughts that a text begins with; what it gives does not depend on how it was cut."""

    def __init__(self) -> None:
        self._held = ""
        self._thinking: bool | None = None

    def read(self, piece: str) -> str:
        """What of a piece is the answer."""
        if self._thinking is False:
            return piece
        self._held += piece
        if self._thinking is None:
            self._held = self._held.lstrip()
            if len(self._held) < len(_OPENED) and _OPENED.startswith(self._held):
                return ""
            self._thinking = self._held.startswith(_OPENED)
        if self._thinking:
            _, closed, rest = self._held.partition(_CLOSED)
            if not closed:
                # The closing tag may be cut, so its first characters stay.
                self._held = _OPENED + self._held[-len(_CLOSED) :]
                return ""
            self._held, self._thinking = rest, False
        held, self._held = self._held, ""
        return held

    def end(self) -> str:
        """What was held back and is no thought."""
        held, self._held = self._held, ""
        return "" if self._thinking else held
