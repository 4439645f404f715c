"""From an arrival to chime and notification and back, on a real cache, with a real bus and daemon where one matters."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.alerts.alerts import Alerts
from desktop.alerts.chime import ChimePlayer
from desktop.alerts.notifications.freedesktop import Freedesktop
from desktop.alerts.notifications.notifications import Notifications
from desktop.alerts.notifications.toast import Toasts
from desktop.alerts.places import Places
from desktop.alerts.preferences import Preferences
from desktop.files import RESOURCES
from stage.notifications import NotificationDaemon
from sync.domain.alerting import Chime, ChimeChoice
from sync.domain.records import ArrivalKind, Priority, TicketArrival
from sync.engine.reports import ArrivalNotice
from tests.rigs.world import ME, TOM, World

pytestmark = pytest.mark.qt_log_ignore("PulseAudioService", extend=True)  # no sound server here is as it shall be


@dataclass
class Ringing:
    """Alerts on a world, and what they did."""

    world: World
    alerts: Alerts
    notifications: Notifications
    preferences: Preferences
    toasts: Toasts
    rang: list[Chime]
    opened: list[str]
    in_view: list[str | None]

    def arrive(
        self,
        *tickets: str,
        category: str = "Downloads",
        kind: ArrivalKind = ArrivalKind.NEW,
        priority: Priority = Priority.NORMAL,
        by: str | None = None,
        meant: str | None = None,
        digest: bool = False,
    ) -> None:
        now = self.world.clock.now
        account = self.world.account_ids[category]
        notices = tuple(
            ArrivalNotice(account, TicketArrival(f"a{one}", one, None, kind, priority, by, now, meant))
            for one in tickets
        )
        self.world.desk.bridge.arrived.emit(notices, digest)


@pytest.fixture
def ringing(world: World, qtbot: QtBot) -> Iterator[Ringing]:
    desk = world.desk
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(900, 600)
    notifications, preferences = Notifications(), Preferences(desk.settings)
    toasts = Toasts(desk.appearance, window)
    notifications.use_window(toasts)
    rang: list[Chime] = []
    opened: list[str] = []
    in_view: list[str | None] = [None]
    alerts = Alerts(
        desk.bridge,
        desk.reader,
        Places(desk.reader, desk.bridge),
        preferences,
        ChimePlayer(RESOURCES / "sounds"),
        notifications,
        desk.clock,
        ME,
        lambda: in_view[0],
    )

    def heard(choice: ChimeChoice) -> None:
        rang.append(choice.chime)

    alerts.rang.connect(heard)
    alerts.open_ticket.connect(opened.append)
    toasts.activated.connect(lambda key: notifications.activated.emit(key, ""))
    yield Ringing(world, alerts, notifications, preferences, toasts, rang, opened, in_view)
    alerts.stop()
    notifications.stop()


def test_an_arrival_rings_and_is_named_and_a_click_opens_it(ringing: Ringing) -> None:
    ticket = ringing.world.ticket("Download stops at 62 %")
    ringing.arrive(ticket)
    assert ringing.rang == [Chime.DESK_BELL]
    assert ringing.toasts.keys() == [ticket]
    ringing.toasts.activated.emit(ticket)
    assert ringing.opened == [ticket]


def test_who_wrote_what_came_back_hears_of_it(ringing: Ringing) -> None:
    ticket = ringing.world.ticket("Download stops at 62 %")
    ringing.arrive(ticket, kind=ArrivalKind.UNDELIVERED, meant=ME)
    assert len(ringing.rang) == 1
    [toast] = ringing.toasts.keys()
    assert toast == ticket


def test_the_chime_does_not_wait_for_the_rows_and_the_words_follow(ringing: Ringing) -> None:
    ticket_id = "t" + "9" * 32
    ringing.arrive(ticket_id)
    assert ringing.rang == [Chime.DESK_BELL]
    assert ringing.toasts.keys() == []
    world = ringing.world
    row = {"id": ticket_id, "number": 4999, "subject": "Late", "categoryId": world.category_ids["Downloads"]}
    ticket = world.ticket("Other", minutes_ago=1)
    world.change(ticket, **row)
    assert ringing.toasts.keys() == [ticket_id]


def test_without_rows_the_category_is_told_after_a_moment(ringing: Ringing, qtbot: QtBot) -> None:
    ringing.arrive("t" + "9" * 32, category="Billing")
    qtbot.waitUntil(lambda: len(ringing.toasts.keys()) == 1, timeout=45_000)
    words = [toast.accessibleName() for toast in ringing.toasts.standing()]
    assert words == ["New ticket in Billing. "]


def test_a_storm_is_one_toast_that_counts_on(ringing: Ringing) -> None:
    for n in range(30):
        ringing.arrive(ringing.world.ticket(f"Down {n}"))
        ringing.world.clock.now += 300
    assert ringing.toasts.keys() == ["many"]
    assert ringing.rang == [Chime.DESK_BELL]
    assert "30 tickets" in ringing.toasts.standing()[0].accessibleName()
    assert "Downloads 30" in ringing.toasts.standing()[0].accessibleName()


def test_silent_for_others_categories_own_doing_and_the_ticket_in_view(ringing: Ringing) -> None:
    ticket = ringing.world.ticket("Seen")
    ringing.in_view[0] = ticket
    ringing.arrive(ticket, kind=ArrivalKind.INBOUND)
    ringing.in_view[0] = None
    ringing.arrive(ringing.world.ticket("Own"), by=ME)
    ringing.world.desk.bridge.arrived.emit(
        (ArrivalNotice("Cother-1", TicketArrival("a", "t", None, ArrivalKind.NEW, Priority.NORMAL, None, 0)),), False
    )
    assert ringing.rang == []
    assert ringing.toasts.keys() == []


def test_do_not_disturb_waits_and_then_tells_one_digest(ringing: Ringing) -> None:
    world = ringing.world
    ringing.preferences.set(replace(ringing.preferences.now, dnd_until=world.clock.now + 3_600_000))
    tickets = [world.ticket(f"Down {n}") for n in range(3)]
    ringing.arrive(*tickets)
    assert ringing.alerts.quiet
    assert ringing.rang == []
    world.change(tickets[0], assigneeId=TOM)
    world.clock.now += 3_600_000
    ringing.alerts.tick()
    assert ringing.toasts.keys() == ["digest"]
    assert "2 arrived" in ringing.toasts.standing()[0].accessibleName()
    assert ringing.rang == [Chime.DESK_BELL]


def test_switching_do_not_disturb_off_tells_at_once(ringing: Ringing) -> None:
    ringing.preferences.set(replace(ringing.preferences.now, dnd_until=2**62))
    ringing.arrive(ringing.world.ticket("Down"))
    ringing.preferences.set(replace(ringing.preferences.now, dnd_until=0))
    assert ringing.toasts.keys() == ["digest"]


def test_what_came_while_away_is_one_digest(ringing: Ringing) -> None:
    ringing.arrive(*[ringing.world.ticket(f"Down {n}") for n in range(7)], digest=True)
    assert ringing.toasts.keys() == ["digest"]
    assert len(ringing.rang) == 1


def test_an_urgent_ticket_repeats_until_a_colleague_takes_it(ringing: Ringing) -> None:
    world = ringing.world
    ringing.preferences.set(replace(ringing.preferences.now, repeat=True, repeat_minutes=2))
    ticket = world.ticket("Fire", priority="urgent")
    ringing.arrive(ticket, priority=Priority.URGENT)
    world.clock.now += 120_000
    ringing.alerts.tick()
    assert ringing.rang == [Chime.TRIPLE_BELL, Chime.TRIPLE_BELL]
    world.change(ticket, assigneeId=TOM)
    assert ringing.toasts.keys() == []
    world.clock.now += 120_000
    ringing.alerts.tick()
    assert len(ringing.rang) == 2


def test_once_stopped_nothing_is_due_any_more(ringing: Ringing) -> None:
    ringing.preferences.set(replace(ringing.preferences.now, repeat=True, repeat_minutes=2))
    ringing.arrive(ringing.world.ticket("Fire", priority="urgent"), priority=Priority.URGENT)
    ringing.arrive("t" + "9" * 32)
    assert len(_due(ringing.alerts)) == 2
    ringing.alerts.stop()
    assert _due(ringing.alerts) == []


def _due(alerts: Alerts) -> list[QTimer]:
    """The timers that would read a cache which is closed by then."""
    return [timer for timer in alerts.findChildren(QTimer) if timer.isActive()]


def test_a_ticket_that_was_opened_needs_no_notification_any_more(ringing: Ringing) -> None:
    ticket = ringing.world.ticket("Down")
    ringing.arrive(ticket)
    ringing.alerts.looked_at(ticket)
    assert ringing.toasts.keys() == []


def test_on_the_desktop_it_names_the_ticket_and_a_click_opens_it(
    ringing: Ringing,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    session_bus: str,
    notification_daemon: NotificationDaemon,
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", session_bus)
    home = ringing.world.desk.lanes.home
    ringing.notifications.use([Freedesktop(home, ringing.notifications, "", "deskbell")])
    ticket = ringing.world.ticket("Download <stops> & fails", requester="Ines R.", number=4187)
    ringing.arrive(ticket)
    qtbot.waitUntil(lambda: len(notification_daemon.shown()) == 1)
    shown = notification_daemon.shown()[0]
    assert shown.summary == "New ticket #4187"
    assert "Ines R., Downloads" in shown.body
    qtbot.waitUntil(lambda: ringing.notifications.state.shown is True)
    notification_daemon.click()
    qtbot.waitUntil(lambda: ringing.opened == [ticket])


def test_toasts_stand_above_each_other_within_the_window(ringing: Ringing) -> None:
    for n in range(5):
        ringing.world.clock.now += 60_000
        ringing.arrive(ringing.world.ticket(f"A long subject that does not fit into one line of a toast, number {n}"))
    boxes = [toast.geometry() for toast in ringing.toasts.standing()]
    assert len(boxes) == 3
    assert [box.height() < 110 for box in boxes] == [True] * 3
    assert boxes[0].bottom() < boxes[1].top() < boxes[1].bottom() < boxes[2].top()
    assert boxes[2].bottom() < 600 - 26
