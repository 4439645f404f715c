"""Time that passes only when the simulation says so."""

from dataclasses import dataclass


@dataclass
class SimClock:
    """The one true time, which the server reads."""

    wall_ms: int = 1_790_000_000_000
    seconds: float = 0.0

    def now_ms(self) -> int:
        """Wall time."""
        return self.wall_ms

    def monotonic(self) -> float:
        """Time that never goes back."""
        return self.seconds

    def pass_(self, seconds: float) -> None:
        """Time passes."""
        self.wall_ms += round(seconds * 1000)
        self.seconds += seconds


@dataclass
class SkewedClock:
    """A workstation's clock: off by so much, and with sleeps that its monotonic time did not count.

    `jumps`: how often somebody, or the network's time, has set it to something else.
    """

    true: SimClock
    skew_ms: int = 0
    slept_s: float = 0.0
    jumps: int = 0

    def now_ms(self) -> int:
        """Wall time as this workstation has it."""
        return self.true.now_ms() + self.skew_ms

    def monotonic(self) -> float:
        """Monotonic time without the sleeps."""
        return self.true.monotonic() - self.slept_s

    def jump(self, skew_ms: int) -> None:
        """The clock is set: from now on it is off by so much."""
        self.skew_ms = skew_ms
        self.jumps += 1
