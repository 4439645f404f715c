"""The push thread's loop: listen, hand on, and come back after a jittered wait."""

import math
import threading
from collections.abc import Callable

from sync.connectors.port import ComeBack, Connector, Hint
from sync.domain.clock import Clock
from sync.domain.errors import DeskbellError, Offline
from sync.engine.schedule import STREAM_HEALTHY_S, Uniform, retry_wait

CLEAN_END_SPREAD_S = 20.0
CONTACT_SPREAD_S = 2.0


class Listener:
    """Runs on its own thread. `wait(seconds)` sleeps and is True once it is time to end.

    `on_push(True)` is called when a stream gives its first sign of life, `on_push(False)` when it is lost.
    """

    def __init__(
        self,
        connector: Connector,
        on_hint: Callable[[Hint], None],
        on_push: Callable[[bool], None],
        wait: Callable[[float], bool],
        clock: Clock,
        randomness: Uniform,
    ) -> None:
        self._connector = connector
        self._on_hint = on_hint
        self._on_push = on_push
        self._wait = wait
        self._clock = clock
        self._random = randomness
        self._failures = 0
        self._hurried = threading.Event()
        self._waiting = self._connected = False
        self._server_says = -math.inf

    def contact_again(self) -> None:
        """The server answers again after it did not: a wait, present or coming, is cut to a moment, once.

        From any thread; `once` is to be called then. Without effect on a stream that is being read.
        """
        if not self._connected:
            self._hurried.set()

    def run(self) -> None:
        """Until `wait` says so. End a stream that is being read with the connector's `hang_up`."""
        while not self._wait(self.once()):
            pass

    def once(self) -> float:
        """One stream from its beginning to its end; the seconds to wait before the next.

        Called while it waits, after `contact_again`: no stream yet, only a shorter wait.
        """
        if self._waiting and self._hurried.is_set():
            return self._soon()
        wait = self._stream()
        self._waiting = True
        return min(wait, self._soon()) if self._hurried.is_set() else wait

    def _soon(self) -> float:
        """So many workstations may have waited for the same server that they must not come all at once."""
        self._hurried.clear()
        self._waiting = False
        return max(self._random.uniform(0.0, CONTACT_SPREAD_S), self._server_says - self._clock.monotonic())

    def _stream(self) -> float:
        self._waiting = False
        self._server_says = -math.inf
        began = self._clock.monotonic()
        connected = False
        asked: float | None = None
        error: DeskbellError | None = None
        try:
            for hint in self._connector.listen():
                if not connected:
                    connected = self._connected = True
                    self._hurried.clear()
                    self._on_push(True)
                if isinstance(hint, ComeBack):
                    asked = hint.after_s
                else:
                    self._on_hint(hint)
        except DeskbellError as caught:
            error = caught
        self._connected = False
        self._on_push(False)
        if self._clock.monotonic() - began >= STREAM_HEALTHY_S:
            self._failures = 0
        if error is None and connected and asked is not None:
            return self._random.uniform(0.5, 1.5) * min(asked, CLEAN_END_SPREAD_S)
        if error is None and connected and self._failures == 0:
            return self._random.uniform(0.0, CLEAN_END_SPREAD_S)
        self._failures += 1
        after = error.retry_after if isinstance(error, Offline) else None
        self._server_says = self._clock.monotonic() + (after or 0.0)
        return retry_wait(self._failures, self._random, after)
