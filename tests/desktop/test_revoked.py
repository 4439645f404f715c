"""A category is taken away while its tickets are on the screen: nothing of them stays to be seen (PRODUCT B2)."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QDesktopServices, QImage
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from desktop.alerts.alerts import Alerts
from desktop.alerts.chime import ChimePlayer
from desktop.alerts.notifications.notifications import Notifications
from desktop.alerts.notifications.toast import Toasts
from desktop.alerts.places import Places
from desktop.alerts.preferences import Preferences
from desktop.attachment_desk import AttachmentDesk
from desktop.files import RESOURCES
from desktop.models.composing import Mode
from desktop.widgets.attachments_preview import PicturePreview
from sync.cache.changes import Changes
from sync.domain.errors import DeskbellError
from sync.domain.records import ArrivalKind, Attachment, Priority, TicketArrival
from sync.engine.reports import ArrivalNotice
from tests.rigs.frame import Frame
from tests.rigs.world import CATEGORIES, ME, World

SECRET = 4187, "Download stops at 62 % every time"
LEFT = tuple(name for name in CATEGORIES if name != "Downloads")
pytestmark = pytest.mark.qt_log_ignore("PulseAudioService", extend=True)  # no sound server here is as it shall be


def revoke(world: World) -> None:
    """Downloads is not mine any more, as the engine tells it."""
    world.save_access(LEFT)
    world.desk_changes(Changes(everything=True, people=True, counts=True))


def texts(window: QWidget) -> str:
    """Every text that a label of the window shows, and its title."""
    labels = [one.text() for one in window.findChildren(QLabel) if one.isVisible()]
    return "\n".join([window.windowTitle(), *labels])


def test_the_thread_in_view_the_list_and_the_search_are_without_it(frame: Frame, qtbot: QtBot) -> None:
    number, subject = SECRET
    frame.open(number)
    assert frame.parts.presenter.ticket_id == frame.tickets[number]
    frame.window.tool_bar.search.put("62")
    qtbot.waitUntil(lambda: frame.row_numbers() == [number])
    revoke(frame.world)
    assert frame.parts.presenter.ticket_id == ""
    qtbot.waitUntil(lambda: frame.row_numbers() == [])
    assert subject not in texts(frame.window)
    frame.run("view_all")
    downloads = {4187, 4214, 4218, 4158}
    assert not downloads & set(frame.row_numbers())


def test_a_reply_begun_on_it_is_kept_for_its_author(frame: Frame) -> None:
    frame.open(SECRET[0])
    frame.window.pane.compose(Mode.REPLY)
    frame.window.pane.composer.sheet.editor.setPlainText("My own half sentence")
    revoke(frame.world)
    assert not frame.window.pane.composer.isVisible()
    assert [one.text for one in frame.desk.reader.drafts()] == ["My own half sentence"]
    assert [one.text for one in frame.desk.reader.undelivered()] == ["My own half sentence"]


def test_an_open_palette_offers_it_no_more(frame: Frame, qtbot: QtBot) -> None:
    frame.window.palette_.open("62")
    qtbot.waitUntil(lambda: any("62 %" in one for one in frame.window.palette_.offered()))
    revoke(frame.world)
    qtbot.waitUntil(lambda: not any("62 %" in one for one in frame.window.palette_.offered()))
    assert frame.window.palette_.isVisible()


def test_the_way_back_leads_past_it(frame: Frame) -> None:
    frame.open(SECRET[0])
    frame.open(4203)
    revoke(frame.world)
    frame.run("back")
    assert frame.parts.presenter.ticket_id != frame.tickets[SECRET[0]]


@pytest.fixture
def toasts(world: World, qtbot: QtBot) -> Iterator[Toasts]:
    """The notes in a window, with alerts that put them up."""
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(900, 600)
    notifications = Notifications()
    shown = Toasts(world.desk.appearance, window)
    notifications.use_window(shown)
    desk = world.desk
    places, chimes = Places(desk.reader, desk.bridge), ChimePlayer(RESOURCES / "sounds")
    preferences = Preferences(desk.settings)
    alerts = Alerts(
        desk.bridge, desk.reader, places, preferences, chimes, notifications, desk.clock, ME, lambda: None
    )  # fmt: skip
    alerts.setParent(window)
    yield shown
    alerts.stop()


def arrive(world: World, ticket_id: str, category: str = "Downloads") -> None:
    arrival = TicketArrival(f"a{ticket_id}", ticket_id, None, ArrivalKind.NEW, Priority.NORMAL, None, world.clock.now)
    world.desk.bridge.arrived.emit((ArrivalNotice(world.account_ids[category], arrival),), False)


def test_notifications_of_its_tickets_are_closed_and_others_stay(world: World, toasts: Toasts) -> None:
    secret, other = world.ticket("Stops at 62 %"), world.ticket("Charged twice", "Billing")
    arrive(world, secret)
    arrive(world, other, "Billing")
    assert set(toasts.keys()) == {secret, other}
    revoke(world)
    assert toasts.keys() == [other]


def test_a_notification_whose_rows_never_came_is_closed_too(world: World, toasts: Toasts, qtbot: QtBot) -> None:
    arrive(world, "t" + "9" * 32)
    qtbot.waitUntil(lambda: len(toasts.keys()) == 1, timeout=45_000)
    revoke(world)
    assert toasts.keys() == []


def test_a_notification_of_a_ticket_that_was_moved_away_is_closed(world: World, toasts: Toasts) -> None:
    ticket = world.ticket("Wanders")
    arrive(world, ticket)
    assert toasts.keys() == [ticket]
    world.page(world.account_ids["Downloads"], {}, destroyed={"Ticket": [ticket]})
    assert toasts.keys() == []


def test_a_picture_of_it_is_closed_and_its_copy_leaves_the_disk(
    world: World, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Path] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(Path(url.toLocalFile())))
    picture = tmp_path / "shot.png"
    image = QImage(40, 30, QImage.Format.Format_RGB32)
    image.fill(0x336699)
    assert image.save(str(picture))
    files = [
        {"blobId": "b1", "name": "shot.png", "type": "image/png", "size": picture.stat().st_size},
        {"blobId": "b2", "name": "log.txt", "type": "text/plain", "size": 5},
    ]
    ticket = world.ticket("With files")
    world.message(ticket, "inbound", "See the files", files=files)
    account = world.account_ids["Downloads"]
    world.cache.keep_blob(account, "b1", iter([picture.read_bytes()]))
    world.cache.keep_blob(account, "b2", iter([b"words"]))
    desk = AttachmentDesk(world.desk.appearance, world.desk.lanes.chores, world.cache, lambda *_: iter(()))
    world.desk.bridge.changed.connect(desk.changed)
    parent = QWidget()
    qtbot.addWidget(parent)
    for file in files:
        shown = Attachment(str(file["blobId"]), str(file["name"]), str(file["type"]), int(str(file["size"])))
        desk.open(parent, account, shown, _fails)
    [preview] = parent.findChildren(PicturePreview)
    assert preview.isVisible()
    [copy] = opened
    assert copy.read_bytes() == b"words"
    revoke(world)
    QApplication.processEvents()
    assert not [one for one in parent.findChildren(PicturePreview) if one.isVisible()]
    assert not copy.exists()


def _fails(error: DeskbellError) -> None:
    raise error
