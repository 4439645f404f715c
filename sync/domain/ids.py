"""Ids: UUIDv7 (RFC 9562 5.7) with one letter before it that names the type."""

import random
from typing import Final, Protocol

from sync.domain.clock import Clock

TICKET: Final = "t"
MESSAGE: Final = "m"
REQUESTER: Final = "r"
AGENT: Final = "g"
CATEGORY: Final = "c"
CATEGORY_GRANT: Final = "w"
ARRIVAL: Final = "a"
READ_MARK: Final = "k"
QUICK_NOTE: Final = "q"
SPOT_CHECK: Final = "s"
HELD_MESSAGE: Final = "h"
BLOB: Final = "b"
TOKEN: Final = "o"
RECEIPT: Final = "e"
UNREACHED_ALERT: Final = "u"
FAQ_ENTRY: Final = "f"
LETTER: Final = "l"
DELIVERY: Final = "d"
HOOK: Final = "v"
HOOK_EVENT: Final = "j"
OPEN_TICKET_CAP: Final = "p"
CLOSING: Final = "z"
FEEDBACK: Final = "v"
INCIDENT: Final = "i"
INCIDENT_NOTE: Final = "n"
FOLLOWER: Final = "y"
SURGE: Final = "x"

CATEGORY_ACCOUNT: Final = "C"
PERSONAL_ACCOUNT: Final = "P"
TEAM_ACCOUNT: Final = "T"
OVERSIGHT_ACCOUNT: Final = "O"

_COUNTER_BITS = 12
_RANDOM_BITS = 62


class RandomBits(Protocol):
    """The part of `random.Random` that ids need; `random.SystemRandom` outside tests."""

    def getrandbits(self, k: int, /) -> int: ...


class IdFactory:
    """Makes time-ordered ids from a given clock and source of randomness.

    Ids of one factory rise strictly, also within a millisecond and when the clock goes back
    (RFC 9562 6.2, method 1: the 12 bits after the time are a counter).
    """

    def __init__(self, clock: Clock, randomness: RandomBits | None = None) -> None:
        self._clock = clock
        self._random: RandomBits = randomness if randomness is not None else random.SystemRandom()
        self._last_ms = 0
        self._counter = 0

    def client_key(self) -> str:
        """A plain UUIDv7 in its usual spelling, for `clientKey`."""
        text = f"{self._uuid7():032x}"
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"

    def new(self, prefix: str) -> str:
        """An id of the type that the letter names, 33 characters, safe as a JMAP Id (RFC 8620 1.2)."""
        return f"{prefix}{self._uuid7():032x}"

    def _uuid7(self) -> int:
        now = self._clock.now_ms()
        if now > self._last_ms:
            self._last_ms, self._counter = now, self._random.getrandbits(_COUNTER_BITS - 1)
        else:
            self._counter += 1
            if self._counter >> _COUNTER_BITS:
                self._last_ms, self._counter = self._last_ms + 1, 0
        tail = self._random.getrandbits(_RANDOM_BITS)
        return (self._last_ms << 80) | (0x7 << 76) | (self._counter << 64) | (0b10 << 62) | tail
