"""What may be asked of a server about its intake: figures, closings, caps, private links, requesters; online only."""

from dataclasses import dataclass
from typing import Protocol

from sync.domain.caps import OpenTicketCap
from sync.domain.closings import Closing
from sync.domain.intake_figures import HouseCalendar, IntakeFigures


@dataclass(frozen=True, slots=True)
class NewLink:
    """`mailed`: it went to the address on file. `url`: to be told otherwise; None too where the server knows none."""

    mailed: bool
    url: str | None = None


@dataclass(frozen=True, slots=True)
class KeptOf:
    """Everything that is kept of a requester: a file at the server that can be fetched for a day."""

    account_id: str
    blob_id: str
    name: str
    size: int
    tickets: int


class IntakeKeeping(Protocol):
    """Optional beside `Connector`. Blocking calls; each raises Offline, Denied, Incompatible, or Rejected with the
    server's sentence. All but `new_link` are for owners."""

    def intake_figures(self) -> IntakeFigures: ...

    def keep_closing(self, closing: Closing) -> str:
        """A new one where it has no id, else that one changed; the id."""
        ...

    def remove_closing(self, closing_id: str) -> None:
        """One that is gone already is fine."""
        ...

    def keep_cap(self, cap: OpenTicketCap) -> str:
        """The same for caps; the category of a kept one stays."""
        ...

    def remove_cap(self, cap_id: str) -> None: ...

    def set_calendar(self, calendar: HouseCalendar) -> HouseCalendar:
        """As it counts from now on."""
        ...

    def new_link(self, account_id: str, ticket_id: str) -> NewLink:
        """The private links of a ticket stop working; the requester gets a new one."""
        ...

    def export_requester(self, requester_id: str) -> KeptOf:
        """Gather all that is kept of somebody."""
        ...

    def erase_requester(self, requester_id: str) -> int:
        """Erase all their words, names, addresses and files, for good; in how many tickets."""
        ...
