"""An incident as it is written: what is broken, since when, until when, why, and what requesters read of it."""

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDateEdit, QLineEdit, QPlainTextEdit, QTimeEdit, QVBoxLayout, QWidget

from desktop.models.wall_times import WallClock
from desktop.pages.settings_parts import CheckMark, Form, as_day, as_time
from desktop.theme.appearance import Appearance
from desktop.widgets.places_button import PlacesButton
from sync.domain.incidents import CAUSE_MAX, NOTICE_MAX, TITLE_MAX, Incident
from sync.domain.times import HOUR_MS


class IncidentForm(QWidget):
    """changed(): the person wrote something."""

    changed = Signal()

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self.shown = Incident("", "", 0)
        self._clock = WallClock()
        self._showing = False
        self.title, self.cause, self.notice = QLineEdit(), QLineEdit(), QPlainTextEdit()
        self.day, self.time = QDateEdit(), QTimeEdit()
        self.eta_day, self.eta_time = QDateEdit(), QTimeEdit()
        self.has_eta = CheckMark(appearance, self.tr("By"), self.tr("The time of repair is known"))
        self.is_public = CheckMark(appearance, self.tr("On the form and on private pages"))
        self.places = PlacesButton(self.tr("Shown for"))
        self._build(appearance)
        self._connect()

    @property
    def incident(self) -> Incident:
        """As it stands here."""
        eta = self._clock.moment(self.eta_day.date(), self.eta_time.time()) if self.has_eta.isChecked() else None
        since = self._clock.moment(self.day.date(), self.time.time())
        return replace(
            self.shown,
            title=self.title.text().strip(),
            cause=self.cause.text().strip(),
            notice=self.notice.toPlainText(),
            since=_unless_same(since, self.shown.since),
            eta=_unless_same(eta, self.shown.eta) if eta is not None else None,
            is_public=self.is_public.isChecked(),
            category_ids=self.places.chosen,
        )

    def show_incident(self, incident: Incident) -> None:
        """Another one, or as it is by now; nobody is told. What stands there already keeps its cursor."""
        self._showing = True
        self.shown = incident
        for field, text in ((self.title, incident.title), (self.cause, incident.cause)):
            if field.text().strip() != text:
                field.setText(text)
        if self.notice.toPlainText() != incident.notice:
            self.notice.setPlainText(incident.notice)
        self._put(self.day, self.time, incident.since)
        self.has_eta.setChecked(incident.eta is not None)
        self._put(self.eta_day, self.eta_time, incident.eta or incident.since + 2 * HOUR_MS)
        self.is_public.setChecked(incident.is_public)
        self.places.choose(incident.category_ids)
        self._show_eta()
        self._showing = False

    def show_places(self, names: Mapping[str, str]) -> None:
        """All categories by id."""
        self.places.show_places(names)

    def _put(self, day: QDateEdit, time: QTimeEdit, at: int) -> None:
        shown = self._clock.shown(at)
        if (day.date(), time.time()) != shown:
            day.setDate(shown[0])
            time.setTime(shown[1])

    def _build(self, appearance: Appearance) -> None:
        self.title.setMaxLength(TITLE_MAX)
        self.title.setPlaceholderText(self.tr("Downloads stop half-way (the whole team reads this)"))
        self.cause.setMaxLength(CAUSE_MAX)
        self.cause.setPlaceholderText(self.tr("Disk full"))
        self.notice.setPlaceholderText(self.tr("Stands in mails about it, and on the form where the public is told"))
        self.notice.setFixedHeight(appearance.px(84))
        self.notice.setTabChangesFocus(True)
        for day, words in ((self.day, self.tr("Day it began")), (self.eta_day, self.tr("Day of repair"))):
            as_day(appearance, day, words)
        for clock, words in ((self.time, self.tr("Time it began")), (self.eta_time, self.tr("Time of repair"))):
            as_time(appearance, clock, words)
        form = Form(appearance)
        form.add_wide(self.tr("What is broken"), self.title)
        form.add(self.tr("Since"), self.day, self.time)
        form.add(self.tr("Expected repair"), self.has_eta, self.eta_day, self.eta_time)
        form.add_wide(self.tr("Cause, for colleagues"), self.cause)
        form.add_wide(self.tr("Notice to requesters"), self.notice)
        form.add(self.tr("Tell the public"), self.is_public)
        form.add(self.tr("Shown for"), self.places)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(form)

    def _connect(self) -> None:
        for signal in (
            self.title.textEdited, self.cause.textEdited, self.notice.textChanged, self.day.dateChanged,
            self.time.timeChanged, self.eta_day.dateChanged, self.eta_time.timeChanged, self.is_public.toggled,
            self.places.changed,
        ):  # fmt: skip
            signal.connect(self._tell)
        self.has_eta.toggled.connect(self._tell)

    def _show_eta(self) -> None:
        for field in (self.eta_day, self.eta_time):
            field.setVisible(self.has_eta.isChecked())
        self.places.setEnabled(self.is_public.isChecked())

    def _tell(self) -> None:
        if self._showing:
            return
        self._show_eta()
        if len(self.notice.toPlainText()) > NOTICE_MAX:
            self.notice.setPlainText(self.notice.toPlainText()[:NOTICE_MAX])
        self.changed.emit()


def _unless_same(typed: int, kept: int | None) -> int:
    """What is kept where it shows the same: the fields know no seconds."""
    return kept if kept is not None and kept // 60_000 == typed // 60_000 else typed
