"""Notifications on a real bus with a real daemon: shown, replaced, clicked, and what happens without one."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import open_dbus_connection
from pytestqt.qtbot import QtBot

from desktop.alerts.notifications.freedesktop import Freedesktop
from desktop.alerts.notifications.port import Note
from desktop.lanes import Home
from stage.notifications import NotificationDaemon
from tests.desktop.alerts.conftest import Heard


@pytest.fixture
def notifier(heard: Heard, session_bus: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Freedesktop]:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", session_bus)
    one = Freedesktop(Home(), heard, "", "deskbell")
    yield one
    one.stop()


@contextmanager
def notifier_without_bus(heard: Heard) -> Iterator[Freedesktop]:
    one = Freedesktop(Home(), heard, "", "deskbell")
    try:
        yield one
    finally:
        one.stop()


@contextmanager
def silent_daemon(address: str) -> Iterator[None]:
    """Owns the daemon's name on the bus and never answers."""
    with open_dbus_connection(bus=address) as connection:
        connection.send_and_get_reply(message_bus.RequestName("org.freedesktop.Notifications"), timeout=5)
        yield


def note(key: str = "t1", title: str = "New ticket #1", body: str = "Late & <lost>") -> Note:
    return Note(key, title, body, "Open ticket")


def test_a_note_is_shown_as_written_and_a_click_names_it(
    notifier: Freedesktop, notification_daemon: NotificationDaemon, heard: Heard, qtbot: QtBot
) -> None:
    notifier.show(note())
    qtbot.waitUntil(lambda: heard.shown == [("t1", True, True)])
    qtbot.waitUntil(lambda: len(notification_daemon.shown()) == 1)
    shown = notification_daemon.shown()[0]
    assert shown.summary == "New ticket #1"
    assert "Late & <lost>" in shown.body.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">")
    notification_daemon.click()
    qtbot.waitUntil(lambda: heard.clicked == ["t1"])


def test_the_same_key_replaces_and_close_takes_away(
    notifier: Freedesktop, notification_daemon: NotificationDaemon, heard: Heard, qtbot: QtBot
) -> None:
    notifier.show(note("many", "4 tickets"))
    qtbot.waitUntil(lambda: len(heard.shown) == 1)
    notifier.show(note("many", "5 tickets"))
    qtbot.waitUntil(lambda: len(notification_daemon.shown()) == 2)
    first, second = notification_daemon.shown()
    assert first.id == second.id
    assert notification_daemon.displayed() == 1
    notifier.close("many")
    qtbot.waitUntil(lambda: notification_daemon.displayed() == 0)


def test_without_a_daemon_the_note_fails_at_once(notifier: Freedesktop, heard: Heard, qtbot: QtBot) -> None:
    began = time.monotonic()
    notifier.show(note())
    qtbot.waitUntil(lambda: len(heard.failed) == 1)
    assert time.monotonic() - began < 10.0
    assert heard.failed[0][1].endswith(".")


def test_without_a_bus_the_note_fails_at_once(heard: Heard, qtbot: QtBot) -> None:
    with notifier_without_bus(heard) as notifier:
        notifier.show(note())
        qtbot.waitUntil(lambda: len(heard.failed) == 1)


def test_a_daemon_that_comes_back_is_used_again(
    notifier: Freedesktop, heard: Heard, qtbot: QtBot, request: pytest.FixtureRequest
) -> None:
    notifier.show(note())
    qtbot.waitUntil(lambda: len(heard.failed) == 1)
    request.getfixturevalue("notification_daemon")
    notifier.show(note())
    qtbot.waitUntil(lambda: len(heard.shown) == 1)


def test_a_daemon_that_never_answers_costs_two_seconds_elsewhere(
    notifier: Freedesktop, heard: Heard, qtbot: QtBot, session_bus: str
) -> None:
    with silent_daemon(session_bus):
        longest, last = 0.0, time.monotonic()

        def beat() -> bool:
            nonlocal longest, last
            now = time.monotonic()
            longest, last = max(longest, now - last), now
            return bool(heard.failed)

        began = time.monotonic()
        notifier.show(note())
        assert time.monotonic() - began < 1.8  # below the two seconds that it costs elsewhere
        qtbot.waitUntil(beat, timeout=45_000)
        assert "does not answer" in heard.failed[0][1]
        assert longest < 1.8
