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
    """A workstation's clock: off by so much, and with sleeps that its monotonic time did not count."""

    true: SimClock
    skew_ms: int = 0
    slept_s: float = 0.0

    def now_ms(self) -> int:
        """Wall time as this workstation has it."""
        return self.true.now_ms() + self.skew_ms

    def monotonic(self) -> float:
        """Monotonic time without the sleeps."""
        return self.true.monotonic() - self.slept_s
