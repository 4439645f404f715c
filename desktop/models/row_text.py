"""The words of one list row, made once when the row is fetched: painting is what costs."""

from desktop.models import moments
from desktop.translation import translate
from sync.cache.rows import TicketRow
from sync.domain.records import Awaiting, Priority, Status
from sync.domain.spot_check import SOON_MS
from sync.domain.times import DAY_MS, HOUR_MS, MINUTE_MS


class RowText:
    """What the delegate paints and a screen reader says for one ticket."""

    __slots__ = ("category", "initials", "name", "number", "ours", "row", "subject")

    def __init__(self, row: TicketRow) -> None:
        self.row = row
        self.name = row.requester_name or translate("TicketRow", "Unknown requester")
        self.number = f"#{row.number}" if row.number is not None else translate("TicketRow", "new")
        self.category = row.category_name
        self.subject = row.subject
        self.initials = initials(row.assignee_name) if row.assignee_name else ""
        self.ours = row.awaiting is Awaiting.TEAM

    def clock(self, now_ms: int) -> tuple[str, str]:
        """Tone and words at the right end: ("overdue", "34 min over"), ("due", "due in 9 min") or ("", "48 min")."""
        row = self.row
        if self.ours and row.due_at is not None:
            left = row.due_at - now_ms
            if left <= 0:
                return "overdue", translate("TicketRow", "{time} over").format(time=brief(-left))
            if left <= SOON_MS:
                return "due", translate("TicketRow", "due in {time}").format(time=brief(left))
        since = row.awaiting_since if row.awaiting_since is not None else row.updated_at
        return "", brief(max(0, now_ms - since))

    def state(self, offline: bool = False) -> tuple[str, str, str]:
        """Tone, icon and words of the row's own state; three empty texts if there is none."""
        if self.row.needs_you:
            return "needs", "needs-you", translate("TicketRow", "Needs you")
        if self.row.pending and offline:
            return "pending", "saved-here", translate("TicketRow", "Saved here")
        if self.row.pending:
            return "pending", "saved-here", translate("TicketRow", "{count} to send").format(count=self.row.pending)
        if self.row.draft:
            return "muted", "quick-note", translate("TicketRow", "Draft")
        return "", "", ""

    def spoken(self, now_ms: int) -> str:
        """The whole row as one sentence for a screen reader."""
        row = self.row
        tone, clock = self.clock(now_ms)
        number = (
            translate("TicketRow", "ticket {number}").format(number=row.number)
            if row.number
            else translate("TicketRow", "new ticket")
        )
        parts = [self.name, self.subject, number, self.category, turn_words(row)]
        parts.append(clock if tone else translate("TicketRow", "for {time}").format(time=clock))
        parts.append(row.assignee_name or translate("TicketRow", "unassigned"))
        if row.priority in (Priority.HIGH, Priority.URGENT):
            parts.append(
                translate("TicketRow", "high priority")
                if row.priority is Priority.HIGH
                else translate("TicketRow", "urgent")
            )
        state = self.state()[2]
        parts += [state] if state else []
        parts += [translate("TicketRow", "unread")] if row.unread else []
        return ", ".join(part for part in parts if part) + "."


def turn_words(row: TicketRow) -> str:
    """Whose turn it is, in words."""
    if row.status is Status.CLOSED:
        return translate("TicketRow", "closed")
    return (
        translate("TicketRow", "awaiting us")
        if row.awaiting is Awaiting.TEAM
        else translate("TicketRow", "waiting for the requester")
    )


def initials(name: str) -> str:
    """Two letters for a colleague: first of the first and of the last word."""
    words = name.replace(".", " ").split()
    return (words[0][0] + words[-1][0] if len(words) > 1 else name[:2]).upper() if words else ""


def brief(ms: int) -> str:
    """A length in its one largest unit, as the narrow column has room for."""
    if ms >= DAY_MS:
        return translate("TicketRow", "{count} d").format(count=ms // DAY_MS)
    if ms >= 2 * HOUR_MS:
        return translate("TicketRow", "{count} h").format(count=ms // HOUR_MS)
    return moments.length(max(ms, MINUTE_MS))
