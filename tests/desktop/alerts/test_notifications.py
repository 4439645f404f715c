"""Which way carries a note: in order, again after a failure, the window in any case; plyer kept at arm's length."""

import threading
import time
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.alerts.notifications import portable
from desktop.alerts.notifications.notifications import Notifications
from desktop.alerts.notifications.port import Listener, Note
from desktop.alerts.notifications.portable import Portable
from desktop.alerts.notifications.ways import has_bus, needs_portable
from desktop.lanes import Home
from tests.desktop.alerts.conftest import Heard

BUS = {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/run/bus"}


def note(key: str = "t1", title: str = "New ticket", body: str = "Late") -> Note:
    return Note(key, title, body, "Open ticket")


class Way:
    """A way that works or not, as the test says."""

    def __init__(self, listener: Listener, works: bool) -> None:
        self.listener = listener
        self.works = works
        self.asked: list[str] = []
        self.closed: list[str] = []

    def show(self, note: Note) -> None:
        self.asked.append(note.key)
        if self.works:
            self.listener.note_shown(note, True, True)
        else:
            self.listener.note_failed(note, "It does not answer.")

    def close(self, key: str) -> None:
        self.closed.append(key)

    def stop(self) -> None:
        self.asked.clear()


def test_the_next_way_is_tried_and_the_first_again_for_the_next_note(qapp: QApplication) -> None:
    del qapp
    notifications = Notifications()
    first, second = Way(notifications, works=False), Way(notifications, works=True)
    notifications.use([first, second])
    notifications.show(note("a"))
    assert (first.asked, second.asked) == (["a"], ["a"])
    assert notifications.state.shown is True
    first.works = True
    notifications.show(note("b"))
    assert (first.asked, second.asked) == (["a", "b"], ["a"])


def test_when_all_fail_the_reason_is_kept_and_the_window_shows_it(qapp: QApplication) -> None:
    del qapp
    notifications, window = Notifications(), list[str]()

    class InWindow:
        def show(self, note: Note) -> None:
            window.append(note.key)

        def close(self, key: str) -> None:
            window.remove(key)

    notifications.use_window(InWindow())
    notifications.use([Way(notifications, works=False)])
    notifications.show(note())
    assert notifications.state.shown is False
    assert notifications.state.why == "It does not answer."
    assert window == ["t1"]
    notifications.close("t1")
    assert window == []


def test_plyer_is_used_where_the_bus_is_not(qapp: QApplication) -> None:
    del qapp
    assert not has_bus("win32", BUS)
    assert needs_portable("win32", BUS, flatpak=False)
    assert needs_portable("darwin", {}, flatpak=False)
    assert has_bus("linux", BUS)
    assert not needs_portable("linux", BUS, flatpak=False)
    assert needs_portable("linux", BUS, flatpak=True)
    assert needs_portable("linux", {}, flatpak=False)


@pytest.fixture
def calls() -> list[dict[str, object]]:
    """What plyer was asked."""
    return []


@pytest.fixture
def plain(heard: Heard, calls: list[dict[str, object]]) -> Iterator[Portable]:
    one = Portable(Home(), heard, "", lambda **asked: calls.append(asked))
    yield one
    one.stop()


def test_plyer_gets_no_option_and_no_empty_title(
    plain: Portable, heard: Heard, calls: list[dict[str, object]], qtbot: QtBot
) -> None:
    plain.show(note("a", "", "-x --help me"))
    qtbot.waitUntil(lambda: heard.shown == [("a", False, False)])
    assert calls[0]["title"]
    assert not str(calls[0]["message"]).startswith("-")
    assert str(calls[0]["message"]).endswith("-x --help me")


def test_whatever_plyer_raises_is_a_failed_note(heard: Heard, qtbot: QtBot) -> None:
    def broken(**_asked: object) -> None:
        raise NotImplementedError

    one = Portable(Home(), heard, "", broken)
    one.show(note())
    qtbot.waitUntil(lambda: len(heard.failed) == 1)
    one.stop()


def test_while_plyer_hangs_notes_fail_at_once_and_nothing_waits(
    heard: Heard, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(portable, "SLOW_SECONDS", 0.05)
    release, hanging = threading.Event(), threading.Event()

    def hang(**_asked: object) -> None:
        hanging.set()
        release.wait(20)

    one = Portable(Home(), heard, "", hang)
    one.show(note("a"))
    qtbot.waitUntil(hanging.is_set)

    def refused() -> bool:
        one.show(note("b"))
        return bool(heard.failed)

    qtbot.waitUntil(refused)
    assert heard.failed[0][0] == "b"
    began = time.monotonic()
    one.stop()
    assert time.monotonic() - began < 10
    release.set()
