"""Cyclic garbage is collected on the UI thread only: a widget that another thread frees ends the program."""

import gc
from typing import Final

from PySide6.QtCore import QObject, QTimer

PERIOD_MS: Final = 1_000


class Collection(QObject):
    """Takes the collecting of cycles from Python, which does it on whichever thread happens to allocate.

    Qt objects belong to the thread that made them (Qt: "Threads and QObjects"). Python's own collector frees a cycle
    of them on the sync or search thread, which is a crash.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(PERIOD_MS)
        self._timer.timeout.connect(collect_due)
        self._timer.start()


def collect_due() -> int:
    """Collect the oldest generation whose threshold is passed, as Python would; -1 when none is."""
    due = -1
    for generation, (count, threshold) in enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True)):
        if count <= threshold:
            break
        due = generation
    if due >= 0:
        gc.collect(due)
    return due
