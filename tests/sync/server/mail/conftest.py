"""A server that takes mails in."""

from collections.abc import Callable
from typing import Any

import pytest

from sync.server.mail.incoming import TakenIn
from tests.rigs.bureau import Bureau

TakeIn = Callable[..., TakenIn]


@pytest.fixture
def take_in(desk: Bureau, billing: str) -> TakeIn:
    """Take a mail in, to Billing; lines may end as they like."""

    def take(raw: bytes | str, **more: Any) -> TakenIn:
        octets = raw.encode() if isinstance(raw, str) else raw
        return desk.house.mail_in.take_in(octets, more.pop("category_id", billing), **more)

    return take


@pytest.fixture
def thread(desk: Bureau) -> Callable[[str], list[dict[str, Any]]]:
    """The messages of a ticket, by rows."""

    def rows(ticket_id: str) -> list[dict[str, Any]]:
        database = desk.house.parts.database
        sql = "SELECT kind, body_text, author_id, original_blob_id FROM message WHERE ticket_id = ? ORDER BY seq"
        names = ("kind", "text", "author", "original")
        return [dict(zip(names, one, strict=True)) for one in database.read(lambda: database.select(sql, (ticket_id,)))]

    return rows


@pytest.fixture
def ticket(desk: Bureau) -> Callable[[str], dict[str, Any]]:
    """A ticket's row, with its requester's name and address."""

    def row(ticket_id: str) -> dict[str, Any]:
        names = (
            "number",
            "subject",
            "status",
            "channel",
            "awaiting",
            "tags",
            "category_id",
            "name",
            "email",
            "follow_up_of",
        )
        columns = ", ".join(f"r.{one}" if one in ("name", "email") else f"t.{one}" for one in names)
        sql = f"SELECT {columns} FROM ticket t LEFT JOIN requester r ON r.id = t.requester_id WHERE t.id = ?"  # noqa: S608  # of names above
        database = desk.house.parts.database
        [found] = database.read(lambda: database.select(sql, (ticket_id,)))
        return dict(zip(names, found, strict=True))

    return row
