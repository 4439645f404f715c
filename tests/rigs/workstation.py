"""A workstation without its window: the real cache, engine and listener on threads of their own."""

import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sync.cache.cache import Cache
from sync.connectors.central import CentralConnector
from sync.connectors.port import Hint
from sync.connectors.session import Session
from sync.domain.actions import Action
from sync.domain.choices import Choice
from sync.domain.clock import SystemClock
from sync.domain.ids import IdFactory
from sync.engine.engine import Engine, Nudge
from sync.engine.listener import Listener
from sync.engine.reports import Arrived, NotDelivered, Report, SetBack, StatusChanged
from sync.engine.status import Condition

KEY = bytes(range(32))
PATIENCE_S = 60.0


class Workstation:
    """`rung` counts the arrivals told, by ticket; `conditions` is every condition that it went through."""

    def __init__(self, folder: Path, address: str, token: str) -> None:
        folder.mkdir(exist_ok=True)
        self.clock = SystemClock()
        self.ids = IdFactory(self.clock)
        self.cache = Cache.open(folder, KEY, self.clock, self.ids)
        self.reader = self.cache.reader()
        self.rung: Counter[str] = Counter()
        self.conditions: list[Condition] = []
        self.undelivered = self.set_back = 0
        self._changed = threading.Condition()
        self._ending = threading.Event()
        self._nudged = threading.Event()
        self._connector = CentralConnector(Session(address, token, self.clock, self.ids.client_key))
        chance = random.Random(address)
        self._engine = Engine(self.cache, self._connector, self.clock, chance, self._report)
        self._listener = Listener(self._connector, self._hinted, self._pushed, self._ending.wait, self.clock, chance)
        self._threads = [threading.Thread(target=self._sync), threading.Thread(target=self._listener.run)]

    def start(self) -> None:
        """Both loops."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """After the step under way."""
        self._ending.set()
        self._nudged.set()
        while self._threads[1].is_alive():
            self._connector.hang_up()
            self._threads[1].join(0.2)
        self._threads[0].join()
        self.reader.close()
        self.cache.close()

    def put(self, action: Action) -> None:
        """As a person's key does it."""
        self.cache.put(action)
        self._nudge()

    def resolve(self, client_key: str, choice: Choice) -> None:
        """What the person decides about undelivered words."""
        self.cache.resolve(client_key, choice)
        self._nudge()

    @property
    def condition(self) -> Condition:
        """Now."""
        return self._engine.status.condition

    def wait(self, true: Callable[[], object], seconds: float = PATIENCE_S) -> None:
        """Until it is so, looked at whenever something was reported."""
        until = self.clock.monotonic() + seconds
        while not true():
            assert self.clock.monotonic() < until, (self.conditions, self.rung, self._engine.status)
            self.pause()

    def pause(self) -> None:
        """Until something is reported, or a moment passed."""
        with self._changed:
            self._changed.wait(0.05)

    def online(self) -> None:
        """Wait until it is, with push, and everything is here."""
        self.wait(lambda: self.condition is Condition.ONLINE and not self.cache.incomplete())

    def _sync(self) -> None:
        while not self._ending.is_set():
            self._nudged.clear()
            wait = self._engine.step(Nudge.TIMER).wait_seconds
            with self._changed:
                self._changed.notify_all()
            self._nudged.wait(wait)

    def _nudge(self) -> None:
        self._nudged.set()

    def _hinted(self, hint: Hint) -> None:
        self._engine.on_hint(hint)
        self._nudge()

    def _pushed(self, there: bool) -> None:
        self._engine.on_push(there)
        self._nudge()

    def _report(self, report: Report) -> None:
        match report:
            case Arrived(notices, _):
                self.rung.update(one.arrival.ticket_id for one in notices)
                self.cache.told([one.arrival.id for one in notices])
            case StatusChanged(status):
                self.conditions.append(status.condition)
            case NotDelivered(outcomes):
                self.undelivered += len(outcomes)
            case SetBack(words):
                self.set_back += words
        with self._changed:
            self._changed.notify_all()


@contextmanager
def workstation(folder: Path, address: str, token: str, *, online: bool = True) -> Iterator[Workstation]:
    """While the block runs; and waited for until it is online, unless it cannot be."""
    here = Workstation(folder, address, token)
    here.start()
    try:
        if online:
            here.online()
        yield here
    finally:
        here.stop()
