"""The public side on a real socket of this process, for a real browser."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from time import monotonic, sleep

import uvicorn

from sync.domain.clock import SystemClock
from sync.domain.faq import Status
from sync.domain.records import MessageKind
from sync.domain.rules import after_message, reminded
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
