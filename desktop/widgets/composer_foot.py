"""The composer's last line: a reply is sent from the right end, a note is saved at the left, never in one place."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from desktop.models.composing import Mode
from desktop.theme.appearance import Appearance
from desktop.translation import translate
from desktop.widgets.choice_field import ChoiceField, Option
from desktop.widgets.key_button import NOTE_PRIMARY, PRIMARY, IconButton, KeyButton
from sync.domain.records import Status


class ComposerFoot(QWidget):
    """submit_pressed: send or save. attach_pressed, image_pressed: choose files.

    take_note_pressed: the note's text is wanted in the reply.
    """

    submit_pressed = Signal()
    attach_pressed = Signal()
    image_pressed = Signal()
    take_note_pressed = Signal()

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._save = KeyButton(appearance, self.tr("Save note"), "lock", NOTE_PRIMARY, "Ctrl S")
        self._send = KeyButton(appearance, self.tr("Send"), "send", PRIMARY, "Ctrl ⏎")
        self._attach = IconButton(appearance, self.tr("Attach a file"), "attach", "Ctrl+Shift+A")
        self._image = IconButton(appearance, self.tr("Attach a picture"), "image")
        self._take = IconButton(appearance, self.tr("Take over the text of the note"), "copy")
        self._then_word = QLabel(self.tr("then"))
        self._then_word.setProperty("tone", "muted")
        self._then = ChoiceField(appearance, self.tr("Status after sending"), hug=True)
        self._then.set_options(_afterwards())
        self._then.chosen.connect(lambda value: self._then.set_value(value))
        self._kept = QLabel(self.tr("Kept here at once, then shared"))
        self._kept.setProperty("tone", "muted")
        self._row = row = QHBoxLayout(self)
        px = appearance.px
        row.setContentsMargins(px(12), 0, px(16), 0)
        row.setSpacing(px(8))
        left: tuple[QWidget, ...] = (self._save, self._attach, self._image, self._take)
        right: tuple[QWidget, ...] = (self._then_word, self._then, self._send, self._kept)
        for widget in left:
            row.addWidget(widget)
        row.addStretch(1)
        for widget in right:
            row.addWidget(widget)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._send.clicked.connect(self.submit_pressed)
        self._save.clicked.connect(self.submit_pressed)
        self._attach.clicked.connect(self.attach_pressed)
        self._image.clicked.connect(self.image_pressed)
        self._take.clicked.connect(self.take_note_pressed)
        self._dress()
        appearance.changed.connect(self._dress)
        self.show_mode(Mode.REPLY, False)

    @property
    def then(self) -> Status:
        """The status chosen for after the reply."""
        return Status(self._then.value or Status.WAITING)

    def choose(self, status: Status) -> None:
        """What was chosen for after a reply that was taken back."""
        self._then.set_value(status.value)

    def show_mode(self, mode: Mode, note_waits: bool) -> None:
        """`note_waits`: there is a note's draft that could be taken into a reply. "Then" starts anew each time."""
        reply = mode is Mode.REPLY
        for widget in (self._then_word, self._then, self._send):
            widget.setVisible(reply)
        for widget in (self._save, self._kept):
            widget.setVisible(not reply)
        self._take.setVisible(reply and note_waits)
        self._then.set_value(Status.WAITING.value)
        start, end = self._appearance.px(12 if reply else 16), self._appearance.px(16)
        sides = (end, start) if self._appearance.right_to_left else (start, end)
        self._row.setContentsMargins(sides[0], 0, sides[1], 0)

    def show_name(self, name: str) -> None:
        self._send.set_words(self.tr("Send to {name}").format(name=name) if name else self.tr("Send"))

    def _dress(self) -> None:
        for label in (self._then_word, self._kept):
            label.setFont(self._appearance.font(12))


def _afterwards() -> list[Option]:
    return [
        Option(Status.WAITING.value, translate("ComposerFoot", "Wait for requester"), "turn-them"),
        Option(Status.OPEN.value, translate("ComposerFoot", "Keep it open"), "turn-us"),
        Option(Status.CLOSED.value, translate("ComposerFoot", "Close it"), "check-circle"),
    ]
