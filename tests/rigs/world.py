"""A cache filled as a server would fill it, and the desk that windows are handed, for tests of the desktop."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

from PySide6.QtWidgets import QApplication

from desktop.bridge import Bridge
from desktop.desk import Desk
from desktop.files import RESOURCES
from desktop.intents import Intents
from desktop.lanes import InlineLanes
from desktop.models.moments import Moments
from desktop.settings import Settings
from desktop.theme.appearance import Appearance, Choice
from sync.cache.cache import Cache
from sync.cache.changes import Changes
from sync.connectors.port import Access, Account, AccountKind, Outcome, Page, Result
from sync.domain.ids import IdFactory
from sync.domain.times import HOUR_MS, MINUTE_MS, to_utc_date

NOW = int(datetime(2026, 3, 17, 14, 26, tzinfo=UTC).timestamp()) * 1000
ME = "g" + "1" * 32
TOM = "g" + "2" * 32
AIKO = "g" + "3" * 32
CATEGORIES = ("Downloads", "Billing", "Installation", "Refunds", "Partnerships")
KEY = bytes(range(32))


class HeldClock:
    """Stands until it is moved."""

    def __init__(self, now_ms: int = NOW) -> None:
        self.now = now_ms

    def now_ms(self) -> int:
        return self.now

    def monotonic(self) -> float:
        return self.now / 1000


class World:
    """Applies wire pages to a real cache; knows the server's ids that it gave."""

    def __init__(self, folder: Path, application: QApplication, theme: Choice = Choice.LIGHT) -> None:
        self.clock = HeldClock()
        self.ids = IdFactory(self.clock, Random(7))
        self.cache = Cache.open(folder / "cache", KEY, self.clock, self.ids)
        self.category_ids = {name: self.ids.new("c") for name in CATEGORIES}
        self.account_ids = {name: "C" + one[1:] + "-1" for name, one in self.category_ids.items()}
        self.nudges = 0
        self._counter = 0
        self._number = 4100
        self._seqs: dict[str, int] = {}
        self._tickets: dict[str, dict[str, Any]] = {}
        self._gathered: dict[str, dict[str, dict[str, Mapping[str, Any]]]] | None = None
        self.save_access(CATEGORIES)
        self._introduce()
        appearance = Appearance(RESOURCES, application)
        appearance.choose(theme)
        lanes, bridge = InlineLanes(), Bridge()
        intents = Intents(self.cache, lanes.cache, bridge, self.ids, self.clock, self._nudged)
        self.desk = Desk(
            appearance=appearance, settings=Settings(folder), cache=self.cache, reader=self.cache.reader(),
            lanes=lanes, bridge=bridge, intents=intents, ids=self.ids, clock=self.clock, moments=Moments(UTC),
        )  # fmt: skip

    def close(self) -> None:
        """Nothing is told any more: windows of a test may outlive its cache."""
        self.desk.bridge.blockSignals(True)
        self.desk.reader.close()
        self.cache.close()
        for one in (self.desk.bridge, self.desk.intents, self.desk.appearance):
            one.deleteLater()  # what is connected to them holds them, where no garbage collection looks

    def save_access(self, names: Sequence[str], also: Sequence[Account] = ()) -> None:
        """The categories that this person may see; with an account for owners, they are one."""
        accounts = [
            Account(self.account_ids[name], AccountKind.CATEGORY, name, category_id=self.category_ids[name])
            for name in names
        ]
        accounts.append(Account("P" + ME[1:] + "-1", AccountKind.PERSONAL, "Marta K."))
        accounts.append(Account("T" + "0" * 32 + "-1", AccountKind.TEAM, "Team", read_only=True))
        self.cache.save_access(
            Access("server", ME, "Marta K.", bool(also), (*accounts, *also), f"s{len(names)}", self.clock.now)
        )

    def _introduce(self) -> None:
        agents = [{"id": ME, "name": "Marta K."}, {"id": TOM, "name": "Tom B."}, {"id": AIKO, "name": "Aiko S."}]
        rows = [{**agent, "isOwner": False} for agent in agents]
        places = [
            {"id": one, "name": name, "agentIds": [ME, TOM], "limitMs": 2 * HOUR_MS}
            for name, one in self.category_ids.items()
        ]
        self.page("T" + "0" * 32 + "-1", {"Agent": rows, "Category": places}, replace=True)
        grants = [
            {"id": self.ids.new("w"), "categoryId": one, "accountId": self.account_ids[name]}
            for name, one in self.category_ids.items()
        ]
        self.page("P" + ME[1:] + "-1", {"CategoryGrant": grants}, replace=True)
        for name, account in self.account_ids.items():
            place = next(one for one in places if one["name"] == name)
            self.page(account, {"Category": [place]}, replace=True)

    def page(
        self, account: str, rows: Mapping[str, Sequence[Mapping[str, Any]]], *, replace: bool = False,
        destroyed: Mapping[str, Sequence[str]] | None = None,
    ) -> None:  # fmt: skip
        """One page of changes, as the connector would bring it."""
        if self._gathered is None:
            self.desk_changes(self._applied(account, rows, replace, destroyed or {}))
            return
        assert not replace, "a first copy comes alone"
        assert not destroyed, "what is destroyed comes alone"
        for kind, some in rows.items():
            self._gathered.setdefault(account, {}).setdefault(kind, {}).update({str(row["id"]): row for row in some})

    @contextmanager
    def together(self) -> Iterator[None]:
        """What happens meanwhile comes in one page for each account, as after a moment offline, and the desk hears of
        it once, as the bridge tells it."""
        gathered = self._gathered = {}
        try:
            yield
        finally:
            self._gathered = None
        changes = Changes()
        for account, rows in gathered.items():
            changes |= self._applied(account, {kind: list(some.values()) for kind, some in rows.items()}, False, {})
        self.desk_changes(changes)

    def _applied(
        self, account: str, rows: Mapping[str, Sequence[Mapping[str, Any]]], replace: bool,
        destroyed: Mapping[str, Sequence[str]],
    ) -> Changes:  # fmt: skip
        self._counter += 1
        page = Page(account, f"1.{self._counter}", rows, destroyed, False, replace, "a")
        return self.cache.apply(page).changes

    def desk_changes(self, changes: object) -> None:
        """Tell the desk, once there is one."""
        if hasattr(self, "desk"):
            self.desk.bridge.changed.emit(changes)

    def ticket(
        self, subject: str, category: str = "Downloads", requester: str = "Ines R.", *, minutes_ago: int = 60,
        number: int | None = None, email: str | None = "ines.r@mail.example", requester_id: str | None = None,
        **wire: Any,
    ) -> str:  # fmt: skip
        """A ticket as the server tells of it; `wire` are further properties in wire names. Its id."""
        ticket_id = self.ids.new("t")
        person = requester_id or self.ids.new("r")
        self._number += 1
        at = self.clock.now - minutes_ago * MINUTE_MS
        row = {
            "id": ticket_id, "number": number or self._number, "subject": subject,
            "categoryId": self.category_ids[category], "requesterId": person, "createdAt": to_utc_date(at),
            "updatedAt": to_utc_date(at), "status": "open", "priority": "normal", "channel": "form",
            "site": "learn.example", "assigneeId": None, "awaiting": "team", "awaitingSince": to_utc_date(at),
            "closedAt": None, "tags": {}, "lastSeq": 0, **wire,
        }  # fmt: skip
        who = {"id": person, "name": requester, "email": email, "phone": None, "createdAt": "2024-05-02T09:00:00Z"}
        self._tickets[ticket_id] = row
        self.page(self.account_ids[category], {"Ticket": [row], "Requester": [who]})
        return ticket_id

    def requester_of(self, ticket_id: str) -> str:
        """Whose ticket it is."""
        return str(self._tickets[ticket_id]["requesterId"])

    def change(self, ticket_id: str, **wire: Any) -> None:
        """Somebody else changed the ticket."""
        row = self._tickets[ticket_id] = {**self._tickets[ticket_id], **wire}
        self.page(self._account(row), {"Ticket": [row]})

    def message(
        self, ticket_id: str, kind: str, text: str, author: str | None = None, *, minutes_ago: int = 0,
        written_minutes_ago: int | None = None, files: Sequence[Mapping[str, Any]] = (), client_key: str | None = None,
        original: str | None = None,
    ) -> str:  # fmt: skip
        """An entry of the thread as the server tells of it. Its id."""
        seq = self._seqs[ticket_id] = self._seqs.get(ticket_id, 0) + 1
        posted = self.clock.now - minutes_ago * MINUTE_MS
        written = minutes_ago if written_minutes_ago is None else written_minutes_ago
        message = {
            "id": self.ids.new("m"), "ticketId": ticket_id, "seq": seq, "kind": kind, "bodyText": text,
            "authorId": author, "composedAt": to_utc_date(self.clock.now - written * MINUTE_MS),
            "postedAt": to_utc_date(posted), "attachments": list(files), "clientKey": client_key,
            "originalBlobId": original,
        }  # fmt: skip
        row = self._tickets[ticket_id] = {**self._tickets[ticket_id], "lastSeq": seq}
        self.page(self._account(row), {"Message": [message], "Ticket": [row]})
        return str(message["id"])

    def read(self, ticket_id: str) -> None:
        """I have read it to its end."""
        mark = {"id": self.ids.new("k"), "ticketId": ticket_id, "lastSeq": self._seqs.get(ticket_id, 0)}
        self.page("P" + ME[1:] + "-1", {"ReadMark": [mark]})

    def hold(self, client_key: str, reason: str, sentence: str) -> None:
        """The server did not take these words."""
        self.cache.batch(100, 1_000_000)
        self.desk_changes(self.cache.settle([Outcome(client_key, Result.HELD, {}, reason, sentence)]))

    def _account(self, row: Mapping[str, Any]) -> str:
        name = next(name for name, one in self.category_ids.items() if one == row["categoryId"])
        return self.account_ids[name]

    def _nudged(self) -> None:
        self.nudges += 1
