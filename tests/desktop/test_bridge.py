"""Reports from any thread are told on the UI thread, many changes as one."""

import threading

from pytestqt.qtbot import QtBot

from desktop.bridge import Bridge
from sync.cache.changes import Changes
from sync.engine.status import Condition, SyncStatus


def test_changes_of_a_burst_are_told_together(qtbot: QtBot) -> None:
    bridge = Bridge()
    told: list[Changes] = []
    bridge.changed.connect(told.append)

    def burst() -> None:
        for number in range(500):
            bridge.report_changes(Changes(tickets=frozenset({f"t{number}"})))

    thread = threading.Thread(target=burst)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: sum(len(one.tickets) for one in told) == 500)
    assert len(told) <= 3


def test_status_is_kept_and_told(qtbot: QtBot) -> None:
    bridge = Bridge()
    status = SyncStatus(Condition.OFFLINE)
    with qtbot.waitSignal(bridge.status_changed):
        bridge.report_status(status)
    assert bridge.status is status


def test_rows_are_told_before_what_rings_for_them(qtbot: QtBot) -> None:
    bridge = Bridge()
    order: list[str] = []
    bridge.changed.connect(lambda _changes: order.append("rows"))
    bridge.arrived.connect(lambda _notices, _digest: order.append("ring"))
    with qtbot.waitSignal(bridge.arrived):
        bridge.report_changes(Changes(tickets=frozenset({"t1"})))
        bridge.report_changes(Changes(tickets=frozenset({"t2"})))
        bridge.report_arrivals((), False)
    assert order == ["rows", "rows", "ring"]


def test_nothing_is_told_after_the_end(qtbot: QtBot) -> None:
    bridge = Bridge()
    told: list[Changes] = []
    bridge.changed.connect(told.append)
    bridge.report_changes(Changes(counts=True))
    bridge.close()
    qtbot.wait(20)  # one turn of the event loop: nothing may come
    assert told == []
