"""Which arrivals are told, once each: at once, or as one digest for the time when nobody listened."""

import threading
from collections.abc import Callable, Iterable, Sequence

from sync.cache.cache import Cache
from sync.connectors.port import ArrivalHint
from sync.domain.records import TicketArrival
from sync.engine.reports import ArrivalNotice, Arrived, Report


class Bell:
    """Tells each arrival once, whether a hint or a row brought it, and never what this person did.

    While away (start, sleep, longer offline) rows are collected; `caught_up` tells them as one digest.
    The cache owes each arrival from the transaction that brought it until it was told: what a crash kept from being
    told is in the digest of the next start, and no chime sounds twice.
    """

    def __init__(self, cache: Cache, report: Callable[[Report], None]) -> None:
        self._cache = cache
        self._report = report
        self._away = True
        self._owing = True
        self._spoken: set[str] = set()
        self._lock = threading.Lock()

    def went_away(self) -> None:
        """From now on until `caught_up` nobody hears single arrivals."""
        self._away = True

    def hinted(self, hints: Iterable[ArrivalHint], me: str) -> None:
        """Live news of the stream: rings at once."""
        with self._lock:
            owing, self._owing = self._owing, True
            fresh = [
                ArrivalNotice(hint.account_id, hint.arrival)
                for hint in hints
                if hint.arrival.by_agent_id != me
                and hint.arrival.for_agent_id in (None, me)
                and self._cache.mark_rung(hint.account_id, hint.arrival)
            ]
            self._tell(fresh, digest=False)
            self._owing = owing

    def came(self, account_id: str, arrivals: Sequence[TicketArrival]) -> None:
        """Rows that came with an ordinary page, and that the cache owes now."""
        if self._away:
            self._owing = self._owing or bool(arrivals)
            return
        with self._lock:
            owing, self._owing = self._owing, True
            self._tell([ArrivalNotice(account_id, arrival) for arrival in arrivals], digest=False)
            self._owing = owing

    def caught_up(self) -> None:
        """Everything that happened meanwhile has been fetched."""
        self._away = False
        if not self._owing:
            return
        with self._lock:
            owed = [ArrivalNotice(*one) for one in self._cache.unrung()]
            self._tell([one for one in owed if one.arrival.id not in self._spoken], digest=True)
            self._owing = False

    def _tell(self, notices: Sequence[ArrivalNotice], digest: bool) -> None:
        if not notices:
            return
        self._report(Arrived(tuple(notices), digest))
        self._spoken.update(one.arrival.id for one in notices)
        self._cache.told(self._spoken)
        self._spoken.clear()
