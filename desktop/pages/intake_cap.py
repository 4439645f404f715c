"""A cap on open tickets as an owner sets it: how many, where, until when, and the reason that requesters read."""

from collections.abc import Mapping

from PySide6.QtCore import QTime, Signal
from PySide6.QtWidgets import QComboBox, QDateEdit, QLineEdit, QSpinBox, QVBoxLayout, QWidget

from desktop.models.wall_times import WallClock
from desktop.pages.settings_parts import CheckMark, Form, Words, as_day, in_shape
from desktop.theme.appearance import Appearance
from sync.domain.caps import OpenTicketCap
from sync.domain.times import DAY_MS

_MOST, _REASON_MAX = 1_000, 300
_MIDNIGHT = QTime(0, 0)
_USUAL_DAYS = 28


class CapForm(QWidget):
    """changed(): the person set something."""

    changed = Signal()

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._cap = OpenTicketCap("", None, 1, None, "")
        self._clock = WallClock()
        self._showing = False
        self._names: dict[str, str] = {}
        self.most, self.place, self.reason = QSpinBox(), QComboBox(), QLineEdit()
        self.lifts = CheckMark(appearance, self.tr("Lifts itself after"))
        self.last = QDateEdit()
        self.led = Words(appearance, "", tone="muted")
        self._build(appearance)
        self._connect()

    @property
    def cap(self) -> OpenTicketCap:
        """As it stands here."""
        until = self._clock.moment(self.last.date(), _MIDNIGHT, days_later=1) if self.lifts.isChecked() else None
        category = self.place.currentData()
        chosen = None if category is None else str(category)
        return OpenTicketCap(
            self._cap.id, chosen, self.most.value(), until, self.reason.text().strip(), self._cap.led_times
        )

    def show_cap(self, cap: OpenTicketCap, clock: WallClock, now_ms: int) -> None:
        """Another one; nobody is told. The category of a kept one stays."""
        self._showing = True
        self._cap, self._clock = cap, clock
        self._offer_places()
        self.most.setValue(cap.most)
        self.place.setEnabled(not cap.id)
        self.reason.setText(cap.reason)
        self.lifts.setChecked(cap.until is not None)
        self.last.setDate(clock.shown((cap.until or now_ms + (_USUAL_DAYS + 1) * DAY_MS) - 1)[0])
        self.last.setEnabled(cap.until is not None)
        words = self.tr("{count} times somebody was led to the ticket that was open.")
        self.led.setText(words.format(count=cap.led_times) if cap.id else "")
        self._showing = False

    def show_places(self, names: Mapping[str, str]) -> None:
        """All categories by id."""
        self._names = dict(names)
        self._offer_places()

    def _offer_places(self) -> None:
        chosen = self._cap.category_id
        self.place.blockSignals(True)
        self.place.clear()
        self.place.addItem(self.tr("All categories together"), None)
        for category, name in self._names.items():
            self.place.addItem(name, category)
        self.place.setCurrentIndex(max(0, self.place.findData(chosen)))
        self.place.blockSignals(False)

    def _build(self, appearance: Appearance) -> None:
        self.most.setRange(1, _MOST)
        in_shape(appearance, self.most, 84)
        as_day(appearance, self.last, self.tr("Last day of the cap"))
        self.reason.setMaxLength(_REASON_MAX)
        form = Form(appearance)
        form.add(self.tr("Open tickets at most"), self.most)
        form.add(self.tr("Counted in"), self.place)
        form.add("", self.lifts, self.last)
        form.add_wide(self.tr("Reason for requesters"), self.reason)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(form)
        column.addWidget(self.led)
        hint = Words(
            appearance,
            self.tr(
                "On the form, who has as many open is led to the ticket that is open, with the reason; the words are "
                "added there. A mail begins a ticket all the same."
            ),
            12,
            tone="muted",
        )
        hint.setWordWrap(True)
        column.addWidget(hint)
        column.addStretch(1)

    def _connect(self) -> None:
        for signal in (
            self.most.valueChanged, self.place.currentIndexChanged, self.last.dateChanged, self.reason.textEdited,
        ):  # fmt: skip
            signal.connect(self._tell)
        self.lifts.toggled.connect(self._lifted)

    def _lifted(self, on: bool) -> None:
        self.last.setEnabled(on)
        self._tell()

    def _tell(self) -> None:
        if not self._showing:
            self.changed.emit()
