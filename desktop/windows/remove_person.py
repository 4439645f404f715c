"""Removing somebody is one action: devices signed out, grants gone, open work passed on; what they sent stays here."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QDialog, QFileDialog, QHBoxLayout, QTableView, QVBoxLayout, QWidget

from desktop.desk import Desk
from desktop.keeping import Keeping
from desktop.models.sent_table import SentTable, as_csv
from desktop.pages.settings_parts import Words
from desktop.theme import fonts
from desktop.widgets.choice_field import ChoiceField, Option
from desktop.widgets.key_button import DANGER, KeyButton
from desktop.widgets.notice_line import NoticeLine
from sync.domain.errors import DeskbellError, StorageFull
from sync.domain.file_names import harmless_name
from sync.domain.people import AgentAccess
from sync.domain.times import DAY_MS

_DAYS = 30


class RemovePersonWindow(QDialog):
    """removed(str): their name. ticket_wanted(str): a ticket from the list of what they sent."""

    removed = Signal(str)
    ticket_wanted = Signal(str)

    def __init__(
        self,
        desk: Desk,
        keeping: Keeping,
        person: AgentAccess,
        people: Sequence[AgentAccess],
        categories: Sequence[str],
        parent: QWidget,
    ) -> None:
        """`categories`: the names of those that are granted."""
        super().__init__(parent)
        self._desk = desk
        self._keeping = keeping
        self._person = person
        look = desk.appearance
        self.setWindowTitle(self.tr("Remove {name}").format(name=person.name))
        self.facts = Words(look, self._facts(categories))
        self.facts.setWordWrap(True)
        self.heir = ChoiceField(look, self.tr("Open tickets go to"))
        nobody = Option(None, self.tr("Nobody: they are unassigned"), "user-none", plain=True)
        others = [one for one in people if one.active and one.id != person.id]
        self.heir.set_options([nobody, *(Option(one.id, one.name, "user", plain=True) for one in others)])
        self.heir.chosen.connect(self.heir.set_value)
        self.sent = SentTable(desk.moments, self)
        self.list = QTableView()
        self.notice = NoticeLine(look)
        self.remove = KeyButton(look, self.tr("Remove {name}").format(name=person.name), "user-none", DANGER)
        self.export = KeyButton(look, self.tr("Save as CSV…"), "saved-here")
        self.open_button = KeyButton(look, self.tr("Open the ticket"), "link", key="⏎")
        self._close = KeyButton(look, self.tr("Close"), "", key=self.tr("Esc"))
        self._build()
        self._connect()
        self._load()

    def export_to(self, goal: Path) -> None:
        """Write the list there, on the lane of odd jobs."""
        text = as_csv(self.sent.rows)

        def work() -> None:
            try:
                goal.write_text(text, encoding="utf-8-sig", newline="")
            except OSError as error:
                raise StorageFull("The file could not be written there. Choose another folder.") from error

        def failed(error: DeskbellError) -> None:
            self.notice.say(str(error))

        self._desk.lanes.chores.run(
            work, lambda _done: self.notice.say(self.tr("Saved: {name}").format(name=goal.name), "sent"), failed
        )

    def _facts(self, categories: Sequence[str]) -> str:
        person, reader = self._person, self._desk.reader
        devices = ", ".join(one.name for one in person.devices) or self.tr("none")
        lines = [
            self.tr("Signed out on: {devices}").format(devices=devices),
            self.tr("Loses: {categories}").format(categories=", ".join(categories) or self.tr("no category")),
            self.tr("Open tickets that are theirs: {count}").format(count=reader.open_assigned(person.id)),
            self.tr("What they wrote stays in its tickets, with their name."),
        ]
        if person.id == reader.me():
            lines.append(self.tr("This is you. You are signed out here, and another owner goes on."))
        return "\n".join(lines)

    def _build(self) -> None:
        look, px = self._desk.appearance, self._desk.appearance.px
        self.list.setModel(self.sent)
        self.list.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.setShowGrid(False)
        self.list.setTabKeyNavigation(False)
        self.list.setWordWrap(False)
        self.list.verticalHeader().hide()
        self.list.verticalHeader().setDefaultSectionSize(px(28))
        self.list.horizontalHeader().setStretchLastSection(True)
        self.list.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        self.list.setAccessibleName(self.tr("What they sent in 30 days"))
        for column, width in enumerate((130, 260, 60)):
            self.list.setColumnWidth(column, px(width))
        line = QHBoxLayout()
        line.addWidget(Words(look, self.tr("Open tickets go to")))
        line.addWidget(self.heir, 1)
        heading = QHBoxLayout()
        self.count = Words(look, size=12, weight=fonts.SEMI_BOLD)
        heading.addWidget(self.count, 1)
        heading.addWidget(self.open_button)
        heading.addWidget(self.export)
        foot = QHBoxLayout()
        foot.addWidget(self._close)
        foot.addStretch(1)
        foot.addWidget(self.remove)
        column_ = QVBoxLayout(self)
        column_.setContentsMargins(px(20), px(16), px(20), px(16))
        column_.setSpacing(px(10))
        column_.addWidget(self.facts)
        column_.addLayout(line)
        column_.addLayout(heading)
        column_.addWidget(self.list, 1)
        column_.addWidget(self.notice)
        column_.addLayout(foot)
        self.resize(px(760), px(520))

    def _connect(self) -> None:
        self._close.clicked.connect(self.close)
        self.remove.clicked.connect(self._ask)
        self.notice.answered.connect(lambda yes: self._remove() if yes else None)
        self.export.clicked.connect(self._ask_where)
        self.open_button.clicked.connect(self._open)
        self.list.doubleClicked.connect(self._open)
        for keys in ("Return", "Enter"):
            shortcut = QShortcut(QKeySequence(keys), self.list)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(self._open)

    def _load(self) -> None:
        now = self._desk.clock.now_ms()
        rows = self._desk.reader.written_by(self._person.id, now - _DAYS * DAY_MS)
        self.sent.show(rows, now)
        self.count.setText(self.tr("What they sent in 30 days: {count}").format(count=len(rows)))
        for button in (self.export, self.open_button):
            button.setEnabled(bool(rows))
        if rows:
            self.list.selectRow(0)

    def _open(self) -> None:
        row = self.list.currentIndex().row()
        if 0 <= row < len(self.sent.rows):
            self.ticket_wanted.emit(self.sent.rows[row].ticket_id)

    def _ask_where(self) -> None:
        home = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        proposed = str(Path(home) / harmless_name(f"{self._person.name}.csv"))
        chosen, _kind = QFileDialog.getSaveFileName(self, self.tr("Save as CSV"), proposed)
        if chosen:
            self.export_to(Path(chosen))

    def _ask(self) -> None:
        """Oneself is asked about once more; everybody else was chosen by name."""
        if self._person.id == self._desk.reader.me():
            question = self.tr("Remove yourself? You are signed out here and cannot come back by yourself.")
            self.notice.ask(question, self.tr("Remove me"), self.tr("No"))
        else:
            self._remove()

    def _remove(self) -> None:
        agent_id, heir = self._person.id, self.heir.value
        self.remove.setEnabled(False)
        self._keeping.ask(
            lambda server: server.remove_person(agent_id, heir), lambda _done: self._removed(), self._refused
        )

    def _removed(self) -> None:
        self.removed.emit(self._person.name)
        self.close()

    def _refused(self, sentence: str) -> None:
        self.remove.setEnabled(True)
        self.notice.say(sentence)
