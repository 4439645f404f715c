"""Stores messages and requesters from further CSV files, in batches of one transaction each; rings nobody."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import Any, Final

from sync.domain import ids, protocol
from sync.domain.records import MessageKind
from sync.server.importing.csv_records import Skipped
from sync.server.importing.further import MessageToBe, RequesterToBe
from sync.server.importing.importer import AUTHOR, BATCH, Report
from sync.server.intake import Asker, Intake
from sync.server.ledger import Receipt
from sync.server.parts import Parts
from sync.server.tables import AgentRow, RequesterRow
from sync.server.texts import key_of
from sync.server.ticketing import Ticketing

_TICKET: Final = "SELECT object_id FROM receipt WHERE author_id = ? AND client_key = ? AND type = ?"
_HELD: Final = "SELECT 1 FROM receipt WHERE author_id = ? AND client_key = ?"
_STANDS_IN: Final = "SELECT account FROM object_state WHERE type = ? AND object_id = ? AND NOT destroyed"

ToBe = MessageToBe | RequesterToBe


class FurtherImporter:
    """One import of one further file."""

    def __init__(self, parts: Parts, intake: Intake, ticketing: Ticketing, breathe: Callable[[], None]) -> None:
        self._parts = parts
        self._intake = intake
        self._ticketing = ticketing
        self._breathe = breathe

    def run(self, results: Iterable[ToBe | Skipped], progress: Callable[[int], None]) -> Report:
        """Store everything; what was stored before stays as it is."""
        report = Report()
        source: Iterator[ToBe | Skipped] = iter(results)
        while batch := list(islice(source, BATCH)):
            report.skipped.extend(one for one in batch if isinstance(one, Skipped))
            wanted = [one for one in batch if not isinstance(one, Skipped)]
            imported, there, skipped = self._parts.journal.write(partial(self._store, wanted))
            report.imported += imported
            report.there += there
            report.skipped.extend(skipped)
            progress(len(batch))
            if imported:
                self._breathe()
        return report

    def _store(self, wanted: Sequence[ToBe]) -> tuple[int, int, list[Skipped]]:
        imported, there = 0, 0
        skipped: list[Skipped] = []
        for one in wanted:
            if self._parts.database.select(_HELD, (AUTHOR, one.key)):
                there += 1
                continue
            if isinstance(one, RequesterToBe):
                self._requester(one)
            elif (why := self._message(one)) is not None:
                skipped.append(Skipped(one.number, why, one.line))
                continue
            imported += 1
        return imported, there, skipped

    def _message(self, one: MessageToBe) -> str | None:
        """Behind what stands in the thread; whose turn it is stays as the ticket's own row said."""
        found = self._parts.database.select(_TICKET, (AUTHOR, one.ticket_key, protocol.TICKET))
        ticket = None if not found else self._ticketing.held(str(found[0][0]))
        if ticket is None:
            return "its ticket was not imported: import the tickets first, with their externalId"
        author: str | None = ticket.requester_id
        if one.kind is not MessageKind.INBOUND:
            author = self._agent(one.author)
        elif one.email is not None:
            account = self._ticketing.account_of(ticket)
            author = self._intake.requester(Asker(one.author or one.email, one.email), account, one.created_at)
        message_id = self._parts.ids.new(ids.MESSAGE)
        after = self._ticketing.post(
            replace(ticket, updated_at=max(ticket.updated_at, one.created_at)),
            one.kind,
            one.body,
            message_id=message_id,
            author_id=author,
            composed_at=one.created_at,
            at=one.created_at,
        )
        self._ticketing.save(ticket, after)
        self._remember(one.key, protocol.MESSAGE, message_id)
        return None

    def _agent(self, name: str) -> str | None:
        row = self._parts.database.one(AgentRow.select().where(AgentRow.name_key == key_of(name)))
        return None if row is None else str(row["id"])

    def _requester(self, one: RequesterToBe) -> None:
        """Made, or where the address is known, given the name and phone number of the file."""
        requester_id = self._parts.ids.new(ids.REQUESTER)
        row = {
            "id": requester_id,
            "name": one.name,
            "email": one.email,
            "email_key": None if one.email is None else one.email.lower(),
            "phone": one.phone,
            "created_at": self._parts.clock.now_ms(),
        }
        if not self._parts.database.insert_new(RequesterRow, row):
            [(requester_id,)] = self._parts.database.select(
                "SELECT id FROM requester WHERE email_key = ?", (row["email_key"],)
            )
            given: dict[Any, Any] = {RequesterRow.name: one.name}
            if one.phone is not None:
                given[RequesterRow.phone] = one.phone
            self._parts.database.run(RequesterRow.update(given).where(RequesterRow.id == requester_id))
            self._tell(str(requester_id))
        self._remember(one.key, protocol.REQUESTER, str(requester_id))

    def _tell(self, requester_id: str) -> None:
        numbers = {int(one[0]) for one in self._parts.database.select(_STANDS_IN, (protocol.REQUESTER, requester_id))}
        for account in self._parts.accounts.all():
            if account.number in numbers:
                self._parts.journal.present(account, protocol.REQUESTER, requester_id)

    def _remember(self, key: str, kind: str, object_id: str) -> None:
        row = {
            "author_id": AUTHOR,
            "client_key": key,
            "type": kind,
            "content": "",
            "object_id": object_id,
            "error": None,
            "at": self._parts.clock.now_ms(),
        }
        self._parts.database.insert(Receipt, [row])
