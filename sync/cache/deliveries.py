"""What became of mailed replies, as rows: kept here, so that it stands under each reply without a network too."""

from sync.cache import wire
from sync.cache.rows import Delivered
from sync.cache.store import Store
from sync.cache.work import Work
from sync.domain.protocol import DELIVERY


def take_deliveries(store: Store, work: Work) -> None:
    """The rows of a page. Inside the caller's transaction."""
    rows = work.page.rows.get(DELIVERY, ())
    store.many(
        "INSERT OR REPLACE INTO delivery VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (
                row["id"], work.account, row["ticketId"], row["messageId"], row["status"], wire.ms(row["at"]),
                row.get("detail"), work.seen,
            )
            for row in rows
        ),
    )  # fmt: skip
    work.threads.update(row["ticketId"] for row in rows)


def deliveries_of(store: Store, ticket_id: str) -> dict[str, Delivered]:
    """By the message's id."""
    rows = store.rows("SELECT message_id, status, at, detail FROM delivery WHERE ticket_id = ?", (ticket_id,))
    return {row[0]: Delivered(row[1], row[2], row[3]) for row in rows}
