"""The push thread's loop: listen, hand on, and come back after a jittered wait."""

from collections.abc import Callable

from sync.connectors.port import Connector, Hint
from sync.domain.clock import Clock
from sync.domain.errors import DeskbellError, Offline
from sync.engine.schedule import STREAM_HEALTHY_S, Uniform, retry_wait

CLEAN_END_SPREAD_S = 20.0


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

    def run(self) -> None:
        """Until `wait` says so. End a stream that is being read with the connector's `hang_up`."""
        while not self._wait(self.once()):
            pass

    def once(self) -> float:
        """One stream from its beginning to its end; the seconds to wait before the next."""
        began = self._clock.monotonic()
        connected = False
        error: DeskbellError | None = None
        try:
            for hint in self._connector.listen():
                if not connected:
                    connected = True
                    self._on_push(True)
                self._on_hint(hint)
        except DeskbellError as caught:
            error = caught
        self._on_push(False)
        if self._clock.monotonic() - began >= STREAM_HEALTHY_S:
            self._failures = 0
        if error is None and connected and self._failures == 0:
            return self._random.uniform(0.0, CLEAN_END_SPREAD_S)
        self._failures += 1
        return retry_wait(self._failures, self._random, error.retry_after if isinstance(error, Offline) else None)
