"""The open composer as it is drawn: who reads this, the words, the files, the buttons of the mode."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from desktop.models.composing import Draft, Mode, file_objection
from desktop.models.moments import size
from desktop.theme.appearance import Appearance
from desktop.widgets import painting
from desktop.widgets.attachments_strip import AttachmentsStrip
from desktop.widgets.composer_band import ComposerBand
from desktop.widgets.composer_editor import ComposerEditor
from desktop.widgets.composer_foot import ComposerFoot
from desktop.widgets.composer_tabs import ComposerTabs
from desktop.widgets.notice_line import NoticeLine
from desktop.widgets.stopped_bar import StoppedBar
from sync.domain.choices import Choice
from sync.domain.records import Attachment


class ComposerSheet(QWidget):
    """Shows one mode's draft at a time; who keeps the drafts is not its business.

    changed(): the words are others. file_offered(Path), image_offered(QImage): to become attachments.
    file_removed(Attachment). submit_pressed(bool): hand them over; True: what was a reply is kept as a note.
    keep_pressed(): keep the draft now.
    """

    changed = Signal()
    submit_pressed = Signal(bool)
    keep_pressed = Signal()
    file_offered = Signal(object)
    image_offered = Signal(QImage)
    file_removed = Signal(object)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._mode, self._note = Mode.REPLY, ""
        self._name, self._by_mail = "", True
        self._attachments: tuple[Attachment, ...] = ()
        self.tabs = ComposerTabs(appearance)
        self.band = ComposerBand(appearance)
        self.editor = ComposerEditor(appearance)
        self.files = AttachmentsStrip(appearance, removable=True)
        self.notice = NoticeLine(appearance)
        self.stopped = StoppedBar(appearance)
        self.foot = ComposerFoot(appearance)
        self._inner = QVBoxLayout()
        self._lay_out()
        self._connect()

    @property
    def draft(self) -> Draft:
        """What stands here now."""
        return Draft(self.editor.text, self._attachments)

    def show_draft(self, mode: Mode, draft: Draft, name: str, note: str) -> None:
        """That mode, with these words, without telling of a change. `note`: the words of the note's draft."""
        self._mode, self._note = mode, note
        self.band.show_mode(mode)
        self.tabs.show_mode(mode)
        self.tabs.saved.clear()
        self.foot.show_mode(mode, bool(note))
        self.notice.clear()
        self.stopped.hide()
        self.editor.blockSignals(True)
        self.editor.set_text(draft.text)
        self.editor.blockSignals(False)
        self.show_files(draft.attachments)
        self._name = name
        self._speak()
        self._space()

    def show_files(self, attachments: tuple[Attachment, ...]) -> None:
        self._attachments = attachments
        self.files.show_files(attachments)

    def show_people(self, name: str, email: str, category: str, mails: bool = True) -> None:
        """Who reads it in either mode. `mails`: whether the server mails replies at all."""
        self.band.show_people(name, email, category, mails)
        self.foot.show_name(name)
        self._name, self._by_mail = name, mails and bool(email)
        self._speak()

    def _speak(self) -> None:
        reply = self.tr("Reply to {name}, sent by e-mail")
        if not self._by_mail:
            reply = self.tr("Reply to {name}, read on the private page")
        note = self.tr("Internal note, colleagues only")
        self.editor.setAccessibleName(note if self._mode is Mode.NOTE else reply.format(name=self._name))

    def lock(self, locked: bool) -> None:
        """While the words are being saved they stay as they are."""
        self.editor.setReadOnly(locked)
        self.foot.setEnabled(not locked)

    def show_few_lines(self, few: bool) -> None:
        """Less height, fewer hints, where the window is low."""
        self.editor.show_few_lines(few)
        self.tabs.show_keys(not few)

    def choose_files(self) -> None:
        """Ask for files to attach."""
        names, _kind = QFileDialog.getOpenFileNames(self, self.tr("Attach files"))
        self.offer_files([Path(name) for name in names])

    def choose_images(self) -> None:
        """Ask for pictures to attach."""
        pictures = self.tr("Pictures") + " (*.png *.jpg *.jpeg *.gif *.webp *.bmp)"
        names, _kind = QFileDialog.getOpenFileNames(self, self.tr("Attach pictures"), "", pictures)
        self.offer_files([Path(name) for name in names])

    def offer_files(self, paths: Sequence[Path]) -> None:
        """Each is offered to the owner, unless it cannot be sent: then a sentence says why."""
        for path in paths:
            sentence = file_objection(path)
            if sentence is None:
                self.file_offered.emit(path)
            else:
                self.notice.say(sentence)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        color = self._appearance.color
        painter.fillRect(self.rect(), color("note_soft" if self._mode is Mode.NOTE else "surface"))
        if self._mode is Mode.NOTE:
            px = self._appearance.px
            box = QRectF(self.editor.geometry()).adjusted(-px(10), -px(6), px(10), px(6))
            painting.frame(painter, box, None, color("note_line"), dashed=True)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, self._appearance.px(10))
        column.setSpacing(0)
        column.addWidget(self.tabs)
        column.addWidget(self.band)
        for widget in (self.editor, self.files, self.notice, self.stopped):
            self._inner.addWidget(widget)
        column.addLayout(self._inner)
        column.addWidget(self.foot)
        self._space()

    def _space(self) -> None:
        px = self._appearance.px
        side, top, bottom, gap = (26, 14, 12, 14) if self._mode is Mode.NOTE else (16, 8, 6, 8)
        self._inner.setContentsMargins(px(side), px(top), px(side), px(bottom))
        self._inner.setSpacing(px(gap))
        self.update()

    def _connect(self) -> None:
        self.editor.textChanged.connect(self.changed)
        self.editor.attach_pressed.connect(self.choose_files)
        self.editor.files_given.connect(self.offer_files)
        self.editor.too_much_pasted.connect(self._refuse_paste)
        self.editor.image_given.connect(self.image_offered)
        self.files.removed.connect(self.file_removed)
        self.editor.send_pressed.connect(self._send_key)
        self.editor.save_pressed.connect(self._save_key)
        self.foot.submit_pressed.connect(lambda: self.submit_pressed.emit(False))
        self.stopped.chosen.connect(self._go_on)
        self.foot.attach_pressed.connect(self.choose_files)
        self.foot.image_pressed.connect(self.choose_images)
        self.foot.take_note_pressed.connect(self._ask_to_take_note)
        self.notice.answered.connect(self._take_note)
        self._appearance.changed.connect(self.update)

    def _send_key(self) -> None:
        if self._mode is Mode.REPLY:
            self.submit_pressed.emit(False)
        else:
            self.notice.say(self.tr("This is a note. Ctrl+S saves it."), "note")

    def _save_key(self) -> None:
        if self._mode is Mode.NOTE:
            self.submit_pressed.emit(False)
        else:
            self.keep_pressed.emit()
            self.notice.say(self.tr("The draft is kept. Ctrl+Enter sends the reply."), "us")

    def _go_on(self, choice: Choice) -> None:
        self.stopped.hide()
        if choice is Choice.EDIT:
            self.editor.setFocus()
        else:
            self.submit_pressed.emit(choice is Choice.AS_NOTE)

    def _refuse_paste(self, characters: int) -> None:
        words = self.tr("That is {size} of text. Attach it as a file instead.")
        self.notice.say(words.format(size=size(characters)))

    def _ask_to_take_note(self) -> None:
        self.notice.ask(
            self.tr("The note was written for colleagues. Take its text into the reply, which the requester reads?"),
            self.tr("Take it over"),
            self.tr("Leave it"),
        )

    def _take_note(self, yes: bool) -> None:
        if yes and self._mode is Mode.REPLY:
            words = [self.editor.text.rstrip(), self._note]
            self.editor.set_text("\n\n".join(word for word in words if word))
        self.editor.setFocus()
