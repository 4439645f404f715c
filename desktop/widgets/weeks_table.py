"""The last weeks of the intake in figures: a line for each week, the present one first."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from desktop.theme.appearance import Appearance
from sync.domain.intake_figures import IntakeWeek


class WeeksTable(QTableWidget):
    """Read only; the arrow keys go from figure to figure."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__(0, 7)
        self._appearance = appearance
        self.setObjectName("weeks")
        heads = (
            (self.tr("Week from"), self.tr("A week begins on Monday.")),
            (self.tr("New tickets"), self.tr("Questions that were asked, imported ones left out.")),
            (self.tr("Avoided"), self.tr("Questions that an answer of the FAQ settled before they were asked.")),
            (self.tr("Still waiting"), self.tr("How often a requester said that they still wait.")),
            (self.tr("Solved"), self.tr("How often a requester said that it is solved.")),
            (self.tr("Rated good"), self.tr("Answers that helped, say the requesters.")),
            (self.tr("Rated bad"), self.tr("Answers that did not help, say the requesters.")),
        )
        for column, (words, tip) in enumerate(heads):
            head = QTableWidgetItem(words)
            head.setToolTip(tip)
            head.setData(Qt.ItemDataRole.TextAlignmentRole, _wrapped(_side(column) | Qt.AlignmentFlag.AlignBottom))
            self.setHorizontalHeaderItem(column, head)
        self.setAccessibleName(self.tr("The intake week by week"))
        self.verticalHeader().hide()
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(True)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        header.setMinimumSectionSize(appearance.px(56))
        header.setFixedHeight(appearance.px(48))
        header.setHighlightSections(False)

    def show_weeks(self, weeks: Sequence[IntakeWeek], days: Sequence[str]) -> None:
        """`days`: each week's first day in words."""
        self.setRowCount(len(weeks))
        for row, (week, day) in enumerate(zip(reversed(weeks), reversed(days), strict=True)):
            figures = (week.tickets, week.avoided, week.reminders, week.solved, week.good, week.bad)
            for column, words in enumerate((day, *(str(one) for one in figures))):
                item = QTableWidgetItem(words)
                item.setTextAlignment(_side(column) | Qt.AlignmentFlag.AlignVCenter)
                heading = self.horizontalHeaderItem(column)
                item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{heading.text() if heading else ''}: {words}")
                self.setItem(row, column, item)
            self.setRowHeight(row, self._appearance.px(30))
        self.setFixedHeight(self.horizontalHeader().height() + len(weeks) * self._appearance.px(30) + 4)


def _side(column: int) -> Qt.AlignmentFlag:
    """Figures under each other by their last digit."""
    return Qt.AlignmentFlag.AlignTrailing if column else Qt.AlignmentFlag.AlignLeading


def _wrapped(side: Qt.AlignmentFlag) -> int:
    """A head of two words stands on two lines where its column is narrow."""
    return int(side) | int(Qt.TextFlag.TextWordWrap)
