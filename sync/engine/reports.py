"""What the engine tells the desktop, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass

from sync.cache.changes import Changes
from sync.connectors.port import Access, Outcome
from sync.domain.records import TicketArrival
from sync.engine.status import SyncStatus


@dataclass(frozen=True, slots=True)
class ArrivalNotice:
    """An arrival that has not been told before, with the account in which it happened.

    Its ticket may not be in the cache yet: the rows follow with the next `Changed`.
    """

    account_id: str
    arrival: TicketArrival


@dataclass(frozen=True, slots=True)
class Changed:
    """Rows changed."""

    changes: Changes


@dataclass(frozen=True, slots=True)
class StatusChanged:
    """The status changed."""

    status: SyncStatus


@dataclass(frozen=True, slots=True)
class Arrived:
    """These arrived. `digest`: while nobody was listening, to be told as one."""

    notices: tuple[ArrivalNotice, ...]
    digest: bool


@dataclass(frozen=True, slots=True)
class AccessChanged:
    """Who is signed in, or what they may see, was verified and is another than before."""

    access: Access


@dataclass(frozen=True, slots=True)
class NotDelivered:
    """These actions were not carried out as they were meant; their words are in Undelivered."""

    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True)
class ClockWrong:
    """This machine's clock differs from the server's by that many milliseconds (positive: it is ahead)."""

    offset_ms: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Disagreed:
    """An account held another number of objects than the server; `types` maps a type to the numbers here and there.

    `mends`: it is copied again now; otherwise that has been done in this run, and an administrator should look.
    """

    account_id: str
    types: Mapping[str, tuple[int, int]]
    mends: bool

    @property
    def sentence(self) -> str:
        """For a person."""
        if self.mends:
            return "This computer's tickets were not as the server has them. They are loaded again; wait a moment."
        return "This computer's tickets differ from the server's again. Tell your administrator; your words are safe."


@dataclass(frozen=True, slots=True)
class SetBack:
    """The server was set back to an older backup, and lost so many of this person's words; they are in Undelivered."""

    words: int

    @property
    def sentence(self) -> str:
        """For a person."""
        return (
            f"The server was set back to an older backup. It lost {self.words} of your messages: they are kept under "
            "Undelivered, where you can send them again."
        )


Report = Changed | StatusChanged | Arrived | AccessChanged | NotDelivered | ClockWrong | Disagreed | SetBack
