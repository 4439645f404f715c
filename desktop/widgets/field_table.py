"""A change that was left out: each field with mine, what it is now, and what it was when I changed it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from desktop.models.field_words import FieldLine
from desktop.theme import fonts
from desktop.theme.appearance import Appearance

_WIDEST_PX = 720


class FieldTable(QWidget):
    """Hidden while there is nothing to compare."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(appearance.px(16))
        self._grid.setVerticalSpacing(appearance.px(6))
        self._labels: list[QLabel] = []
        self.hide()

    def show_fields(self, lines: Sequence[FieldLine]) -> None:
        """One line each, under a line of heads."""
        for label in self._labels:
            self._grid.removeWidget(label)
            label.hide()
            label.deleteLater()
        self._labels = []
        heads = ("", self.tr("Yours"), self.tr("Now"), self.tr("When you changed it"))
        for column, words in enumerate(heads):
            self._put(0, column, words, "muted")
        for row, line in enumerate(lines, start=1):
            for column, words in enumerate((line.name, line.mine, line.theirs, line.base)):
                self._put(row, column, words, "", strong=column == 1)
        self.setAccessibleName(
            "; ".join(
                self.tr("{field}: yours {mine}, now {theirs}, before {base}").format(
                    field=line.name, mine=line.mine, theirs=line.theirs, base=line.base
                )
                for line in lines
            )
        )
        for column in range(1, len(heads)):
            self._grid.setColumnStretch(column, 1)
        self.setMaximumWidth(self._appearance.px(_WIDEST_PX))
        self.setVisible(bool(lines))

    def _put(self, row: int, column: int, words: str, tone: str, *, strong: bool = False) -> None:
        label = QLabel(words)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        label.setMinimumWidth(self._appearance.px(64))
        label.setProperty("tone", tone)
        small = bool(tone)
        label.setFont(self._appearance.font(12 if small else 13, fonts.SEMI_BOLD if strong else fonts.REGULAR))
        self._grid.addWidget(label, row, column)
        label.show()
        self._labels.append(label)
