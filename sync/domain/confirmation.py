"""For how long a workstation may show its tickets without the server's word (PRODUCT B2)."""

from dataclasses import dataclass
from typing import Final

from sync.domain.times import HOUR_MS

DEFAULT_HOURS: Final = 72


@dataclass(frozen=True, slots=True)
class Confirmation:
    """When the server last confirmed what this person may see, and how late it is since, on this machine's clock.

    `seen_ms` is the latest time that was reckoned: it never goes back, whatever the clock is set to.
    """

    confirmed_ms: int
    seen_ms: int
    hours: int = DEFAULT_HOURS

    def at(self, now_ms: int, passed_ms: int = 0) -> "Confirmation":
        """The same later: the clock says `now_ms`, and at least `passed_ms` have passed since `seen_ms`."""
        return Confirmation(self.confirmed_ms, max(now_ms, self.seen_ms + max(passed_ms, 0)), self.hours)

    @property
    def left_ms(self) -> int:
        """Until the tickets lock; 0 once they have."""
        return max(0, self.confirmed_ms + self.hours * HOUR_MS - self.seen_ms)

    @property
    def is_over(self) -> bool:
        """Whether the tickets are locked."""
        return self.left_ms == 0
