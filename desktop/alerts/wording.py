"""What notifications and the tray say."""

from collections.abc import Mapping

from desktop.alerts.notifications.port import Note
from desktop.models.moments import Moments
from desktop.translation import translate
from sync.cache.rows import Counts, TicketRow
from sync.domain.records import ArrivalKind
from sync.domain.ringing import DIGEST, Notice
from sync.domain.spot_check import Report
from sync.engine.status import Condition, SyncStatus

_SUBJECT_MOST = 200
CHECK = "check"


def note_of(notice: Notice, row: TicketRow | None, places: Mapping[str, int]) -> Note:
    """A notice in words. `row` is its one ticket, if the cache has it; `places` counts its tickets by category."""
    if notice.key not in notice.ticket_ids:
        return _many(notice, places)
    category = next(iter(places), "")
    lines = [] if row is None else [row.subject[:_SUBJECT_MOST], f"{row.requester_name}, {row.category_name}"]
    title = _title(notice, row, category)
    return Note(
        notice.key, title, "\n".join(line for line in lines if line), translate("Alerts", "Open ticket"), notice.urgent
    )


def _title(notice: Notice, row: TicketRow | None, category: str) -> str:
    number = f" #{row.number}" if row and row.number is not None else ""
    if notice.repeated:
        title = translate("Alerts", "Still waiting:{number}")
    elif notice.kind is ArrivalKind.INBOUND:
        title = (
            translate("Alerts", "Answer on{number}") if number else translate("Alerts", "An answer from a requester")
        )
    elif notice.kind is ArrivalKind.MOVED:
        title = translate("Alerts", "Moved here:{number}") if number else translate("Alerts", "A ticket was moved here")
    elif notice.kind is ArrivalKind.UNDELIVERED:
        title = (
            translate("Alerts", "A reply was not delivered:{number}")
            if number
            else translate("Alerts", "A reply was not delivered")
        )
    else:
        title = translate("Alerts", "New ticket{number}")
    title = title.format(number=number)
    if not row and category:
        title = translate("Alerts", "{what} in {category}").format(what=title, category=category)
    return translate("Alerts", "Urgent. {title}").format(title=title) if notice.urgent else title


def _many(notice: Notice, places: Mapping[str, int]) -> Note:
    count = len(notice.ticket_ids)
    if notice.key == DIGEST:
        title = translate("Alerts", "{count} arrived while you were away").format(count=count)
    elif notice.repeated:
        title = translate("Alerts", "{count} urgent tickets still wait").format(count=count)
    else:
        title = translate("Alerts", "{count} tickets have just arrived").format(count=count)
    return Note(notice.key, title, _listed(places), translate("Alerts", "Show what is new"), notice.urgent)


def _listed(by_category: Mapping[str, int], most: int = 6) -> str:
    largest = sorted(by_category.items(), key=lambda pair: (-pair[1], pair[0]))
    words = ", ".join(f"{name} {count}" for name, count in largest[:most])
    return f"{words}…" if len(largest) > most else words


def check_note(report: Report) -> Note:
    """The owner's check in one line, and who waits the longest (PRODUCT A10)."""
    title = translate("Alerts", "{new} new, {awaiting} awaiting, {late} too long").format(
        new=report.new, awaiting=report.awaiting, late=len(report.too_long)
    )
    oldest = report.oldest
    body = ""
    if oldest is not None:
        ticket = oldest.ticket
        body = translate("Alerts", "Longest: {subject} ({category}), {responsible}").format(
            subject=ticket.subject[:_SUBJECT_MOST],
            category=ticket.category,
            responsible=ticket.responsible or translate("Alerts", "nobody responsible"),
        )
    return Note(CHECK, title, body, translate("Alerts", "Open the spot-check"))


def tooltip(counts: Counts, names: Mapping[str, str], status: SyncStatus | None, moments: Moments) -> str:
    """Awaiting and new in all, then awaiting by the categories' `names`.

    Offline it says as of when; signed out that the count is unknown.
    """
    condition = status.condition if status is not None else Condition.OFFLINE
    if condition is Condition.SIGNED_OUT:
        return translate("Alerts", "Deskbell: signed out. Sign in again; nothing is lost.")
    if condition in (Condition.INCOMPATIBLE, Condition.DISK_FULL) and status is not None:
        return translate("Alerts", "Deskbell: {sentence}").format(sentence=status.sentence or "")
    waiting = {names[key]: awaiting for key, (awaiting, _) in counts.by_category.items() if awaiting and key in names}
    text = translate("Alerts", "Deskbell: {awaiting} awaiting us, {new} new").format(
        awaiting=counts.awaiting, new=counts.new
    )
    if condition is Condition.OFFLINE:
        since = status.last_contact_ms if status is not None else None
        since = since if since is not None else counts.as_of
        text += (
            translate("Alerts", ", as of {time}").format(time=moments.clock(since))
            if since is not None
            else translate("Alerts", ", offline")
        )
    listed = _listed(waiting)
    return f"{text}. {listed}" if listed else f"{text}."
