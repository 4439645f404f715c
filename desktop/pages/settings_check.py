"""The page "Spot-check" of an owner: how often, told or not, and which categories."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Slot
from PySide6.QtWidgets import QSpinBox, QVBoxLayout, QWidget

from desktop.alerts.check_settings import CheckSettings
from desktop.pages.settings_general import Page
from desktop.pages.settings_parts import CheckMark, in_shape
from desktop.settings import Settings
from desktop.theme.appearance import Appearance
from sync.cache.rows import CategoryRow
from sync.domain.spot_check import MINUTES_LEAST, MINUTES_MOST


class CheckPage(Page):
    """Saved with each change."""

    def __init__(self, appearance: Appearance, settings: Settings, categories: Sequence[CategoryRow]) -> None:
        super().__init__(appearance, QCoreApplication.translate("CheckPage", "Spot-check"))
        self._choices = CheckSettings(settings)
        self.minutes = QSpinBox()
        self.minutes.setRange(MINUTES_LEAST, MINUTES_MOST)
        self.minutes.setSuffix(self.tr(" min"))
        in_shape(appearance, self.minutes, 80)
        self.minutes.setAccessibleName(self.tr("Minutes between two checks"))
        self.notify = CheckMark(appearance, self.tr("One notification and one chime"), self.tr("Tell each check"))
        self.followed = {category.id: CheckMark(appearance, category.name) for category in categories}
        self.form.add(self.tr("Check every"), self.minutes, self.tr("from 1 to 120 minutes; each check is recorded"))
        self.form.add(self.tr("At each check"), self.notify)
        self.form.add(self.tr("Categories that I follow"), self._list())
        self._read()
        self.minutes.valueChanged.connect(self._choices.set_minutes)
        self.notify.toggled.connect(self._choices.set_notify)
        for check in self.followed.values():
            check.toggled.connect(self._write_followed)
        settings.changed.connect(self._read)

    def _list(self) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        for check in self.followed.values():
            column.addWidget(check)
        holder.setAccessibleName(self.tr("Categories that I follow"))
        return holder

    @Slot()
    def _read(self) -> None:
        left_out = self._choices.left_out
        pairs: list[tuple[CheckMark, bool]] = [(self.notify, self._choices.notify)]
        pairs += [(check, category_id not in left_out) for category_id, check in self.followed.items()]
        for check, on in pairs:
            blocked = check.blockSignals(True)
            check.setChecked(on)
            check.blockSignals(blocked)
        blocked = self.minutes.blockSignals(True)
        self.minutes.setValue(self._choices.minutes)
        self.minutes.blockSignals(blocked)

    def _write_followed(self) -> None:
        shown = frozenset(self.followed)
        off = frozenset(category_id for category_id, check in self.followed.items() if not check.isChecked())
        self._choices.set_left_out((self._choices.left_out - shown) | off)
