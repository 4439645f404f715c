"""Which chime rings for what, and how loud."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QVBoxLayout, QWidget

from desktop.alerts.chime import ChimePlayer
from desktop.alerts.preferences import Preferences
from desktop.pages.settings_parts import Box, VolumeSlider, Words
from desktop.theme import fonts
from desktop.theme.appearance import Appearance
from desktop.translation import translate
from desktop.widgets.choice_field import ChoiceField, Option
from desktop.widgets.key_button import ButtonLook, IconButton, KeyButton
from sync.cache.rows import CategoryRow
from sync.domain.alerting import AlertSettings, Chime, ChimeChoice, ChimeRule
from sync.domain.records import Priority

_WHEN, _CHIME = 300, 200
_FLAT = ButtonLook("text", "surface", "surface")


class ChimeRow(QWidget):
    """When, chime, volume, play, and for a rule the button that takes it away."""

    def __init__(
        self,
        appearance: Appearance,
        words: str,
        icon: str,
        choice: ChimeChoice,
        changed: Callable[[ChimeChoice], None],
        play: Callable[[ChimeChoice], object],
        remove: Callable[[], None] | None,
    ) -> None:
        super().__init__()
        self._choice = choice
        self._changed = changed
        self.field = self._field(appearance, words)
        self.slider = self._slider(appearance, words)
        self.play = IconButton(appearance, self.tr("Play the chime for: {when}").replace("{when}", words), "play")
        self.play.clicked.connect(lambda: play(self._choice))
        px = appearance.px
        mark = QLabel()
        mark.setPixmap(appearance.pixmap(icon, 16, "muted", self.devicePixelRatioF()))
        mark.setFixedWidth(px(16))
        name = Words(appearance, words)
        name.setFixedWidth(px(_WHEN - 36))
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 2, 12, 2)
        row.setSpacing(8)
        for widget in (mark, name, self.field):
            row.addWidget(widget)
        row.addSpacing(px(_CHIME - 186))
        row.addWidget(self.slider)
        row.addSpacing(px(24))
        row.addWidget(self.play)
        if remove is not None:
            away = self.tr("Take away the chime for: {when}").replace("{when}", words)
            button = IconButton(appearance, away, "close")
            button.clicked.connect(lambda: remove())
            row.addWidget(button)
        row.addStretch(1)

    def _field(self, appearance: Appearance, words: str) -> ChoiceField:
        field = ChoiceField(appearance, self.tr("Chime for: {when}").replace("{when}", words))
        field.set_options([Option(chime.value, chime_name(chime)) for chime in Chime])
        field.set_value(self._choice.chime.value)
        field.setFixedWidth(appearance.px(170))
        field.chosen.connect(self._chime_chosen)
        return field

    def _slider(self, appearance: Appearance, words: str) -> VolumeSlider:
        slider = VolumeSlider(appearance, self.tr("Volume for: {when}").replace("{when}", words))
        slider.setValue(self._choice.volume)
        slider.sliderReleased.connect(self._volume_chosen)
        slider.valueChanged.connect(self._volume_moved)
        return slider

    def _chime_chosen(self, value: object) -> None:
        self._choice = replace(self._choice, chime=Chime(str(value)))
        self._changed(self._choice)

    def _volume_moved(self, volume: int) -> None:
        self._choice = replace(self._choice, volume=volume)
        if not self.slider.isSliderDown():
            self._changed(self._choice)

    def _volume_chosen(self) -> None:
        self._changed(self._choice)


class ChimesPart(QWidget):
    """The table of chimes; saved with each change."""

    def __init__(
        self,
        appearance: Appearance,
        preferences: Preferences,
        chimes: ChimePlayer,
        categories: Sequence[CategoryRow],
        owner: bool,
    ) -> None:
        super().__init__()
        self._appearance = appearance
        self._preferences = preferences
        self._chimes = chimes
        self._categories = categories
        self._owner = owner
        self._shown: AlertSettings | None = None
        self._own = False
        self._box = Box(appearance)
        self.rows: list[ChimeRow] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(Words(appearance, self.tr("Chimes"), weight=fonts.SEMI_BOLD))
        column.addWidget(self._box)
        self._fill()
        preferences.changed.connect(self._fill)
        appearance.changed.connect(self._fill_anew)

    def _fill_anew(self) -> None:
        self._shown = None
        self._fill()

    @Slot()
    def _fill(self) -> None:
        now = self._preferences.now
        if self._shown is not None and (self._own or now == self._shown):
            self._shown = now
            return
        self._shown = now
        rows = [
            self._row(self.tr("New ticket"), "inbox", now.new, self._set_new),
            self._row(self.tr("A requester answers"), "inbound", now.inbound, self._set_inbound),
        ]
        if self._owner:
            rows.append(self._row(self.tr("Spot-check, as owner"), "spot-check", now.check, self._set_check))
        rows += [self._rule_row(place, rule) for place, rule in enumerate(now.rules)]
        self.rows = rows
        self._box.set_rows([self._head(), *rows, self._adder()])

    def _row(
        self,
        words: str,
        icon: str,
        choice: ChimeChoice,
        changed: Callable[[ChimeChoice], None],
        remove: Callable[[], None] | None = None,
    ) -> ChimeRow:
        return ChimeRow(self._appearance, words, icon, choice, changed, self._chimes.play, remove)

    def _rule_row(self, place: int, rule: ChimeRule) -> ChimeRow:
        icon = "urgent" if rule.priority is Priority.URGENT else "high" if rule.priority is not None else "folder"
        return self._row(
            self._rule_words(rule),
            icon,
            rule.choice,
            lambda choice: self._set_rule(place, choice),
            lambda: self._remove_rule(place),
        )

    def _rule_words(self, rule: ChimeRule) -> str:
        names = {category.id: category.name for category in self._categories}
        category = names.get(rule.category_id or "", self.tr("a category that you no longer have"))
        if rule.priority is None:
            return self.tr("New ticket in {category}").replace("{category}", category)
        priority = priority_name(rule.priority)
        if rule.category_id is None:
            return self.tr("Priority {priority}, any category").replace("{priority}", priority)
        words = self.tr("Priority {priority} in {category}")
        return words.replace("{priority}", priority).replace("{category}", category)

    def _head(self) -> QWidget:
        head = QWidget()
        row = QHBoxLayout(head)
        row.setContentsMargins(12, 6, 12, 6)
        row.setSpacing(0)
        for words, width in ((self.tr("When"), _WHEN - 4), (self.tr("Chime"), _CHIME), (self.tr("Volume"), 120)):
            label = Words(self._appearance, words, 11, fonts.SEMI_BOLD, "muted")
            label.setFixedWidth(self._appearance.px(width))
            row.addWidget(label)
        row.addStretch(1)
        return head

    def _adder(self) -> QWidget:
        foot = QWidget()
        row = QHBoxLayout(foot)
        row.setContentsMargins(4, 4, 8, 4)
        button = KeyButton(self._appearance, self.tr("Chime for a category or priority…"), "plus", _FLAT, big=False)
        menu = QMenu(button)
        for rule, words in self._possible():
            action = menu.addAction(words.replace("&", "&&"))
            action.triggered.connect(lambda _checked=False, rule=rule: self._add_rule(rule))
        button.clicked.connect(lambda: menu.popup(button.mapToGlobal(button.rect().bottomLeft())))
        button.setEnabled(not menu.isEmpty())
        row.addWidget(button)
        row.addStretch(1)
        return foot

    def _possible(self) -> list[tuple[ChimeRule, str]]:
        now = self._preferences.now
        have = {(rule.category_id, rule.priority) for rule in now.rules}
        rules = [ChimeRule(now.new, priority=priority) for priority in reversed(Priority)]
        rules += [ChimeRule(now.new, category_id=category.id) for category in self._categories]
        free = [rule for rule in rules if (rule.category_id, rule.priority) not in have]
        return [(rule, self._rule_words(rule)) for rule in free]

    def _set(self, choices: AlertSettings) -> None:
        """Save without building the rows anew under the person's hand."""
        self._own = True
        try:
            self._preferences.set(choices)
        finally:
            self._own = False

    def _set_new(self, choice: ChimeChoice) -> None:
        self._set(replace(self._preferences.now, new=choice))

    def _set_inbound(self, choice: ChimeChoice) -> None:
        self._set(replace(self._preferences.now, inbound=choice))

    def _set_check(self, choice: ChimeChoice) -> None:
        self._set(replace(self._preferences.now, check=choice))

    def _set_rule(self, place: int, choice: ChimeChoice) -> None:
        rules = list(self._preferences.now.rules)
        rules[place] = replace(rules[place], choice=choice)
        self._set(replace(self._preferences.now, rules=tuple(rules)))

    def _add_rule(self, rule: ChimeRule) -> None:
        now = self._preferences.now
        self._preferences.set(replace(now, rules=(*now.rules, rule)))

    def _remove_rule(self, place: int) -> None:
        now = self._preferences.now
        self._preferences.set(replace(now, rules=now.rules[:place] + now.rules[place + 1 :]))


def chime_name(chime: Chime) -> str:
    """As people call it."""
    return {
        Chime.DESK_BELL: translate("Chimes", "Desk bell"),
        Chime.TWO_NOTES: translate("Chimes", "Two notes"),
        Chime.TRIPLE_BELL: translate("Chimes", "Triple bell"),
        Chime.WOOD_BLOCK: translate("Chimes", "Wood block"),
        Chime.OWNERS_CHECK: translate("Chimes", "Owner's check"),
        Chime.SILENT: translate("Chimes", "None"),
    }[chime]


def priority_name(priority: Priority) -> str:
    """As people call it, within a sentence."""
    return {
        Priority.LOW: translate("Chimes", "low"),
        Priority.NORMAL: translate("Chimes", "normal"),
        Priority.HIGH: translate("Chimes", "high"),
        Priority.URGENT: translate("Chimes", "urgent"),
    }[priority]
