"""What an event does to a ticket: the server runs these to execute, the workstation to show (ARCHITECTURE 3.11)."""

from dataclasses import replace

from sync.domain.actions import LINK_PREFIX, TAG_PREFIX, Action, EditTicket, PostMessage
from sync.domain.records import Awaiting, MessageKind, Priority, Rating, Status, Ticket
from sync.domain.times import DAY_MS

REOPEN_DAYS = 14
SOLVED_BY_REQUESTER = "solved by the requester"
"""An outcome: the requester said so on the private page."""


def may_reopen(ticket: Ticket, at: int, reopen_days: int = REOPEN_DAYS) -> bool:
    """Whether words that meet this closed ticket open it again, rather than start a follow-up."""
    return ticket.closed_at is None or at - ticket.closed_at <= reopen_days * DAY_MS


def after_inbound(ticket: Ticket, at: int) -> Ticket:
    """The requester wrote: the team's turn, since the first word not answered; waiting and closed become open.

    The caller asks `may_reopen` first; a merged ticket is the caller's to redirect.
    """
    since = ticket.awaiting_since if ticket.awaiting is Awaiting.TEAM else at
    status = ticket.status if ticket.status is Status.NEW else Status.OPEN
    return replace(
        ticket,
        status=status,
        awaiting=Awaiting.TEAM,
        awaiting_since=since if since is not None else at,
        closed_at=None,
        updated_at=at,
    )


def after_reply(ticket: Ticket, at: int) -> Ticket:
    """An agent answered: the requester's turn. A closed ticket is open again by it."""
    return replace(
        ticket,
        status=Status.WAITING,
        awaiting=Awaiting.REQUESTER,
        awaiting_since=at,
        closed_at=None,
        updated_at=at,
    )


def with_status(ticket: Ticket, status: Status, at: int) -> Ticket:
    """Somebody set the status: closed awaits nobody, waiting awaits the requester, new and open the team."""
    if status is Status.CLOSED:
        closed_at = ticket.closed_at if ticket.status is Status.CLOSED else at
        return replace(ticket, status=status, awaiting=None, awaiting_since=None, closed_at=closed_at, updated_at=at)
    turn = Awaiting.REQUESTER if status is Status.WAITING else Awaiting.TEAM
    since = ticket.awaiting_since if ticket.awaiting is turn else at
    return replace(ticket, status=status, awaiting=turn, awaiting_since=since, closed_at=None, updated_at=at)


def after_message(ticket: Ticket, kind: MessageKind, at: int, then_status: Status | None = None) -> Ticket:
    """A message was posted; `then_status` is what its author chose for afterwards."""
    if kind is MessageKind.INBOUND:
        changed = after_inbound(ticket, at)
    elif kind is MessageKind.REPLY:
        changed = after_reply(ticket, at)
    else:
        changed = replace(ticket, updated_at=at)
    return changed if then_status is None else with_status(changed, then_status, at)


def after_edit(ticket: Ticket, name: str, value: str | bool | None, at: int) -> Ticket:
    """One edited field, in its wire name (`tags/NAME` for a tag, `links/ID` for a link).

    Raises ValueError for any other field or value.
    """
    if name.startswith(TAG_PREFIX):
        tag = frozenset({name.removeprefix(TAG_PREFIX)})
        return replace(ticket, tags=ticket.tags | tag if value else ticket.tags - tag, updated_at=at)
    if name.startswith(LINK_PREFIX):
        other = frozenset({name.removeprefix(LINK_PREFIX)}) - {ticket.id}
        return replace(ticket, links=ticket.links | other if value else ticket.links - other, updated_at=at)
    if name == "status":
        return with_status(ticket, Status(str(value)), at)
    if name == "priority":
        return replace(ticket, priority=Priority(str(value)), updated_at=at)
    if name == "assigneeId":
        return replace(ticket, assignee_id=None if value is None else str(value), updated_at=at)
    if name == "incidentId":
        return replace(ticket, incident_id=None if value is None else str(value), updated_at=at)
    if name == "categoryId" and isinstance(value, str):
        return replace(ticket, category_id=value, updated_at=at)
    raise ValueError(f"{name} cannot be edited to {value!r}")


def reminded(ticket: Ticket, at: int) -> Ticket:
    """The requester says that they still wait: whose turn it is stays, and since when."""
    return replace(ticket, reminders=ticket.reminders + 1, updated_at=at)


def solved_by_requester(ticket: Ticket, at: int) -> Ticket:
    """The requester says that the matter is solved: closed with that outcome; words of theirs open it again."""
    return replace(with_status(ticket, Status.CLOSED, at), outcome=SOLVED_BY_REQUESTER)


def rated(ticket: Ticket, rating: Rating, at: int) -> Ticket:
    """The requester says what the answer was worth; the last word counts."""
    return replace(ticket, rating=rating, updated_at=at)


def merged_away(ticket: Ticket, into_id: str, at: int) -> Ticket:
    """The ticket was merged into another: it is closed, and goes on there."""
    return replace(with_status(ticket, Status.CLOSED, at), merged_into_id=into_id, links=frozenset())


def taken_in(into: Ticket, ticket: Ticket, at: int) -> Ticket:
    """`ticket`, as it was, was merged into this one: it has the reminders, tags, links and incident of both.

    What the team still owed there it owes here, since the earlier of both; a closed ticket is open again for it.
    """
    links = (into.links | ticket.links) - {into.id, ticket.id}
    onto = replace(
        into,
        reminders=into.reminders + ticket.reminders,
        tags=into.tags | ticket.tags,
        links=links,
        incident_id=into.incident_id or ticket.incident_id,
        updated_at=at,
    )
    if ticket.awaiting is not Awaiting.TEAM or ticket.awaiting_since is None:
        return onto
    since = ticket.awaiting_since
    if into.awaiting is Awaiting.TEAM and into.awaiting_since is not None:
        since = min(since, into.awaiting_since)
    status = into.status if into.status is Status.NEW else Status.OPEN
    return replace(onto, status=status, awaiting=Awaiting.TEAM, awaiting_since=since, closed_at=None)


def may_merge(ticket: Ticket, into: Ticket) -> bool:
    """Whether a merge makes sense: one category, neither merged away, and no closed ticket of somebody else."""
    if ticket.id == into.id or ticket.category_id != into.category_id:
        return False
    if ticket.merged_into_id is not None or into.merged_into_id is not None:
        return False
    return into.status is not Status.CLOSED or into.requester_id == ticket.requester_id


def project(ticket: Ticket, action: Action) -> Ticket:
    """The ticket as it is shown once `action` waits in the outbox."""
    match action:
        case PostMessage() if action.ticket_id == ticket.id:
            return after_message(ticket, action.kind, action.composed_at, action.then_status)
        case EditTicket() if action.ticket_id == ticket.id:
            for name, value in action.wanted.items():
                ticket = after_edit(ticket, name, value, action.at)
            return ticket
        case _:
            return ticket
