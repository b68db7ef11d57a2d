"""Server-sent events, read as they arrive.

Lines end in LF, CR or CRLF and in nothing else: a JSON text may hold U+2028, at which `str.splitlines` would cut.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

EVENT_BYTES_MAX = 32 * 1024 * 1024
_LINE_END = re.compile(rb"\r\n|\n|\r")


class TooLarge(Exception):
    """An event does not fit."""


@dataclass(frozen=True)
class ServerSent:
    """One event."""

    data: str
    kind: str = "message"
    id: str | None = None


class Reader:
    """Turns bytes into events; `last_id` and `retry_ms` are what the server said last."""

    def __init__(self) -> None:
        self.last_id: str | None = None
        self.retry_ms: int | None = None
        self._id: str | None = None
        self._rest = b""
        self._begun = False
        self._data: list[bytes] = []
        self._size = 0
        self._kind = ""

    def feed(self, part: bytes) -> Iterator[ServerSent]:
        """The events that these bytes complete."""
        self._rest += part
        if not self._begun and len(self._rest) >= 3:
            self._begun = True
            self._rest = self._rest.removeprefix(b"\xef\xbb\xbf")
        while (end := _LINE_END.search(self._rest)) is not None:
            if end.group() == b"\r" and end.end() == len(self._rest):
                # Half of a CRLF, perhaps: the next bytes tell.
                break
            line, self._rest = self._rest[: end.start()], self._rest[end.end() :]
            event = self._line(line)
            if event is not None:
                yield event
        if self._size + len(self._rest) > EVENT_BYTES_MAX:
            raise TooLarge(f"the server sent an event of more than {EVENT_BYTES_MAX} bytes")

    def restart(self) -> None:
        """Begins another connection: what was half there is dropped, ids are kept."""
        self._rest, self._begun, self._id = b"", False, self.last_id
        self._data, self._kind, self._size = [], "", 0

    def _line(self, line: bytes) -> ServerSent | None:
        if not line:
            return self._complete()
        name, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if name == b"data":
            self._data.append(value)
            self._size += len(value)
        elif name == b"event":
            self._kind = value.decode("utf-8", "replace")
        elif name == b"id" and b"\0" not in value:
            self._id = value.decode("utf-8", "replace") or None
        elif name == b"retry" and value.isdigit():
            self.retry_ms = int(value)
        return None

    def _complete(self) -> ServerSent | None:
        # Only now: an event that broke off was not received.
        self.last_id = self._id
        data, kind = self._data, self._kind
        self._data, self._kind, self._size = [], "", 0
        if not data:
            return None
        text = b"\n".join(data).decode("utf-8", "replace")
        return ServerSent(text, kind or "message", self.last_id)
