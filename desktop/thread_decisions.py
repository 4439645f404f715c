"""What was not delivered of a ticket, with its answers, right in the ticket's thread."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from desktop.deciding import Deciding
from desktop.desk import Desk
from desktop.models.action_words import written_at
from desktop.models.event_sentence import Names
from desktop.models.field_words import field_lines
from desktop.models.thread import Entry, Held, State
from desktop.models.undelivered import Story, reason_sentence, title
from desktop.translation import translate
from sync.cache.rows import MessageRow, TicketDetail, UndeliveredRow
from sync.domain.choices import Choice
from sync.domain.records import MessageKind


class ThreadDecisions(QObject):
    """The same items as on the page Undelivered, for one ticket."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self._rows: dict[str, UndeliveredRow] = {}
        self.deciding = Deciding(desk, parent)

    def look(self, detail: TicketDetail, thread: Sequence[MessageRow], names: Names) -> Mapping[str, Held]:
        """Why each undelivered message of this ticket is held, and what can be done, by its client key."""
        found: list[UndeliveredRow] = self._desk.reader.undelivered() if detail.row.needs_you else []
        self._rows = {row.client_key: row for row in found if row.ticket_id == detail.row.id}
        return {key: self._held(row, detail, thread, names) for key, row in self._rows.items()}

    def changes(self, held: Mapping[str, Held], names: Names) -> list[Entry]:
        """The changes among them, which are no messages: as entries at the thread's end."""
        now, moments = self._desk.clock.now_ms(), self._desk.moments
        entries = []
        for row in self._rows.values():
            if row.kind not in ("edit", "merge"):
                continue
            lines = [
                translate("ThreadDecisions", "{field}: yours {mine}, now {theirs}").format(
                    field=one.name, mine=one.mine, theirs=one.theirs
                )
                for one in field_lines(row.conflicts, names)
            ]
            when = moments.short(written_at(row.action) or row.at, now)
            entry = Entry(
                row.client_key, MessageKind.NOTE, title(row, ""), "", when, State.NEEDS_YOU, "\n".join(lines), "event",
                client_key=row.client_key, held=held.get(row.client_key),
            )  # fmt: skip
            entries.append(entry)
        return entries

    def decide(self, client_key: str, choice: Choice) -> None:
        """A button in the thread was pressed."""
        row = self._rows.get(client_key)
        if row is not None:
            self.deciding.decide(row, choice)

    def _held(self, row: UndeliveredRow, detail: TicketDetail, thread: Sequence[MessageRow], names: Names) -> Held:
        own = [one for one in thread if one.ticket_id == detail.row.id and one.client_key is None]
        since = [one for one in own if one.seq > row.base_seq]
        story = Story(self._desk.moments, self._desk.clock.now_ms(), names, detail, since, thread)
        offered = self.deciding.answers(row, story.requester)
        here = row.goal_id == detail.row.id
        left_out = Choice.OPEN_TICKET if here else None
        return Held(reason_sentence(row, story), tuple(one for one in offered if one.choice is not left_out))
