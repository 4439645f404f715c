"""One ticket: head, thread, composer, and the details beside or within. Setters and signals, no look-ups."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from desktop.models.composing import Mode
from desktop.models.thread import newest_original
from desktop.models.ticket_facts import Choices, Fields
from desktop.theme.appearance import Appearance
from desktop.widgets.composer import Composer
from desktop.widgets.details_panel import DetailsPanel
from desktop.widgets.notice_line import NoticeLine
from desktop.widgets.sending_bar import SendingBar
from desktop.widgets.thread_finding import ThreadFinding
from desktop.widgets.thread_view import ThreadView
from desktop.widgets.ticket_head import TicketHead
from desktop.widgets.ticket_menu import TicketMenu

WIDE, VERY_WIDE, ROOMY = 1366, 1700, 1000
LOW = 600


class TicketPane(QWidget):
    """ticket_wanted(id): an earlier ticket. undelivered_wanted(client_key). left(): Esc with nothing left to close.

    edited(name, value), tag_added(str), tag_removed(str), tags_opened(TagPopup): the fields, wherever they stand.
    copy_wanted(), merge_wanted(), read_wanted(): from the menu.
    """

    ticket_wanted = Signal(str)
    undelivered_wanted = Signal(str)
    left = Signal()
    edited = Signal(str, object)
    tag_added = Signal(str)
    tag_removed = Signal(str)
    tags_opened = Signal(object)
    copy_wanted = Signal()
    merge_wanted = Signal()
    read_wanted = Signal()

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._window = QSize(WIDE, 900)
        self._details_wanted: bool | None = None
        self.head = TicketHead(appearance)
        self.thread_view = ThreadView(appearance)
        self.finding = ThreadFinding(appearance, self.thread_view)
        self.composer = Composer(appearance)
        self.details = DetailsPanel(appearance)
        self.notice = NoticeLine(appearance)
        self.sending = SendingBar(appearance)
        self.link = NoticeLine(appearance)
        self._empty = QLabel(self.tr("Choose a ticket on the left, or press G for the next one awaiting us."))
        self._pages = QStackedWidget()
        self._lay_out()
        self._connect()
        self.show_nothing()

    def show_nothing(self) -> None:
        """No ticket is chosen."""
        self._pages.setCurrentWidget(self._empty)

    def show_ticket(self) -> None:
        """There is one; its parts are set by the presenter."""
        self._pages.setCurrentIndex(1)

    @property
    def shows_ticket(self) -> bool:
        return self._pages.currentIndex() == 1

    def show_fields(self, fields: Fields) -> None:
        self.head.fields.show_fields(fields)
        self.details.fields.show_fields(fields)

    def show_choices(self, choices: Choices) -> None:
        self.head.fields.show_choices(choices)
        self.details.fields.show_choices(choices)

    def compose(self, mode: Mode) -> None:
        """Open the composer, with that mode's own draft; a merged ticket has none."""
        if self.shows_ticket and not self.composer.isHidden():
            self.composer.open(mode)

    def open_field(self, name: str) -> None:
        """The menu of status, assignee, category, priority or tags, where it stands now."""
        if not self.shows_ticket:
            return
        fields = self.details.fields if self.details.isVisible() else self.head.fields
        anchor: QWidget = fields if fields.isVisible() else self.head
        if name == "tags":
            fields.open_tags(anchor)
            return
        wire = {"assignee": "assigneeId", "category": "categoryId"}.get(name, name)
        field = fields.by_name()[wire]
        menu = field.build_menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        place = field if field.isVisible() else anchor
        menu.popup(place.mapToGlobal(place.rect().bottomLeft()))

    def unfold_all(self) -> None:
        self.thread_view.unfold_all()

    def save_original(self) -> None:
        if (original := newest_original(self.thread_view.column.entries)) is None:
            self.say(self.tr("Nothing in this ticket came by mail."))
        else:
            self.thread_view.file_wanted.emit(original, False)

    def find_words(self) -> None:
        """Look for words in this thread."""
        if self.shows_ticket:
            self.finding.ask()

    def read_on(self) -> bool:
        """One screen further down the thread; False at its end."""
        return self.thread_view.read_on()

    def leave(self) -> bool:
        """Close what is open, the draft kept; False if there was nothing."""
        if self.finding.close():
            return True
        if self.composer.mode is None:
            return False
        self.composer.leave()
        return True

    def flush(self) -> None:
        """Hand over the draft before something ends."""
        self.composer.flush()

    def focus_thread(self) -> None:
        self.thread_view.setFocus(Qt.FocusReason.OtherFocusReason)

    def adapt(self, width: int, height: int) -> None:
        """The window's size, which says where the details stand."""
        self._window = QSize(width, height)
        self._arrange()

    def toggle_details(self) -> None:
        """Show or hide them, whatever the width says."""
        self._details_wanted = not self.details.isVisible()
        self._arrange()

    def show_online(self, online: bool) -> None:
        self.composer.shut.show_online(online)

    def say(self, sentence: str) -> None:
        """Something about this ticket could not be done."""
        self.notice.say(sentence)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._appearance.color("bg"))
        if self.details.isVisible():
            x = self.details.mapTo(self, self.details.rect().topLeft()).x()
            edge = x + self.details.width() if self._appearance.right_to_left else x - 1
            painter.fillRect(edge, 0, 1, self.height(), self._appearance.color("line"))

    def _lay_out(self) -> None:
        px = self._appearance.px
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._empty.setProperty("tone", "muted")
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self.finding.bar)
        link = QVBoxLayout()
        link.setContentsMargins(px(16), px(6), px(16), 0)
        link.addWidget(self.link)
        column.addLayout(link)
        column.addWidget(self.thread_view, 1)
        note = QVBoxLayout()
        note.setContentsMargins(px(16), 0, px(16), 0)
        note.addWidget(self.notice)
        column.addLayout(note)
        column.addWidget(self.sending)
        column.addWidget(self.composer)
        page = QWidget()
        row = QHBoxLayout(page)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(1)
        row.addWidget(middle, 1)
        row.addWidget(self.details)
        self._pages.addWidget(self._empty)
        self._pages.addWidget(page)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._pages)
        self._arrange()

    def _connect(self) -> None:
        self._appearance.changed.connect(self.update)
        self.details.ticket_wanted.connect(self.ticket_wanted)
        self.thread_view.needs_you_pressed.connect(self.undelivered_wanted)
        menu = TicketMenu(self._appearance, self)
        self.head.menu_wanted.connect(lambda entries: menu.fill(entries, with_fields=not self.details.isVisible()))
        menu.field_wanted.connect(self.open_field)
        menu.unfold_wanted.connect(self.unfold_all)
        menu.merge_wanted.connect(self.merge_wanted)
        menu.copy_wanted.connect(self.copy_wanted)
        menu.read_wanted.connect(self.read_wanted)
        menu.details_wanted.connect(self.toggle_details)
        self.composer.closed.connect(self.focus_thread)
        for fields in (self.head.fields, self.details.fields):
            fields.edited.connect(self.edited)
            fields.tag_added.connect(self.tag_added)
            fields.tag_removed.connect(self.tag_removed)
            fields.tags_opened.connect(self.tags_opened)

    def _arrange(self) -> None:
        px, width, low = self._appearance.px, self._window.width(), self._window.height() < LOW
        wanted = self._details_wanted if self._details_wanted is not None else width >= WIDE
        self.details.setVisible(wanted)
        self.details.setFixedWidth(px(304 if width >= VERY_WIDE else 256))
        self.head.fields.setVisible(not wanted and not low)
        self.head.show_roomy(width >= ROOMY)
        self.composer.sheet.show_few_lines(low)
        self.update()
