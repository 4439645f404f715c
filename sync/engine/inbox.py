"""What other threads tell the engine, kept until its next step takes it."""

import threading
from dataclasses import dataclass

from sync.connectors.port import Alive, ArrivalHint, ComeBack, Hint, PresenceHint, StateHint


@dataclass(frozen=True, slots=True)
class Told:
    """What was told since the last look; `pushed` is None where the stream's state did not change."""

    moved: frozenset[str]
    arrivals: tuple[ArrivalHint, ...]
    pushed: bool | None
    stream_lost: bool


class Inbox:
    """Safe to write from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._moved: set[str] = set()
        self._arrivals: list[ArrivalHint] = []
        self._pushed: bool | None = None
        self._stream_lost = False

    def put(self, hint: Hint) -> None:
        """A hint of the stream."""
        with self._lock:
            match hint:
                case StateHint():
                    self._moved |= hint.account_ids
                case ArrivalHint():
                    self._arrivals.append(hint)
                    self._moved.add(hint.account_id)
                case Alive() | ComeBack() | PresenceHint():
                    pass

    def put_push(self, connected: bool) -> None:
        """The stream was connected, or lost."""
        with self._lock:
            self._pushed = connected
            self._stream_lost = self._stream_lost or not connected

    def take(self) -> Told:
        """Everything told so far, once."""
        with self._lock:
            told = Told(frozenset(self._moved), tuple(self._arrivals), self._pushed, self._stream_lost)
            self._moved.clear()
            self._arrivals.clear()
            self._pushed, self._stream_lost = None, False
        return told
