"""The composer: closed it is two buttons; open it is a reply or a note, and nobody can mistake which."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from desktop.models.composing import Draft, Mode, Submission, objection
from desktop.theme.appearance import Appearance
from desktop.widgets.composer_closed import ClosedComposer
from desktop.widgets.composer_sheet import ComposerSheet
from sync.domain.records import Attachment

PAUSE_MS = 1000


class Composer(QWidget):
    """Holds a draft of each mode; knows no store. The owner saves and answers by `accept`, `fail`, `show_saved`.

    submitted(Submission): keep these words; the editor waits, unchanged, for `accept` or `fail`.
    draft_changed(Mode, Draft): a pause in writing, or the keyboard left.
    file_offered(Path), image_offered(QImage): answer by `add_attachment`. opened(Mode), closed(): the draft is kept.
    """

    submitted = Signal(object)
    draft_changed = Signal(object, object)
    file_offered = Signal(object)
    image_offered = Signal(QImage)
    opened = Signal(object)
    closed = Signal()

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._drafts: dict[Mode, Draft] = {Mode.REPLY: Draft(), Mode.NOTE: Draft()}
        self._mode: Mode | None = None
        self._sent: Submission | None = None
        self._dirty = False
        self._name = ""
        self.shut = ClosedComposer(appearance)
        self.sheet = ComposerSheet(appearance)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        parts = QVBoxLayout(self)
        parts.setContentsMargins(0, 0, 0, 0)
        parts.addWidget(self.shut)
        parts.addWidget(self.sheet)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self._connect()
        self._show_part()

    @property
    def mode(self) -> Mode | None:
        """The open mode; None while closed."""
        return self._mode

    @property
    def draft(self) -> Draft:
        """What stands in the editor now."""
        return self.sheet.draft if self._mode is not None else Draft()

    def show_ticket(self, name: str, email: str, category: str, mails: bool = True) -> None:
        """Another ticket: closed, no mode carried over, no draft until it is set."""
        self.flush()
        self._drafts = {Mode.REPLY: Draft(), Mode.NOTE: Draft()}
        self._sent = None
        self.show_people(name, email, category, mails)
        self._shut()

    def show_people(self, name: str, email: str, category: str, mails: bool = True) -> None:
        """The same ticket, its requester or category by another name. `mails`: whether the server mails replies."""
        self._name = name
        self.sheet.show_people(name, email, category, mails)
        self.shut.show_name(name)

    def set_draft(self, mode: Mode, draft: Draft) -> None:
        """What was kept of an earlier sitting. Does not open the composer, and never replaces newer words."""
        if not self._drafts[mode] and self._mode is not mode:
            self._drafts[mode] = draft
            self._tell_drafts()

    def replace_draft(self, mode: Mode, draft: Draft) -> None:
        """The draft as the store has it now, whatever stood here."""
        if self._mode is mode:
            self._shut()
        self._drafts[mode] = draft
        self._tell_drafts()

    def open(self, mode: Mode) -> None:
        """Reply or note; the other mode's words are kept as its draft."""
        if self._sent is not None:
            return
        self.flush()
        self._mode = mode
        self._dirty = False
        self.sheet.show_draft(mode, self._drafts[mode], self._name, self._drafts[Mode.NOTE].text.strip())
        self._show_part()
        self.sheet.editor.setFocus()
        self.opened.emit(mode)

    def leave(self) -> None:
        """Close; the draft is kept."""
        if self._mode is not None and self._sent is None:
            self.flush()
            self._shut()
            self.closed.emit()

    def flush(self) -> None:
        """Hand over the draft now, if it changed."""
        self._pause.stop()
        if self._mode is not None and self._dirty and self._sent is None:
            self._dirty = False
            self._drafts[self._mode] = self.sheet.draft
            self.draft_changed.emit(self._mode, self._drafts[self._mode])

    def accept(self) -> None:
        """The words are safe on this computer: the editor closes, its draft is done."""
        if self._sent is not None:
            self._drafts[self._sent.mode] = Draft()
            self._sent = None
            self._shut()
            self.closed.emit()

    def fail(self, sentence: str) -> None:
        """The words could not be kept: they stay in the editor."""
        self._give_back()
        self.sheet.notice.say(sentence)

    def stop(self, sentence: str) -> None:
        """They may be sent, but somebody should look first: they stay in the editor, with what may be done."""
        self._give_back()
        self.sheet.stopped.ask(sentence)

    def show_saved(self, mode: Mode, time: str) -> None:
        """The draft is safe, since `time`."""
        if mode is self._mode:
            self.sheet.tabs.saved.setText(self.tr("Draft saved {time}").format(time=time))

    def show_draft_failure(self, sentence: str) -> None:
        """The draft could not be kept; it will be tried again at the next pause."""
        self._dirty = True
        self.sheet.tabs.saved.setText(self.tr("Draft not saved"))
        self.sheet.notice.say(sentence)

    def add_attachment(self, attachment: Attachment) -> None:
        """A file that is ready to go along."""
        if self._mode is not None:
            self._set_files((*self.sheet.draft.attachments, attachment))

    def _connect(self) -> None:
        sheet = self.sheet
        self._pause.timeout.connect(self.flush)
        self.shut.picked.connect(self.open)
        sheet.tabs.picked.connect(self.open)
        sheet.changed.connect(self._changed)
        sheet.file_offered.connect(self.file_offered)
        sheet.image_offered.connect(self.image_offered)
        sheet.file_removed.connect(self._remove_file)
        sheet.editor.left.connect(self.flush)
        sheet.editor.leave_pressed.connect(self.leave)
        sheet.keep_pressed.connect(self._keep)
        sheet.submit_pressed.connect(self._submit)

    def _give_back(self) -> None:
        self._sent = None
        self.sheet.lock(False)
        self._dirty = True

    def _keep(self) -> None:
        self._dirty = True
        self.flush()

    def _submit(self, as_note: bool = False) -> None:
        if self._mode is None or self._sent is not None:
            return
        sentence = objection(self.sheet.draft, self._mode)
        if sentence is not None:
            self.sheet.notice.say(sentence)
            return
        self._pause.stop()
        self.sheet.notice.clear()
        self.sheet.stopped.hide()
        self.sheet.lock(True)
        then = self.sheet.foot.then if self._mode is Mode.REPLY else None
        self._sent = Submission(self._mode, self.sheet.draft, then, as_note)
        self.submitted.emit(self._sent)

    def _changed(self) -> None:
        if self._mode is not None and self._sent is None:
            self._dirty = True
            self.sheet.tabs.saved.clear()
            self._pause.start()

    def _remove_file(self, attachment: Attachment) -> None:
        self._set_files(tuple(kept for kept in self.sheet.draft.attachments if kept != attachment))

    def _set_files(self, attachments: tuple[Attachment, ...]) -> None:
        self.sheet.show_files(attachments)
        self._dirty = True
        self.flush()

    def _tell_drafts(self) -> None:
        self.shut.show_drafts(bool(self._drafts[Mode.REPLY]), bool(self._drafts[Mode.NOTE]))

    def _shut(self) -> None:
        self._pause.stop()
        self._mode = None
        self._dirty = False
        self.sheet.lock(False)
        self._tell_drafts()
        self._show_part()

    def _show_part(self) -> None:
        self.shut.setVisible(self._mode is None)
        self.sheet.setVisible(self._mode is not None)
        self.update()
