"""How a wish becomes an action of the outbox: saved off the UI thread, told to the screens, sent at the next chance."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from desktop.bridge import Bridge
from desktop.lanes import Lane
from sync.cache.cache import Cache
from sync.cache.changes import Changes
from sync.domain.actions import Action, PostMessage
from sync.domain.clock import Clock
from sync.domain.errors import DeskbellError
from sync.domain.ids import IdFactory

Wanted = Mapping[str, str | bool | None]
Files = Mapping[str, Path]


class Saving(QObject):
    """saved(str): the client key of an action that is safe on this computer.

    failed(str, str): a sentence for the person, and the text that could not be saved (empty if there was none).
    """

    saved = Signal(str)
    failed = Signal(str, str)

    def __init__(
        self, cache: Cache, lane: Lane, bridge: Bridge, ids: IdFactory, clock: Clock, nudge: Callable[[], None]
    ) -> None:
        super().__init__()
        self._cache = cache
        self._reader = cache.reader()  # used on the cache lane only
        self._lane = lane
        self._bridge = bridge
        self._ids = ids
        self._clock = clock
        self._nudge = nudge

    def close(self) -> None:
        """Once the cache lane has ended."""
        self._reader.close()

    def _put(
        self, action: Action, text: str, files: Files | None = None, draft: tuple[str, str] | None = None,
        hold_ms: int = 0,
    ) -> None:  # fmt: skip
        if draft is None and isinstance(action, PostMessage):
            draft = (action.ticket_id, action.kind.value)
        work = partial(self._cache.put, action, files, ends_draft=draft, hold_ms=hold_ms)
        self._change(work, action.client_key, text)

    def _change(self, work: Callable[[], Changes], name: str, text: str) -> None:
        self._lane.run(work, lambda changes: self._tell(name, changes), lambda error: self._fail(error, text))

    def _tell(self, name: str, changes: Changes) -> None:
        self._bridge.report_changes(changes)
        if name:
            self.saved.emit(name)
        if changes.outbox:
            self._nudge()

    def _fail(self, error: DeskbellError, text: str) -> None:
        self.failed.emit(str(error), text)
