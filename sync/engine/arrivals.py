"""Which arrivals are told, once each: at once, or as one digest for the time when nobody listened."""

from collections.abc import Callable, Iterable

from sync.cache.cache import Cache
from sync.connectors.port import ArrivalHint
from sync.domain.records import TicketArrival
from sync.engine.reports import ArrivalNotice, Arrived, Report


class Bell:
    """Tells each arrival once, whether a hint or a row brought it, and never what this person did.

    While away (start, sleep, longer offline) rows are collected; `caught_up` tells them as one digest.
    What is rung is marked in the cache just before it is told: a crash may lose a chime, never double one.
    """

    def __init__(self, cache: Cache, report: Callable[[Report], None]) -> None:
        self._cache = cache
        self._report = report
        self._away = True
        self._waiting: list[ArrivalNotice] = []

    def went_away(self) -> None:
        """From now on until `caught_up` nobody hears single arrivals."""
        self._away = True

    def hinted(self, hints: Iterable[ArrivalHint], me: str) -> None:
        """Live news of the stream: rings at once."""
        self._tell([ArrivalNotice(hint.account_id, hint.arrival) for hint in hints], me, digest=False)

    def came(self, account_id: str, arrivals: Iterable[TicketArrival], me: str) -> None:
        """Rows that came with an ordinary page."""
        notices = [ArrivalNotice(account_id, arrival) for arrival in arrivals]
        if self._away:
            self._waiting += notices
        else:
            self._tell(notices, me, digest=False)

    def caught_up(self, me: str) -> None:
        """Everything that happened meanwhile has been fetched."""
        waiting, self._waiting = self._waiting, []
        self._away = False
        self._tell(waiting, me, digest=True)

    def _tell(self, notices: Iterable[ArrivalNotice], me: str, digest: bool) -> None:
        fresh = tuple(
            notice for notice in notices if notice.arrival.by_agent_id != me and self._cache.mark_rung(notice.arrival)
        )
        if fresh:
            self._report(Arrived(fresh, digest))
