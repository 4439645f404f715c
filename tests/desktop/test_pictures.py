"""Every screen as a picture: none is blank, and with DESKBELL_PICTURES=FOLDER they are kept to be looked at."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget

from desktop.models.composing import Mode
from desktop.theme.appearance import Choice
from sync.connectors.port import PresenceHint
from sync.domain.presence import Doing
from sync.engine.status import Condition
from tests.rigs.alike import show_alike
from tests.rigs.faq import show_faq, show_faq_of_owner
from tests.rigs.frame import LONG_NAME, Frame, crowded, owner, say_status
from tests.rigs.incidents import fill_incidents, show_incidents
from tests.rigs.intake import show_intake
from tests.rigs.undelivered import SCENES as OWN_WORDS
from tests.rigs.world import AIKO, TOM

KEPT = os.environ.get("DESKBELL_PICTURES", "")
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

HARD = (
    ("שלום, איך אני מוריד את הקובץ?", "דנה כהן"),
    ("🛎️ Ringing bell 👩‍💻 with a family 👨‍👩‍👧‍👦 of emoji", "Zoë 🦊"),
    ("A" * 400, LONG_NAME),
    ("Tab\there and \N{RIGHT-TO-LEFT OVERRIDE}turned round", "x"),
)


def plain(frame: Frame) -> None:
    frame.open(4187)


def reply(frame: Frame) -> None:
    frame.open(4187)
    frame.window.pane.compose(Mode.REPLY)


def company(frame: Frame) -> None:
    for number, agent_id, doing in ((4187, TOM, Doing.LOOKING), (4187, AIKO, Doing.TYPING), (4203, TOM, Doing.LOOKING)):
        hint = PresenceHint("C1", frame.tickets[number], agent_id, doing, 30.0)
        frame.desk.bridge.presence_told.emit(hint)
    reply(frame)


def note(frame: Frame) -> None:
    frame.open(4187)
    frame.window.pane.compose(Mode.NOTE)


def palette(frame: Frame) -> None:
    frame.open(4187)
    frame.window.palette_.open("re")


def offline(frame: Frame) -> None:
    frame.open(4187)
    say_status(frame.world, Condition.OFFLINE)


def nothing(frame: Frame) -> None:
    frame.run("view_closed")


def hard(frame: Frame) -> None:
    for number, (subject, who) in enumerate(HARD):
        ticket = frame.world.ticket(subject, "Downloads", who, minutes_ago=500 + number, number=8000 + number)
        frame.world.message(ticket, "inbound", f"{subject}\n\n{subject}", minutes_ago=500)
    frame.run("view_all")
    frame.list.go_to(0)


def everybody(frame: Frame) -> None:
    owner(frame, people=40, categories=25)


def faq(frame: Frame) -> None:
    show_faq(frame)


def faq_of_owner(frame: Frame) -> None:
    show_faq_of_owner(frame)


def faq_answers(frame: Frame) -> None:
    show_faq(frame)
    reply(frame)
    frame.run("insert_faq")


def incidents(frame: Frame) -> None:
    show_incidents(frame)


def of_incident(frame: Frame) -> None:
    fill_incidents(frame)
    frame.open(4187)


def intake(frame: Frame) -> None:
    show_intake(frame, "weeks")


def intake_closing(frame: Frame) -> None:
    show_intake(frame, "z1")


def reminded(frame: Frame) -> None:
    """The requester has reminded twice, and rated an answer."""
    frame.world.change(frame.tickets[4187], reminders=2, rating="bad")
    for body in (
        '{"what":"reminder","from":1,"to":2,"by":null}',
        '{"what":"rating","from":null,"to":"bad","by":null,"words":"Too late, and it still stops at 62 %"}',
    ):
        frame.world.message(frame.tickets[4187], "event", body, minutes_ago=3)
    frame.open(4187)


def mailed(frame: Frame) -> None:
    """An answer by mail with its history folded, and what a program answered by itself."""
    quoted = "\n".join(f"> Line {number} of what we wrote before." for number in range(8))
    words = f"The second page works now, the third does not.\n\n-- \nFrances\nKiln Street 4\n\n{quoted}"
    frame.world.message(frame.tickets[4187], "inbound", words, minutes_ago=4, original="b1")
    away = '{"what":"autoReply","from":"frances@mail.example","to":"I am away until Monday.","by":null}'
    frame.world.message(frame.tickets[4187], "event", away, minutes_ago=3, original="b2")
    frame.open(4187)


def similar(frame: Frame) -> None:
    """As it is a moment after the ticket was opened."""
    asked = show_alike(frame)
    frame.parts.commanding.open_ticket(asked)
    frame.parts.own_words.similar.look_up()


def taken_up(frame: Frame) -> None:
    similar(frame)
    panel = frame.window.pane.details.similar
    part = next(part for part in panel.parts if part.row.answer_id)
    panel.deed.emit("answer", part.row)


SCENES: dict[str, Callable[[Frame], None]] = {
    "similar": similar, "answer taken up": taken_up,
    "main": plain, "reply": reply, "note": note, "palette": palette, "offline": offline, "nothing": nothing,
    **OWN_WORDS, "hard": hard, "crowded": crowded, "company": company, "people": owner, "everybody": everybody,
    "incidents": incidents, "of incident": of_incident,
    "intake": intake, "intake closing": intake_closing, "reminded": reminded, "mailed": mailed,
    "faq": faq, "faq_of_owner": faq_of_owner, "faq_answers": faq_answers,
}  # fmt: skip
SIZES = {
    "1440": (1440, 900, 1.0), "1280": (1280, 800, 1.0), "900": (900, 540, 1.0), "200percent": (1440, 900, 2.0),
    "960at200": (960, 540, 2.0),
}  # fmt: skip


def picture(window: QWidget, ratio: float) -> QImage:
    """The window as a screen of that pixel ratio shows it."""
    image = QImage(round(window.width() * ratio), round(window.height() * ratio), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    window.render(image)
    return image


def colours(image: QImage) -> int:
    """How many different colours a small copy of it holds."""
    small = image.scaled(200, 120)
    return len(set(memoryview(small.constBits()).cast("I")))  # four octets to a pixel, so no line is padded


@pytest.fixture
def left_to_right(qapp: QApplication) -> Iterator[QApplication]:
    yield qapp
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def take(frame: Frame, name: str, ratio: float = 1.0) -> None:
    for _ in range(4):  # a layout asks the one around it, which asks its own
        QCoreApplication.processEvents()
    image = picture(frame.window, ratio)
    assert colours(image) > 40
    if KEPT:
        Path(KEPT).mkdir(parents=True, exist_ok=True)
        assert image.save(str(Path(KEPT) / f"{name}.png"))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scene", SCENES)
def test_each_screen_in_light(scene: str, size: str, frame: Frame) -> None:
    width, height, ratio = SIZES[size]
    frame.window.resize(width, height)
    SCENES[scene](frame)
    take(frame, f"{scene}-light-{size}", ratio)


@pytest.mark.parametrize("scene", SCENES)
def test_each_screen_in_dark(scene: str, frame: Frame) -> None:
    frame.desk.appearance.choose(Choice.DARK)
    SCENES[scene](frame)
    take(frame, f"{scene}-dark-1440")


FROM_RIGHT = (
    "main", "reply", "hard", "crowded", "company", "people", "faq_of_owner", "intake closing", "incidents", *OWN_WORDS,
)  # fmt: skip


@pytest.mark.parametrize("scene", FROM_RIGHT)
def test_each_screen_from_right_to_left(scene: str, frame: Frame, left_to_right: QApplication) -> None:
    left_to_right.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    frame.desk.appearance.choose(Choice.LIGHT)
    SCENES[scene](frame)
    take(frame, f"{scene}-rtl-1440")
    assert frame.window.side_bar.mapTo(frame.window, frame.window.side_bar.rect().topLeft()).x() > 1000
