"""When to be quiet: do not disturb, quiet hours, what rings even then, repeats."""

from dataclasses import replace

from PySide6.QtCore import QTime, Slot
from PySide6.QtWidgets import QSpinBox, QTimeEdit, QVBoxLayout, QWidget

from desktop.alerts.preferences import Preferences
from desktop.alerts.quiet_times import QuietChoice, quiet_until
from desktop.models.moments import Moments
from desktop.pages.settings_parts import CheckMark, Form, Words, as_time, in_shape
from desktop.theme import fonts
from desktop.theme.appearance import Appearance
from desktop.widgets.choice_field import ChoiceField, Option
from sync.domain.alerting import UNTIL_CANCELLED, AlertSettings
from sync.domain.clock import Clock


class QuietPart(QWidget):
    """The form; saved with each change."""

    def __init__(self, appearance: Appearance, preferences: Preferences, moments: Moments, clock: Clock) -> None:
        super().__init__()
        self._preferences = preferences
        self._moments = moments
        self._clock = clock
        self.dnd = ChoiceField(appearance, self.tr("Do not disturb"))
        self.dnd.setFixedWidth(appearance.px(200))
        self.quiet = CheckMark(appearance, self.tr("On"), self.tr("Quiet hours"))
        self.start, self.end = (
            self._time(appearance, self.tr("Quiet from")),
            self._time(appearance, self.tr("Quiet to")),
        )
        self.urgent = CheckMark(appearance, self.tr("Ring even then"), self.tr("Urgent tickets ring even then"))
        self.repeat = CheckMark(appearance, self.tr("Every"), self.tr("Repeat until handled"))
        self.minutes = QSpinBox()
        self.minutes.setRange(1, 60)
        self.minutes.setSuffix(self.tr(" min"))
        in_shape(appearance, self.minutes, 72)
        self.minutes.setAccessibleName(self.tr("Minutes between two rings"))
        self.in_view = CheckMark(
            appearance, self.tr("Stays silent"), self.tr("The ticket that I am looking at stays silent")
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(Words(appearance, self.tr("When to be quiet"), weight=fonts.SEMI_BOLD))
        column.addLayout(self._form(appearance))
        self._read()
        self._listen()
        preferences.changed.connect(self._read)

    def _form(self, appearance: Appearance) -> Form:
        form = Form(appearance)
        form.add(
            self.tr("Do not disturb"),
            self.dnd,
            self.tr("Counts go on, sound and notifications wait. The bell shows a moon."),
        )
        form.add(
            self.tr("Quiet hours"), self.quiet, self.start, Words(appearance, self.tr("to"), tone="muted"), self.end
        )
        form.add(self.tr("Urgent tickets"), self.urgent)
        remark = self.tr("for urgent tickets, until somebody takes or answers them")
        form.add(self.tr("Repeat until handled"), self.repeat, self.minutes, remark)
        form.add(self.tr("Ticket that I am looking at"), self.in_view)
        return form

    def _time(self, appearance: Appearance, name: str) -> QTimeEdit:
        field = QTimeEdit()
        as_time(appearance, field, name, 72)
        return field

    def _listen(self) -> None:
        self.dnd.chosen.connect(self._dnd_chosen)
        for check in (self.quiet, self.urgent, self.repeat, self.in_view):
            check.toggled.connect(self._write)
        for field in (self.start, self.end):
            field.timeChanged.connect(self._write)
        self.minutes.valueChanged.connect(self._write)

    @Slot()
    def _read(self) -> None:
        """Show what is set, without writing it back."""
        now = self._preferences.now
        fields = (self.quiet, self.start, self.end, self.urgent, self.repeat, self.minutes, self.in_view)
        before = [field.blockSignals(True) for field in fields]
        self._show_dnd(now)
        self.quiet.setChecked(now.quiet.on)
        self.start.setTime(QTime(0, 0).addSecs(60 * now.quiet.from_minute))
        self.end.setTime(QTime(0, 0).addSecs(60 * now.quiet.to_minute))
        self.urgent.setChecked(now.urgent_rings_anyway)
        self.repeat.setChecked(now.repeat)
        self.minutes.setValue(now.repeat_minutes)
        self.in_view.setChecked(now.silent_in_view)
        for field, blocked in zip(fields, before, strict=True):
            field.blockSignals(blocked)
        self._enable()

    def _show_dnd(self, now: AlertSettings) -> None:
        options = [
            Option(QuietChoice.OFF.value, self.tr("Off")),
            Option(QuietChoice.HOUR.value, self.tr("For 1 hour")),
            Option(QuietChoice.TOMORROW.value, self.tr("Until tomorrow")),
            Option(QuietChoice.ALWAYS.value, self.tr("Until I switch it off")),
        ]
        self.dnd.set_options(options)
        at = self._clock.now_ms()
        if not now.do_not_disturb(at):
            self.dnd.set_value(QuietChoice.OFF.value)
        elif now.dnd_until == UNTIL_CANCELLED:
            self.dnd.set_value(QuietChoice.ALWAYS.value)
        else:
            until = self._moments.short(now.dnd_until, at)
            self.dnd.set_value("until", self.tr("On until {time}").replace("{time}", until))

    def _enable(self) -> None:
        for field in (self.start, self.end):
            field.setEnabled(self.quiet.isChecked())
        self.minutes.setEnabled(self.repeat.isChecked())

    def _dnd_chosen(self, value: object) -> None:
        if value in set(QuietChoice):
            until = quiet_until(QuietChoice(str(value)), self._clock.now_ms())
            self._preferences.set(replace(self._preferences.now, dnd_until=until))

    def _write(self) -> None:
        now = self._preferences.now
        quiet = replace(
            now.quiet, on=self.quiet.isChecked(), from_minute=_minute(self.start), to_minute=_minute(self.end)
        )
        self._enable()
        self._preferences.set(
            replace(
                now,
                quiet=quiet,
                urgent_rings_anyway=self.urgent.isChecked(),
                repeat=self.repeat.isChecked(),
                repeat_minutes=self.minutes.value(),
                silent_in_view=self.in_view.isChecked(),
            )
        )


def _minute(field: QTimeEdit) -> int:
    return field.time().hour() * 60 + field.time().minute()
