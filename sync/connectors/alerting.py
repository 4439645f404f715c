"""What a workstation may tell a server about its alerts, and ask about everybody's: as well as may be, no outbox."""

from collections.abc import Sequence
from typing import Protocol

from sync.domain.alert_trace import DeviceState, Said, Trace


class Alerting(Protocol):
    """Optional beside `Connector`. Blocking calls; each raises Offline, Denied, Rejected or Incompatible."""

    def report(self, now_ms: int, state: DeviceState, said: Sequence[Said]) -> None:
        """`now_ms`: this machine's clock, by which the server puts the times right."""
        ...

    def trace(self, account_id: str, ticket_id: str) -> Trace:
        """Who would ring for a ticket and why."""
        ...
