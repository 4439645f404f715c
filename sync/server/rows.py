"""Between the tables' rows and the domain's records."""

from typing import Any

from sync.domain.records import Attachment, Awaiting, Channel, Priority, Rating, Status, Ticket
from sync.server.database import Row


def ticket_of(row: Row) -> Ticket:
    """The ticket that a row holds."""
    return Ticket(
        id=row["id"],
        number=row["number"],
        subject=row["subject"],
        category_id=row["category_id"],
        requester_id=row["requester_id"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        status=Status(row["status"]),
        priority=Priority(row["priority"]),
        channel=Channel(row["channel"]),
        site=row["site"],
        assignee_id=row["assignee_id"],
        awaiting=None if row["awaiting"] is None else Awaiting(row["awaiting"]),
        awaiting_since=row["awaiting_since"],
        closed_at=row["closed_at"],
        resolution=row["resolution"],
        outcome=row["outcome"],
        tags=frozenset(row["tags"]),
        merged_into_id=row["merged_into_id"],
        follow_up_of=row["follow_up_of"],
        last_seq=row["last_seq"],
        reminders=row["reminders"],
        rating=None if row["rating"] is None else Rating(row["rating"]),
        links=frozenset(row["links"]),
        incident_id=row["incident_id"],
    )


def row_of(ticket: Ticket) -> Row:
    """All columns of a ticket but those that are written once: its client key and its first message's id."""
    return {
        "id": ticket.id,
        "number": ticket.number,
        "subject": ticket.subject,
        "category_id": ticket.category_id,
        "requester_id": ticket.requester_id,
        "created_at": ticket.created_at,
        "updated_at": ticket.updated_at,
        "status": ticket.status.value,
        "priority": ticket.priority.value,
        "channel": ticket.channel.value,
        "site": ticket.site,
        "assignee_id": ticket.assignee_id,
        "awaiting": None if ticket.awaiting is None else ticket.awaiting.value,
        "awaiting_since": ticket.awaiting_since,
        "closed_at": ticket.closed_at,
        "resolution": ticket.resolution,
        "outcome": ticket.outcome,
        "tags": sorted(ticket.tags),
        "merged_into_id": ticket.merged_into_id,
        "follow_up_of": ticket.follow_up_of,
        "last_seq": ticket.last_seq,
        "reminders": ticket.reminders,
        "rating": None if ticket.rating is None else ticket.rating.value,
        "links": sorted(ticket.links),
        "incident_id": ticket.incident_id,
    }


def attachment_json(attachment: Attachment) -> dict[str, Any]:
    """An attachment as it is stored and as it travels."""
    return {
        "blobId": attachment.blob_id,
        "name": attachment.name,
        "type": attachment.type,
        "size": attachment.size,
    }


def attachments_of(values: list[dict[str, Any]]) -> tuple[Attachment, ...]:
    """The attachments of a message on the wire."""
    return tuple(Attachment(one["blobId"], one["name"], one["type"], int(one["size"])) for one in values)
