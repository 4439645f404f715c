"""When the server last confirmed what this person may see; remembered over restarts and clocks that are set back."""

import json
from contextlib import suppress
from typing import Final

from sync.cache.upkeep import Upkeep
from sync.domain.confirmation import DEFAULT_HOURS, Confirmation
from sync.domain.errors import StorageFull
from sync.domain.protocol import CONFIRM_HOURS
from sync.domain.times import HOUR_MS, MINUTE_MS

CONFIRMED_EVERY_MS: Final = HOUR_MS
SEEN_EVERY_MS: Final = 10 * MINUTE_MS


class Confirmed(Upkeep):
    """Reckoned in memory, and written now and then: an idle round with a server that answers writes nothing."""

    _reckoned: tuple[Confirmation, float] | None = None
    _kept: Confirmation | None = None

    def confirm(self) -> None:
        """The server has just answered to a verified sign-in: what is here may be shown."""
        now = self._clock.now_ms()
        with self._lock:
            self._reckon(Confirmation(now, now, self._hours()))

    def tick(self) -> None:
        """Time has passed: for the engine, at each step. What could not be wiped from the logs before is wiped now."""
        with self._lock:
            self._reckon(self.confirmation())
            if self._store.unwiped:
                self._store.truncate_log()
            self._files.wipe(owed_only=True)

    def confirmation(self) -> Confirmation:
        """As of now. Waits for nobody and writes nothing, so that the UI thread may ask every few seconds."""
        now = self._clock.now_ms()
        if self._reckoned is None:
            return Confirmation(now, now)
        known, at = self._reckoned
        return known.at(now, round((self._clock.monotonic() - at) * 1000))

    def _begin(self) -> None:
        super()._begin()
        self._store.truncate_log()  # what left just before a crash
        self._files.wipe()
        self._reckoned = self._found(), self._clock.monotonic()

    def _reckon(self, fresh: Confirmation) -> None:
        self._reckoned = fresh, self._clock.monotonic()
        if self._is_news(fresh):
            with suppress(StorageFull):
                self._keep(fresh)

    def _is_news(self, fresh: Confirmation) -> bool:
        kept = self._kept
        return (
            kept is None
            or kept.hours != fresh.hours
            or abs(fresh.confirmed_ms - kept.confirmed_ms) >= CONFIRMED_EVERY_MS
            or fresh.seen_ms - max(kept.seen_ms, fresh.confirmed_ms) >= SEEN_EVERY_MS
        )

    def _keep(self, fresh: Confirmation) -> None:
        said = json.dumps([fresh.confirmed_ms, fresh.seen_ms, fresh.hours])
        with self._writing():
            self._store.execute("INSERT OR REPLACE INTO meta VALUES ('confirmation', ?)", (said,))
        self._kept = fresh

    def _found(self) -> Confirmation:
        """As the last run left it; in files from before there was such a thing, since the last contact."""
        said = self._store.value("SELECT value FROM meta WHERE name = 'confirmation'")
        if said is not None:
            confirmed, seen, hours = json.loads(said)
            self._kept = Confirmation(confirmed, seen, hours)
            return self._kept
        now = self._clock.now_ms()
        contact = self._store.value("SELECT value FROM meta WHERE name = 'contactMs'")
        return Confirmation(now if contact is None else int(contact), now, self._hours())

    def _hours(self) -> int:
        access = self._parts.accounts.access()
        return DEFAULT_HOURS if access is None else access.limits.get(CONFIRM_HOURS, DEFAULT_HOURS)
