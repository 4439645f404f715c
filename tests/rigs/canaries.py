"""A helpdesk at random in which every text is marked by where it belongs, so that a leak names itself."""

import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any

from sync.server.access import sees
from sync.server.intake import Asker
from tests.rigs.bureau import BASE, Bureau, Caller, bureau

MARK = re.compile(rb"zq(\d{5})qz")
AT = "2026-09-01T10:00:00Z"
AGENTS = ("Ann", "Ben", "Cleo")
OWNER = "Olga"
CATEGORIES = ("Billing", "Repairs", "Sales")


@dataclass
class Marked:
    """What a mark belongs to: a ticket, wherever it is, or one agent alone."""

    ticket_id: str | None = None
    agent: str | None = None


@dataclass
class Helpdesk:
    """The server, its people, and what became of every text."""

    bureau: Bureau
    random: Random
    callers: dict[str, Caller] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    categories: dict[str, str] = field(default_factory=dict)
    tickets: list[str] = field(default_factory=list)
    blobs: dict[str, str] = field(default_factory=dict)
    marks: dict[int, Marked] = field(default_factory=dict)
    tags_of: defaultdict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    rung_for: dict[str, frozenset[str]] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)
    looked_for: defaultdict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))

    # looking

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        database = self.bureau.house.parts.database
        return database.read(lambda: database.select(sql, values))

    def category_of(self, ticket_id: str) -> str | None:
        found = self.rows("SELECT category_id FROM ticket WHERE id = ?", ticket_id)
        return str(found[0][0]) if found else None

    def sees(self, name: str, category_id: str | None) -> bool:
        database = self.bureau.house.parts.database
        return category_id is not None and database.read(lambda: sees(database, self.ids[name], category_id))

    def visible(self, name: str) -> set[str]:
        """The tickets of the categories that somebody sees now."""
        return {one for one in self.tickets if self.sees(name, self.category_of(one))}

    def allowed(self, name: str) -> set[int]:
        """The marks that somebody may meet."""
        mine = self.visible(name)
        own = {number for number, one in self.marks.items() if one.ticket_id in mine or one.agent == name}
        return own.union(*(self.tags_of[one] for one in mine)) if mine else own

    def account(self, category_id: str) -> str:
        return str(self.rows("SELECT id FROM account WHERE category_id = ?", category_id)[0][0])

    def account_ids(self) -> list[str]:
        return [str(one[0]) for one in self.rows("SELECT id FROM account ORDER BY number")]

    # doing

    def mark(self, ticket_id: str | None = None, agent: str | None = None) -> str:
        number = len(self.marks)
        self.marks[number] = Marked(ticket_id, agent)
        return f"zq{number:05d}qz"

    def step(self) -> None:
        """Something happens."""
        deed = self.random.choice(DEEDS)
        getattr(self, deed)()
        self.bureau.clock.advance(1000)
        for arrival_id, category_id in self.rows(
            "SELECT a.id, t.category_id FROM arrival a JOIN ticket t ON t.id = a.ticket_id"
        ):
            if arrival_id not in self.rung_for:
                self.rung_for[arrival_id] = frozenset(one for one in self.ids if self.sees(one, category_id))

    def file(self) -> None:
        category_id = self.random.choice(list(self.categories.values()))
        number = len(self.marks)
        filed = self.bureau.file(
            category_id,
            f"Subject {self._next()}",
            f"Text {self._next()}",
            asker=Asker(f"Name {self._next()}", f"{self._next()}@mail.example", f"phone {self._next()}"),
            tags=frozenset({self._next()}),
            site=f"site {self._next()}",
        )
        self.tickets.append(filed.ticket.id)
        for one in range(number, len(self.marks)):
            self.marks[one].ticket_id = filed.ticket.id
        self.tags_of[filed.ticket.id].update(self._numbers(next(iter(filed.ticket.tags))))

    def ask_again(self) -> None:
        ticket_id = self._any()
        if ticket_id is not None and self.category_of(self._end(ticket_id)) is not None:
            filed = self.bureau.answer(ticket_id, f"And {self.mark(self._end(ticket_id))}")
            if filed.ticket.id not in self.tickets:
                self.tickets.append(filed.ticket.id)
                self.marks[len(self.marks) - 1].ticket_id = filed.ticket.id
                for mark in [one for one in self.marks.values() if one.ticket_id == ticket_id]:
                    self._share(mark, filed.ticket.id)

    def write(self) -> None:
        found = self._worked()
        if found is None:
            return
        name, ticket_id, account = found
        blob = self.callers[name].session.post(
            f"{BASE}/jmap/upload/{account}/",
            data=f"octets {self.mark(ticket_id, name)}".encode(),  # who brings a file may read it for a day
            headers={"Content-Type": "text/plain"},
        )
        self.blobs[blob.json()["blobId"]] = ticket_id
        files = [{"blobId": blob.json()["blobId"], "name": f"{self.mark(ticket_id)}.txt", "type": "text/plain"}]
        kind = self.random.choice(["note", "reply"])
        words = self.bureau.words(ticket_id, kind, f"Words {self.mark(ticket_id)}", attachments=files)
        self.callers[name].call("Message/set", accountId=account, create={"k": words})

    def edit(self) -> None:
        found = self._worked()
        if found is None:
            return
        name, ticket_id, account = found
        tag = self.mark(ticket_id)
        patch: dict[str, Any] = self.random.choice(
            [
                {"status": "closed", "resolution": f"Solved {self.mark(ticket_id)}"},
                {"priority": "high", f"tags/{tag}": True},
                {"assigneeId": self.ids[name], "outcome": f"Out {self.mark(ticket_id)}"},
            ]
        )
        self.tags_of[ticket_id].update(self._numbers(tag))
        self.callers[name].call("Ticket/set", accountId=account, update={ticket_id: patch})

    def move(self) -> None:
        found = self._worked()
        if found is not None:
            name, ticket_id, account = found
            goal = self.random.choice(list(self.categories.values()))
            self.callers[name].call("Ticket/set", accountId=account, update={ticket_id: {"categoryId": goal}})

    def merge(self) -> None:
        found = self._worked()
        if found is None:
            return
        name, ticket_id, account = found
        others = [one for one in self.tickets if self.category_of(one) == self.category_of(ticket_id)]
        into = self.random.choice(others)
        self.callers[name].call("Ticket/set", accountId=account, update={ticket_id: {"mergedIntoId": into}})
        for number in self.tags_of[ticket_id]:
            self.tags_of[self._end(into)].add(number)

    def link(self) -> None:
        """By somebody who sees both, wherever they are; or taken away again."""
        found, other = self._worked(), self._any()
        if found is not None and other in self.visible(found[0]):
            name, ticket_id, account = found
            value = self.random.choice([True, True, None])
            self.callers[name].call("Ticket/set", accountId=account, update={ticket_id: {f"links/{other}": value}})

    def delete(self) -> None:
        ticket_id = self._any()
        if ticket_id is not None and self.random.random() < 0.4:
            account = self.account(str(self.category_of(ticket_id)))
            self.callers[OWNER].call("Ticket/set", accountId=account, destroy=[ticket_id])
            if self.category_of(ticket_id) is None:
                self.tickets.remove(ticket_id)
                self.deleted.add(ticket_id)

    def grant(self) -> None:
        name, category = self.random.choice(AGENTS), self.random.choice(list(self.categories.values()))
        self.bureau.house.grants.grant(self.ids[name], category)

    def revoke(self) -> None:
        name, category = self.random.choice(AGENTS), self.random.choice(list(self.categories.values()))
        self.bureau.house.grants.revoke(self.ids[name], category)

    def jot(self) -> None:
        name = self.random.choice(AGENTS)
        caller, key = self.callers[name], self.bureau.key()
        personal = caller.account("Personal")
        note = {"clientKey": key, "text": f"Jot {self.mark(agent=name)}", "createdAt": AT}
        caller.create("QuickNote", personal, note)
        words = {"clientKey": self.bureau.key(), "ticketId": self._any(), "kind": "note", "composedAt": AT}
        held = {**words, "bodyText": f"Held {self.mark(agent=name)}", "reason": "notFound"}
        caller.create("HeldMessage", personal, held)

    def look(self) -> None:
        found = self._worked()
        if found is not None:
            name, ticket_id, account = found
            doing = self.random.choice(["looking", "typing"])
            category_id = self.category_of(ticket_id)
            self.looked_for[ticket_id, self.ids[name]].update(one for one in self.ids if self.sees(one, category_id))
            self.callers[name].call("Presence/set", accountId=account, ticketId=ticket_id, doing=doing)

    def take(self) -> None:
        caller = self.callers[self.random.choice(AGENTS)]
        caller.call("Ticket/takeNext", accountId=caller.account("Personal"), clientKey=self.bureau.key())

    # parts

    def _next(self) -> str:
        return self.mark()

    @staticmethod
    def _numbers(text: str) -> set[int]:
        return {int(one) for one in MARK.findall(text.encode())}

    def _any(self) -> str | None:
        return self.random.choice(self.tickets) if self.tickets else None

    def _end(self, ticket_id: str) -> str:
        found = self.rows("SELECT merged_into_id FROM ticket WHERE id = ?", ticket_id)
        return ticket_id if not found or found[0][0] is None else self._end(str(found[0][0]))

    def _share(self, mark: Marked, ticket_id: str) -> None:
        """A follow-up goes on with the requester of the one before: what marks them belongs to both."""
        number = next(one for one, known in self.marks.items() if known is mark)
        self.tags_of[ticket_id].add(number)

    def _worked(self) -> tuple[str, str, str] | None:
        """An agent, a ticket that they see, and its account."""
        name = self.random.choice((*AGENTS, OWNER))
        seen = sorted(self.visible(name))
        if not seen:
            return None
        ticket_id = self.random.choice(seen)
        return name, ticket_id, self.account(str(self.category_of(ticket_id)))


DEEDS = (
    "file", "file", "file", "ask_again", "write", "write", "write", "edit", "edit", "move", "move", "merge", "delete",
    "link", "link",
    "grant", "revoke", "jot", "look", "take",
)  # fmt: skip


@contextmanager
def helpdesk(address: str, seed: int) -> Iterator[Helpdesk]:
    """People and categories; nothing has happened yet but that each agent has one category."""
    with bureau(address) as desk:
        made = Helpdesk(desk, Random(seed))
        for name in CATEGORIES:
            made.categories[name] = desk.house.grants.add_category(name)
        for number, name in enumerate(AGENTS):
            made.ids[name] = desk.agent(name, list(made.categories.values())[number])
        made.ids[OWNER] = desk.agent(OWNER, owner=True)
        made.callers = {name: desk.caller(name) for name in made.ids}
        yield made
