"""One undelivered item whole: why, a change field by field, one's words beside the server's; or many told as one."""

from collections.abc import Sequence

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from desktop.models.action_words import action_words, written_at
from desktop.models.field_words import field_lines
from desktop.models.thread import Entry, Scene, State, entries
from desktop.models.undelivered import Story, reason_sentence
from desktop.pages.undelivered_words import WordsBeside
from desktop.theme.appearance import Appearance
from desktop.widgets.field_table import FieldTable
from desktop.widgets.notice_line import NoticeLine
from sync.cache.action_text import attachments_in
from sync.cache.rows import UndeliveredRow

SINCE_MOST = 20


class UndeliveredItem(QWidget):
    """Knows how it is shown, not what may be done with it."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self.reason = NoticeLine(appearance)
        self.fields = FieldTable(appearance)
        self.words = WordsBeside(appearance)
        self._lines = QLabel()
        self._lines.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(appearance.px(12))
        for widget in (self.reason, self.fields, self._lines, self.words):
            column.addWidget(widget)

    def show_row(self, row: UndeliveredRow, story: Story) -> None:
        """One item."""
        quiet = row.discarded_at is not None
        self.reason.say(reason_sentence(row, story), *(("them", "discard") if quiet else ("needs", "needs-you")))
        self.fields.show_fields(field_lines(row.conflicts, story.names))
        self._lines.hide()
        words = action_words(row.action, story.requester, story.names)
        when = story.moments.full(written_at(row.action) or row.at, story.now_ms)
        files = attachments_in(row.action)
        mine = Entry(
            row.client_key, words.kind, words.what, "", when, State.NONE, words.text, words.icon, attachments=files
        )
        self.words.show_mine(mine)
        scene = Scene(story.requester, story.names, story.moments, story.now_ms)
        self.words.show_theirs(entries(story.since[-SINCE_MOST:], scene))
        self.words.setVisible(row.kind not in ("edit", "merge"))

    def show_many(self, sentence: str, lines: Sequence[str]) -> None:
        """So many at once."""
        self.reason.say(sentence, "needs", "needs-you")
        self.fields.show_fields(())
        self.words.hide()
        self._lines.setText("\n".join(lines))
        self._lines.show()
