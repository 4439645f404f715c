"""Objects as they travel, turned into rows of the cache: straight to tuples on the path of a first copy."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zlib import crc32

from sync.domain.records import Attachment, Awaiting, Channel, Fact, Priority, Rating, Status, Ticket
from sync.domain.times import from_utc_date, to_utc_date

Row = Mapping[str, Any]

PRIORITIES = tuple(Priority)
RANK = {priority.value: rank for rank, priority in enumerate(PRIORITIES)}
DEFAULT_LIMIT_MS = 2 * 3_600_000

KEY_BITS = 21
_KEY_MASK = (1 << KEY_BITS) - 1
LOCAL_SEQ = 1 << 40
_AFTER_TEAM = 1 << 50
_AFTER_ALL = 1 << 60

TICKET_COLUMNS = (
    "id", "account", "number", "subject", "category_id", "requester_id", "created_at", "updated_at", "status",
    "priority", "channel", "site", "assignee_id", "awaiting", "awaiting_since", "closed_at", "resolution", "outcome",
    "tags", "merged_into_id", "follow_up_of", "last_seq", "links", "reminders", "rating", "incident_id", "need", "seen",
)  # fmt: skip
MESSAGE_COLUMNS = (
    "key", "id", "account", "ticket_id", "seq", "kind", "author_id", "body_text", "composed_at", "posted_at",
    "attachments", "client_key", "state", "seen", "original",
)  # fmt: skip


def ms(text: str) -> int:
    """Milliseconds of a UTCDate, faster than `from_utc_date` for the form in which servers send it.

    Raises ValueError for what is no UTCDate.
    """
    if len(text) == 24 and text[23] == "Z" and text[19] == ".":
        return int(datetime.fromisoformat(text).timestamp() * 1000 + 0.5)
    return from_utc_date(text)


def optional_ms(text: str | None) -> int | None:
    """The same for a property that may be null."""
    return None if text is None else ms(text)


def facts_text(facts: Sequence[Row] | None) -> str | None:
    """What other systems told of a requester, as one column."""
    return json.dumps([[one["id"], ms(one["at"]), one["kind"], one["text"]] for one in facts]) if facts else None


def facts_of(text: str | None) -> tuple[Fact, ...]:
    """The same as records."""
    return () if text is None else tuple(Fact(*one) for one in json.loads(text))


def tags_text(tags: Mapping[str, bool] | frozenset[str]) -> str:
    """Tags, or the ids of links, as one column: sorted, one a line."""
    return "\n".join(sorted(tags)) if tags else ""


def need(status: str, awaiting: str | None, since: int | None, updated_at: int, limit_ms: int) -> int:
    """The sort key of "most in need", least first: by the time due, then those waiting, then closed, newest first."""
    if status == "closed" or since is None:
        return _AFTER_ALL - updated_at
    return since + limit_ms if awaiting == "team" else _AFTER_TEAM + since


def message_key(posted_at: int, message_id: str) -> int:
    """A row number that rises with the time, so that the search index gives the newest first; 21 bits of the id
    tell apart what was posted in one millisecond."""
    try:
        return (posted_at << KEY_BITS) | (int(message_id[-6:], 16) & _KEY_MASK)
    except ValueError:  # an id of another server
        return (posted_at << KEY_BITS) | (crc32(message_id.encode()) & _KEY_MASK)


def ticket_values(row: Row, account: int, limit_ms: int, seen: int) -> tuple[Any, ...]:
    """A wire Ticket as a tuple of TICKET_COLUMNS. Raises KeyError, ValueError, TypeError for what is none."""
    get = row.get
    updated_at, since = ms(row["updatedAt"]), optional_ms(get("awaitingSince"))
    awaiting, status = get("awaiting"), row["status"]
    return (
        row["id"], account, get("number"), row["subject"], row["categoryId"], get("requesterId"), ms(row["createdAt"]),
        updated_at, status, RANK[row["priority"]], row["channel"], get("site"), get("assigneeId"), awaiting, since,
        optional_ms(get("closedAt")), get("resolution"), get("outcome"), tags_text(get("tags") or {}),
        get("mergedIntoId"), get("followUpOf"), get("lastSeq") or 0, tags_text(get("links") or {}),
        get("reminders") or 0, get("rating"), get("incidentId"),
        need(status, awaiting, since, updated_at, limit_ms), seen,
    )  # fmt: skip


def message_values(row: Row, account: int, seen: int) -> tuple[Any, ...]:
    """A wire Message as a tuple of MESSAGE_COLUMNS. Raises KeyError, ValueError, TypeError for what is none."""
    posted, composed, attachments = row["postedAt"], row["composedAt"], row.get("attachments")
    posted_at = ms(posted)
    return (
        message_key(posted_at, row["id"]), row["id"], account, row["ticketId"], row["seq"], row["kind"],
        row.get("authorId"), row["bodyText"], posted_at if composed == posted else ms(composed), posted_at,
        json.dumps(attachments) if attachments else None, row.get("clientKey"), 0, seen, row.get("originalBlobId"),
    )  # fmt: skip


def ticket_record(row: Row) -> Ticket:
    """A wire Ticket as a record, for the rules."""
    return Ticket(
        id=row["id"],
        number=row.get("number"),
        subject=row["subject"],
        category_id=row["categoryId"],
        requester_id=row.get("requesterId"),
        created_at=ms(row["createdAt"]),
        updated_at=ms(row["updatedAt"]),
        status=Status(row["status"]),
        priority=Priority(row["priority"]),
        channel=Channel(row["channel"]),
        site=row.get("site"),
        assignee_id=row.get("assigneeId"),
        awaiting=None if row.get("awaiting") is None else Awaiting(row["awaiting"]),
        awaiting_since=optional_ms(row.get("awaitingSince")),
        closed_at=optional_ms(row.get("closedAt")),
        resolution=row.get("resolution"),
        outcome=row.get("outcome"),
        tags=frozenset(row.get("tags") or {}),
        merged_into_id=row.get("mergedIntoId"),
        follow_up_of=row.get("followUpOf"),
        last_seq=row.get("lastSeq") or 0,
        links=frozenset(row.get("links") or {}),
        reminders=row.get("reminders") or 0,
        rating=None if row.get("rating") is None else Rating(row["rating"]),
        incident_id=row.get("incidentId"),
    )


def ticket_row(ticket: Ticket) -> dict[str, Any]:
    """A record in wire form."""
    return {
        "id": ticket.id,
        "number": ticket.number,
        "subject": ticket.subject,
        "categoryId": ticket.category_id,
        "requesterId": ticket.requester_id,
        "createdAt": to_utc_date(ticket.created_at),
        "updatedAt": to_utc_date(ticket.updated_at),
        "status": ticket.status.value,
        "priority": ticket.priority.value,
        "channel": ticket.channel.value,
        "site": ticket.site,
        "assigneeId": ticket.assignee_id,
        "awaiting": None if ticket.awaiting is None else ticket.awaiting.value,
        "awaitingSince": None if ticket.awaiting_since is None else to_utc_date(ticket.awaiting_since),
        "closedAt": None if ticket.closed_at is None else to_utc_date(ticket.closed_at),
        "resolution": ticket.resolution,
        "outcome": ticket.outcome,
        "tags": dict.fromkeys(sorted(ticket.tags), True),
        "mergedIntoId": ticket.merged_into_id,
        "followUpOf": ticket.follow_up_of,
        "lastSeq": ticket.last_seq,
        "links": dict.fromkeys(sorted(ticket.links), True),
        "reminders": ticket.reminders,
        "rating": None if ticket.rating is None else ticket.rating.value,
        "incidentId": ticket.incident_id,
    }


def stored_ticket(values: Mapping[str, Any]) -> dict[str, Any]:
    """A ticket's row of the cache (by column name) in wire form."""
    return ticket_row(
        Ticket(
            id=values["id"],
            number=values["number"],
            subject=values["subject"],
            category_id=values["category_id"],
            requester_id=values["requester_id"],
            created_at=values["created_at"],
            updated_at=values["updated_at"],
            status=Status(values["status"]),
            priority=PRIORITIES[values["priority"]],
            channel=Channel(values["channel"]),
            site=values["site"],
            assignee_id=values["assignee_id"],
            awaiting=None if values["awaiting"] is None else Awaiting(values["awaiting"]),
            awaiting_since=values["awaiting_since"],
            closed_at=values["closed_at"],
            resolution=values["resolution"],
            outcome=values["outcome"],
            tags=frozenset(values["tags"].split("\n")) if values["tags"] else frozenset(),
            merged_into_id=values["merged_into_id"],
            follow_up_of=values["follow_up_of"],
            last_seq=values["last_seq"],
            links=frozenset(values["links"].split("\n")) if values["links"] else frozenset(),
            reminders=values["reminders"],
            rating=None if values["rating"] is None else Rating(values["rating"]),
            incident_id=values["incident_id"],
        )
    )


def attachments_of(text: str | None) -> tuple[Attachment, ...]:
    """The column `attachments` as records."""
    if not text:
        return ()
    return tuple(Attachment(one["blobId"], one["name"], one["type"], one["size"]) for one in json.loads(text))


def attachments_text(attachments: tuple[Attachment, ...]) -> str | None:
    """Records as the column `attachments`."""
    if not attachments:
        return None
    return json.dumps([{"blobId": a.blob_id, "name": a.name, "type": a.type, "size": a.size} for a in attachments])


def parsed(text: str) -> dict[str, Any]:
    """A kept wire object."""
    found: dict[str, Any] = json.loads(text)
    return found
