"""A cache in a folder, fed by hand with wire rows: for the tests of the cache."""

import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sync.cache.cache import Cache
from sync.cache.down import Applied
from sync.cache.reader import Reader
from sync.connectors.port import Access, Account, AccountKind, Outcome, Page, Result
from sync.domain.actions import CreateTicket, EditTicket, PostMessage
from sync.domain.ids import IdFactory
from sync.domain.records import MessageKind
from sync.domain.times import to_utc_date

START = 1_790_000_000_000
KEY = bytes(range(32))
ME = "g" + "1" * 32
DOWNLOADS, BILLING = "c" + "1" * 32, "c" + "2" * 32


@dataclass
class StillClock:
    """A clock that moves only when told."""

    now: int = START

    def now_ms(self) -> int:
        return self.now

    def monotonic(self) -> float:
        return self.now / 1000


def account(category_id: str, epoch: int = 1) -> str:
    """The id of a category's account."""
    return f"C{category_id[1:]}-{epoch}"


PERSONAL, TEAM, OVERSIGHT = "P1-1", "T1-1", "O1-1"


def access(*categories: str, is_owner: bool = False, epoch: int = 1) -> Access:
    """What the server says of a person with these categories."""
    names = {DOWNLOADS: "Downloads", BILLING: "Billing"}
    accounts = (
        Account(PERSONAL, AccountKind.PERSONAL, "Ann"),
        Account(TEAM, AccountKind.TEAM, "Team", read_only=True),
        Account(OVERSIGHT, AccountKind.OVERSIGHT, "Oversight"),
        *(Account(account(one, epoch), AccountKind.CATEGORY, names[one], category_id=one) for one in categories),
    )
    return Access("server", ME, "Ann", is_owner, accounts, "a1", START)


def ticket(number: int, **changes: Any) -> dict[str, Any]:
    """A wire Ticket: open, awaiting the team since `number` minutes ago."""
    at = to_utc_date(START - number * 60_000)
    row = {
        "id": f"t{number:032x}",
        "number": number,
        "subject": f"Printer {number}",
        "categoryId": DOWNLOADS,
        "requesterId": f"r{1:032x}",
        "createdAt": at,
        "updatedAt": at,
        "status": "open",
        "priority": "normal",
        "channel": "form",
        "awaiting": "team",
        "awaitingSince": at,
        "tags": {},
        "lastSeq": 1,
    }
    return {**row, **changes}


def message(number: int, of: int | None = None, **changes: Any) -> dict[str, Any]:
    """A wire Message, the first of ticket `of`."""
    at = to_utc_date(START - number * 60_000)
    row = {
        "id": f"m{number:032x}",
        "ticketId": f"t{number if of is None else of:032x}",
        "seq": 1,
        "kind": "inbound",
        "authorId": f"r{1:032x}",
        "bodyText": f"The paper is stuck, number {number}",
        "composedAt": at,
        "postedAt": at,
        "attachments": [],
        "clientKey": None,
    }
    return {**row, **changes}


def requester(number: int = 1, **changes: Any) -> dict[str, Any]:
    """A wire Requester."""
    row = {"id": f"r{number:032x}", "name": "Bob Smith", "email": "bob@shop.example", "phone": None}
    return {**row, "createdAt": to_utc_date(START), **changes}


def arrival(number: int, of: int, **changes: Any) -> dict[str, Any]:
    """A wire TicketArrival."""
    row = {"id": f"a{number:032x}", "ticketId": f"t{of:032x}", "messageId": None, "kind": "new", "priority": "normal"}
    return {**row, "byAgentId": None, "at": to_utc_date(START), **changes}


@dataclass
class FedCache:
    """A cache in a folder, with ways to feed it."""

    folder: Path
    clock: StillClock
    key: bytes | None
    seed: int = 7
    cache: Cache = field(init=False)
    readers: list[Reader] = field(default_factory=list)
    cursors: int = 0
    closed: bool = False

    def __post_init__(self) -> None:
        self.ids = IdFactory(self.clock, random.Random(self.seed))
        self.cache = Cache.open(self.folder, self.key, self.clock, self.ids)

    @property
    def reader(self) -> Reader:
        if not self.readers:
            self.readers.append(self.cache.reader())
        return self.readers[0]

    def reopen(self) -> None:
        self.close()
        self.use(Cache.open(self.folder, self.key, self.clock, self.ids))

    def use(self, cache: Cache) -> None:
        self.cache, self.closed = cache, False

    def close(self) -> None:
        if self.closed:
            return
        self.closed = True
        for reader in self.readers:
            reader.close()
        self.readers.clear()
        self.cache.close()

    def page(
        self,
        rows: dict[str, list[dict[str, Any]]],
        gone: dict[str, list[str]] | None = None,
        *,
        of: str | None = None,
        more: bool = False,
        replace: bool = False,
    ) -> Applied:
        self.cursors += 1
        of = of or account(DOWNLOADS)
        return self.cache.apply(Page(of, f"cursor{self.cursors}", rows, gone or {}, more, replace, "a1"))

    def fill(self, *tickets: int) -> None:
        """A first copy of these tickets of Downloads with a message each, and of nothing elsewhere."""
        self.cache.save_access(access(DOWNLOADS, BILLING))
        self.page({"Category": [{"id": BILLING, "name": "Billing"}]}, of=account(BILLING), replace=True)
        for other in (PERSONAL, TEAM, OVERSIGHT):
            self.page({}, of=other, replace=True)
        rows = {
            "Category": [{"id": DOWNLOADS, "name": "Downloads", "limitMs": 7_200_000, "agentIds": [ME]}],
            "Requester": [requester()],
            "Ticket": [ticket(one) for one in tickets],
            "Message": [message(one) for one in tickets],
        }
        self.page(rows, replace=True)

    def reply(self, of: int, text: str = "Turn it off and on.", **more: Any) -> PostMessage:
        return PostMessage(
            self.ids.client_key(), f"t{of:032x}", MessageKind.REPLY, text, self.clock.now, base_seq=1, **more
        )

    def note(self, of: str, text: str = "Called her.") -> PostMessage:
        return PostMessage(self.ids.client_key(), of, MessageKind.NOTE, text, self.clock.now)

    def edit(self, of: int, **wanted: str | None) -> EditTicket:
        base = {"status": "open", "assigneeId": None, "categoryId": DOWNLOADS, "priority": "normal"}
        key = self.ids.client_key()
        return EditTicket(key, f"t{of:032x}", wanted, {name: base[name] for name in wanted}, self.clock.now)

    def create(self, category_id: str = DOWNLOADS) -> CreateTicket:
        key, local = self.ids.client_key(), self.ids.new("t")
        return CreateTicket(key, local, category_id, "Cannot log in", "He forgot it.", self.clock.now, "Eve")

    def applied(self, key: str, **ids: str) -> None:
        self.cache.settle([Outcome(key, Result.APPLIED, ids)])

    def refused(self, key: str, reason: str = "closed") -> None:
        self.cache.settle([Outcome(key, Result.REFUSED, {}, reason, f"It is {reason}. Look at it.")])

    def bytes(self) -> bytes:
        """All that is on the disk."""
        return b"".join(path.read_bytes() for path in sorted(self.folder.iterdir()))
