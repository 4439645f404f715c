"""What can be done with the FAQ entry that is open, and which entries are listed."""

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit

from desktop.models.faq_cards import Among
from desktop.theme.appearance import Appearance
from desktop.widgets.ground import Ground
from desktop.widgets.key_button import ACCENT, DANGER, PLAIN, PRIMARY, KeyButton
from sync.domain.faq import Status

_TYPING_MS = 120


class FaqFilter(Ground):
    """changed(): other words, or other ones among all."""

    changed = Signal()

    def __init__(self, appearance: Appearance) -> None:
        super().__init__(appearance, "surface", "bottom")
        self.field, self.among_box = QLineEdit(), QComboBox()
        self.field.setPlaceholderText(self.tr("Find in questions and answers"))
        self.field.setAccessibleName(self.tr("Find in questions and answers"))
        self.field.setClearButtonEnabled(True)
        self.among_box.setAccessibleName(self.tr("Which entries are listed"))
        for among, words in (
            (Among.ALL, self.tr("All")),
            (Among.DRAFTS, self.tr("Drafts")),
            (Among.PUBLISHED, self.tr("Published")),
            (Among.HELPFUL, self.tr("Most helpful")),
        ):
            self.among_box.addItem(words, among.value)
        self._typing = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._typing.timeout.connect(self.changed)
        self.field.textChanged.connect(self._typing.start)
        self.among_box.currentIndexChanged.connect(lambda _row: self.changed.emit())
        row = QHBoxLayout(self)
        px = appearance.px
        row.setContentsMargins(px(12), px(6), px(12), px(6))
        row.setSpacing(px(8))
        row.addWidget(self.field, 1)
        row.addWidget(self.among_box)

    @property
    def words(self) -> str:
        """What is looked for."""
        return self.field.text()

    @property
    def among(self) -> Among:
        """Which are listed."""
        return Among(self.among_box.currentData(int(Qt.ItemDataRole.UserRole)))


class FaqButtons(QObject):
    """The buttons under an entry."""

    def __init__(self, appearance: Appearance, parent: QObject) -> None:
        super().__init__(parent)
        self.save = KeyButton(appearance, self.tr("Save"), "check", ACCENT, "Ctrl S")
        self.publish = KeyButton(appearance, self.tr("Publish"), "globe", PRIMARY, "Ctrl ⏎")
        self.unpublish = KeyButton(appearance, self.tr("Take off the page"), "lock", PLAIN)
        self.link = KeyButton(appearance, self.tr("Copy the link"), "link", PLAIN)
        self.throw = KeyButton(appearance, self.tr("Drop my changes"), "undo", PLAIN)
        self.delete = KeyButton(appearance, self.tr("Delete…"), "discard", DANGER)

    @property
    def in_row(self) -> tuple[KeyButton, ...]:
        """Side by side; delete stands apart."""
        return self.save, self.publish, self.unpublish, self.link, self.throw

    def show_state(self, status: Status, *, is_new: bool, is_changed: bool) -> None:
        """Only what makes sense now."""
        public = status is Status.PUBLISHED
        self.save.setEnabled(is_changed or is_new)
        self.publish.setVisible(not public)
        self.unpublish.setVisible(public)
        self.link.setVisible(public)
        self.throw.setVisible(is_changed and not is_new)
