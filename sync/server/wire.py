"""The tables' rows as JMAP objects: camelCase, UTCDate, sets as maps to true (ARCHITECTURE 3.15)."""

from collections.abc import Iterable
from functools import lru_cache

from sync.domain.times import to_utc_date
from sync.jmap.errors import JSON
from sync.server.database import Row

_date = lru_cache(maxsize=4096)(to_utc_date)


def date_or_none(ms: int | None) -> str | None:
    """UTCDate or null."""
    return None if ms is None else _date(ms)


def ticket_wire(row: Row, links: Iterable[str], follow_up_of: str | None) -> dict[str, JSON]:
    """Ticket. `links`, `follow_up_of`: what it tells of other tickets (`LinkTokens`), never the columns as they are."""
    return {
        "id": row["id"],
        "number": row["number"],
        "subject": row["subject"],
        "categoryId": row["category_id"],
        "status": row["status"],
        "priority": row["priority"],
        "channel": row["channel"],
        "site": row["site"],
        "assigneeId": row["assignee_id"],
        "requesterId": row["requester_id"],
        "awaiting": row["awaiting"],
        "awaitingSince": date_or_none(row["awaiting_since"]),
        "createdAt": _date(row["created_at"]),
        "updatedAt": _date(row["updated_at"]),
        "closedAt": date_or_none(row["closed_at"]),
        "resolution": row["resolution"],
        "outcome": row["outcome"],
        "tags": dict.fromkeys(row["tags"], True),
        "mergedIntoId": row["merged_into_id"],
        "followUpOf": follow_up_of,
        "lastSeq": row["last_seq"],
        "reminders": row["reminders"],
        "rating": row["rating"],
        "links": dict.fromkeys(sorted(links), True),
        "incidentId": row["incident_id"],
        "messageId": row["first_message_id"],
        "clientKey": row["client_key"],
    }


def message_wire(row: Row, body_text: str) -> dict[str, JSON]:
    """Message. `body_text`: what it tells (`LinkTokens`), never the column as it is."""
    return {
        "id": row["id"],
        "ticketId": row["ticket_id"],
        "seq": row["seq"],
        "kind": row["kind"],
        "authorId": row["author_id"],
        "bodyText": body_text,
        "composedAt": _date(row["composed_at"]),
        "postedAt": _date(row["posted_at"]),
        "attachments": row["attachments"],
        "originalBlobId": row["original_blob_id"],
        "clientKey": row["client_key"],
    }


def requester_wire(row: Row) -> dict[str, JSON]:
    """Requester."""
    return {
        "id": row["id"],
        "name": row["name"],
        "email": row["email"],
        "phone": row["phone"],
        "createdAt": _date(row["created_at"]),
        "facts": row["facts"] or [],
    }


def arrival_wire(row: Row) -> dict[str, JSON]:
    """TicketArrival."""
    return {
        "id": row["id"],
        "ticketId": row["ticket_id"],
        "messageId": row["message_id"],
        "kind": row["kind"],
        "priority": row["priority"],
        "byAgentId": row["by_agent_id"],
        "at": _date(row["at"]),
        "forAgentId": row.get("for_agent_id"),
    }
