"""Carries out commands: the one place that knows what each id of the table does in the main window."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QMenu

from desktop.desk import Desk
from desktop.models.composing import Mode
from desktop.models.palette import Entry
from desktop.models.place import FAQ, INCIDENTS, INTAKE, OUTBOX, PEOPLE, QUICK_NOTES, UNDELIVERED, Place, page, view
from desktop.theme.appearance import Choice
from desktop.ticket_presenter import TicketPresenter
from desktop.windows.browsing import Browsing
from desktop.windows.keys_sheet import KeysSheet
from desktop.windows.main_window import MainWindow
from desktop.windows.palette_offers import PaletteOffers
from desktop.windows.travelling import Travelling
from desktop.windows.triage import Triage
from sync.cache.rows import TicketRow
from sync.domain.records import Status

_ACCOUNT_MENU = ("settings", "keys", "", "theme_light", "theme_dark", "theme_system", "compact", "", "sign_out", "quit")
_VIEWS: dict[str, Place] = {
    "view_awaiting": view("awaiting"),
    "view_mine": view("mine"),
    "view_unassigned": view("unassigned"),
    "view_waiting": view("waiting"),
    "view_new": view("new"),
    "view_closed": view("closed"),
    "view_all": view("all"),
    "view_quick_notes": page(QUICK_NOTES),
    "view_undelivered": page(UNDELIVERED),
    "view_outbox": page(OUTBOX),
    "people": page(PEOPLE),
    "faq": page(FAQ),
    "intake": page(INTAKE),
    "incidents": page(INCIDENTS),
}


class Commanding(QObject):
    """wanted(str): a command that is the program's, not the window's: new_ticket, quick_note, settings, sync_now,
    dnd, spot_check, take_next, delete_ticket, sign_out, close, quit.
    looked_at(str): that ticket is before the person now.
    """

    wanted = Signal(str)
    looked_at = Signal(str)

    def __init__(self, desk: Desk, window: MainWindow, browsing: Browsing, presenter: TicketPresenter) -> None:
        super().__init__(window)
        self._desk = desk
        self._window = window
        self._browsing = browsing
        self._presenter = presenter
        self._travelling = Travelling(desk, window, browsing, presenter)
        in_view, me = (lambda: presenter.ticket_id), (lambda: browsing.me)
        self._triage = Triage(desk, window.list_pane.view, window.pane, in_view, me)
        offers = PaletteOffers(desk, window, browsing, in_view)
        offers.chosen.connect(self._chosen)
        self._offers = offers
        self._travelling.looked_at.connect(self.looked_at)
        self._do = self._table()
        self._connect()

    def close(self) -> None:
        """End what reads on its own."""
        self._offers.close()

    @property
    def travelling(self) -> Travelling:
        """The way from ticket to ticket."""
        return self._travelling

    def also(self, command_id: str, do: Callable[[], None]) -> None:
        """A command that is carried out by somebody else in the window."""
        self._do[command_id] = do

    def run(self, command_id: str) -> None:
        """By its id in the table."""
        if command_id in _VIEWS:
            self._travelling.go(_view_of(command_id, self._browsing.place))
        elif command_id in self._do:
            self._do[command_id]()
        else:
            self.wanted.emit(command_id)

    def _table(self) -> dict[str, Callable[[], None]]:
        window, view_, pane = self._window, self._window.list_pane.view, self._window.pane
        table: dict[str, Callable[[], None]] = {
            "palette": window.palette_.open,
            "keys": self._show_keys,
            "search": self._focus_search,
            "jump": self._travelling.ask_number,
            "next_pane": lambda: self._next_pane(1),
            "previous_pane": lambda: self._next_pane(-1),
            "side_bar": window.toggle_side_bar,
            "details": pane.toggle_details,
            "back": lambda: self._travelling.travel(-1),
            "forward": lambda: self._travelling.travel(1),
            "text_bigger": lambda: self._scale(10),
            "text_smaller": lambda: self._scale(-10),
            "text_normal": lambda: self._desk.settings.put("appearance/textPercent", 100),
            "compact": lambda: self._desk.settings.put("appearance/compact", not self._desk.settings.compact),
            "leave": self._leave,
            "next": lambda: view_.go(1),
            "previous": lambda: view_.go(-1),
            "next_awaiting": self._next_awaiting,
            "select": view_.toggle_mark,
            "unfold": pane.unfold_all,
            "original": lambda: self._in_ticket(pane.save_original),
            "find": lambda: self._in_ticket(pane.find_words),
            "reply": lambda: self._in_ticket(partial(pane.compose, Mode.REPLY)),
            "note": lambda: self._in_ticket(partial(pane.compose, Mode.NOTE)),
        }
        for choice in Choice:
            table[f"theme_{choice.value}"] = partial(self._desk.settings.put, "appearance/theme", choice.value)
        for name in ("take", "assign", "status", "wait", "category", "priority", "tags", "read", "undo"):
            table[name] = partial(self._triage.run, name)
        return table

    def _connect(self) -> None:
        window, list_view = self._window, self._window.list_pane.view
        window.actions_.triggered.connect(self.run)
        window.tool_bar.wanted.connect(self.run)
        window.tool_bar.menu_wanted.connect(self._show_account_menu)
        window.tool_bar.search.left.connect(self._focus_list)
        window.tool_bar.search.went_down.connect(self._focus_list)
        window.tool_bar.search.entered.connect(self._focus_list)
        window.notice.pressed.connect(self.run)
        window.banner.retry.connect(lambda: self.wanted.emit("sync_now"))
        window.status_line.retry.connect(lambda: self.wanted.emit("sync_now"))
        list_view.read_on.connect(self._read_on)
        window.pane.left.connect(self._leave)
        self._triage.done.connect(self._say_done)
        self._desk.intents.failed.connect(lambda sentence, _text: window.notice.say(sentence, bad=True))

    def known(self) -> list[str]:
        """The commands that are carried out here."""
        return [*_VIEWS, *self._do]

    def chosen_tickets(self) -> list[TicketRow]:
        """Those that are selected, else the one in view."""
        return self._triage.targets()

    def open_ticket(self, ticket_id: str) -> None:
        """From a notification, the spot-check or the command line."""
        self._travelling.open_ticket(ticket_id)

    def jump(self, number: str) -> None:
        """To the ticket that people call by this number."""
        self._travelling.jump(number)

    def open_place(self, place: Place) -> None:
        self._travelling.go(place)

    def _next_awaiting(self) -> None:
        if not self._window.list_pane.view.go_to_next_awaiting():
            self._window.notice.say(self.tr("Nobody else in this list is waiting for you."))

    def _in_ticket(self, begin: Callable[[], None]) -> None:
        if self._presenter.ticket_id:
            self._window.show_page("")
            self._window.show_ticket_place(True)
            begin()

    def _read_on(self) -> None:
        if not self._window.pane.read_on():
            self._window.list_pane.view.go(1)

    def _leave(self) -> None:
        if self._window.palette_.isVisible():
            self._window.palette_.dismiss()
        elif self._window.page:
            if not self._window.pages[self._window.page].leave():
                self._travelling.travel(-1)
        elif self._window.pane.leave():
            return
        elif self._window.one_place:
            self._window.show_ticket_place(False)
            self._focus_list()
        elif self._window.tool_bar.search.text():
            self._window.tool_bar.search.put("")
        else:
            self._focus_list()

    def _focus_list(self) -> None:
        self._window.show_ticket_place(False)
        view_ = self._window.list_pane.view
        view_.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if not view_.currentIndex().isValid():
            view_.go_to(0)

    def _focus_search(self) -> None:
        self._window.tool_bar.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._window.tool_bar.search.selectAll()

    def _next_pane(self, by: int) -> None:
        panes = self._window.panes()
        here = self._window.focusWidget()
        at = next((n for n, pane in enumerate(panes) if pane is here or pane.isAncestorOf(here)), -by) if here else -by
        target = panes[(at + by) % len(panes)]
        if target is self._window.side_bar:
            self._window.side_bar.focus_item()
        else:
            first = target.nextInFocusChain() if target.focusPolicy() is Qt.FocusPolicy.NoFocus else target
            (first or target).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _scale(self, by: int) -> None:
        now = self._desk.settings.number("appearance/textPercent", 100)
        self._desk.settings.put("appearance/textPercent", min(200, max(80, now + by)))

    def _show_keys(self) -> None:
        KeysSheet(self._desk.appearance, self._desk.settings, self._window.actions_, self._window).open()

    def _show_account_menu(self) -> None:
        menu, who = QMenu(self._window), self._window.tool_bar.who
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._window.actions_.fill(menu, _ACCOUNT_MENU)
        menu.popup(who.mapToGlobal(who.rect().bottomLeft()))

    def _say_done(self, sentence: str, undoable: bool) -> None:
        if undoable:
            self._window.notice.say(sentence, self.tr("Take back (Z)"), "undo")
        else:
            self._window.notice.say(sentence)

    def _chosen(self, entry: Entry) -> None:
        kind, value = entry.target
        match kind:
            case "ticket":
                self._travelling.open_ticket(value)
            case "move":
                self._triage.move(value)
            case "status":
                self._triage.set_status(Status(value))
            case "search":
                self._window.tool_bar.search.put(value)
            case _:
                self.run(value)


def _view_of(command_id: str, here: Place) -> Place:
    """Ctrl+9 goes to Undelivered, and from there to the outbox."""
    if command_id == "view_undelivered" and here.page == UNDELIVERED:
        return page(OUTBOX)
    return _VIEWS[command_id]
