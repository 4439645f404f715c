"""What the public may send, as it is set: looked up at most once a second, however many ask."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from sync.domain.clock import Clock
from sync.server.settings import Settings
from sync.server.web.forms import Allowed

_FRESH_SECONDS: Final = 1.0
_LIMITS: Final = ("form.per_hour", "form.files", "form.file_bytes", "message.bytes")
Turn = Callable[[Callable[[], Allowed]], Awaitable[Allowed]]


class Allowance:
    """Used in the event loop only. What this process sets counts at once, what another one sets within a second."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._seen = settings.times_set
        self._at = clock.monotonic()
        self.now = self._look()

    async def fresh(self, turn: Turn) -> Allowed:
        """As it is set; `turn` does blocking work in a thread. While one looks, the others take what was last seen."""
        seen, at = self._settings.times_set, self._clock.monotonic()
        if seen != self._seen or at - self._at > _FRESH_SECONDS:
            self._at = at
            self.now = await turn(self._look)
            self._seen = seen
        return self.now

    def _look(self) -> Allowed:
        now = self._settings.everything()
        per_hour, files, file_bytes, text_bytes = (int(str(now[name])) for name in _LIMITS)
        return Allowed(per_hour, files, file_bytes, text_bytes)
