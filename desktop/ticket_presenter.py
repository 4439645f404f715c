"""Fills the ticket pane from the cache and turns what is done in it into intents."""

from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication

from desktop.attachment_desk import AttachmentDesk
from desktop.desk import Desk
from desktop.models.event_sentence import Names
from desktop.models.thread import Entry
from desktop.models.ticket_facts import choices, clock_text, fields, heading, requester_text
from desktop.thread_decisions import ThreadDecisions
from desktop.thread_scene import ThreadScene
from desktop.ticket_writing import TicketWriting
from desktop.widgets.ticket_pane import LOW, TicketPane
from sync.cache.changes import Changes
from sync.cache.rows import MessageRow, TicketDetail
from sync.domain.errors import DeskbellError
from sync.domain.limits import TAG_MAX
from sync.domain.records import Attachment
from sync.engine.presence import Where
from sync.engine.status import Condition, SyncStatus

CLOCK_MS = 15_000
EARLIER = 9


class TicketPresenter(QObject):
    """Reads on the UI thread by index; writes only through intents.

    shown(str): that ticket is in the pane now, or was read again; empty for none.
    """

    shown = Signal(str)

    def __init__(self, pane: TicketPane, desk: Desk, files: AttachmentDesk) -> None:
        super().__init__(pane)
        self._pane = pane
        self._desk = desk
        self._files = files
        self._detail: TicketDetail | None = None
        self._rows: list[MessageRow] = []
        self._names = Names()
        self._accounts: dict[str, str] = {}
        self._scene = ThreadScene(desk, pane)
        self.writing = TicketWriting(pane.composer, desk, files, lambda: self._detail, lambda: self._rows)
        self._tick = QTimer(self, interval=CLOCK_MS)
        self._tick.timeout.connect(self._show_clock)
        self._tick.start()
        self._connect()
        self._load_people()

    @property
    def decisions(self) -> ThreadDecisions:
        """What is decided in the thread about words that were not delivered."""
        return self._scene.decisions

    @property
    def ticket_id(self) -> str:
        """The ticket in view; empty for none."""
        return self._detail.row.id if self._detail is not None else ""

    @property
    def where(self) -> Where | None:
        """The ticket in view as the server knows it; None for none, and for one that is only here yet."""
        row = self._detail.row if self._detail is not None else None
        account = self._accounts.get(row.category_id) if row is not None and row.number is not None else None
        return None if row is None or account is None else Where(account, row.id)

    @property
    def new_key(self) -> int | None:
        """The row key of the ticket in view if it counts as new since I looked."""
        return self._detail.row.key if self._detail is not None and self._detail.row.is_new else None

    def show_ticket(self, ticket_id: str | None) -> None:
        """Another ticket, or none."""
        self._pane.composer.flush()
        self._detail = self._desk.reader.ticket(ticket_id) if ticket_id else None
        if self._detail is None:
            self._pane.show_nothing()
            self.shown.emit("")
            return
        self._scene.read_seq = self._detail.read_seq
        self._pane.notice.clear()
        self._rows = self._desk.reader.thread(self._detail.row.id)
        self._pane.composer.show_ticket(*self._readers(self._detail))
        self.writing.begin()
        self._show_facts()
        self._pane.show_ticket()
        self._pane.thread_view.show_thread(self._entries())
        self.shown.emit(self._detail.row.id)

    def reload(self, changes: Changes) -> None:
        """Rows changed; only what is in view is read again."""
        if changes.people or changes.everything:
            self._load_people()
        shown = self.ticket_id
        if not shown or not (changes.everything or shown in changes.tickets or shown in changes.messages_of):
            return
        detail = self._desk.reader.ticket(shown)
        if detail is None:
            self.show_ticket(None)
            return
        self._detail = detail
        self._rows = self._desk.reader.thread(detail.row.id)
        self._pane.composer.show_people(*self._readers(detail))
        self._show_facts()
        self._pane.thread_view.update_thread(self._entries())
        self.shown.emit(detail.row.id)

    def _readers(self, detail: TicketDetail) -> tuple[str, str, str, bool]:
        """Who reads a reply: name, address, category, and whether the server mails at all."""
        row, person = detail.row, detail.requester
        email = (person.email or "") if person else ""
        return row.requester_name or self.tr("the requester"), email, row.category_name, self._desk.reader.mails()

    def show_status(self, status: SyncStatus) -> None:
        """Online or not: what is saved here goes next, or waits."""
        online = status.condition in (Condition.ONLINE, Condition.DELAYED)
        if online != self._scene.online:
            self._scene.online = online
            self._pane.show_online(online)
            self.refresh()

    def show_height(self, height: int) -> None:
        """The window's height: a low one unfolds the last message only."""
        if (height < LOW) != self._scene.low:
            self._scene.low = height < LOW
            self.refresh()

    def refresh(self) -> None:
        """The same thread at this moment: what its words say of time and state may be another."""
        if self._detail is not None:
            self._pane.thread_view.update_thread(self._entries())

    def _connect(self) -> None:
        pane = self._pane
        pane.edited.connect(self._edit)
        pane.tag_added.connect(self._add_tag)
        pane.tags_opened.connect(lambda popup: popup.show_known(self._desk.reader.tags()))
        pane.tag_removed.connect(lambda tag: self._desk.intents.remove_tag(self.ticket_id, tag))
        pane.copy_wanted.connect(self._copy)
        pane.read_wanted.connect(lambda: self._mark_read(self._detail.confirmed_seq if self._detail else 0))
        pane.thread_view.seen.connect(self._mark_read)
        pane.thread_view.undo_pressed.connect(self.writing.take_back)
        pane.thread_view.column.chosen.connect(self.decisions.decide)
        pane.thread_view.file_wanted.connect(self._file_wanted)
        self.writing.written.connect(pane.thread_view.go_to_end)
        self.writing.overtaken.connect(pane.thread_view.go_to_end)

    def _load_people(self) -> None:
        reader = self._desk.reader
        agents, places = reader.agents(), reader.categories()
        me = reader.me() or ""
        self._names = Names(me, {one.id: one.name for one in agents}, {one.id: one.name for one in places})
        self._accounts = {one.id: one.account_id for one in places if one.account_id}
        self._pane.show_choices(choices(agents, [one for one in places if one.account_id], me))

    def _show_facts(self) -> None:
        if self._detail is None:
            return
        self._show_clock()
        self._pane.show_fields(fields(self._detail.row))
        self._pane.details.show_requester(requester_text(self._detail, self._desk.moments, self._desk.clock.now_ms()))
        person = self._detail.requester
        earlier = self._desk.reader.earlier_tickets(person.id, EARLIER) if person is not None else []
        others = [row for row in earlier if row.id != self.ticket_id]
        self._pane.details.show_earlier(
            [(row.id, f"#{row.number}" if row.number else self.tr("new"), row.subject) for row in others]
        )

    def _show_clock(self) -> None:
        if self._detail is not None:
            now = self._desk.clock.now_ms()
            self._pane.head.show_heading(heading(self._detail, self._desk.moments, now))
            self._pane.details.show_clock(clock_text(self._detail, self._desk.moments, now))

    def _entries(self) -> list[Entry]:
        return [] if self._detail is None else self._scene.entries(self._detail, self._rows, self._names)

    def _file_wanted(self, attachment: Attachment, to_open: bool) -> None:
        account = self._accounts.get(self._detail.row.category_id, "") if self._detail is not None else ""
        if to_open:
            self._files.open(self._pane, account, attachment, self._say_failure)
        else:
            self._files.save(self._pane, account, attachment, self._say_written, self._say_failure)

    def _say_failure(self, error: DeskbellError) -> None:
        self._pane.say(str(error))

    def _say_written(self, path: Path) -> None:
        self._pane.notice.say(self.tr("Saved as {path}.").format(path=path), "sent")

    def _edit(self, name: str, value: str | bool | None) -> None:
        if self.ticket_id:
            self._desk.intents.edit(self.ticket_id, {name: value})

    def _add_tag(self, tag: str) -> None:
        if "/" in tag or len(tag) > TAG_MAX:
            self._pane.say(self.tr("A tag holds no / and at most {count} letters.").format(count=TAG_MAX))
        else:
            self._desk.intents.add_tag(self.ticket_id, tag)

    def _mark_read(self, seq: int) -> None:
        if self._detail is not None and seq > self._detail.read_seq:
            self._desk.intents.mark_read(self.ticket_id, seq)

    def _copy(self) -> None:
        if self._detail is not None:
            row = self._detail.row
            QGuiApplication.clipboard().setText(f"#{row.number} {row.subject}" if row.number else row.subject)
