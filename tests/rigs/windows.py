"""Every window and page of the desktop by name, over the drawn tickets."""

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QWidget

from desktop.lanes import InlineLane
from desktop.models.composing import Mode
from desktop.models.place import OUTBOX, QUICK_NOTES, UNDELIVERED
from desktop.windows.keys_sheet import KeysSheet
from desktop.windows.merge import MergeWindow
from desktop.windows.new_ticket import NewTicketWindow
from desktop.windows.quick_note import QuickNoteWindow
from desktop.windows.sign_in import SignInWindow
from desktop.windows.spot_check import SpotCheckWindow
from sync.connectors.session import Session
from tests.rigs.frame import Frame, owner

Window = Callable[[Frame], QWidget]


def sign_in(frame: Frame) -> QWidget:
    def make_session(address: str, token: str | None) -> Session:
        return Session(address, token, frame.desk.clock, frame.desk.ids.client_key)

    window = SignInWindow(frame.desk.appearance, frame.desk.settings, InlineLane(), make_session)
    window.ask()
    return window


def main(frame: Frame) -> QWidget:
    frame.open(4187)
    return frame.window


def writing(mode: Mode, frame: Frame) -> QWidget:
    frame.open(4187)
    frame.window.pane.compose(mode)
    return frame.window


def palette(frame: Frame) -> QWidget:
    frame.window.palette_.open("re")
    return frame.window


def on_page(name: str, frame: Frame) -> QWidget:
    frame.window.show_page(name)
    return frame.window


def people(frame: Frame) -> QWidget:
    owner(frame)
    return frame.window


def keys(frame: Frame) -> QWidget:
    return KeysSheet(frame.desk.appearance, frame.desk.settings, frame.window.actions_, frame.window)


def merging(frame: Frame) -> QWidget:
    window = MergeWindow(frame.desk, frame.window)
    window.ask(frame.tickets[4187])
    return window


WINDOWS: dict[str, Window] = {
    "main": main,
    "reply": partial(writing, Mode.REPLY),
    "note": partial(writing, Mode.NOTE),
    "palette": palette,
    "quick notes": partial(on_page, QUICK_NOTES),
    "outbox": partial(on_page, OUTBOX),
    "undelivered": partial(on_page, UNDELIVERED),
    "people": people,
    "keys": keys,
    "sign in": sign_in,
    "merge": merging,
    "new ticket": lambda frame: NewTicketWindow(frame.desk, frame.window),
    "quick note": lambda frame: QuickNoteWindow(frame.desk, frame.window),
    "spot-check": lambda frame: SpotCheckWindow(frame.desk.appearance, frame.desk.moments, frame.window),
}
