"""The one sync loop: access, then the outbox up, then changes down; when to come again; what to say about it."""

import math
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from sync.cache.cache import Cache
from sync.connectors.port import ArrivalHint, Connector, Hint, StateHint
from sync.domain.clock import Clock
from sync.domain.errors import Denied, DeskbellError, Incompatible, Offline, Rejected, StorageFull
from sync.engine.access import Gate
from sync.engine.ahead import Begin, when_used
from sync.engine.arrivals import Bell
from sync.engine.condition import Conditions
from sync.engine.downward import Downward
from sync.engine.inbox import Inbox
from sync.engine.reports import Report
from sync.engine.schedule import Uniform, poll_wait, retry_wait, slept
from sync.engine.status import Condition, SyncStatus
from sync.engine.upward import Upward

INDEX_SLICE: Final = 500
AWAY_AFTER_MS: Final = 30_000
DISK_FULL_WAIT_S: Final = 30.0
STOPPED_WAIT_S: Final = 3600.0


class Nudge(Enum):
    """Why a step is wanted now."""

    TIMER = auto()
    ACTION = auto()
    HINT = auto()
    CLICK = auto()
    WOKE = auto()
    SIGNED_IN = auto()


@dataclass(frozen=True, slots=True)
class Next:
    """Seconds until `step` wants to be called again; an hour while only a person can help."""

    wait_seconds: float


class Engine:
    """Plain blocking code: `step` on one thread, `on_hint` and `on_push` on any. Never sleeps.

    `begin` may fetch the next page of a first copy on another thread while the one before it is stored.
    """

    def __init__(
        self,
        cache: Cache,
        connector: Connector,
        clock: Clock,
        randomness: Uniform,
        report: Callable[[Report], None],
        begin: Begin = when_used,
    ) -> None:
        self._cache = cache
        self._connector = connector
        self._clock = clock
        self._random = randomness
        self._inbox = Inbox()
        self._conditions = Conditions(clock, report)
        self._bell = Bell(cache, report)
        self._gate = Gate(cache, connector, clock, report)
        self._up = Upward(cache, connector, clock, randomness, report)
        self._down = Downward(cache, connector, self._bell, report, begin)
        self._failures = 0
        self._stopped: DeskbellError | None = None
        self._not_before = -math.inf
        self._server_says = -math.inf
        self._poll_at = -math.inf
        self._indexing = True
        self._last = (clock.now_ms(), clock.monotonic(), 0.0)

    @property
    def status(self) -> SyncStatus:
        """The present status; safe to read from any thread."""
        return self._conditions.status

    def on_hint(self, hint: Hint) -> None:
        """From the listener's thread: an arrival rings here and now, whatever the loop is busy with; the rest is kept
        for the next step, which should follow at once."""
        access = self._gate.access
        if isinstance(hint, ArrivalHint) and access is not None:
            try:
                self._bell.hinted((hint,), access.user_id)
            except DeskbellError:
                self._inbox.put(hint)  # the step meets the same failure, and says so
                return
            hint = StateHint(frozenset({hint.account_id}))
        self._inbox.put(hint)

    def on_push(self, connected: bool) -> None:
        """From the listener's thread: the stream is connected, or was lost."""
        self._inbox.put_push(connected)

    def step(self, nudge: Nudge = Nudge.TIMER) -> Next:
        """One short piece of work; more is due at once where the answer's wait is 0.

        Raises Corrupt where the cache is damaged, which is for the desktop to mend.
        """
        self._wake(nudge)
        self._listen_to_inbox()
        wait = self._held_back()
        if wait is None:
            try:
                wait = self._work()
                self._failures = 0
            except (Offline, Denied, Incompatible, Rejected, StorageFull) as error:
                wait = self._failed(error)
        self._cache.tick()
        self._last = (self._clock.now_ms(), self._clock.monotonic(), wait)
        return Next(wait)

    def _wake(self, nudge: Nudge) -> None:
        wall, monotonic, promised = self._last
        passed = slept(self._clock.now_ms() - wall, self._clock.monotonic() - monotonic, promised)
        if passed or nudge is Nudge.WOKE:
            self._connector.forget_connections()
            self._connector.hang_up()
            self._bell.went_away()
            self._gate.ask_again()
            self._poll_at = -math.inf
        if nudge in (Nudge.WOKE, Nudge.CLICK):
            self._poll_at = self._not_before = -math.inf
            self._up.hurry()
        if nudge in (Nudge.CLICK, Nudge.SIGNED_IN):
            self._stopped = None
            self._gate.ask_again()
        if nudge is Nudge.SIGNED_IN:
            self._not_before = self._server_says = -math.inf

    def _listen_to_inbox(self) -> None:
        told = self._inbox.take()
        access = self._gate.access
        if access is not None and told.arrivals:
            self._bell.hinted(told.arrivals, access.user_id)
        if told.stream_lost:
            self._gate.ask_again()
        if told.pushed is not None:
            self._conditions.push(told.pushed)
            self._poll_at = -math.inf if told.pushed else min(self._poll_at, self._clock.monotonic() + 1.0)
        if access is not None and not self._down.moved(told.moved):
            self._gate.ask_again()

    def _held_back(self) -> float | None:
        """Seconds to wait before anything may be tried, None if now."""
        if self._stopped is not None:
            return STOPPED_WAIT_S
        now = self._clock.monotonic()
        until = max(self._not_before, self._server_says)
        return until - now if until > now else None

    def _work(self) -> float:
        """One piece of what is due, most pressing first; seconds until the next."""
        if self._gate.closed:
            access = self._gate.check()
            self._down.allow(access)
            self._good()
        changed = self._up.send()
        if changed is not None:
            self._down.sent()
            self._down.moved(changed | self._personal())
            self._good()
        if self._down.due:
            self._page()
            return 0.0
        if changed is not None:
            return 0.0
        now = self._clock.monotonic()
        if now >= self._poll_at:
            self._gate.seen(self._down.poll())
            if not self._gate.closed:
                self._cache.confirm()
            self._poll_at = now + poll_wait(self._conditions.pushed, self._random)
            self._good()
            if self._down.due or self._gate.closed:
                return 0.0
        self._bell.caught_up()
        if self._indexing and self._cache.index_some(INDEX_SLICE):
            return 0.0
        self._indexing = self._cache.check_index()
        if self._indexing:
            return 0.0
        self._cache.wipe()
        return max(min(self._poll_at - now, self._up.wait), 0.0)

    def _page(self) -> None:
        try:
            self._gate.seen(self._down.page())
        except Rejected as error:
            self._gate.ask_again()
            if error.reason != "accountNotFound":
                self._down.refused()
                self._poll_at = min(self._poll_at, self._clock.monotonic() + poll_wait(False, self._random))
                raise
            self._down.drop_first()
        self._indexing = True
        self._good()

    def _good(self) -> None:
        self._conditions.contact()
        self._conditions.loading(self._down.loading)

    def _failed(self, error: DeskbellError) -> float:
        now = self._clock.monotonic()
        self._down.sent()
        self._gate.ask_again()
        self._remember_contact(error)
        if isinstance(error, Denied):
            self._stopped = error
            self._conditions.failed(error, None)
            self._bell.went_away()
            return STOPPED_WAIT_S
        if isinstance(error, StorageFull):
            wait = DISK_FULL_WAIT_S
        elif isinstance(error, Incompatible):
            wait = poll_wait(pushed=True, randomness=self._random)
        else:
            self._failures += 1
            after = error.retry_after if isinstance(error, Offline) else None
            wait = retry_wait(self._failures, self._random, after)
            self._server_says = now + (after or 0.0)
        self._not_before = now + wait
        self._conditions.failed(error, wait)
        since = self._conditions.status.offline_since_ms
        if since is not None and self._clock.now_ms() - since >= AWAY_AFTER_MS:
            self._bell.went_away()
        return wait

    def _remember_contact(self, error: DeskbellError) -> None:
        """The lists of a workstation that is offline say as of when: kept once, as it goes offline."""
        status = self._conditions.status
        was_heard = status.condition in (Condition.ONLINE, Condition.DELAYED)
        if was_heard and status.last_contact_ms is not None and not isinstance(error, StorageFull):
            with suppress(StorageFull):
                self._cache.contact(status.last_contact_ms)

    def _personal(self) -> frozenset[str]:
        access = self._gate.access
        return frozenset() if access is None else self._gate.personal_of(access)
