"""A page on its way into the cache, with what it has touched so far."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sync.connectors.port import Page
from sync.domain.records import TicketArrival


@dataclass(slots=True)
class Work:
    """One page on its way in. `seen` is the number of the copy under way: what lacks it at the end is gone.

    `beside`: tickets that did not change, and show others that did."""

    page: Page
    account: int
    seen: int
    copying: bool
    fresh: bool
    limits: Mapping[str, int]
    touched: set[str] = field(default_factory=set)
    tickets: set[str] = field(default_factory=set)
    threads: set[str] = field(default_factory=set)
    beside: set[str] = field(default_factory=set)
    settled: set[str] = field(default_factory=set)
    arrivals: list[TicketArrival] = field(default_factory=list)
