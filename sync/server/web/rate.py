"""How many forms one address may send: a sliding hour."""

from collections import OrderedDict, deque
from threading import Lock

from sync.domain.clock import Clock

HOUR_SECONDS = 3600.0
ADDRESSES_HELD = 50_000


class SlidingHour:
    """Counts events per key over the last hour, in memory; own, since libraries take no clock.

    Holds at most `ADDRESSES_HELD` keys, the longest quiet one goes first.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._times: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = Lock()

    def wait(self, key: str, limit: int) -> float:
        """Count one event of `key`; 0.0 if it is within `limit` an hour, else the seconds until one is free."""
        now = self._clock.monotonic()
        with self._lock:
            times = self._times.setdefault(key, deque())
            self._times.move_to_end(key)
            while times and now - times[0] >= HOUR_SECONDS:
                times.popleft()
            if len(times) >= limit:
                return HOUR_SECONDS - (now - times[0]) if times else HOUR_SECONDS
            times.append(now)
            if len(self._times) > ADDRESSES_HELD:
                self._times.popitem(last=False)
            return 0.0
