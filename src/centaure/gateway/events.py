"""Server-sent events, as services of models send them: the data of each, from pieces cut anywhere."""


class EventReader:
    """Takes the data out of `text/event-stream` (HTML standard, section 9.2), and no other field."""

    __slots__ = ("_data", "_rest")

    def __init__(self) -> None:
        self._rest: list[bytes] = []
        self._data: list[bytes] = []

    def feed(self, piece: bytes) -> list[bytes]:
        """The data of each event that this piece completes."""
        *lines, rest = piece.split(b"\n")
        if lines:
            lines[0] = b"".join([*self._rest, lines[0]])
            self._rest.clear()
        self._rest.append(rest)
        found: list[bytes] = []
        for line in lines:
            if line.startswith(b"data:"):
                self._data.append(line[5:].strip())
            elif line in {b"", b"\r"} and self._data:
                found.append(b"\n".join(self._data))
                self._data.clear()
        return found

    def end(self) -> list[bytes]:
        """The last event, where no empty line follows it."""
        return self.feed(b"\n\n")
