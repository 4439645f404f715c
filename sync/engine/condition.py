"""The status that the engine shows, as a small machine fed with what happened."""

from collections.abc import Callable
from dataclasses import replace

from sync.domain.clock import Clock
from sync.domain.errors import Denied, DeskbellError, Incompatible, Offline, StorageFull
from sync.engine.reports import Report, StatusChanged
from sync.engine.status import Condition, SyncStatus

DELAYED_SENTENCE = (
    "The server answers, but its live connection does not come through. "
    "Deskbell asks every half minute instead, so chimes may be late."
)
POLL_SHOWN_S = 30


class Conditions:
    """Holds the SyncStatus and reports it whenever it changes otherwise than by its times."""

    def __init__(self, clock: Clock, report: Callable[[Report], None]) -> None:
        self._clock = clock
        self._report = report
        self._status = SyncStatus(Condition.OFFLINE, sentence="Not connected yet.")
        self._pushed: bool | None = None

    @property
    def status(self) -> SyncStatus:
        """The present status; safe to read from any thread."""
        return self._status

    @property
    def pushed(self) -> bool:
        """Whether the live stream is connected."""
        return self._pushed is True

    def push(self, connected: bool) -> None:
        """The stream was connected or lost; matters only while the server answers."""
        self._pushed = connected
        if self._status.condition in (Condition.ONLINE, Condition.DELAYED):
            self.contact()

    def contact(self) -> None:
        """The server just gave a good answer."""
        delayed = self._pushed is False
        self._become(
            replace(
                self._status,
                condition=Condition.DELAYED if delayed else Condition.ONLINE,
                last_contact_ms=self._clock.now_ms(),
                offline_since_ms=None,
                next_try_ms=None,
                poll_seconds=POLL_SHOWN_S if delayed else None,
                sentence=DELAYED_SENTENCE if delayed else None,
                reason="",
            )
        )

    def failed(self, error: DeskbellError, wait_s: float | None) -> None:
        """A step ended in `error`; it is tried again in `wait_s` seconds, None: not by itself."""
        now = self._clock.now_ms()
        condition = condition_of(error)
        since = self._status.offline_since_ms
        self._become(
            replace(
                self._status,
                condition=condition,
                offline_since_ms=(since if since is not None else now) if condition is Condition.OFFLINE else None,
                next_try_ms=None if wait_s is None else now + round(wait_s * 1000),
                poll_seconds=None,
                sentence=str(error),
                reason=error.reason if isinstance(error, Denied) else "",
            )
        )

    def loading(self, share: float | None) -> None:
        """How far the first copy is; None when there is none under way."""
        shown = None if share is None else round(share, 2)
        if shown != self._status.loading:
            self._become(replace(self._status, loading=shown))

    def _become(self, status: SyncStatus) -> None:
        before, self._status = self._status, status
        if replace(before, last_contact_ms=status.last_contact_ms) != status:
            self._report(StatusChanged(status))


def condition_of(error: DeskbellError) -> Condition:
    """What an expected failure means for the whole workstation."""
    match error:
        case Denied():
            return Condition.SIGNED_OUT
        case Incompatible():
            return Condition.INCOMPATIBLE
        case StorageFull():
            return Condition.DISK_FULL
        case Offline():
            return Condition.OFFLINE
        case _:
            return Condition.OFFLINE
