"""Ann acts at her workstation without a network, the others at the server; then she is back: who has what?"""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
from requests.adapters import BaseAdapter

from sync.cache.cache import Cache
from sync.cache.reader import Reader
from sync.cache.rows import UndeliveredRow
from sync.connectors.central import CentralConnector
from sync.connectors.port import Result, Routed
from sync.domain.actions import Action, EditTicket, MergeTicket, PostMessage
from sync.domain.ids import IdFactory
from sync.domain.records import MessageKind
from sync.engine.engine import Engine, Nudge
from sync.engine.reports import NotDelivered, Report
from sync.server.check import faults
from tests.rigs.bureau import HandClock
from tests.rigs.office import Office, office_in_process

Row = dict[str, Any]


class Forgetful(BaseAdapter):
    """A network that loses the answer to the next request that changes something, if told so."""

    def __init__(self, inner: BaseAdapter) -> None:
        super().__init__()
        self._inner = inner
        self.loses = False

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """The server gets it in any case."""
        answer = self._inner.send(request, *args, **kwargs)
        if self.loses and b"/set" in (request.body or b""):
            self.loses = False
            raise requests.ConnectionError("the answer was lost")
        return answer

    def close(self) -> None:
        """Nothing of its own."""


class Workstation:
    """One of Ann's: the real cache and the real engine."""

    def __init__(self, folder: Path, office: Office, clock: HandClock, seed: int) -> None:
        assert office.transport is not None
        self.wire = Forgetful(office.transport)
        self.clock = clock
        self.ids = IdFactory(clock, random.Random(seed))
        self.cache = Cache.open(folder, None, clock, self.ids)
        self.reports: list[Report] = []
        connector = CentralConnector(office.session(office.token("Ann"), self.wire))
        self.engine = Engine(self.cache, connector, clock, random.Random(seed), self.reports.append)
        self._readers: list[Reader] = []

    @property
    def reader(self) -> Reader:
        """One reader for all questions."""
        if not self._readers:
            self._readers.append(self.cache.reader())
        return self._readers[0]

    def close(self) -> None:
        """End it."""
        for reader in self._readers:
            reader.close()
        self.cache.close()

    def sync(self) -> None:
        """Until there is nothing to do, also for what waits for another try."""
        for _ in range(3):
            for _ in range(100):
                if self.engine.step(Nudge.CLICK).wait_seconds > 0:
                    break
            self.clock.advance(61_000)

    def told(self) -> list[str]:
        """The reasons of what was told as not delivered."""
        reports = [one for one in self.reports if isinstance(one, NotDelivered)]
        return [str(outcome.reason) for report in reports for outcome in report.outcomes]

    def item(self) -> UndeliveredRow:
        """The only item of Undelivered."""
        [found] = self.reader.undelivered()
        return found


class Quarrel:
    """Category `first` with tickets T and M of one requester, `second` that Ann does not see, `third` that she does."""

    def __init__(self, folder: Path, office: Office, clock: HandClock) -> None:
        self.office, self.clock, self.folder = office, clock, folder
        self.first, self.second, self.third = (office.category(name) for name in ("First", "Second", "Third"))
        self.ann_id = office.agent("Ann", self.first, self.third)
        self.ben_id = office.agent("Ben", self.first, self.second, self.third)
        office.agent("Olga", is_owner=True)
        self.ticket = office.file(self.first, "Printer", "It is stuck.", "bob@shop.example").ticket.id
        clock.advance(60_000)
        self.other = office.file(self.first, "Printer again", "Still stuck.", "bob@shop.example").ticket.id
        clock.advance(60_000)
        self.stranger = office.file(self.first, "Invoice", "It is wrong.", "eve@shop.example").ticket.id
        self.ben, self.olga = office.connector("Ben"), office.connector("Olga")
        self.ids = IdFactory(clock, random.Random(99))
        self.ann = Workstation(folder / "Ann", office, clock, 1)
        self.ann.sync()
        clock.advance(60_000)

    def account(self, connector: CentralConnector, category_id: str) -> str:
        """The id of a category's account."""
        return next(one.id for one in connector.access().accounts if one.category_id == category_id)

    def deed(self, action: Action) -> None:
        """Ben does it, online."""
        [outcome] = self.ben.send([Routed(action, self.account(self.ben, self.first))])
        assert outcome.result is Result.APPLIED, outcome
        self.clock.advance(1_000)

    def by_owner(self, action: Action | None, account_id: str) -> None:
        """The owner tries it, online; whatever comes of it."""
        if action is not None:
            self.olga.send([Routed(action, account_id)])
            self.clock.advance(1_000)

    def edit(self, ticket_id: str, **wanted: str | bool | None) -> EditTicket:
        """An edit upon what the server holds now."""
        row = self.row(ticket_id)
        names = {"status": "status", "assigneeId": "assignee_id", "categoryId": "category_id", "priority": "priority"}
        fields = {name.replace("__", "/"): value for name, value in wanted.items()}
        base = {name: row[names[name]] if name in names else None for name in fields}
        return EditTicket(self.ids.client_key(), ticket_id, fields, base, self.clock.now_ms())

    def reply(self, ticket_id: str, text: str) -> PostMessage:
        """A reply upon everything there is."""
        base = int(self.row(ticket_id)["last_seq"])
        return PostMessage(
            self.ids.client_key(), ticket_id, MessageKind.REPLY, text, self.clock.now_ms(), base_seq=base
        )

    def merge(self, ticket_id: str, into_id: str) -> MergeTicket:
        """A merge."""
        return MergeTicket(self.ids.client_key(), ticket_id, into_id, self.clock.now_ms())

    def delete(self, ticket_id: str) -> None:
        """The owner deletes it, online."""
        self.olga.delete_ticket(self.account(self.olga, self.first), ticket_id)

    def rows(self, sql: str, *values: object) -> list[Row]:
        """What the server holds."""
        database = self.office.house.parts.database

        def work() -> list[Row]:
            cursor = database.base.execute_sql(sql.replace("?", "%s") if database.is_postgres else sql, values)
            names = [one[0] for one in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

        return database.read(work)

    def row(self, ticket_id: str) -> Row:
        """The server's ticket."""
        [found] = self.rows("SELECT * FROM ticket WHERE id = ?", ticket_id)
        return found

    def places(self, text: str) -> list[str]:
        """Where at the server these words are: kind@ticket for a message, held for those kept for their author."""
        name = {self.ticket: "T", self.other: "M", self.stranger: "S"}
        posted = self.rows("SELECT kind, ticket_id FROM message WHERE body_text = ?", text)
        held = self.rows("SELECT id FROM held_message WHERE body_text = ?", text)
        return sorted([f"{row['kind']}@{name.get(row['ticket_id'], 'new')}" for row in posted] + ["held"] * len(held))

    def faults(self) -> list[str]:
        """What the server's own check finds."""
        return faults(self.office.house.parts.database)


@contextmanager
def quarrel(folder: Path, address: str | None = None) -> Iterator[Quarrel]:
    """The scene, set."""
    clock = HandClock()
    with office_in_process(folder, clock, random.Random(5), address=address) as office:
        scene = Quarrel(folder, office, clock)
        try:
            yield scene
        finally:
            scene.ann.close()
