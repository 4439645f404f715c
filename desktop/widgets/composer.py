"""The composer: closed it is two buttons; open it is a reply or a note, and nobody can mistake which."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QPointF, QRectF, QTimer, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QFileDialog, QSizePolicy, QVBoxLayout, QWidget

from desktop.models.composing import Draft, Mode, Submission, file_objection, objection
from desktop.theme.appearance import Appearance
from desktop.widgets import painting
from desktop.widgets.attachments_strip import AttachmentsStrip
from desktop.widgets.composer_band import ComposerBand
from desktop.widgets.composer_closed import ClosedComposer
from desktop.widgets.composer_editor import ComposerEditor
from desktop.widgets.composer_foot import ComposerFoot
from desktop.widgets.composer_tabs import ComposerTabs
from desktop.widgets.notice_line import NoticeLine
from sync.domain.records import Attachment

PAUSE_MS = 1000


class Composer(QWidget):
    """Holds a draft of each mode; knows no store. The owner saves and answers by `accept`, `fail`, `show_saved`.

    submitted(Submission): keep these words; the editor waits, unchanged, for `accept` or `fail`.
    draft_changed(Mode, Draft): a pause in writing, or the keyboard left.
    file_offered(Path), image_offered(QImage): make it an attachment and answer by `add_attachment`.
    closed(): the composer was left; the draft is kept.
    """

    submitted = Signal(object)
    draft_changed = Signal(object, object)
    file_offered = Signal(object)
    image_offered = Signal(QImage)
    closed = Signal()

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._drafts: dict[Mode, Draft] = {Mode.REPLY: Draft(), Mode.NOTE: Draft()}
        self._mode: Mode | None = None
        self._sent: Submission | None = None
        self._dirty = False
        self._names = ("", "", "")
        self.shut = ClosedComposer(appearance)
        self.tabs = ComposerTabs(appearance)
        self.band = ComposerBand(appearance)
        self.editor = ComposerEditor(appearance)
        self.files = AttachmentsStrip(appearance, removable=True)
        self.notice = NoticeLine(appearance)
        self.foot = ComposerFoot(appearance)
        self._open_part = QWidget()
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._lay_out()
        self._connect()

    def show_ticket(self, name: str, email: str, category: str) -> None:
        """Another ticket: closed, no mode carried over, no draft until it is set."""
        self.flush()
        self._names = (name, email, category)
        self._drafts = {Mode.REPLY: Draft(), Mode.NOTE: Draft()}
        self._sent = None
        self.show_people(name, email, category)
        self._shut()

    def show_people(self, name: str, email: str, category: str) -> None:
        """The same ticket, its requester or category by another name."""
        self._names = (name, email, category)
        self.band.show_people(name, email, category)
        self.foot.show_name(name)
        self.shut.show_name(name)

    def set_draft(self, mode: Mode, draft: Draft) -> None:
        """What was kept of an earlier sitting. Does not open the composer, and never replaces newer words."""
        if self._drafts[mode] or self._mode is mode:
            return
        self._drafts[mode] = draft
        self.shut.show_drafts(bool(self._drafts[Mode.REPLY]), bool(self._drafts[Mode.NOTE]))

    def replace_draft(self, mode: Mode, draft: Draft) -> None:
        """The draft as the store has it now, whatever stood here."""
        if self._mode is mode:
            self._dirty = False
            self._shut()
        self._drafts[mode] = draft
        self.shut.show_drafts(bool(self._drafts[Mode.REPLY]), bool(self._drafts[Mode.NOTE]))

    def open(self, mode: Mode) -> None:
        """Reply or note; the other mode's words are kept as its draft."""
        if self._sent is not None:
            return
        self.flush()
        self._mode = mode
        self.band.show_mode(mode)
        self.tabs.show_mode(mode)
        self.tabs.saved.clear()
        self.foot.show_mode(mode, bool(self._drafts[Mode.NOTE].text.strip()))
        self.notice.clear()
        self._load(self._drafts[mode])
        name = self._names[0]
        spoken = self.tr("Reply to {name}, sent by e-mail").format(name=name)
        self.editor.setAccessibleName(spoken if mode is Mode.REPLY else self.tr("Internal note, colleagues only"))
        self._show_part()
        self.editor.setFocus()

    def leave(self) -> None:
        """Close; the draft is kept."""
        if self._mode is None or self._sent is not None:
            return
        self.flush()
        self._shut()
        self.closed.emit()

    def flush(self) -> None:
        """Hand over the draft now, if it changed."""
        self._pause.stop()
        if self._mode is not None and self._dirty and self._sent is None:
            self._dirty = False
            self._drafts[self._mode] = self._present()
            self.draft_changed.emit(self._mode, self._drafts[self._mode])

    @property
    def mode(self) -> Mode | None:
        """The open mode; None while closed."""
        return self._mode

    @property
    def draft(self) -> Draft:
        """What stands in the editor now."""
        return self._present()

    def accept(self) -> None:
        """The words are safe on this computer: the editor closes, its draft is done."""
        if self._sent is None:
            return
        mode, self._sent, self._dirty = self._sent.mode, None, False
        self._drafts[mode] = Draft()
        self.editor.setReadOnly(False)
        self._shut()
        self.closed.emit()

    def fail(self, sentence: str) -> None:
        """The words could not be kept: they stay in the editor."""
        self._sent = None
        self.editor.setReadOnly(False)
        self.foot.setEnabled(True)
        self.notice.say(sentence)
        self._dirty = True

    def show_saved(self, mode: Mode, time: str) -> None:
        """The draft is safe, since `time`."""
        if mode is self._mode:
            self.tabs.saved.setText(self.tr("Draft saved {time}").format(time=time))

    def show_draft_failure(self, sentence: str) -> None:
        """The draft could not be kept; it will be tried again at the next pause."""
        self._dirty = True
        self.tabs.saved.setText(self.tr("Draft not saved"))
        self.notice.say(sentence)

    def add_attachment(self, attachment: Attachment) -> None:
        """A file that is ready to go along."""
        self._set_files((*self._present().attachments, attachment))

    def show_online(self, online: bool) -> None:
        self.shut.show_online(online)

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
        if self._mode is None:
            painter.fillRect(self.rect(), color("bg"))
            painter.fillRect(0, 0, self.width(), 1, color("line"))
            return
        painter.fillRect(self.rect(), color("note_soft" if self._mode is Mode.NOTE else "surface"))
        if self._mode is Mode.NOTE:
            px, place = self._appearance.px, self.editor.geometry()
            box = QRectF(place).adjusted(-px(10), -px(6), px(10), px(6)).translated(QPointF(self._open_part.pos()))
            painting.frame(painter, box, None, color("note_line"), dashed=True)

    def _lay_out(self) -> None:
        px = self._appearance.px
        column = QVBoxLayout(self._open_part)
        column.setContentsMargins(0, 0, 0, px(10))
        column.setSpacing(0)
        column.addWidget(self.tabs)
        column.addWidget(self.band)
        inner = QVBoxLayout()
        inner.setContentsMargins(px(16), px(8), px(16), px(6))
        inner.setSpacing(px(8))
        inner.addWidget(self.editor)
        inner.addWidget(self.files)
        inner.addWidget(self.notice)
        self._inner = inner
        column.addLayout(inner)
        column.addWidget(self.foot)
        parts = QVBoxLayout(self)
        parts.setContentsMargins(0, 0, 0, 0)
        parts.addWidget(self.shut)
        parts.addWidget(self._open_part)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self._show_part()

    def _connect(self) -> None:
        self._pause.timeout.connect(self.flush)
        self._appearance.changed.connect(self.update)
        self.shut.picked.connect(self.open)
        self.tabs.picked.connect(self.open)
        self.notice.answered.connect(self._take_note)
        self.files.removed.connect(self._remove_file)
        editor, foot = self.editor, self.foot
        editor.textChanged.connect(self._changed)
        editor.left.connect(self.flush)
        editor.leave_pressed.connect(self.leave)
        editor.send_pressed.connect(self._send_key)
        editor.save_pressed.connect(self._save_key)
        editor.attach_pressed.connect(self.choose_files)
        editor.files_given.connect(self.offer_files)
        editor.image_given.connect(self.image_offered)
        foot.submit_pressed.connect(self._submit)
        foot.attach_pressed.connect(self.choose_files)
        foot.image_pressed.connect(self.choose_images)
        foot.take_note_pressed.connect(self._ask_to_take_note)

    def _send_key(self) -> None:
        if self._mode is Mode.REPLY:
            self._submit()
        else:
            self.notice.say(self.tr("This is a note. Ctrl+S saves it."), "note")

    def _save_key(self) -> None:
        if self._mode is Mode.NOTE:
            self._submit()
        else:
            self._dirty = True
            self.flush()
            self.notice.say(self.tr("The draft is kept. Ctrl+Enter sends the reply."), "us")

    def _submit(self) -> None:
        if self._mode is None or self._sent is not None:
            return
        draft = self._present()
        sentence = objection(draft, self._mode)
        if sentence is not None:
            self.notice.say(sentence)
            return
        self._pause.stop()
        self.notice.clear()
        self.editor.setReadOnly(True)
        self.foot.setEnabled(False)
        self._sent = Submission(self._mode, draft, self.foot.then if self._mode is Mode.REPLY else None)
        self.submitted.emit(self._sent)

    def _ask_to_take_note(self) -> None:
        self.notice.ask(
            self.tr("The note was written for colleagues. Take its text into the reply, which the requester reads?"),
            self.tr("Take it over"),
            self.tr("Leave it"),
        )

    def _take_note(self, yes: bool) -> None:
        if yes and self._mode is Mode.REPLY:
            words = [self.editor.text.rstrip(), self._drafts[Mode.NOTE].text.strip()]
            self.editor.set_text("\n\n".join(word for word in words if word))
        self.editor.setFocus()

    def _changed(self) -> None:
        if self._mode is None or self.editor.isReadOnly():
            return
        self._dirty = True
        self.tabs.saved.clear()
        self._pause.start()

    def _remove_file(self, attachment: Attachment) -> None:
        self._set_files(tuple(kept for kept in self._present().attachments if kept != attachment))

    def _set_files(self, attachments: tuple[Attachment, ...]) -> None:
        if self._mode is None:
            return
        self._drafts[self._mode] = Draft(self.editor.text, attachments)
        self.files.show_files(attachments)
        self._dirty = True
        self.flush()

    def _present(self) -> Draft:
        if self._mode is None:
            return Draft()
        return Draft(self.editor.text, self._drafts[self._mode].attachments)

    def _load(self, draft: Draft) -> None:
        self._pause.stop()
        self.editor.blockSignals(True)
        self.editor.set_text(draft.text)
        self.editor.blockSignals(False)
        self.files.show_files(draft.attachments)
        self._dirty = False

    def _shut(self) -> None:
        self._mode = None
        self._dirty = False
        self.editor.setReadOnly(False)
        self.foot.setEnabled(True)
        self.shut.show_drafts(bool(self._drafts[Mode.REPLY]), bool(self._drafts[Mode.NOTE]))
        self._show_part()

    def _show_part(self) -> None:
        px = self._appearance.px
        side, top, bottom, gap = (26, 14, 12, 14) if self._mode is Mode.NOTE else (16, 8, 6, 8)
        self._inner.setContentsMargins(px(side), px(top), px(side), px(bottom))
        self._inner.setSpacing(px(gap))
        self.shut.setVisible(self._mode is None)
        self._open_part.setVisible(self._mode is not None)
        self.update()
