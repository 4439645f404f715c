"""The running connection to the server: engine and listener on their threads, reports to the bridge."""

import logging
import random
import threading
from collections.abc import Callable, Iterator, Sequence

from desktop.bridge import Bridge
from desktop.lanes import Home, LoopLane, begun
from sync.cache.cache import Cache
from sync.connectors.administration import Administration
from sync.connectors.alerting import Alerting
from sync.connectors.central.connector import CentralConnector
from sync.connectors.faq_keeping import FaqKeeping
from sync.connectors.incident_keeping import IncidentKeeping
from sync.connectors.intake_keeping import IntakeKeeping
from sync.connectors.port import Hint, PresenceHint, Taken
from sync.connectors.session import Session
from sync.domain.clock import Clock
from sync.domain.errors import Corrupt
from sync.domain.similar import Similar
from sync.engine.engine import Engine, Nudge
from sync.engine.listener import Listener
from sync.engine.presence import SelfTelling, Where
from sync.engine.reports import (
    AccessChanged,
    Arrived,
    Changed,
    ClockWrong,
    Disagreed,
    NotDelivered,
    Report,
    SetBack,
    StatusChanged,
)
from sync.engine.schedule import Uniform
from sync.engine.status import Condition

_LOG = logging.getLogger("deskbell")
_HELD_BACK_S = 3600.0
_END_S = 3.0
_CHANCE = random.SystemRandom()


class Connection:
    """`damaged` is called on the UI thread when the cache turns out to be damaged; the loops rest then."""

    def __init__(
        self,
        session: Session,
        cache: Cache,
        bridge: Bridge,
        home: Home,
        clock: Clock,
        damaged: Callable[[], None],
        chance: Uniform = _CHANCE,
    ) -> None:
        self._bridge = bridge
        self._home = home
        self._damaged = damaged
        self._connector = CentralConnector(session)
        self._engine = Engine(cache, self._connector, clock, chance, self._report, begun)
        self._out_of_touch = False
        self._nudges: set[Nudge] = set()
        self._lock = threading.Lock()
        self._sync = LoopLane("sync", home, self._step)
        self._listener = Listener(self._connector, self._hinted, self._pushed, _never_waits, clock, chance)
        self._listen = LoopLane("listen", home, self._listener.once)
        self._telling = SelfTelling(self._connector, clock)
        self._tell = LoopLane("presence", home, self._telling.step)

    def start(self) -> None:
        self._sync.start()
        self._listen.start()
        self._tell.start()

    def nudge(self, why: Nudge) -> None:
        """There is something to do. From any thread."""
        with self._lock:
            self._nudges.add(why)
        self._sync.nudge()
        if why in (Nudge.CLICK, Nudge.WOKE):
            self._listen.nudge()

    def nudge_action(self) -> None:
        """Something was saved here that wants to go out."""
        self.nudge(Nudge.ACTION)

    def fetch(self, account_id: str, blob_id: str, name: str) -> Iterator[bytes]:
        """A file's bytes, in a worker."""
        return self._connector.fetch_blob(account_id, blob_id, name)

    def delete_ticket(self, account_id: str, ticket_id: str) -> None:
        """For good, as an owner; in a worker. Raises Rejected, Offline, Denied."""
        self._connector.delete_ticket(account_id, ticket_id)
        self.nudge(Nudge.CLICK)

    def take_next(self, client_key: str, category_ids: Sequence[str] | None) -> Taken | None:
        """The ticket most in need, which is this person's now; in a worker."""
        return self._connector.take_next(client_key, category_ids)

    def similar(self, account_id: str, ticket_id: str) -> Sequence[Similar]:
        """What belongs beside a ticket, of all that this person sees; in a worker."""
        return self._connector.similar(account_id, ticket_id)

    def alerting(self) -> Alerting:
        """What became of alerts, at the server; in a worker."""
        return self._connector.alerting()

    def administration(self) -> Administration:
        """People and categories at the server; in a worker."""
        return self._connector.administration()

    def intake(self) -> IntakeKeeping:
        """The intake at the server; in a worker."""
        return self._connector.intake()

    def faq(self) -> FaqKeeping:
        """The FAQ at the server; in a worker."""
        return self._connector.faq()

    def incidents(self) -> IncidentKeeping:
        """Incidents at the server; in a worker."""
        return self._connector.incidents()

    def look_at(self, where: Where | None) -> None:
        """Have colleagues told what is before this person; None: nothing."""
        self._telling.look(where)
        self._tell.nudge()

    def typed(self) -> None:
        """A key was pressed in a reply."""
        self._telling.typed()
        self._tell.nudge()

    def stopped_typing(self) -> None:
        """The reply was closed."""
        self._telling.stopped()
        self._tell.nudge()

    def stop(self) -> None:
        """Ends after the step under way."""
        self._listen.stop(0)
        self._tell.stop(0)
        self._connector.hang_up()
        self._sync.stop(_END_S)
        self._listen.stop(_END_S)
        self._tell.stop(_END_S)

    def _hinted(self, hint: Hint) -> None:
        if isinstance(hint, PresenceHint):
            self._bridge.report_presence(hint)
            return
        self._engine.on_hint(hint)
        self.nudge(Nudge.HINT)

    def _pushed(self, there: bool) -> None:
        self._engine.on_push(there)
        if there:
            self._telling.again()
            self._tell.nudge()
        self.nudge(Nudge.HINT)

    def _step(self) -> float:
        with self._lock:
            nudges, self._nudges = self._nudges, set()
        first = next((one for one in _STRONGEST if one in nudges), Nudge.TIMER)
        try:
            return self._engine.step(first).wait_seconds
        except Corrupt:
            self._home.bring(self._damaged)
            return _HELD_BACK_S

    def _in_touch(self, there: bool) -> None:
        """After an outage the stream comes back with the first answer, not when its own wait is over."""
        if there and self._out_of_touch:
            self._listener.contact_again()
            self._listen.nudge()
        self._out_of_touch = not there
        self._telling.online(there)
        self._tell.nudge()

    def _report(self, report: Report) -> None:
        match report:
            case Changed(changes):
                self._bridge.report_changes(changes)
            case StatusChanged(status):
                self._bridge.report_status(status)
                self._in_touch(status.condition in (Condition.ONLINE, Condition.DELAYED))
            case Arrived(notices, digest):
                self._bridge.report_arrivals(notices, digest)
            case NotDelivered(outcomes):
                self._bridge.report_undelivered(len(outcomes))
            case ClockWrong(_, sentence):
                self._bridge.report_warning(sentence)
            case Disagreed(account_id, types, _):
                _LOG.warning("agreement: account %s differs, here and at the server: %s", account_id, dict(types))
                self._bridge.report_warning(report.sentence)
            case SetBack():
                self._bridge.report_warning(report.sentence)
            case AccessChanged():
                self._bridge.report_access()


_STRONGEST = (Nudge.SIGNED_IN, Nudge.CLICK, Nudge.WOKE, Nudge.ACTION, Nudge.HINT)


def _never_waits(_seconds: float) -> bool:
    """The lane waits between two streams, not the listener."""
    return True
