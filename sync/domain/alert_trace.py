"""Who would ring for a ticket and why, and what became of its alerts, as values (PRODUCT A9). Times in ms UTC."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sync.domain.lines import Line
from sync.domain.records import ArrivalKind

STAGES: Final = ("offered", "shown", "rang", "seen")


@dataclass(frozen=True, slots=True)
class DeviceTrace:
    """A workstation where somebody is signed in. `follows`: categories that an owner follows there, None for all."""

    name: str
    connected: bool
    last_seen_at: int
    quiet_until: int | None = None
    follows: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class AgentTrace:
    """Somebody who sees the ticket. `is_next`: alerted where a new alert reaches nobody of the first line."""

    agent_id: str
    line: Line
    devices: tuple[DeviceTrace, ...] = ()
    is_next: bool = False

    @property
    def would_ring(self) -> bool:
        """Whether some workstation of theirs is there and not quiet."""
        return self.line is Line.FIRST and any(one.connected and one.quiet_until is None for one in self.devices)


@dataclass(frozen=True, slots=True)
class ReceiptTrace:
    """What a workstation said of one arrival: stage to when, those that it reached."""

    agent_id: str
    device: str
    stages: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ArrivalTrace:
    """An arrival with its receipts, as they were offered; `next_ids`: who was next in line, alerted at `next_at`."""

    arrival_id: str
    kind: ArrivalKind
    at: int
    by_agent_id: str | None = None
    receipts: tuple[ReceiptTrace, ...] = ()
    next_ids: tuple[str, ...] = ()
    next_at: int | None = None


@dataclass(frozen=True, slots=True)
class Trace:
    """The answer; `at` is when it was given. `taken_by`: who has the ticket now, `taken_at` None where not known."""

    at: int
    agents: tuple[AgentTrace, ...]
    arrivals: tuple[ArrivalTrace, ...] = ()
    taken_by: str | None = None
    taken_at: int | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """What this workstation says of one arrival, by its own clock."""

    arrival_id: str
    stages: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class DeviceState:
    """What this workstation says of itself: until when it is quiet, and which categories its owner follows."""

    quiet_until: int | None = None
    follows: frozenset[str] | None = None
