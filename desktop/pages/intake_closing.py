"""A closing as an owner writes it: what it is, from when to when, for which categories, what requesters read."""

from collections.abc import Mapping

from PySide6.QtCore import QTime, Signal
from PySide6.QtWidgets import QDateEdit, QLineEdit, QPlainTextEdit, QTimeEdit, QVBoxLayout, QWidget

from desktop.models.wall_times import WallClock
from desktop.pages.settings_parts import CheckMark, Form, Words, as_day, as_time
from desktop.theme.appearance import Appearance
from desktop.widgets.places_button import PlacesButton
from sync.domain.closings import NOTICE_MAX, Closing
from sync.domain.limits import NAME_MAX

_MIDNIGHT = QTime(0, 0)


class ClosingForm(QWidget):
    """changed(): the person wrote something."""

    changed = Signal()

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._id = ""
        self._clock = WallClock()
        self._showing = False
        self.name, self.notice = QLineEdit(), QPlainTextEdit()
        self.first, self.last = QDateEdit(), QDateEdit()
        self.begins, self.ends = QTimeEdit(), QTimeEdit()
        self.whole_days = CheckMark(appearance, self.tr("Whole days"))
        self.places = PlacesButton(self.tr("Closed for"))
        self._build(appearance)
        self._connect()

    @property
    def closing(self) -> Closing:
        """As it stands here."""
        whole, clock = self.whole_days.isChecked(), self._clock
        begins = _MIDNIGHT if whole else self.begins.time()
        ends = _MIDNIGHT if whole else self.ends.time()
        return Closing(
            self._id,
            self.name.text().strip(),
            clock.moment(self.first.date(), begins),
            clock.moment(self.last.date(), ends, days_later=1 if whole else 0),
            self.places.chosen,
            self.notice.toPlainText(),
        )

    def show_closing(self, closing: Closing, clock: WallClock) -> None:
        """Another one; nobody is told."""
        self._showing = True
        self._id, self._clock = closing.id, clock
        self.name.setText(closing.name)
        whole = clock.is_midnight(closing.starts_at) and clock.is_midnight(closing.ends_at)
        self.whole_days.setChecked(whole)
        first, begins = clock.shown(closing.starts_at)
        last, _ = clock.shown(closing.ends_at - 1 if whole else closing.ends_at)
        self.first.setDate(first)
        self.last.setDate(last)
        self.begins.setTime(begins)
        self.ends.setTime(clock.shown(closing.ends_at)[1])
        self.places.choose(closing.category_ids)
        self.notice.setPlainText(closing.notice)
        self._show_times()
        self._showing = False

    def show_places(self, names: Mapping[str, str]) -> None:
        """All categories by id."""
        self.places.show_places(names)

    def _build(self, appearance: Appearance) -> None:
        self.name.setMaxLength(NAME_MAX)
        self.name.setPlaceholderText(self.tr("Christmas holidays"))
        self.notice.setFixedHeight(appearance.px(96))
        self.notice.setTabChangesFocus(True)
        for day, words in ((self.first, self.tr("First day")), (self.last, self.tr("Last day"))):
            as_day(appearance, day, words)
        for clock, words in ((self.begins, self.tr("Begins at")), (self.ends, self.tr("Ends at"))):
            as_time(appearance, clock, words)
        form = Form(appearance)
        form.add_wide(self.tr("Name"), self.name)
        form.add(self.tr("From"), self.first, self.begins)
        form.add(self.tr("To, that day included"), self.last, self.ends)
        form.add("", self.whole_days)
        form.add(self.tr("Closed for"), self.places)
        form.add_wide(self.tr("Notice to requesters"), self.notice)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(form)
        hint = Words(
            appearance,
            self.tr(
                "Two weeks before it begins, and until it ends, it stands on the form, in the confirmation and on "
                "private pages, and the time of the expected answer follows it."
            ),
            12,
            tone="muted",
        )
        hint.setWordWrap(True)
        column.addWidget(hint)
        column.addStretch(1)

    def _connect(self) -> None:
        for signal in (
            self.name.textEdited, self.first.dateChanged, self.last.dateChanged, self.begins.timeChanged,
            self.ends.timeChanged, self.places.changed, self.notice.textChanged,
        ):  # fmt: skip
            signal.connect(self._tell)
        self.whole_days.toggled.connect(self._whole)

    def _whole(self) -> None:
        self._show_times()
        self._tell()

    def _show_times(self) -> None:
        for clock in (self.begins, self.ends):
            clock.setVisible(not self.whole_days.isChecked())

    def _tell(self) -> None:
        if not self._showing:
            if len(self.notice.toPlainText()) > NOTICE_MAX:
                self.notice.setPlainText(self.notice.toPlainText()[:NOTICE_MAX])
            self.changed.emit()
