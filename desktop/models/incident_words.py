"""Incidents in words: rows of the list, the figures, what the ticket's head says; and drafts as they are kept."""

import json
from collections.abc import Iterable
from dataclasses import asdict, replace
from typing import NamedTuple

from desktop.models.cards import Card
from desktop.models.moments import Moments
from desktop.models.wall_times import WallClock
from desktop.translation import translate
from sync.cache.incidents import Gathered
from sync.cache.rows import DraftRow
from sync.domain.incidents import Incident

NEW = "+"
_PLACE, _MODE = "incident", "incident:"
_NOTE = "note:"


class IncidentDraft(NamedTuple):
    """What it was when the change began (None: a new one), what it is to be, and for a new one which tickets follow."""

    base: Incident | None
    wanted: Incident
    tickets: tuple[str, ...] = ()


def card(incident: Incident, found: Gathered, moments: Moments, now_ms: int, *, changed: bool) -> Card:
    """What it is, how many tickets, and how it stands."""
    title = incident.title or translate("Incidents", "New incident")
    counts = translate("Incidents", "{open} of {count} open").format(open=found.open, count=found.tickets)
    tickets = counts if found.tickets else ""
    icon, ink, mark_icon, mark = "urgent", "overdue", "clock", translate("Incidents", "No time of repair yet")
    mark_ink = "muted"
    if incident.fixed_at is not None:
        icon, ink, mark_icon = "check-circle", "sent", "check"
        mark = translate("Incidents", "Repaired {time}").format(time=moments.full(incident.fixed_at, now_ms))
    elif is_late(incident, now_ms):
        mark_icon, mark_ink = "overdue", "overdue"
        mark = translate("Incidents", "Late, was due {time}").format(time=moments.full(incident.eta or 0, now_ms))
    elif incident.eta is not None:
        mark_ink = "due"
        mark = translate("Incidents", "Repair by {time}").format(time=moments.full(incident.eta, now_ms))
    if changed:
        mark_icon, mark, mark_ink = "quick-note", translate("Incidents", "Changed here, not saved yet"), "note"
    since = moments.full(incident.since, now_ms)
    return Card(
        incident.id, icon, ink, title, tickets, since, incident.notice or incident.cause, mark_icon, mark, mark_ink
    )


def is_late(incident: Incident, now_ms: int) -> bool:
    """Whether the expected repair has passed."""
    return incident.fixed_at is None and incident.eta is not None and incident.eta <= now_ms


def figures(incident: Incident, found: Gathered, *, other_time: bool = False) -> str:
    """In one line; tickets are those that this person sees. `other_time`: another time of repair is to be mailed."""
    parts = [translate("Incidents", "Tickets: {count}, open: {open}").format(count=found.tickets, open=found.open)]
    if incident.followers:
        parts.append(translate("Incidents", "without a ticket, waiting for a mail: {count}").format(
            count=incident.followers
        ))  # fmt: skip
    if incident.fixed_at is not None:
        parts.append(translate("Incidents", "works again: {works}, still broken: {broken}").format(
            works=incident.works, broken=incident.broken
        ))  # fmt: skip
    words = "; ".join(parts) + "."
    if other_time and found.open and incident.fixed_at is None:
        words += " " + translate("Incidents", "Once it is saved, whoever waits is told the other time by mail.")
    return words


def head_words(incident: Incident, moments: Moments, now_ms: int) -> str:
    """For the head of a ticket that belongs to it."""
    if incident.fixed_at is not None:
        return translate("Incidents", "Repaired: {title}").format(title=incident.title[:60])
    if incident.eta is None:
        return translate("Incidents", "Incident: {title}").format(title=incident.title[:60])
    return translate("Incidents", "Incident: {title}, by {time}").format(
        title=incident.title[:60], time=moments.short(incident.eta, now_ms)
    )


def told_to_requesters(at: int, clock: WallClock) -> str:
    """A moment that is understood also when it is read days later, elsewhere, in any language."""
    local = clock.local(at)
    return f"{local:%Y-%m-%d, %H:%M} {local.tzname() or ''}".strip()


def slot_of(incident_id: str) -> tuple[str, str]:
    """Where changes of an incident, or of a new one, are kept."""
    return _PLACE, f"{_MODE}{incident_id}"


def note_slot(incident_id: str) -> tuple[str, str]:
    """Where a note that was begun is kept."""
    return _PLACE, f"{_NOTE}{incident_id}"


def text_of(draft: IncidentDraft) -> str:
    """As it is kept; empty where nothing is changed any more."""
    if draft.base == draft.wanted:
        return ""
    return json.dumps([None if draft.base is None else _plain(draft.base), _plain(draft.wanted), draft.tickets])


def drafts_of(rows: Iterable[DraftRow]) -> dict[str, IncidentDraft]:
    """What was changed here, by id."""
    found: dict[str, IncidentDraft] = {}
    for row in rows:
        if row.mode.startswith(_MODE):
            try:
                base, wanted, *more = json.loads(row.text)
                kept = None if base is None else _incident(base)
                draft = IncidentDraft(kept, _incident(wanted), tuple(map(str, more[0])) if more else ())
                found[row.mode.removeprefix(_MODE)] = draft
            except (ValueError, TypeError, KeyError):
                continue  # of another version: it stays kept, and is not shown
    return found


def _plain(incident: Incident) -> dict[str, object]:
    return {**asdict(incident), "category_ids": sorted(incident.category_ids)}


def _incident(values: dict[str, object]) -> Incident:
    plain = Incident(**values)  # type: ignore[arg-type]  # as it was written by _plain; another shape raises
    return replace(plain, category_ids=frozenset(plain.category_ids))


def answer_slot(incident_id: str) -> tuple[str, str]:
    """Where an answer to all that was begun is kept."""
    return _PLACE, f"answer:{incident_id}"
