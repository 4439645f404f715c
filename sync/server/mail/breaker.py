"""When to leave a mail server alone that does not answer."""

from typing import Final

from sync.domain.clock import Clock

_FIRST_S: Final = 2.0
_LONGEST_S: Final = 300.0


class Breaker:
    """After each failure in a row the pause doubles, from 2 s to 5 min; one success ends it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._pause = 0.0
        self._until = 0.0
        self._name = ""

    def wait(self, name: str) -> float:
        """Seconds to leave this server alone; another one than before is not made to wait."""
        if name != self._name:
            self._name, self._pause, self._until = name, 0.0, 0.0
        return max(0.0, self._until - self._clock.monotonic())

    def failed(self) -> None:
        """It could not be reached."""
        self._pause = min(_LONGEST_S, self._pause * 2 or _FIRST_S)
        self._until = self._clock.monotonic() + self._pause

    def succeeded(self) -> None:
        """It answered."""
        self._pause = self._until = 0.0
