"""One person signed in: cache, connection, window and alerts, from their beginning to their end."""

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication

from desktop.alerts.alert_desk import AlertDesk, Person
from desktop.alerts.alert_windows import About, AlertWindows
from desktop.announcements import Announcements
from desktop.answering import Answering
from desktop.connection import Connection
from desktop.desk import Desk
from desktop.instance import Answer, Message
from desktop.lanes import Lanes
from desktop.models.place import view
from desktop.reaching import Reaching
from desktop.together import Together
from desktop.undelivered_told import UndeliveredTold
from desktop.widgets.announcing import Announcer, announce
from desktop.windows.deleting import Deleting
from desktop.windows.main_assembly import MainParts, assemble
from desktop.windows.new_ticket import NewTicketWindow
from desktop.windows.quick_note import QuickNoteWindow
from sync.engine.engine import Nudge
from sync.engine.status import Condition, SyncStatus

_LOCK_LOOK_MS = 1_000


@dataclass(frozen=True, slots=True)
class Opened:
    """What a run stands on, opened beforehand."""

    desk: Desk
    lanes: Lanes
    person: Person
    about: About


class Run(QObject):
    """ended(str): why it should be stopped: signedOut (by the server), signOut, quit, damaged, or locked (the server
    has not confirmed the access for too long)."""

    ended = Signal(str)

    def __init__(self, opened: Opened, connection: Connection, application: QApplication) -> None:
        super().__init__()
        self._opened = opened
        self.desk = opened.desk
        self._connection = connection
        self.parts: MainParts = assemble(
            opened.desk,
            connection.fetch,
            connection.administration,
            connection.faq,
            connection.intake,
            connection.incidents,
        )
        self.window = self.parts.window
        self.alerts = AlertDesk(opened.desk, application, opened.person, self._in_view)
        self._told = UndeliveredTold(opened.desk, self.alerts.notifications)
        self.windows = AlertWindows(opened.desk, self.alerts, opened.about, self.window)
        self.reaching = Reaching(opened.desk, self.alerts, connection.alerting, self._ticket, self.window)
        self._announcements = Announcements(opened.desk, Announcer(partial(announce, self.window), self.window))
        self._quick_note = QuickNoteWindow(opened.desk)
        self._new_ticket = NewTicketWindow(opened.desk, self.window)
        self._deleting = Deleting(
            opened.desk, self.window, self.parts.presenter, connection.delete_ticket, opened.person.is_owner
        )
        self._together = Together(opened.desk, connection, self.parts, self._announcements.tell)
        self._answering = Answering(opened.desk, self.alerts.checks)
        self._lock_watch = QTimer(self, interval=_LOCK_LOOK_MS)
        self._connect()

    def start(self, hidden: bool) -> None:
        """`hidden`: begin in the tray, where there is one."""
        if not (hidden and self.alerts.tray.available):
            self.window.show()
        self.alerts.start(self.window)
        self._connection.start()
        self.reaching.start()
        self._lock_watch.start()

    def stop(self) -> None:
        """Words first, threads next, files last."""
        self._lock_watch.stop()
        self._new_ticket.flush()
        self._quick_note.flush()
        self.window.pane.flush()
        for page in self.window.pages.values():
            page.flush()
        self.parts.looking.leave()
        if self.window.isVisible():
            self.window.save_layout()
        self.reaching.stop()
        self.alerts.stop()
        self._told.stop()
        self._connection.stop()
        self._opened.lanes.close()
        self.desk.bridge.close()
        for top in (self._quick_note, self.window):
            top.hide()
            top.deleteLater()
        self.parts.close()
        self.desk.intents.close()
        self.desk.reader.close()
        self.desk.cache.close()

    @property
    def status(self) -> SyncStatus | None:
        """What the connection said last."""
        return self.desk.bridge.status

    def raise_window(self) -> None:
        """Before the person, from the tray or from wherever it was."""
        if self.window.isMinimized():
            self.window.setWindowState(self.window.windowState() & ~Qt.WindowState.WindowMinimized)
        self.window.show()
        self.window.raise_()
        self.window.activateWindow()

    def open_ticket(self, ticket_id: str) -> None:
        """From outside the window."""
        self.raise_window()
        self.parts.commanding.open_ticket(ticket_id)

    def open_incident(self, incident_id: str) -> None:
        """From its notice."""
        self.raise_window()
        self.parts.gathering.open_incident(incident_id)

    def handle(self, message: Message, answer: Answer) -> None:
        """What a second start, or a command on a terminal, asks of the running program."""
        match message.get("do"):
            case "note":
                self._answering.take_note(str(message.get("text", "")), answer)
            case "spotCheck":
                self._answering.check(answer)
            case "ticket":
                self.open_ticket(str(message.get("id", "")))
                answer({"ok": True})
            case _:
                self.raise_window()
                answer({"ok": True})

    def do(self, command: str) -> None:
        """A command that is the program's."""
        match command:
            case "raise":
                self.raise_window()
            case "new_ticket":
                self.raise_window()
                self._new_ticket.ask()
            case "quick_note":
                self._quick_note.ask()
            case "settings":
                self.windows.open_settings()
            case "spot_check":
                self.windows.open_spot_check()
            case "sync_now":
                self._connection.nudge(Nudge.CLICK)
            case "dnd":
                self.window.notice.say(self.alerts.toggle_quiet())
            case "delete_ticket":
                self._deleting.begin()
            case "who_rings":
                self.reaching.open()
            case "take_next":
                self._together.take_next()
            case "view_new":
                self.raise_window()
                self.parts.commanding.open_place(view("new"))
            case "close":
                self._close_window()
            case "sign_out":
                self.ended.emit("signOut")
            case "quit":
                self.ended.emit("quit")
            case "next_awaiting" | "keys":
                self.raise_window()
                self.parts.commanding.run(command)

    def _connect(self) -> None:
        bridge, window = self.desk.bridge, self.window
        self._lock_watch.timeout.connect(self._look_at_the_lock)
        self._new_ticket.created.connect(self.parts.commanding.open_ticket)
        self.parts.own_words.similar.compare = self._connection.similar
        self.parts.commanding.wanted.connect(self.do)
        self.parts.commanding.looked_at.connect(self.alerts.alerts.looked_at)
        self.parts.browsing.counted.connect(self.alerts.show_counts)
        self.alerts.wanted.connect(self.do)
        self.alerts.open_ticket.connect(self.open_ticket)
        self.reaching.unreached.open_ticket.connect(self.open_ticket)
        self.reaching.next.open_ticket.connect(self.open_ticket)
        self.reaching.next.open_several.connect(partial(self.do, "view_new"))
        self.reaching.incidents.open_incident.connect(self.open_incident)
        self.reaching.unreached.open_several.connect(partial(self.do, "spot_check"))
        self.alerts.notifications.told.connect(self._announcements.tell)
        self.windows.wanted.connect(self.do)
        self.windows.open_ticket.connect(self.open_ticket)
        window.close_wanted.connect(self._close_window)
        window.banner.sign_in.connect(partial(self.ended.emit, "signedOut"))
        bridge.status_changed.connect(self._status_changed)
        bridge.warned.connect(lambda sentence: window.notice.say(sentence, bad=True))
        self._told.said.connect(lambda words: window.notice.say(words, self.tr("Show"), "view_undelivered"))
        self._told.wanted.connect(self._show_undelivered)

    def _ticket(self) -> str:
        return self.parts.presenter.ticket_id

    def _in_view(self) -> str | None:
        return self.parts.presenter.ticket_id or None if self.window.isActiveWindow() else None

    def _status_changed(self, status: SyncStatus) -> None:
        if status.condition is Condition.SIGNED_OUT:
            self.ended.emit("signedOut")

    def _look_at_the_lock(self) -> None:
        if self.desk.cache.confirmation().is_over:
            self._lock_watch.stop()
            self.ended.emit("locked")

    def _show_undelivered(self) -> None:
        self.raise_window()
        self.parts.commanding.run("view_undelivered")

    def _close_window(self) -> None:
        if self.alerts.tray.available:
            self.window.hide()
        else:
            self.window.showMinimized()
