"""A server with its public side in this process, called as a browser calls it."""

import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from random import Random
from typing import Any

import requests

from sync.domain.records import MessageKind
from sync.domain.rules import after_message
from sync.server.app import build_app
from sync.server.asking.sites import Sites
from sync.server.house import House
from sync.server.web.pages import Pages
from sync.server.web.routes import PublicSide
from tests.rigs.asgi_adapter import AsgiAdapter
from tests.rigs.bureau import BASE, PASSWORD, QUICK_HASHER, Caller, HandClock

GOOD = {
    "category": "Billing",
    "name": "Oskar N.",
    "email": "oskar.n@mail.example",
    "subject": "Charged twice",
    "text": "Invoice 2026-1143 was taken twice.",
}
Files = Sequence[tuple[str, tuple[str, bytes, str]]]


class Street:
    """The house as seen by those who have no account."""

    category = agent = ""

    def __init__(self, house: House, adapter: AsgiAdapter, clock: HandClock) -> None:
        self.house = house
        self.clock = clock
        self._adapter = adapter
        self.session = adapter.session(BASE)

    def furnish(self) -> None:
        """A category to ask about, and an agent to answer."""
        self.category = self.house.grants.add_category("Billing")
        self.agent = self.house.people.add("Ann", PASSWORD)

    def get(self, path: str, **more: Any) -> requests.Response:
        return self.session.get(BASE + path, **more)

    def post(self, path: str, fields: Mapping[str, str], files: Files = (), **more: Any) -> requests.Response:
        return self.session.post(BASE + path, data=fields, files=list(files), allow_redirects=False, **more)

    def ask(self, files: Files = (), **changed: str) -> requests.Response:
        """A form sent, with that in place of the usual."""
        return self.post("/tickets", GOOD | changed, files)

    def asked(self, files: Files = (), **changed: str) -> str:
        """The path of the private page of a new ticket."""
        answer = self.ask(files, **changed)
        assert answer.status_code == 303, answer.text
        assert re.fullmatch(r"/t/[A-Za-z0-9_-]{43}", answer.headers["location"])
        return answer.headers["location"]

    @contextmanager
    def asked_all_the_while(self, writers: int, first: int) -> Iterator[None]:
        """So many file tickets at once, `first` before it begins, until it ends."""
        ended = threading.Event()
        self.house.parts.settings.put("form.per_hour", "100000")

        def write() -> None:
            while not ended.is_set():
                self.ask()

        threads = [threading.Thread(target=write) for _ in range(writers)]
        for one in threads:
            one.start()
        try:
            while self.count("ticket") < first:
                pass
            yield
        finally:
            ended.set()
            for one in threads:
                one.join()

    def caller(self, name: str) -> Caller:
        """An agent at a workstation."""
        return Caller(self._adapter.session(BASE), name)

    def rows(self, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """What the database holds."""
        database = self.house.parts.database
        return database.read(lambda: database.select(sql, parameters))

    def count(self, table: str) -> int:
        return int(self.rows(f"SELECT COUNT(*) FROM {table}")[0][0])  # noqa: S608  # the test's own words

    def only_ticket(self) -> str:
        [(ticket_id,)] = self.rows("SELECT id FROM ticket")
        return str(ticket_id)

    def write(self, ticket_id: str, kind: MessageKind, text: str) -> None:
        """An agent's words on the ticket."""
        parts, ticketing = self.house.parts, self.house.ticketing

        def work() -> None:
            ticket = ticketing.held(ticket_id)
            assert ticket is not None
            now = self.clock.now_ms()
            after = ticketing.post(
                after_message(ticket, kind, now),
                kind,
                text,
                message_id=parts.ids.new("m"),
                author_id=self.agent,
                composed_at=now,
                at=now,
            )
            ticketing.save(ticket, after)

        parts.journal.write(work)

    def edit(self, ticket_id: str, name: str, value: str) -> None:
        """An agent's edit."""
        ticketing = self.house.ticketing

        def work() -> None:
            ticket = ticketing.held(ticket_id)
            assert ticket is not None
            ticketing.save(ticket, ticketing.edit(ticket, name, value, self.agent, self.clock.now_ms()))

        self.house.parts.journal.write(work)


@contextmanager
def street_at(address: str, *, furnish: bool = True) -> Iterator[Street]:
    """A running server over that database; new, or as it is."""
    clock = HandClock()
    house = House.open(address, clock, Random(7), QUICK_HASHER)
    pages = Pages(lambda: house.parts.settings.text("site_name") or "", Sites(house.parts.settings).frame_ancestors)
    try:
        with AsgiAdapter(build_app(house, PublicSide(house, pages, patience=0.3).routes())) as adapter:
            opened = Street(house, adapter, clock)
            if furnish:
                opened.furnish()
            yield opened
    finally:
        house.close()
