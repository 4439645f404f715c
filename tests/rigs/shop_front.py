"""The public side on a real socket of this process, for a real browser."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from random import Random
from time import monotonic, sleep

import uvicorn

from sync.domain.clock import SystemClock
from sync.domain.faq import Status
from sync.domain.incidents import Incident
from sync.domain.records import MessageKind
from sync.domain.rules import after_message, reminded
from sync.domain.times import HOUR_MS
from sync.server.app import build_app
from sync.server.asking.sites import Sites
from sync.server.audit import ADMINISTRATOR
from sync.server.faq.entries import Draft
from sync.server.house import House
from sync.server.intake import Asker, Filing
from sync.server.web.pages import Pages
from sync.server.web.routes import PublicSide
from tests.rigs.bureau import QUICK_HASHER

START_SECONDS = 30.0


class ShopFront:
    """Where it is, and the house behind it."""

    def __init__(self, house: House, address: str) -> None:
        self.house = house
        self.address = address

    def count(self, table: str) -> int:
        database = self.house.parts.database
        return int(database.read(lambda: database.select(f"SELECT COUNT(*) FROM {table}"))[0][0])  # noqa: S608  # the test's own words

    def file(self, category: str, text: str, email: str | None = None) -> None:
        """A ticket that came otherwise."""
        place = self.house.grants.find_category(category)["id"]
        filing = Filing(place, Asker("Somebody", email), text[:40], text)
        self.house.parts.journal.write(lambda: self.house.intake.file_ticket(filing))

    def tell_of_fault(self) -> str:
        """A public incident, expected to be repaired in an hour; its id."""
        settings, now = self.house.parts.settings, self.house.parts.clock.now_ms()
        for name, value in {"mail.smtp": "smtp://127.0.0.1:9", "mail.from": "a@b.example"}.items():
            settings.put(name, value)
        settings.put("public_url", self.address)
        wanted = Incident(
            "i" + "1" * 32, "Downloads stop half-way", now - 1, "Small files work.", now + HOUR_MS, is_public=True
        )
        incidents = self.house.faults.incidents
        return (incidents.find(wanted.id) or incidents.open(wanted, ADMINISTRATOR, None)).id

    def gather_and_repair(self, incident_id: str) -> None:
        """The only ticket belongs to it, and it is over."""
        faults, ticketing, parts = self.house.faults, self.house.ticketing, self.house.parts
        incident = faults.incidents.find(incident_id)
        assert incident is not None

        def work() -> None:
            [(ticket_id,)] = parts.database.select("SELECT id FROM ticket")
            ticket = ticketing.held(str(ticket_id))
            assert ticket is not None
            ticketing.save(ticket, replace(ticket, incident_id=incident_id))

        parts.journal.write(work)
        over = replace(incident, fixed_at=parts.clock.now_ms())
        faults.incidents.change(incident, over, ADMINISTRATOR)

    def reply(self, text: str) -> None:
        """An answer of the team on the only ticket, of which the requester had to remind."""
        parts, ticketing = self.house.parts, self.house.ticketing

        def work() -> None:
            [(ticket_id,)] = parts.database.select("SELECT id FROM ticket")
            ticket, now = ticketing.held(str(ticket_id)), parts.clock.now_ms()
            assert ticket is not None
            after = ticketing.post(
                reminded(after_message(ticket, MessageKind.REPLY, now), now),
                MessageKind.REPLY,
                text,
                message_id=parts.ids.new("m"),
                author_id=None,
                composed_at=now,
                at=now,
            )
            ticketing.save(ticket, after)

        parts.journal.write(work)

    def publish(self, question: str, answer: str) -> str:
        """An answer of the FAQ; its slug."""
        house, draft = self.house, Draft(question, answer, status=Status.PUBLISHED)
        entry_id = house.parts.journal.write(lambda: house.faq.entries.add(draft, ADMINISTRATOR))
        rows = house.parts.database.read(
            lambda: house.parts.database.select("SELECT slug FROM faq_entry WHERE id = ?", (entry_id,))
        )
        return str(rows[0][0])


@contextmanager
def shop_front(folder: Path) -> Iterator[ShopFront]:
    """With two categories, Billing and Lamps, and nothing else."""
    house = House.open(folder / "shop.sqlite", SystemClock(), Random(5), QUICK_HASHER)
    house.parts.settings.put("form.per_hour", "100000")
    billing = house.grants.add_category("Billing")
    house.grants.describe_category(billing, "Invoices, refunds and everything about money.")
    house.grants.add_category("Lamps")
    pages = Pages(lambda: "The lamp shop", Sites(house.parts.settings).frame_ancestors)
    app = build_app(house, PublicSide(house, pages).routes())
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, ws="none", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, name="shop front")
    thread.start()
    try:
        end = monotonic() + START_SECONDS
        while not server.started and monotonic() < end:
            sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield ShopFront(house, f"http://127.0.0.1:{port}")
    finally:
        server.should_exit = True
        thread.join()
        house.close()
