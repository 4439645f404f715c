"""Into which ticket a duplicate may go: those of its category, the same requester's first; and why another may not."""

from collections.abc import Iterable
from dataclasses import dataclass

from desktop.translation import translate
from sync.cache.reader import Reader
from sync.cache.rows import TicketDetail, TicketRow
from sync.domain.records import Status

MOST = 12
_LOOKED_AT = 60


@dataclass(frozen=True, slots=True)
class Target:
    """A ticket to merge into. `same_person`: it is the requester's own; `why_not`: a sentence where it cannot be."""

    detail: TicketDetail
    same_person: bool
    why_not: str = ""

    @property
    def row(self) -> TicketRow:
        """Its line of the list."""
        return self.detail.row


def targets(reader: Reader, ticket: TicketDetail, typed: str) -> list[Target]:
    """What fits the words, or the number, typed; the requester's other tickets where nothing is. May raise
    Interrupted and SearchDamaged, as a search does.

    One that cannot be is named only where its very number was typed.
    """
    typed = typed.strip()
    number = typed.lstrip("#")
    found: list[TicketRow] = []
    if number.isdecimal():
        named = reader.ticket_by_number(int(number))
        found = _rows(reader, [named] if named else [])
    own = reader.earlier_tickets(ticket.requester.id, _LOOKED_AT) if ticket.requester is not None else []
    if typed:
        hits = reader.search(typed, _LOOKED_AT)
        mine = {row.id for row in own}
        found += sorted(hits, key=lambda row: row.id not in mine)
    else:
        found += own
    return _fitting(reader, ticket, found, number)


def why_not(ticket: TicketDetail, other: TicketDetail) -> str:
    """Why these two cannot be merged, in a sentence that says what to do; empty where they can."""
    row, name = other.row, f"#{other.row.number}" if other.row.number is not None else other.row.subject
    if row.id == ticket.row.id:
        return translate("MergeTargets", "{ticket} is this ticket itself. Choose another.").format(ticket=name)
    if row.category_id != ticket.row.category_id:
        text = translate("MergeTargets", "{ticket} is in {category}. Move one of them first, then merge.")
        return text.format(ticket=name, category=row.category_name)
    if other.merged_into_id is not None:
        return translate("MergeTargets", "{ticket} was merged already. Choose the ticket that it goes on in.").format(
            ticket=name
        )
    if row.status is Status.CLOSED and not same_person(ticket, other):
        text = translate("MergeTargets", "{ticket} is closed, and somebody else's. Open it again first, then merge.")
        return text.format(ticket=name)
    return ""


def same_person(ticket: TicketDetail, other: TicketDetail) -> bool:
    """Whether one requester asked both."""
    return ticket.requester is not None and other.requester is not None and ticket.requester.id == other.requester.id


def _fitting(reader: Reader, ticket: TicketDetail, rows: Iterable[TicketRow], number: str) -> list[Target]:
    found: dict[str, Target] = {}
    for row in rows:
        detail = reader.ticket(row.id) if row.id not in found else None
        if detail is None:
            continue
        objection = why_not(ticket, detail)
        if not objection or str(row.number) == number:
            found[row.id] = Target(detail, same_person(ticket, detail), objection)
        if len(found) == MOST:
            break
    return list(found.values())


def _rows(reader: Reader, ticket_ids: Iterable[str]) -> list[TicketRow]:
    return reader.ticket_rows(list(reader.keys(ticket_ids).values()))
