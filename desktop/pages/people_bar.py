"""What can be done with the person and the category that have the keyboard."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from desktop.desk import Desk
from desktop.models.people_matrix import Place
from desktop.theme import fonts
from desktop.widgets import painting
from desktop.widgets.flow import FlowLayout
from desktop.widgets.ground import Ground
from desktop.widgets.key_button import DANGER, PLAIN, ButtonLook, KeyButton
from sync.domain.people import AgentAccess


class PeopleBar(Ground):
    """pressed(str): person, line, rename, remove, back, rename_category, describe_category, add_category or former."""

    pressed = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.appearance, "surface", "top")
        self._desk = desk
        look, px = desk.appearance, desk.appearance.px
        self.words = QLabel()
        self.buttons: dict[str, KeyButton] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(px(16), px(8), px(16), px(10))
        column.setSpacing(px(6))
        column.addWidget(self.words)
        line = QWidget()
        flow = FlowLayout(line, px(8))
        buttons: Sequence[tuple[str, str, str, ButtonLook, str]] = (
            ("person", self.tr("Devices and password"), "user", PLAIN, "⏎"),
            ("line", self.tr("To the second line"), "bell-off", PLAIN, "F4"),
            ("rename", self.tr("Rename"), "quick-note", PLAIN, "F2"),
            ("remove", self.tr("Remove…"), "user-none", DANGER, self.tr("Del")),
            ("back", self.tr("Bring back"), "undo", PLAIN, ""),
            ("rename_category", self.tr("Rename the category"), "folder", PLAIN, self.tr("Shift F2")),
            ("describe_category", self.tr("What belongs here…"), "quick-note", PLAIN, self.tr("Ctrl F2")),
            ("add_category", self.tr("Add a category"), "plus", PLAIN, self.tr("Shift Ins")),
            ("former", self.tr("Show who left"), "users", PLAIN, ""),
        )
        for name, words, icon, kind, key in buttons:
            button = self.buttons[name] = KeyButton(look, words, icon, kind, key, big=False)
            button.clicked.connect(partial(self.pressed.emit, name))
            flow.addWidget(button)
        column.addWidget(line)
        look.changed.connect(self._dress)
        self._dress()

    def show_keys(self, shown: bool) -> None:
        """Leave the keys out where there is little room."""
        for button in self.buttons.values():
            button.show_key(shown)

    def show_former(self, shown: bool) -> None:
        """Whether those who left are on the list."""
        self.buttons["former"].set_words(self.tr("Hide who left") if shown else self.tr("Show who left"))

    def show_person(self, person: AgentAccess | None, place: Place | None) -> None:
        """Whose row, and which category's column, has the keyboard."""
        left = person is not None and not person.active
        self.buttons["back"].setVisible(left)
        for name in ("rename", "remove"):
            self.buttons[name].setVisible(not left)
        for name in ("person", "rename", "remove"):
            self.buttons[name].setEnabled(person is not None)
        for name in ("rename_category", "describe_category"):
            self.buttons[name].setEnabled(place is not None)
        has = person is not None and place is not None and not left and place.id in person.category_ids
        second = person is not None and place is not None and place.id in person.second_line_ids
        self.buttons["line"].setEnabled(has)
        self.buttons["line"].set_words(self.tr("To the first line") if second else self.tr("To the second line"))
        self.words.setText("" if person is None else self._said(person))

    def _said(self, person: AgentAccess) -> str:
        if not person.active:
            return self.tr("{name} left").format(name=person.name)
        if not person.devices or person.last_seen_at is None:
            return self.tr("{name}: signed in nowhere").format(name=person.name)
        day = self._desk.moments.day(person.last_seen_at, self._desk.clock.now_ms())
        if len(person.devices) == 1:
            return self.tr("{name}: on 1 device, seen {day}").format(name=person.name, day=day)
        words = self.tr("{name}: on {count} devices, seen {day}")
        return words.format(name=person.name, count=len(person.devices), day=day)

    def _dress(self) -> None:
        self.words.setFont(self._desk.appearance.font(13, fonts.MEDIUM))
        self.words.setAlignment(painting.at_start(self._desk.appearance.right_to_left))
