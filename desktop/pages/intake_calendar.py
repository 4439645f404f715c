"""The house's business calendar as an owner sets it: zone, weekly hours, whose public holidays."""

from zoneinfo import available_timezones

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QCompleter, QLineEdit, QVBoxLayout, QWidget

from desktop.pages.settings_parts import Form, Words
from desktop.theme.appearance import Appearance
from sync.domain.intake_figures import HouseCalendar


class CalendarForm(QWidget):
    """changed(): the person wrote something."""

    changed = Signal()

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._in_zone = ""
        self._showing = False
        self.zone, self.hours, self.country = QLineEdit(), QLineEdit(), QLineEdit()
        self._usual = Words(appearance, "", 12, tone="muted")
        self._build(appearance)
        self.zone.textChanged.connect(self._tell)
        self.hours.textEdited.connect(self._tell)
        self.country.textEdited.connect(self._tell)

    @property
    def calendar(self) -> HouseCalendar:
        """As it stands here."""
        texts = (self.zone.text(), self.hours.text(), self.country.text())
        zone, hours, country = (one.strip() for one in texts)
        return HouseCalendar(zone, hours, country, self._in_zone)

    def show_calendar(self, calendar: HouseCalendar) -> None:
        """Another one; nobody is told."""
        self._showing = True
        self._in_zone = calendar.in_zone
        self.zone.setText(calendar.zone)
        self.hours.setText(calendar.hours)
        self.country.setText(calendar.country)
        words = self.tr("While none is set, that of the server counts: {zone}.")
        self._usual.setText("" if calendar.zone or not calendar.in_zone else words.format(zone=calendar.in_zone))
        self._showing = False

    def showEvent(self, event: QShowEvent) -> None:
        """The zones are looked up on the disk once somebody looks, not while the program starts."""
        if self.zone.completer() is None:
            known = QCompleter(sorted(available_timezones()), self)
            known.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
            known.setFilterMode(Qt.MatchFlag.MatchContains)
            self.zone.setCompleter(known)
        super().showEvent(event)

    def _build(self, appearance: Appearance) -> None:
        self.hours.setPlaceholderText(self.tr("Mo-Fr 09:00-12:00 13:00-17:00; Sa 10:00-12:00"))
        self.country.setPlaceholderText(self.tr("DE-BY"))
        self.country.setMaxLength(12)
        form = Form(appearance)
        form.add_wide(self.tr("Time zone"), self.zone)
        form.add("", self._usual)
        form.add_wide(self.tr("Working hours"), self.hours)
        form.add(self.tr("Public holidays of"), self.country)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(form)
        hint = Words(
            appearance,
            self.tr(
                "Write hours as Mo-Fr 09:00-12:00 13:00-17:00; Sa 10:00-12:00. Days without hours are free. "
                "A country is written as DE, a part of it as DE-BY; without one no holidays are kept. "
                "The answer that requesters may expect is reckoned on it."
            ),
            12,
            tone="muted",
        )
        hint.setWordWrap(True)
        column.addWidget(hint)
        column.addStretch(1)

    def _tell(self) -> None:
        if not self._showing:
            self.changed.emit()
