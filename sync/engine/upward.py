"""The way up: files first, then the outbox in batches, and what became of each action."""

import math
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final

from sync.cache.cache import Cache
from sync.connectors.port import TURNED_AWAY, Connector, Outcome, Result, Routed
from sync.domain.clock import Clock
from sync.domain.errors import DeskbellError, Rejected
from sync.engine.reports import Changed, NotDelivered, Report
from sync.engine.schedule import Uniform, retry_wait
from sync.engine.uploads import Uploads

TRIES: Final = 5
PARKED: Final = "The server failed at this again and again. Your words are kept here; tell your administrator."
NOWHERE: Final = ""
MINE_TO_SAY: Final = frozenset({Result.CONFLICT, Result.HELD, Result.REFUSED})


class Upward:
    """Sends what the outbox holds. One batch at a time."""

    def __init__(
        self, cache: Cache, connector: Connector, clock: Clock, randomness: Uniform, report: Callable[[Report], None]
    ) -> None:
        self._cache = cache
        self._connector = connector
        self._clock = clock
        self._random = randomness
        self._report = report
        self._files = Uploads(cache, connector)
        self._rounds = 0
        self._not_before = -math.inf
        self._failed: Counter[str] = Counter()
        self._turned_away: Counter[str] = Counter()
        self._max_bytes = connector.abilities.max_request_bytes

    @property
    def wait(self) -> float:
        """Seconds until what the server could not take yet is sent again, or until a reply that is held may go;
        infinite where nothing is held back."""
        left = self._not_before - self._clock.monotonic()
        if left > 0.0:
            return left
        held = self._cache.next_release()
        return math.inf if held is None else max(held - self._clock.now_ms(), 1) / 1000.0

    def hurry(self) -> None:
        """Somebody asked: hold nothing back."""
        self._not_before = -math.inf

    def send(self) -> frozenset[str] | None:
        """Send the next batch; the accounts that it changed besides the personal one, None where nothing was done.

        Raises Offline, Denied, Incompatible where no answer came: the batch stays in the outbox, its fate unknown.
        """
        if self._clock.monotonic() < self._not_before:
            return None
        batch = self._cache.batch(self._connector.abilities.max_actions, self._max_bytes)
        if not batch:
            batch = [Routed(action, NOWHERE, in_doubt=True) for action in self._cache.stranded()]
        if not batch:
            return None
        outcomes: Sequence[Outcome] = ()
        try:
            batch = self._files.upload(batch, self._settle)
            outcomes = self._connector.send(batch)
        except Rejected as error:
            self._shrink(batch, error)
        except DeskbellError:
            self._settle([Outcome(one.action.client_key, Result.UNKNOWN) for one in batch])
            raise
        else:
            self._settle([self._parked(outcome) for outcome in outcomes])
            self._hold_back(any(outcome.result is Result.UNKNOWN for outcome in outcomes))
        changed = frozenset(one.account_id for one in batch) - {NOWHERE}
        held = any(outcome.result is not Result.UNKNOWN for outcome in outcomes)
        return changed if changed or held else None

    def _hold_back(self, some_unknown: bool) -> None:
        self._rounds = self._rounds + 1 if some_unknown else 0
        if some_unknown:
            self._not_before = self._clock.monotonic() + retry_wait(self._rounds, self._random)

    def _settle(self, outcomes: Sequence[Outcome]) -> None:
        changes = self._cache.settle(outcomes)
        if changes:
            self._report(Changed(changes))
        bad = tuple(one for one in outcomes if one.result in MINE_TO_SAY or not one.status_applied)
        if bad:
            self._report(NotDelivered(bad))

    def _parked(self, outcome: Outcome) -> Outcome:
        """An action at which the server fails again and again must not stay in the way for ever."""
        key = outcome.client_key
        if outcome.result is not Result.UNKNOWN or outcome.reason != "serverFail":
            self._failed.pop(key, None)
            return outcome
        self._failed[key] += 1
        if self._failed[key] < TRIES:
            return outcome
        del self._failed[key]
        return Outcome(key, Result.REFUSED, reason="serverFail", sentence=PARKED)

    def _shrink(self, batch: Sequence[Routed], error: Rejected) -> None:
        """The whole request was refused: halve it, or say so of the one action in it."""
        if len(batch) == 1:
            key = batch[0].action.client_key
            self._max_bytes = self._connector.abilities.max_request_bytes
            if self._is_doubtful(batch[0]):
                self._settle([Outcome(key, Result.UNKNOWN, reason=TURNED_AWAY)])
                self._hold_back(some_unknown=True)
                return
            reason = "tooLarge" if error.reason == "tooLarge" else "refused"
            self._settle([Outcome(key, Result.REFUSED, reason=reason, sentence=str(error))])
        else:
            self._settle([Outcome(one.action.client_key, Result.UNKNOWN, reason=TURNED_AWAY) for one in batch])
            self._max_bytes = max(self._max_bytes // 2, 1)

    def _is_doubtful(self, routed: Routed) -> bool:
        """Whether a refusal by whoever stands in between is not to be believed yet: the server may have carried the
        action out at an earlier try. One that is refused again and again must not stay in the way for ever."""
        key = routed.action.client_key
        self._turned_away[key] += 1
        if routed.in_doubt and self._turned_away[key] < TRIES:
            return True
        del self._turned_away[key]
        return False
