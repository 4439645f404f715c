"""All keys on one sheet, by where they act; single keys can be switched off here."""

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop.actions import Actions, spelled
from desktop.commands import COMMANDS, Where
from desktop.settings import Settings
from desktop.theme import fonts
from desktop.theme.appearance import Appearance


class KeysSheet(QDialog):
    """? or F1; Esc closes."""

    def __init__(self, appearance: Appearance, settings: Settings, actions: Actions, parent: QWidget) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._settings = settings
        self._actions = actions
        self.setWindowTitle(self.tr("Keys"))
        self.resize(appearance.px(820), appearance.px(620))
        single = QCheckBox(self.tr("Single keys act outside text fields"))
        single.setChecked(settings.single_keys)
        single.toggled.connect(lambda on: settings.put("keys/single", on))
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        area.setAccessibleName(self.tr("Keys"))
        area.setWidget(self._columns())
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 8, 12)
        column.addWidget(single)
        column.addWidget(area, 1)

    def _columns(self) -> QWidget:
        body = QWidget()
        row = QHBoxLayout(body)
        row.setSpacing(32)
        left, right = QVBoxLayout(), QVBoxLayout()
        for number, where in enumerate(Where):
            column = left if number < 2 else right
            column.addWidget(self._group(where))
        for column in (left, right):
            column.addStretch()
            row.addLayout(column, 1)
        return body

    def _group(self, where: Where) -> QWidget:
        box = QWidget()
        grid = QGridLayout(box)
        grid.setContentsMargins(0, 8, 0, 8)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(0, 1)
        heading = QLabel(QCoreApplication.translate("Commands", where.value))
        heading.setFont(self._appearance.font(11, fonts.SEMI_BOLD))
        heading.setProperty("tone", "muted")
        grid.addWidget(heading, 0, 0, 1, 2)
        for command in COMMANDS:
            keys = self._actions.keys_of(command)
            if command.where is where and keys:
                line = grid.rowCount()
                key = QLabel(self.tr(" or ").join(spelled(one) for one in keys[:2]))
                key.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                key.setFont(self._appearance.font(12, fonts.MEDIUM))
                grid.addWidget(QLabel(command.shown_title), line, 0)
                grid.addWidget(key, line, 1)
        return box
