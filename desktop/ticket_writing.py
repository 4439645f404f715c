"""What is written in the ticket pane: drafts kept, words handed to the outbox, files taken in."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from desktop.attachment_desk import AttachmentDesk
from desktop.desk import Desk
from desktop.models.composing import Draft, Mode, Submission
from desktop.widgets.composer import Composer
from sync.cache.rows import MessageRow, TicketDetail
from sync.domain.actions import PostMessage
from sync.domain.errors import DeskbellError
from sync.domain.records import MessageKind, Status


class TicketWriting(QObject):
    """Between the composer and the intents; `detail` and `rows` give the ticket as it is shown at that moment.

    written(): words were saved. overtaken(): a colleague's answer is to be looked at first.
    """

    written = Signal()
    overtaken = Signal()

    def __init__(
        self, composer: Composer, desk: Desk, files: AttachmentDesk, detail: Callable[[], TicketDetail | None],
        rows: Callable[[], list[MessageRow]],
    ) -> None:  # fmt: skip
        super().__init__(composer)
        self._composer = composer
        self._desk = desk
        self._files = files
        self._detail = detail
        self._rows = rows
        self._known_seq = 0
        self._sending: Submission | None = None
        self._saved: set[str] = set()
        self._waiting_key = ""
        self._taking_back = ""
        self._then: Status | None = None
        composer.submitted.connect(self._submit)
        composer.draft_changed.connect(self._keep_draft)
        composer.file_offered.connect(self._attach)
        composer.image_offered.connect(self._attach_image)
        desk.intents.saved.connect(self._on_saved)
        desk.intents.failed.connect(self._on_failed)

    def begin(self) -> None:
        """Another ticket is shown: its drafts, and what was known when it was opened."""
        self._sending, self._waiting_key, self._taking_back = None, "", ""
        detail = self._detail()
        if detail is None:
            return
        self._known_seq = detail.confirmed_seq
        for mode in Mode:
            kept = self._desk.reader.draft(detail.row.id, mode.value)
            if kept is not None:
                self._composer.set_draft(mode, Draft(kept.text, tuple(kept.attachments)))

    def take_back(self, client_key: str) -> None:
        """What has not left this computer becomes a draft again, open in the composer."""
        self._composer.flush()  # what stands in the editor comes after the words that come back
        self._taking_back = client_key
        actions = (row.action for row in self._desk.reader.outbox() if row.client_key == client_key)
        self._then = next((one.then_status for one in actions if isinstance(one, PostMessage)), None)
        self._desk.intents.take_back(client_key)

    def _submit(self, submission: Submission) -> None:
        detail = self._detail()
        if detail is None:
            return
        to_requester = submission.mode is Mode.REPLY and not submission.as_note
        answered = self._answered_meanwhile() if to_requester else ""
        if answered:
            self._composer.stop(answered)
            self.overtaken.emit()
            return
        self._sending, self._waiting_key = submission, ""
        self._saved.clear()
        key = self._hand_over(submission, detail)
        if key in self._saved:
            self._accept()
        elif self._sending is not None:
            self._waiting_key = key

    def _hand_over(self, submission: Submission, detail: TicketDetail) -> str:
        draft, intents, ticket_id = submission.draft, self._desk.intents, detail.row.id
        if submission.mode is Mode.NOTE or submission.as_note:
            ends = submission.mode.value
            return intents.note(ticket_id, draft.text, detail.confirmed_seq, draft.attachments, ends=ends)
        then = submission.then if submission.then is not Status.WAITING else None  # a reply means waiting anyway
        base = Status(detail.base.get("status") or detail.row.status)
        hold = self._desk.settings.undo_send_ms
        return intents.reply(ticket_id, draft.text, detail.confirmed_seq, then, base, draft.attachments, hold_ms=hold)

    def _answered_meanwhile(self) -> str:
        """A sentence if a colleague answered since the ticket was opened here, said once; empty if none did."""
        newer = [
            row
            for row in self._rows()
            if row.kind is MessageKind.REPLY
            and not row.is_mine
            and row.client_key is None
            and row.seq > self._known_seq
        ]
        if not newer:
            return ""
        self._known_seq = max(row.seq for row in newer)
        now, last = self._desk.clock.now_ms(), newer[-1]
        words = self.tr("{name} answered at {time} while you were writing, so yours was not sent. Read it first.")
        time = self._desk.moments.short(last.posted_at, now)
        return words.format(name=last.author_name or self.tr("A colleague"), time=time)

    def _accept(self) -> None:
        self._sending, self._waiting_key = None, ""
        detail = self._detail()
        self._known_seq = detail.confirmed_seq if detail is not None else 0
        self._composer.accept()
        self.written.emit()

    def _on_saved(self, name: str) -> None:
        detail = self._detail()
        self._saved.add(name)
        if name and name == self._waiting_key:
            self._accept()
        elif name and name == self._taking_back:
            self._taken_back()
        elif detail is not None and name.startswith(f"draft:{detail.row.id}:"):
            mode = Mode(name.rsplit(":", 1)[1])
            self._composer.show_saved(mode, self._desk.moments.clock(self._desk.clock.now_ms()))

    def bring(self, mode: Mode) -> bool:
        """The draft as the store has it now, open in the composer; False if there is none."""
        detail = self._detail()
        kept = self._desk.reader.draft(detail.row.id, mode.value) if detail is not None else None
        if kept is None:
            return False
        self._composer.replace_draft(mode, Draft(kept.text, tuple(kept.attachments)))
        self._composer.open(mode)
        return True

    def _taken_back(self) -> None:
        self._taking_back = ""
        if self.bring(Mode.REPLY):
            self._composer.sheet.foot.choose(self._then or Status.WAITING)

    def _on_failed(self, sentence: str, text: str) -> None:
        if self._sending is not None and text == self._sending.draft.text:
            self._sending, self._waiting_key = None, ""
            self._composer.fail(sentence)
        elif text and text == self._composer.draft.text:
            self._composer.show_draft_failure(sentence)

    def _keep_draft(self, mode: Mode, draft: Draft) -> None:
        detail = self._detail()
        if detail is None:
            return
        if draft:
            self._desk.intents.save_draft(detail.row.id, mode.kind, draft.text, draft.attachments)
        else:
            self._desk.intents.drop_draft(detail.row.id, mode.kind)

    def _attach(self, path: Path) -> None:
        self._files.take_in(path, self._composer.add_attachment, self._attach_failed)

    def _attach_image(self, image: QImage) -> None:
        self._files.take_in_image(image, self._composer.add_attachment, self._attach_failed)

    def _attach_failed(self, error: DeskbellError) -> None:
        self._composer.sheet.notice.say(str(error))
