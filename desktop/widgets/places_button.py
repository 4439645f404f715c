"""A button that names categories and opens a menu to tick them; none ticked means everywhere."""

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

_NAMED = 2


class PlacesButton(QToolButton):
    """changed(): other ones are ticked, by the person."""

    changed = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._names: dict[str, str] = {}
        self._chosen: frozenset[str] = frozenset()
        self._menu = QMenu(self)
        self.setMenu(self._menu)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setProperty("look", "outline")
        self._tell()

    @property
    def chosen(self) -> frozenset[str]:
        """The ids that are ticked."""
        return self._chosen

    def show_places(self, names: Mapping[str, str]) -> None:
        """All categories by id, in their order."""
        self._names = dict(names)
        self._menu.clear()
        for one, name in names.items():
            action = QAction(name.replace("&", "&&"), self._menu, checkable=True)
            action.setData(one)
            action.toggled.connect(self._toggled)
            self._menu.addAction(action)
        self.choose(self._chosen)

    def choose(self, chosen: frozenset[str]) -> None:
        """These are ticked; nobody is told. What is ticked and not known here stays so."""
        self._chosen = chosen
        for action in self._menu.actions():
            action.blockSignals(True)
            action.setChecked(action.data() in chosen)
            action.blockSignals(False)
        self._tell()

    def _toggled(self) -> None:
        ticked = {str(action.data()) for action in self._menu.actions() if action.isChecked()}
        self._chosen = frozenset(ticked | (self._chosen - self._names.keys()))
        self._tell()
        self.changed.emit()

    def _tell(self) -> None:
        names = [name for one, name in self._names.items() if one in self._chosen]
        words = ", ".join(names[:_NAMED]) or self.tr("Everywhere")
        if len(names) > _NAMED:
            words = self.tr("{names} and {count} more").format(names=words, count=len(names) - _NAMED)
        self.setText(words.replace("&", "&&"))
        self.setAccessibleName(f"{self._name}: {words}")
