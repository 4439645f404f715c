"""The main window: what stands where at which width; it shows and tells, others look up and decide."""

from collections.abc import Mapping
from itertools import pairwise

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QCloseEvent, QIcon, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from desktop.actions import Actions
from desktop.commands import COMMANDS
from desktop.desk import Desk
from desktop.files import RESOURCES
from desktop.pages.page import Page
from desktop.pages.two_columns import ONE_PLACE
from desktop.widgets.list_pane import ListPane
from desktop.widgets.notice import Notice
from desktop.widgets.offline_banner import OfflineBanner
from desktop.widgets.palette import Palette
from desktop.widgets.side_bar import RAIL_WIDTH, SideBar
from desktop.widgets.status_line import StatusLine
from desktop.widgets.ticket_pane import TicketPane
from desktop.widgets.tool_bar import ToolBar
from desktop.windows.main_menus import fill_menu_bar

RAIL, DETAILS, WIDE = 1000, 1366, 1700
_LEAST = (480, 420)


def side_and_list(width: int) -> tuple[int, int]:
    """Widths of side bar and list for a window of that width."""
    if width >= WIDE:
        return 224, 440
    if width >= DETAILS:
        return 208, 400
    if width >= RAIL:
        return 200, 368
    return RAIL_WIDTH, 330


class MainWindow(QMainWindow):
    """Tool bar 44, banner, side bar, list and ticket (or a page), status line 26.

    close_wanted(): the person closed it; whether that hides or quits is the owner's to say (the event is ignored).
    resized(int): the window's height.
    """

    close_wanted = Signal()
    resized = Signal(int)

    def __init__(self, desk: Desk, list_pane: ListPane, pane: TicketPane, pages: Mapping[str, Page]) -> None:
        super().__init__()
        self._desk = desk
        look = desk.appearance
        self.actions_ = Actions(self, look, desk.settings)
        keys = {command.id: self.actions_.first_key(command) for command in COMMANDS}
        self.tool_bar = ToolBar(look, keys, self)
        self.banner = OfflineBanner(look, desk.clock, desk.moments, self)
        self.side_bar = SideBar(look, self)
        self.list_pane = list_pane
        self.pane = pane
        self.pages = pages
        self.status_line = StatusLine(look, desk.clock, desk.moments, self)
        self.palette_ = Palette(look, self)
        self.notice = Notice(look, self)
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._stack = QStackedWidget()
        self._side_hidden = False
        self._alt_alone = False
        self._arranging = False
        self._showing_ticket = False
        self._build()
        self._restore()
        look.changed.connect(self._arrange)

    @property
    def one_place(self) -> bool:
        """Whether list and thread share one place."""
        return self._units() < ONE_PLACE

    @property
    def page(self) -> str:
        """The page shown instead of list and ticket; empty for those."""
        return next((name for name, page in self.pages.items() if page is self._stack.currentWidget()), "")

    def show_page(self, name: str) -> None:
        """`name` of a page, or empty for list and ticket."""
        self._stack.setCurrentWidget(self.pages[name] if name else self._split)
        self.tool_bar.set_details_there(not name)

    def show_ticket_place(self, ticket: bool) -> None:
        """Where list and thread share one place: the thread, or the list."""
        self._showing_ticket = ticket
        self._arrange()

    def toggle_side_bar(self) -> None:
        self._side_hidden = not self._side_hidden
        self._arrange()

    def panes(self) -> list[QWidget]:
        """In the order of F6; only those to be seen."""
        page = self._stack.currentWidget()
        middle = [self.list_pane.view, self.pane.thread_view, self.pane.composer] if page is self._split else [page]
        return [one for one in (self.tool_bar.search, self.side_bar, *middle, self.status_line) if one.isVisible()]

    def save_layout(self) -> None:
        """Widths, place and size, for the next start."""
        settings = self._desk.settings
        settings.put_blob("window/geometry", self.saveGeometry())
        if not self.one_place:
            settings.put(self._width_name(), self._split.sizes()[0])
        settings.put("window/sideHidden", self._side_hidden)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.save_layout()
        event.ignore()
        self.close_wanted.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()
        self.resized.emit(self.height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._alt_alone = event.key() == Qt.Key.Key_Alt
        super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Alt and self._alt_alone:
            self.toggle_menu_bar()
        super().keyReleaseEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange:
            self._alt_alone = False

    def toggle_menu_bar(self) -> None:
        """Alt or F10; where menu bars are not the desktop's own."""
        bar = self.menuBar()
        if not bar.isNativeMenuBar():
            bar.setVisible(not bar.isVisible())
            if bar.isVisible():
                bar.setFocus(Qt.FocusReason.MenuBarFocusReason)

    def _units(self) -> float:
        """The width that the breakpoints mean: bigger text needs a wider window."""
        return self.width() / max(1.0, self._desk.appearance.scale)

    def _width_name(self) -> str:
        return f"window/list{side_and_list(int(self._units()))[1]}"

    def _build(self) -> None:
        self.setWindowTitle("Deskbell")
        self.setWindowIcon(QIcon(str(RESOURCES / "deskbell.svg")))
        self.setMinimumSize(*_LEAST)
        self.resize(1440, 900)
        self._split.addWidget(self.list_pane)
        self._split.addWidget(self.pane)
        self._split.setStretchFactor(1, 1)
        self._split.setChildrenCollapsible(False)
        self._split.setHandleWidth(1)
        self._split.splitterMoved.connect(lambda *_: self._follow_list())
        self._stack.addWidget(self._split)
        for page in self.pages.values():
            self._stack.addWidget(page)
        body = QHBoxLayout()
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(0)
        body.addWidget(self.side_bar)
        body.addWidget(self._stack, 1)
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.tool_bar, self.banner):
            column.addWidget(part)
        column.addLayout(body, 1)
        column.addWidget(self.status_line)
        self.setCentralWidget(whole)
        fill_menu_bar(self.menuBar(), self.actions_)
        self.menuBar().setVisible(self.menuBar().isNativeMenuBar())
        self._tab_order()
        self.list_pane.view.setFocus()

    def _tab_order(self) -> None:
        order: list[QWidget] = [self.tool_bar.search, self.side_bar, self.list_pane.view, self.pane, self.status_line]
        for before, after in pairwise(order):
            QWidget.setTabOrder(before, after)

    def _restore(self) -> None:
        geometry = self._desk.settings.blob("window/geometry")
        if not geometry.isEmpty():
            self.restoreGeometry(geometry)
        self._side_hidden = self._desk.settings.flag("window/sideHidden")
        self._arrange()

    def _arrange(self) -> None:
        if self._arranging:
            return
        self._arranging = True
        px, units = self._desk.appearance.px, int(self._units())
        side, usual = side_and_list(units)
        rail = units < RAIL
        self.side_bar.set_rail(rail)
        self.side_bar.setFixedWidth(px(side))
        self.side_bar.setVisible(not self._side_hidden)
        self.list_pane.setMinimumWidth(px(260))
        self.pane.setMinimumWidth(px(300))
        self.pane.adapt(units, self.height())
        for page in self.pages.values():
            page.adapt(units, self.height())
        if self.one_place:
            self.list_pane.setVisible(not self._showing_ticket)
            self.pane.setVisible(self._showing_ticket)
        else:
            self.list_pane.setVisible(True)
            self.pane.setVisible(True)
            room = self.width() - (0 if self._side_hidden else px(side))
            chosen = min(self._desk.settings.number(self._width_name(), px(usual)), room - px(300))
            self._split.setSizes([chosen, room - chosen])
        self._follow_list()
        self._arranging = False

    def _follow_list(self) -> None:
        units = int(self._units())
        side, usual = side_and_list(units)
        px = self._desk.appearance.px
        least = min(px(usual), self.width() - px(side) - px(330))
        width = max(least, self._split.sizes()[0] if not self.one_place else least)
        rail = units < RAIL
        most = max(px(160), self.width() - px(side) - px(420 if rail else 440))
        self.tool_bar.set_widths(px(side), min(width, most), rail)
        if not self._arranging and not self.one_place:
            self._desk.settings.put(self._width_name(), self._split.sizes()[0])
