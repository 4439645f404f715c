"""Reads `text/event-stream` from octets in pieces of any size (WHATWG HTML 9.2.6), for the client.

The PyPI parsers looked at (`sseclient`, `sseclient-py`) miss a byte order mark, report an event that the stream's
end cut off, and copy a long line once per piece.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_LINE_END = re.compile(rb"\r\n|\n|\r")
_BOM = b"\xef\xbb\xbf"


class EventTooLargeError(ValueError):
    """The stream sends a line or an event beyond the limit: it is not ours."""


@dataclass(frozen=True)
class Event:
    """One event. `id` is the last event id of the stream when it came."""

    type: str
    data: str
    id: str


class EventParser:
    """Feed it octets, get events. `last_event_id` is for the next connection, `retry_ms` what the server
    asked last, `retries` how often it did."""

    def __init__(self, last_event_id: str = "", max_octets: int = 4_000_000) -> None:
        self.last_event_id = last_event_id
        self.retry_ms: int | None = None
        self.retries = 0
        self._max = max_octets
        self._pieces: list[bytes] = []
        self._held = 0
        self._begun = False
        self._after_return = False
        self._type = ""
        self._data: list[str] = []
        self._size = 0

    def feed(self, octets: bytes) -> list[Event]:
        """The events that these octets complete. Raises EventTooLargeError."""
        if not octets:
            return []
        if self._after_return:
            octets = octets.removeprefix(b"\n")
        events: list[Event] = []
        start = 0
        for end in _LINE_END.finditer(octets):
            self._pieces.append(octets[start : end.start()])
            start = end.end()
            self._line(events)
        self._after_return = octets.endswith(b"\r")
        self._hold(octets[start:])
        return events

    def _hold(self, rest: bytes) -> None:
        if rest:
            self._pieces.append(rest)
            self._held += len(rest)
            if self._held + self._size > self._max:
                raise EventTooLargeError(f"An event of more than {self._max} octets came.")

    def _line(self, events: list[Event]) -> None:
        line = b"".join(self._pieces)
        self._pieces.clear()
        self._held = 0
        if not self._begun:
            self._begun = True
            line = line.removeprefix(_BOM)
        if not line:
            self._dispatch(events)
        elif not line.startswith(b":"):
            name, _, value = line.partition(b":")
            self._field(name, value.removeprefix(b" ").decode("utf-8", "replace"))

    def _field(self, name: bytes, value: str) -> None:
        if name == b"data":
            self._data.append(value)
            self._size += len(value)
            if self._size > self._max:
                raise EventTooLargeError(f"An event of more than {self._max} octets came.")
        elif name == b"event":
            self._type = value
        elif name == b"id" and "\0" not in value:
            self.last_event_id = value
        elif name == b"retry" and value.isascii() and value.isdigit():
            self.retry_ms = int(value[:9])
            self.retries += 1

    def _dispatch(self, events: list[Event]) -> None:
        if self._data:
            events.append(Event(self._type or "message", "\n".join(self._data), self.last_event_id))
        self._type = ""
        self._data.clear()
        self._size = 0
