"""Stores tickets to be in batches, one transaction each; what is there already stays as it is; rings nobody."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from itertools import islice
from typing import Any, Final

from sync.domain import ids, protocol, rules
from sync.domain.records import Awaiting, Channel, MessageKind, Status, Ticket
from sync.server import rows
from sync.server.accounts import StoredAccount
from sync.server.importing.csv_records import Skipped
from sync.server.importing.rows import ImportRow
from sync.server.ledger import Receipt
from sync.server.parts import Parts
from sync.server.tables import MessageRow, RequesterRow, TicketRow

BATCH: Final = 500
AUTHOR: Final = "import"
"""Whose client keys the rows' keys are: they are kept for ever, as every key of something that was made."""

_DONE: Final = "SELECT client_key FROM receipt WHERE author_id = ? AND client_key IN ({marks})"
_TAKE_ON_SQLITE: Final = "UPDATE ticket_number SET value = value + ? RETURNING value"
_TAKE_ON_POSTGRES: Final = "SELECT nextval('ticket_number') FROM generate_series(1, ?)"

CategoryOf = Callable[[str], StoredAccount]
"""Inside the transaction: the account of the category with that name, which is made if there is none."""


@dataclass(slots=True)
class Report:
    """What came of a file. `skipped` are rows that cannot be tickets, `there` those imported before."""

    imported: int = 0
    there: int = 0
    open: int = 0
    skipped: list[Skipped] = field(default_factory=list)


class Importer:
    """One import. `shift_ms` is added to each date that the file gives; `breathe` lets other writers in."""

    def __init__(self, parts: Parts, category_of: CategoryOf, breathe: Callable[[], None], shift_ms: int = 0) -> None:
        self._parts = parts
        self._category_of = category_of
        self._breathe = breathe
        self._shift_ms = shift_ms

    def run(self, results: Iterable[ImportRow | Skipped], progress: Callable[[int], None]) -> Report:
        """Store everything; `progress` is told after each batch how many rows it held."""
        report = Report()
        source = iter(results)
        while batch := list(islice(source, BATCH)):
            wanted = [one for one in batch if isinstance(one, ImportRow)]
            report.skipped.extend(one for one in batch if isinstance(one, Skipped))
            imported = self._parts.journal.write(partial(self._store, wanted))
            report.imported += len(imported)
            report.there += len(wanted) - len(imported)
            report.open += sum(one.status is not Status.CLOSED for one in imported)
            progress(len(batch))
            if imported:
                self._breathe()
        return report

    def _store(self, wanted: Sequence[ImportRow]) -> list[ImportRow]:
        new = self._not_there(wanted)
        now = self._parts.clock.now_ms()
        numbers = self._numbers(len(new))
        account_of = cache(self._category_of)
        tickets: list[dict[str, Any]] = []
        messages: list[dict[str, Any]] = []
        receipts: list[dict[str, Any]] = []
        askers = self._requesters(new, now)
        for row, number, requester_id in zip(new, numbers, askers, strict=True):
            account = account_of(row.category)
            created_at = now if row.created_at is None else row.created_at + self._shift_ms
            ticket = self._ticket(row, number, requester_id, str(account.category_id), created_at)
            message = _message(row, ticket, self._parts.ids.new(ids.MESSAGE))
            tickets.append({**rows.row_of(ticket), "first_message_id": message["id"], "client_key": None})
            messages.append(message)
            receipts.append(_receipt(row, ticket, now))
            self._parts.journal.present(account, protocol.REQUESTER, requester_id)
            self._parts.journal.present(account, protocol.TICKET, ticket.id)
            self._parts.journal.present(account, protocol.MESSAGE, str(message["id"]))
        self._parts.database.insert(TicketRow, tickets)
        self._parts.database.insert(MessageRow, messages)
        self._parts.database.insert(Receipt, receipts)
        return new

    def _not_there(self, wanted: Sequence[ImportRow]) -> list[ImportRow]:
        if not wanted:
            return []
        marks = ", ".join("?" * len(wanted))
        found = self._parts.database.select(_DONE.format(marks=marks), (AUTHOR, *(one.key for one in wanted)))
        done = {str(one[0]) for one in found}
        fresh: dict[str, ImportRow] = {}
        for row in wanted:
            if row.key not in done:
                fresh.setdefault(row.key, row)
        return list(fresh.values())

    def _numbers(self, count: int) -> list[int]:
        if count == 0:
            return []
        if self._parts.database.is_postgres:
            return [int(one[0]) for one in self._parts.database.select(_TAKE_ON_POSTGRES, (count,))]
        last = int(self._parts.database.select(_TAKE_ON_SQLITE, (count,))[0][0])
        return list(range(last - count + 1, last + 1))

    def _requesters(self, new: Sequence[ImportRow], now: int) -> list[str]:
        """Found by address or made; a row without an address is somebody of their own."""
        made: list[str] = []
        without_address: list[dict[str, Any]] = []
        for row in new:
            email_key = None if row.requester_email is None else row.requester_email.lower()
            requester = {
                "id": self._parts.ids.new(ids.REQUESTER),
                "name": row.requester_name,
                "email": row.requester_email,
                "email_key": email_key,
                "phone": None,
                "created_at": now,
            }
            if email_key is None:
                without_address.append(requester)
            elif not self._parts.database.insert_new(RequesterRow, requester):
                found = self._parts.database.select("SELECT id FROM requester WHERE email_key = ?", (email_key,))
                made.append(str(found[0][0]))
                continue
            made.append(str(requester["id"]))
        self._parts.database.insert(RequesterRow, without_address)
        return made

    def _ticket(self, row: ImportRow, number: int, requester_id: str, category_id: str, created_at: int) -> Ticket:
        ticket = Ticket(
            id=self._parts.ids.new(ids.TICKET),
            number=number,
            subject=row.subject,
            category_id=category_id,
            requester_id=requester_id,
            created_at=created_at,
            updated_at=created_at,
            priority=row.priority,
            channel=Channel.IMPORT,
            awaiting=Awaiting.TEAM,
            awaiting_since=created_at,
            tags=row.tags,
            last_seq=1,
        )
        return ticket if row.status is Status.NEW else rules.with_status(ticket, row.status, created_at)


def _message(row: ImportRow, ticket: Ticket, message_id: str) -> dict[str, Any]:
    return {
        "id": message_id,
        "ticket_id": ticket.id,
        "seq": 1,
        "kind": MessageKind.INBOUND.value,
        "author_id": ticket.requester_id,
        "body_text": row.body or row.subject,
        "composed_at": ticket.created_at,
        "posted_at": ticket.created_at,
        "attachments": [],
        "client_key": None,
        "status_before": None,
        "original_blob_id": None,
    }


def _receipt(row: ImportRow, ticket: Ticket, now: int) -> dict[str, Any]:
    return {
        "author_id": AUTHOR,
        "client_key": row.key,
        "type": protocol.TICKET,
        "content": "",
        "object_id": ticket.id,
        "error": None,
        "at": now,
    }
