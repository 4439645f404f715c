"""Who is where, as this workstation hears it, and what it tells of itself: seconds only, best effort (PRODUCT D6)."""

import math
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sync.connectors.port import PresenceHint, Together
from sync.domain.clock import Clock
from sync.domain.errors import DeskbellError
from sync.domain.presence import LEASE_MS, TYPING_MS, Doing

RENEW_S: Final = LEASE_MS / 2000
TYPING_RENEW_S: Final = TYPING_MS / 2000
TYPING_PAUSE_S: Final = 4.0
"""After so long without a key nobody types any more."""
APART_S: Final = 0.5
"""Between two messages, so that leafing through a list does not tell each ticket."""
_LATE_S: Final = 2.0
"""The server says when somebody stops typing; this long it may be late."""
_MOST: Final = 2_000


@dataclass(slots=True)
class _Heard:
    doing: Doing
    typing_until: float
    until: float


class Whereabouts:
    """The colleagues and their tickets. On one thread; `me` is never among them."""

    def __init__(self, clock: Clock, me: str) -> None:
        self._clock = clock
        self.me = me
        self._at: dict[str, dict[str, _Heard]] = {}
        self._count = 0

    def hear(self, hint: PresenceHint) -> bool:
        """Take a hint in; whether what is shown of its ticket is another now."""
        if hint.agent_id == self.me:
            return False
        before = self.of(hint.ticket_id)
        self._drop(hint.ticket_id, hint.agent_id)
        if hint.doing is not None and hint.left_s > 0 and self._count < _MOST:
            now = self._clock.monotonic()
            left = min(hint.left_s, LEASE_MS / 1000)
            typing = now + TYPING_MS / 1000 + _LATE_S if hint.doing is Doing.TYPING else now
            self._at.setdefault(hint.ticket_id, {})[hint.agent_id] = _Heard(hint.doing, typing, now + left)
            self._count += 1
        return self.of(hint.ticket_id) != before

    def of(self, ticket_id: str) -> Mapping[str, Doing]:
        """Who is there, by agent id; those who type first."""
        now = self._clock.monotonic()
        there = {
            agent_id: heard.doing if now < heard.typing_until else Doing.LOOKING
            for agent_id, heard in self._at.get(ticket_id, {}).items()
            if now < heard.until
        }
        return dict(sorted(there.items(), key=lambda one: (one[1] is not Doing.TYPING, one[0])))

    def tickets(self) -> frozenset[str]:
        """Where somebody is, or was until a moment ago."""
        return frozenset(self._at)

    def expire(self) -> frozenset[str]:
        """The tickets of which something is shown differently since time passed; call each second while any are."""
        now = self._clock.monotonic()
        touched: set[str] = set()
        for ticket_id, there in list(self._at.items()):
            for agent_id, heard in list(there.items()):
                if heard.until <= now:
                    self._drop(ticket_id, agent_id)
                    touched.add(ticket_id)
                elif heard.doing is Doing.TYPING and heard.typing_until <= now:
                    heard.doing = Doing.LOOKING
                    touched.add(ticket_id)
        return frozenset(touched)

    def clear(self) -> frozenset[str]:
        """Offline: nobody knows. Gives the tickets of which nothing is shown any more."""
        gone = frozenset(self._at)
        self._at.clear()
        self._count = 0
        return gone

    def _drop(self, ticket_id: str, agent_id: str) -> None:
        there = self._at.get(ticket_id)
        if there is not None and there.pop(agent_id, None) is not None:
            self._count -= 1
            if not there:
                del self._at[ticket_id]


@dataclass(frozen=True, slots=True)
class Where:
    """A ticket that the server knows, and the account in which it stands."""

    account_id: str
    ticket_id: str


@dataclass(frozen=True, slots=True)
class _Said:
    where: Where | None
    doing: Doing | None


_NOTHING: Final = _Said(None, None)


class SelfTelling:
    """Tells the server what this person looks at: only while online, renewed at half the lease, never kept.

    `look`, `typed`, `stopped` and `online` from any thread, after which `step` is to be called again; `step` blocks.
    """

    def __init__(self, server: Together, clock: Clock) -> None:
        self._server = server
        self._clock = clock
        self._lock = threading.Lock()
        self._where: Where | None = None
        self._typed_at = -math.inf
        self._online = False
        self._said = _NOTHING
        self._said_at = -math.inf
        self._not_before = -math.inf

    def look(self, where: Where | None) -> None:
        """At another ticket, or at none."""
        with self._lock:
            if where != self._where:
                self._where, self._typed_at = where, -math.inf

    def typed(self) -> None:
        """A key was pressed in the composer."""
        with self._lock:
            self._typed_at = self._clock.monotonic()

    def stopped(self) -> None:
        """The composer was closed."""
        with self._lock:
            self._typed_at = -math.inf

    def online(self, there: bool) -> None:
        """Offline nothing is told, and what was told is forgotten; online again it is told anew."""
        with self._lock:
            if there != self._online:
                self._online, self._said, self._not_before = there, _NOTHING, -math.inf

    def again(self) -> None:
        """The stream was connected anew: with the one before it the server forgot this workstation."""
        with self._lock:
            self._said = _NOTHING

    def step(self) -> float:
        """Tell what is due; the seconds until something is due again. Failures are met by the next renewal."""
        with self._lock:
            now = self._clock.monotonic()
            wanted = self._wanted(now)
            due = self._due(wanted)
            if due > now:
                return min(due, self._typing_ends(wanted)) - now
            self._said, self._said_at, self._not_before = wanted, now, now + APART_S
        where = wanted.where
        try:
            self._server.tell_presence(
                None if where is None else where.account_id, None if where is None else where.ticket_id, wanted.doing
            )
        except DeskbellError:
            with self._lock:
                self._not_before = self._clock.monotonic() + TYPING_RENEW_S
        return 0.0

    def _wanted(self, now: float) -> _Said:
        if self._where is None:
            return _NOTHING
        return _Said(self._where, Doing.TYPING if now - self._typed_at < TYPING_PAUSE_S else Doing.LOOKING)

    def _due(self, wanted: _Said) -> float:
        if not self._online:
            return math.inf
        if wanted != self._said:
            return self._not_before
        if wanted == _NOTHING:
            return math.inf
        renew = TYPING_RENEW_S if wanted.doing is Doing.TYPING else RENEW_S
        return max(self._not_before, self._said_at + renew)

    def _typing_ends(self, wanted: _Said) -> float:
        return self._typed_at + TYPING_PAUSE_S if wanted.doing is Doing.TYPING and self._online else math.inf
