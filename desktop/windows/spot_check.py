"""The owner's spot-check: figures, the strip of the day, the table, and what to do about it."""

from collections.abc import Sequence
from datetime import UTC, datetime

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QLabel, QMenu, QStackedWidget, QVBoxLayout, QWidget

from desktop.models.check_table import CheckTable
from desktop.models.moments import Moments
from desktop.pages.settings_parts import Words, on_surface
from desktop.theme.appearance import Appearance
from desktop.widgets.check_figures import Chip, Figure
from desktop.widgets.check_strip import CheckStrip, Mark
from desktop.widgets.check_table import CheckTableView
from desktop.widgets.key_button import PRIMARY, KeyButton
from desktop.widgets.notice_line import NoticeLine
from sync.domain.records import Agent, SpotCheck
from sync.domain.spot_check import Report, gaps
from sync.domain.times import MINUTE_MS


class SpotCheckWindow(QDialog):
    """Shows reports; asks for everything else.

    opened(str): a ticket's id. assigned(str, str): ticket and agent. check_asked(): check now.
    """

    opened = Signal(str)
    assigned = Signal(str, str)
    check_asked = Signal()

    def __init__(self, appearance: Appearance, moments: Moments, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = appearance
        self._moments = moments
        self._agents: Sequence[Agent] = ()
        self.table = CheckTable(self)
        self.view = CheckTableView(appearance, self.table)
        self.late = Figure(appearance, "overdue", "overdue", self.tr("too long"))
        self.awaiting = Figure(appearance, "inbox", "us", self.tr("awaiting us"))
        self.new = Figure(appearance, "spark", "text", self.tr("new"))
        self.chip = Chip(appearance)
        self.remark = Words(appearance, size=12, tone="muted")
        self.strip = CheckStrip(appearance, moments)
        self.recorded = Words(appearance, size=12, tone="muted")
        self.nobody = QLabel(self.tr("Nobody waits too long, and nobody will within 45 minutes."))
        self.unreached = NoticeLine(appearance)
        self._middle = QStackedWidget()
        self._build()
        self.show_unknown(self.tr("Checking…"))
        self._keys()
        self.resize(appearance.px(1120), appearance.px(620))

    def show_report(
        self, report: Report, checks: Sequence[SpotCheck], minutes: int, next_at: int, followed: int, online: bool
    ) -> None:
        """`checks` are the day's, `minutes` the interval, `followed` how many categories were looked at."""
        chosen = self.view.ticket_id
        at = self._moments.clock(report.at)
        self.setWindowTitle(
            self.tr("Spot-check, {day} {time}").replace("{day}", _weekday(report.at)).replace("{time}", at)
        )
        self.late.set_number(len(report.too_long))
        self.awaiting.set_number(report.awaiting)
        since = self._moments.clock(report.since) if report.since is not None else ""
        new = self.tr("new since {time}").replace("{time}", since) if since else self.tr("new in 24 hours")
        self.new.set_number(report.new, new)
        self._show_age(report, online)
        words = self.tr("{count} categories that you follow. Every {minutes} minutes, next at {time}")
        for place, text in (("{count}", followed), ("{minutes}", minutes), ("{time}", self._moments.clock(next_at))):
            words = words.replace(place, str(text))
        self.remark.setText(words)
        self._show_day(report, checks, minutes)
        self.table.show(report)
        some = self.table.rowCount() > 0
        self.nobody.setText(self.tr("Nobody waits too long, and nobody will within 45 minutes."))
        self._middle.setCurrentIndex(0 if some else 1)
        self.open_button.setEnabled(some)
        self.assign_button.setEnabled(some and bool(self._agents))
        self.view.choose(chosen)

    def show_unknown(self, sentence: str) -> None:
        """It cannot be told yet; figures of a part would be false."""
        for figure in (self.late, self.awaiting, self.new):
            figure.set_unknown()
        self.open_button.setEnabled(False)
        self.assign_button.setEnabled(False)
        self.chip.show_words(sentence, "info", "offline")
        self.nobody.setText(sentence)
        self._middle.setCurrentIndex(1)

    def show_unreached(self, still: int, today: int) -> None:
        """How many alerts have reached nobody yet, of how many that did not in time today (PRODUCT A9)."""
        if still:
            words = self.tr("{count} alerts have reached nobody yet; {today} did not in time today.")
            self.unreached.say(words.format(count=still, today=today), "overdue", "bell-off")
        elif today:
            words = self.tr("{today} alerts reached nobody in time today. All of them did in the end.")
            self.unreached.say(words.format(today=today), "due", "bell-off")
        else:
            self.unreached.clear()

    def set_agents(self, agents: Sequence[Agent]) -> None:
        """To whom a ticket can be assigned."""
        self._agents = agents

    def assign_menu(self) -> QMenu:
        """The colleagues, not yet shown."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        ticket_id = self.view.ticket_id
        for agent in self._agents if ticket_id is not None else ():
            action = menu.addAction(agent.name.replace("&", "&&"))
            action.triggered.connect(lambda _on=False, who=agent.id: self.assigned.emit(ticket_id, who))
        return menu

    def _show_age(self, report: Report, online: bool) -> None:
        at = _seconds(report.at) if online or report.as_of is None else self._moments.short(report.as_of, report.at)
        if online:
            self.chip.show_words(self.tr("Live, as of {time}").replace("{time}", at), "online", "sent")
        elif report.as_of is None:
            self.chip.show_words(self.tr("Offline, never in touch with the server"), "offline", "offline")
        else:
            self.chip.show_words(self.tr("Offline, as of {time}").replace("{time}", at), "offline", "offline")

    def _show_day(self, report: Report, checks: Sequence[SpotCheck], minutes: int) -> None:
        marks = [Mark(one.at, one.too_long > 0) for one in sorted(checks, key=lambda one: one.at)]
        start = marks[0].at if marks else report.at
        found = gaps([mark.at for mark in marks], minutes * MINUTE_MS, report.at)
        self.strip.show_day(marks, found, start, report.at)
        words = self.tr("Recorded as check {number} of today").replace("{number}", str(len(marks)))
        self.recorded.setText(words if marks else self.tr("Not recorded: the owner's checks are"))

    def _build(self) -> None:
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(self._head())
        whole.addLayout(self._day())
        whole.addWidget(self.unreached)
        whole.addWidget(_line())
        self.nobody.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.nobody.setProperty("tone", "muted")
        self._middle.addWidget(self.view)
        self._middle.addWidget(on_surface(self.nobody))
        whole.addWidget(self._middle, 1)
        whole.addWidget(_line())
        whole.addLayout(self._foot())

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(20, 16, 20, 14)
        row.setSpacing(24)
        for place, figure in enumerate((self.late, self.awaiting, self.new)):
            if place:
                row.addWidget(_line(vertical=True))
            row.addWidget(figure)
        row.addStretch(1)
        right = QVBoxLayout()
        right.setSpacing(5)
        right.addWidget(self.chip, 0, Qt.AlignmentFlag.AlignRight)
        right.addWidget(self.remark, 0, Qt.AlignmentFlag.AlignRight)
        row.addLayout(right)
        return row

    def _day(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(20, 0, 20, 12)
        row.setSpacing(14)
        name = Words(self._look, self.tr("Checks today"), 12, tone="muted")
        name.setFixedWidth(self._look.px(92))
        row.addWidget(name, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.strip, 1)
        return row

    def _foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(20, 10, 20, 10)
        row.setSpacing(8)
        self.open_button = KeyButton(self._look, self.tr("Open"), "link", PRIMARY, "⏎")
        self.open_button.clicked.connect(self._open)
        self.assign_button = KeyButton(self._look, self.tr("Assign to…"), "user", key=self.tr("Shift A"))
        self.assign_button.clicked.connect(self._assign)
        self.check_button = KeyButton(self._look, self.tr("Check now"), "sync", key="F5")
        self.check_button.clicked.connect(self.check_asked)
        done = KeyButton(self._look, self.tr("Done"), "", key=self.tr("Esc"))
        done.clicked.connect(self.close)
        for button in (self.open_button, self.assign_button, self.check_button):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.recorded)
        row.addWidget(done)
        return row

    def _keys(self) -> None:
        self.view.doubleClicked.connect(self._open)
        for keys, act in (
            ("Return", self._open),
            ("Enter", self._open),
            ("Shift+A", self._assign),
            ("F5", self.check_asked.emit),
        ):
            shortcut = QShortcut(QKeySequence(keys), self.view if keys in ("Return", "Enter") else self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)
        self.view.setFocus()

    def _open(self) -> None:
        ticket_id = self.view.ticket_id
        if ticket_id is not None:
            self.opened.emit(ticket_id)

    def _assign(self) -> None:
        menu = self.assign_menu()
        if not menu.isEmpty():
            menu.popup(self.assign_button.mapToGlobal(self.assign_button.rect().topLeft()))


def _weekday(ms: int) -> str:
    day = datetime.fromtimestamp(ms / 1000, UTC).astimezone().isoweekday()
    return QLocale().dayName(day, QLocale.FormatType.LongFormat)


def _seconds(ms: int) -> str:
    return f"{datetime.fromtimestamp(ms / 1000, UTC).astimezone():%H:%M:%S}"


def _line(vertical: bool = False) -> QFrame:
    line = QFrame()
    line.setProperty("look", "line")
    if vertical:
        line.setFixedWidth(1)
        line.setStyleSheet("max-height: 100000px;")
    return line
