"""Every window and page of the desktop by name, over the drawn tickets."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtWidgets import QWidget

from desktop.lanes import InlineLane
from desktop.models.composing import Mode
from desktop.models.place import OUTBOX, PEOPLE, QUICK_NOTES, UNDELIVERED
from desktop.pages.people import PeoplePage
from desktop.windows.answer_all import AnswerAllWindow
from desktop.windows.keys_sheet import KeysSheet
from desktop.windows.locked import LockedWindow
from desktop.windows.merge import MergeWindow
from desktop.windows.new_ticket import NewTicketWindow
from desktop.windows.piles import PilesWindow
from desktop.windows.quick_note import QuickNoteWindow
from desktop.windows.sign_in import SignInWindow
from desktop.windows.spot_check import SpotCheckWindow
from desktop.windows.who_would_ring import WhoWouldRingWindow
from sync.connectors.session import Session
from sync.domain.alert_trace import AgentTrace, ArrivalTrace, DeviceState, DeviceTrace, ReceiptTrace, Said, Trace
from sync.domain.lines import Line
from sync.domain.records import ArrivalKind
from sync.domain.times import HOUR_MS, MINUTE_MS
from tests.rigs.alike import show_alike
from tests.rigs.faq import show_faq_of_owner
from tests.rigs.frame import Frame, owner
from tests.rigs.incidents import ANSWER, RUNNING, TITLE, fill_incidents, show_incidents
from tests.rigs.intake import show_intake
from tests.rigs.undelivered import show_held, show_lost, show_many, show_page
from tests.rigs.world import AIKO, ME, TOM

Window = Callable[[Frame], QWidget]


def sign_in(frame: Frame) -> QWidget:
    def make_session(address: str, token: str | None) -> Session:
        return Session(address, token, frame.desk.clock, frame.desk.ids.client_key)

    window = SignInWindow(frame.desk.appearance, frame.desk.settings, InlineLane(), make_session)
    window.ask()
    return window


def locked(frame: Frame) -> QWidget:
    window = LockedWindow(frame.desk.appearance)
    window.tell(72, 3)
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


def keeping(begin: Callable[[PeoplePage], None], frame: Frame) -> QWidget:
    """A window that the page of people opens."""
    owner(frame)
    page = frame.window.pages[PEOPLE]
    assert isinstance(page, PeoplePage)
    begin(page)
    assert page.windows.shown is not None
    return page.windows.shown


def removing(page: PeoplePage) -> None:
    person = next(one for one in page.matrix.people if one.id == TOM)
    page.windows.remove_person(person, page.matrix.people, ["Downloads", "Billing"])


def faq(frame: Frame) -> QWidget:
    show_faq_of_owner(frame)
    return frame.window


class Answering:
    """A server that answers this, whatever is asked."""

    def __init__(self, answer: Trace) -> None:
        self.answer = answer

    def report(self, _now: int, _state: DeviceState, _said: Sequence[Said]) -> None:
        """Taken in."""

    def trace(self, _account_id: str, _ticket_id: str) -> Trace:
        return self.answer


def who_rings(frame: Frame) -> QWidget:
    now = frame.world.clock.now
    here, home = DeviceTrace("desk-7", True, now), DeviceTrace("home", False, now - 3 * HOUR_MS, now + HOUR_MS)
    came = now - 9 * MINUTE_MS
    receipts = (
        ReceiptTrace(TOM, "desk-7", {"offered": came + 102, "shown": came + 174, "rang": came + 152}),
        ReceiptTrace(AIKO, "home", {"offered": came + 140}),
    )
    first = ArrivalTrace("a0", ArrivalKind.NEW, came - HOUR_MS)
    trace = Trace(
        now,
        (
            AgentTrace(TOM, Line.FIRST, (here, home)),
            AgentTrace(AIKO, Line.FIRST, (home,)),
            AgentTrace(ME, Line.OWNER, (here,)),
        ),
        (ArrivalTrace("a1", ArrivalKind.INBOUND, came, receipts=receipts), first),
        TOM,
        came + MINUTE_MS,
    )
    return WhoWouldRingWindow(frame.desk, lambda: Answering(trace), frame.tickets[4187], frame.window)


def keys(frame: Frame) -> QWidget:
    return KeysSheet(frame.desk.appearance, frame.desk.settings, frame.window.actions_, frame.window)


def merging(frame: Frame) -> QWidget:
    window = MergeWindow(frame.desk, frame.window)
    window.ask(frame.tickets[4187])
    return window


def intake(choose: str, frame: Frame) -> QWidget:
    show_intake(frame, choose)
    return frame.window


def incidents(frame: Frame) -> QWidget:
    show_incidents(frame)
    return frame.window


def in_incident(frame: Frame) -> QWidget:
    fill_incidents(frame)
    frame.window.resize(1800, 900)  # no word is cut off
    frame.open(4187)
    return frame.window


def answering_all(frame: Frame) -> QWidget:
    """Two of the tickets are of one requester."""
    fill_incidents(frame)
    asker = frame.world.requester_of(frame.tickets[4187])
    frame.world.ticket(TITLE, minutes_ago=20, number=4229, requester_id=asker, incidentId=RUNNING)
    kept = frame.desk.reader.incident(RUNNING)
    assert kept is not None
    window = AnswerAllWindow(frame.desk, kept, 0, frame.window)
    window.text.setPlainText(ANSWER)
    return window


def piles(frame: Frame) -> QWidget:
    show_alike(frame)
    window = PilesWindow(frame.desk, frame.window)
    window.show()
    return window


def undelivered(frame: Frame) -> QWidget:
    show_page(frame)
    return frame.window


def lost_change(frame: Frame) -> QWidget:
    show_lost(frame)
    return frame.window


def held(frame: Frame) -> QWidget:
    show_held(frame)
    return frame.window


def many(frame: Frame) -> QWidget:
    show_many(frame)
    return frame.window


def requester_data(frame: Frame) -> QWidget:
    frame.open(4187)
    frame.run("requester_data")
    window = frame.parts.requesters.window
    assert window is not None
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
    "faq": faq,
    "incidents": incidents,
    "ticket of an incident": in_incident,
    "answer all": answering_all,
    "intake": partial(intake, "weeks"),
    "intake hours": partial(intake, "calendar"),
    "intake closing": partial(intake, "z1"),
    "intake cap": partial(intake, "p1"),
    "add somebody": partial(keeping, lambda page: page.windows.add_person()),
    "person": partial(keeping, lambda page: page.windows.open_person(page.matrix.people[5])),
    "remove somebody": partial(keeping, removing),
    "rename": partial(keeping, lambda page: page.windows.rename_category(page.matrix.categories[0])),
    "who would ring": who_rings,
    "keys": keys,
    "sign in": sign_in,
    "locked": locked,
    "requester's data": requester_data,
    "merge": merging,
    "piles": piles,
    "undelivered items": undelivered,
    "lost change": lost_change,
    "held in the thread": held,
    "forty undelivered": many,
    "new ticket": lambda frame: NewTicketWindow(frame.desk, frame.window),
    "quick note": lambda frame: QuickNoteWindow(frame.desk, frame.window),
    "spot-check": lambda frame: SpotCheckWindow(frame.desk.appearance, frame.desk.moments, frame.window),
}
