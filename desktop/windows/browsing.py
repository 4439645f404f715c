"""Where the person is: lists, search, pages, counts and the window's title follow it."""

from PySide6.QtCore import QCoreApplication, QObject, Signal

from desktop.desk import Desk
from desktop.models.place import Place, Step, view
from desktop.models.searching import Searching
from desktop.models.ticket_list import TicketListModel
from desktop.translation import QT_TRANSLATE_NOOP, translate
from desktop.widgets.list_head import text_of
from desktop.windows.main_window import MainWindow
from sync.cache.changes import Changes
from sync.cache.reader import Reader
from sync.cache.rows import CategoryRow, Counts, Sort, TicketRow, View
from sync.connectors.port import Access
from sync.engine.status import Condition, SyncStatus

_TITLES = {
    "awaiting": QT_TRANSLATE_NOOP("Browsing", "Awaiting us"),
    "mine": QT_TRANSLATE_NOOP("Browsing", "Mine"),
    "unassigned": QT_TRANSLATE_NOOP("Browsing", "Unassigned"),
    "waiting": QT_TRANSLATE_NOOP("Browsing", "Waiting"),
    "new": QT_TRANSLATE_NOOP("Browsing", "New since I looked"),
    "closed": QT_TRANSLATE_NOOP("Browsing", "Closed"),
    "all": QT_TRANSLATE_NOOP("Browsing", "All tickets"),
}


class Browsing(QObject):
    """Moves between places and keeps the frame's figures right.

    went(Place): another place is shown. counted(Counts): the figures are another, for tray and badge.
    """

    went = Signal(object)
    counted = Signal(object)

    def __init__(self, desk: Desk, window: MainWindow, model: TicketListModel, lane_reader: Reader, sort: Sort) -> None:
        super().__init__(window)
        self._desk = desk
        self._window = window
        self._model = model
        self._lane_reader = lane_reader
        self._sort = sort
        self._searching = Searching(desk.cache, desk.lanes.search, self)
        self._before_search: Place = view("awaiting")
        self._counting = False
        self._count_again = False
        self.place: Place = view("awaiting")
        self.categories: list[CategoryRow] = []
        self.counts = Counts()
        self.me = ""
        self._connect()
        self.load_people()
        self.count()

    def close(self) -> None:
        """End what reads on its own; the lists lane has ended before."""
        self._searching.close()
        self._lane_reader.close()

    def go(self, place: Place) -> None:
        """There, with the list from its top."""
        self.place = place
        self._window.side_bar.mark(place)
        if place.search:
            self._window.show_page("")
            self._searching.look(place.search)
        elif place.page:
            self._window.show_page(place.page)
        elif place.view is not None:
            self._window.show_page("")
            self._window.list_pane.view.forget_current()
            self._model.show_view(place.view, self._sort)
        if not place.search and self._window.tool_bar.search.text():
            self._window.tool_bar.search.clear()
        self._say_head()
        self.went.emit(place)

    def search(self, text: str) -> None:
        """As one types; an empty text goes back to where the search began."""
        if text:
            if not self.place.search:
                self._before_search = self.place
            self.go(Place(search=text))
        elif self.place.search:
            self._searching.stop()
            self.go(self._before_search)

    def step(self, ticket_id: str) -> Step:
        """Where we are, for the way back."""
        return Step(self.place, ticket_id)

    def load_people(self) -> None:
        """Who I am and which categories I see; asked where waiting for a writer does not hurt."""
        reader, cache = self._lane_reader, self._desk.cache
        self._desk.lanes.lists.run(lambda: (reader.categories(), cache.access()), self._show_people)

    def _show_people(self, found: tuple[list[CategoryRow], Access | None]) -> None:
        self.categories, access = found
        self._window.side_bar.show_categories(self.categories)
        self._window.tool_bar.search.set_categories(tuple(row.name for row in self.categories))
        if access is not None:
            self.me = access.user_id
            self._window.tool_bar.set_person(access.user_name)
            self._window.side_bar.show_owners(access.is_owner)
            self._window.list_pane.view.set_me(access.user_id)
        self._say_head()

    def count(self) -> None:
        """Ask for the figures; never more than one question at a time."""
        if self._counting:
            self._count_again = True
            return
        self._counting = True
        self._desk.lanes.lists.run(self._lane_reader.counts, self._show_counts)

    def show_status(self, status: SyncStatus) -> None:
        self._window.banner.show_status(status)
        self._window.status_line.show_status(status)
        self._show_figures()

    def _connect(self) -> None:
        self._desk.bridge.changed.connect(self._changed)
        self._desk.bridge.status_changed.connect(self.show_status)
        self._desk.bridge.access_changed.connect(self.load_people)
        self._window.side_bar.chosen.connect(self.go)
        self._window.status_line.chosen.connect(self.go)
        self._window.list_pane.head.sorted_by.connect(self._sorted_by)
        self._window.tool_bar.search.searched.connect(self.search)
        self._searching.found.connect(self._found)
        self._model.swapped.connect(self._say_head)

    def _changed(self, changes: Changes) -> None:
        if self.place.search:
            if changes.everything or changes.tickets or changes.messages_of:
                self._searching.look_again()
        else:
            self._model.refresh(changes)
        if changes.people or changes.everything:
            self.load_people()
        if changes.counts or changes.outbox or changes.undelivered or changes.quick_notes or changes.everything:
            self.count()

    def _sorted_by(self, sort: Sort) -> None:
        self._sort = sort
        self._desk.settings.put("list/sort", text_of(sort))
        if self.place.view is not None:
            self.go(self.place)

    def _found(self, text: str, rows: list[TicketRow]) -> None:
        if self.place.search == text:
            self._model.show_found(rows)

    def _show_counts(self, counts: Counts) -> None:
        self._counting = False
        self.counts = counts
        self._show_figures()
        self.counted.emit(counts)
        if self._count_again:
            self._count_again = False
            self.count()

    def _show_figures(self) -> None:
        status, as_of = self._desk.bridge.status, ""
        offline = status is not None and status.condition not in (Condition.ONLINE, Condition.DELAYED)
        known = status.last_contact_ms if status is not None else None
        known = known if known is not None else self.counts.as_of
        if offline and known is not None:
            as_of = self._desk.moments.short(known, self._desk.clock.now_ms())
        self._window.list_pane.view.set_offline(offline)
        self._window.side_bar.show_counts(self.counts, as_of)
        self._window.status_line.show_counts(self.counts)
        self._window.setWindowTitle(title_of(self.counts.awaiting, as_of, offline))

    def _say_head(self) -> None:
        head, pane, place = self._window.list_pane.head, self._window.list_pane, self.place
        count = self._model.rowCount()
        if place.search:
            words = self.tr("{count} found").format(count=count) if count else ""
            head.say(self.tr("Search"), words, sortable=False)
            pane.set_empty_words(self.tr("No ticket matches “{text}”. Try fewer words.").format(text=place.search))
            return
        shown = place.view or View("all")
        category = next((row.name for row in self.categories if row.id == shown.category_id), "")
        title = category or QCoreApplication.translate("Browsing", _TITLES[shown.name])
        head.say(title, "" if category else self._scope())
        pane.set_empty_words(self._nothing(shown))

    def _scope(self) -> str:
        number = len(self.categories)
        return self.tr("in my {count} categories").format(count=number) if number > 1 else ""

    def _nothing(self, shown: View) -> str:
        if not self.categories:
            return self.tr("You have no categories yet. Ask your administrator for one.")
        if shown.name == "new":
            return self.tr("Nothing new since you looked. New tickets ring here.")
        if shown.name == "awaiting":
            return self.tr("Nobody is waiting for you. New tickets ring here.")
        return self.tr("No tickets here.")


def title_of(awaiting: int, as_of: str, offline: bool) -> str:
    """The window's title: "(9) Deskbell", or "(9 as of 14:03) Deskbell, offline"; the count is never faked."""
    if not offline:
        return f"({awaiting}) Deskbell" if awaiting else "Deskbell"
    if not as_of:
        return translate("Browsing", "Deskbell, offline")
    return translate("Browsing", "({count} as of {time}) Deskbell, offline").format(count=awaiting, time=as_of)
