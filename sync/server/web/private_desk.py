"""A requester's private page: what it may show, and further words on it, once each."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sync.domain import ids, protocol
from sync.domain.records import Attachment, MessageKind, Status, Ticket
from sync.domain.times import DAY_MS
from sync.server import rows
from sync.server.database import Row
from sync.server.expecting.feedback import Feedback
from sync.server.house import House
from sync.server.ledger import BlobUse
from sync.server.mail.links import Links
from sync.server.tables import AgentRow, CategoryRow, MessageRow, RequesterRow, TicketRow
from sync.server.web.forms import read_key
from sync.server.web.page_secrets import PageSecrets, decoded, encoded, unknown_page
from sync.server.web.standing import Standing, Standings, whose
from sync.server.web.uploads import Stored

_SHOWN: Final = 200
_SEEN: Final = (MessageKind.INBOUND.value, MessageKind.REPLY.value)
_BLOB_ID: Final = re.compile(ids.BLOB + "[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Entry:
    """One message as the requester may see it."""

    kind: str
    author: str
    text: str
    posted_at: int
    attachments: tuple[Attachment, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """The private page. `earlier`: there are older messages than those shown. `merged`: it goes on elsewhere.
    `joined`: the numbers of tickets of the same requester that go on here."""

    ticket_id: str
    number: int
    subject: str
    category: str
    site: str
    status: str
    entries: tuple[Entry, ...]
    earlier: bool
    merged: bool
    joined: tuple[int, ...]
    standing: Standing


class PrivateDesk:
    """Blocking; each method is one transaction. Raises Rejected with a sentence for the requester."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._parts = house.parts
        self._secrets = PageSecrets(house.parts)
        self._links = Links(house.parts, house.secrets)
        self._standings = Standings(house)
        self._feedback = Feedback(house.parts, house.ticketing, house.expecting)
        self.repairs = house.faults.repairs

    def add(self, secret_text: str, text: str, files: Sequence[Stored], key: str | None) -> str:
        """Further words; the secret of the page that shows them (another one, if a follow-up ticket was made)."""
        content = {"page": secret_text, "text": text, "files": [[one.attachment.name, one.digest] for one in files]}

        def work() -> bytes:
            page, chain = decoded(secret_text), self._chain_of_page(secret_text)
            ticket_id = chain[0]["id"]
            once = self._secrets.of_form(key, content)
            if key is not None and not self._secrets.claim(once, content, protocol.MESSAGE, ticket_id):
                return once if self._house.intake.ticket_of_page(once) is not None else page
            there = {row["id"] for row in chain}
            filed = self._house.intake.add_inbound(ticket_id, text, tuple(one.attachment for one in files))
            if filed.ticket.id in there:
                return page
            self._secrets.open(once, filed.ticket.id)
            return once

        return encoded(self._parts.journal.write(work))

    def act(self, secret_text: str, fields: Mapping[str, str], deed: Callable[[Feedback, Ticket], object]) -> None:
        """Carry out what a button says, on a ticket that is the requester's own; elsewhere it does nothing.

        `fields`: what came with it; the same with the same one-time key again is not done again.
        """

        def work() -> None:
            found = whose(self._chain_of_page(secret_text))
            ticket = None if found is None else self._house.ticketing.held(found.id)
            if ticket is None:
                return
            key, content = read_key(fields), {"page": secret_text, **fields}
            if key is None or self._secrets.claim(self._secrets.of_form(key, content), content, "Button", ticket.id):
                deed(self._feedback, ticket)

        self._parts.journal.write(work)

    def follow(self, secret_text: str, incident_id: str) -> None:
        """The address on file is told when an incident is over; of one that the page does not show nothing happens."""

        def work() -> None:
            found = whose(self._chain_of_page(secret_text))
            query = RequesterRow.select().where(RequesterRow.id == (found.requester_id if found else None))
            row = self._parts.database.one(query)
            shown = {one.id for one in self._house.faults.incidents.shown(None, self._now())}
            if row is not None and row["email"] is not None and incident_id in shown:
                self._house.faults.followers.follow(incident_id, row["email"])

        self._parts.journal.write(work)

    def check(self, secret_text: str) -> None:
        """Raises Rejected if there is no such page."""
        self._parts.database.read(lambda: self._chain_of_page(secret_text))

    def onward(self, secret_text: str) -> str | None:
        """The secret of the page where a merged matter goes on, for whoever came by a mailed link; else None.

        They read the mail of the address on file, and the other ticket is of the same address.
        """

        def goes_on() -> str | None:
            chain = self._chain_of_page(secret_text)
            head, last = chain[0], chain[-1]
            if head["id"] == last["id"] or head["requester_id"] != last["requester_id"]:
                return None
            return str(last["id"]) if self._links.is_mailed(decoded(secret_text), head["id"]) else None

        ticket_id = self._parts.database.read(goes_on)
        return None if ticket_id is None else self._parts.journal.write(lambda: self._links.secret_of(ticket_id))

    def page(self, secret_text: str) -> Page:
        """What the requester may see: their own words and the replies, never a note."""
        return self._parts.database.read(lambda: self._page(secret_text))

    def file_of_page(self, secret_text: str, blob_id: str) -> Attachment:
        """A file of a message that the page shows."""
        if not _BLOB_ID.fullmatch(blob_id):
            raise unknown_page()

        def work() -> list[Row]:
            refers = BlobUse.select(BlobUse.message_id).where(BlobUse.blob_id == blob_id)
            condition = _visible(self._chain_of_page(secret_text)) & MessageRow.id.in_(refers)
            return self._parts.database.rows(MessageRow.select(MessageRow.attachments).where(condition))

        for row in self._parts.database.read(work):
            for one in rows.attachments_of(row["attachments"]):
                if one.blob_id == blob_id:
                    return one
        raise unknown_page()

    def _page(self, secret_text: str) -> Page:
        database = self._parts.database
        chain = self._chain_of_page(secret_text)
        head, last = chain[0], chain[-1]
        category = database.one(CategoryRow.select().where(CategoryRow.id == head["category_id"]))
        order = (MessageRow.seq,) if len(chain) == 1 else (MessageRow.posted_at, MessageRow.id)
        query = MessageRow.select().where(_visible(chain)).order_by(*(one.desc() for one in order))
        found = database.rows(query.limit(_SHOWN + 1))
        shown = found[:_SHOWN]
        names = self._names(shown)
        return Page(
            ticket_id=head["id"],
            number=head["number"],
            subject=head["subject"],
            category="" if category is None else category["name"],
            site=head["site"] or "",
            status=_standing(head, last),
            entries=tuple(_entry(row, names) for row in reversed(shown)),
            earlier=len(found) > len(shown),
            merged=len(chain) > 1,
            joined=self._joined(head),
            standing=self._standings.of(chain, answered=any(row["kind"] == MessageKind.REPLY for row in shown)),
        )

    def _chain_of_page(self, secret_text: str) -> list[Row]:
        ticket_id = self._house.intake.ticket_of_page(decoded(secret_text))
        chain = [] if ticket_id is None else self._chain(ticket_id)
        if not chain or self._expired(chain[-1]):
            raise unknown_page()
        return chain

    def _expired(self, last: Row) -> bool:
        """A link ends some time after its matter did."""
        days = self._parts.settings.number("page.days_after_closing")
        return bool(days) and last["closed_at"] is not None and self._now() - last["closed_at"] > days * DAY_MS

    def _now(self) -> int:
        return self._parts.clock.now_ms()

    def _chain(self, ticket_id: str) -> list[Row]:
        """The ticket, and the one that it was merged into, and so on."""
        chain: list[Row] = []
        wanted: str | None = ticket_id
        while wanted is not None and wanted not in (row["id"] for row in chain):
            row = self._parts.database.whole_row(TicketRow, "WHERE t.id = ?", (wanted,))
            if row is None:
                break
            chain.append(row)
            wanted = row["merged_into_id"]
        return chain

    def _joined(self, head: Row) -> tuple[int, ...]:
        here = (TicketRow.merged_into_id == head["id"]) & (TicketRow.requester_id == head["requester_id"])
        found = self._parts.database.rows(TicketRow.select(TicketRow.number).where(here).order_by(TicketRow.number))
        return tuple(int(row["number"]) for row in found)

    def _names(self, messages: Sequence[Row]) -> dict[str, str]:
        authors = {row["author_id"] for row in messages if row["author_id"] is not None}
        found: dict[str, str] = {}
        for table in (AgentRow, RequesterRow):
            for row in self._parts.database.rows(table.select(table.id, table.name).where(table.id.in_(authors))):
                found[row["id"]] = row["name"]
        return found


def _visible(chain: Sequence[Row]) -> Any:
    """The messages that whoever has this page may see: the ticket's own, and of what it was merged into only what
    they wrote there themselves. An e-mail address that is the same proves nobody: where it is, not even that."""
    head = chain[0]
    asker = head["requester_id"]
    own = (
        (MessageRow.author_id == asker) | MessageRow.author_id.is_null() | (MessageRow.kind == MessageKind.REPLY.value)
    )
    others = [row["id"] for row in chain[1:] if row["requester_id"] != asker]
    theirs = MessageRow.ticket_id.in_(others) & (MessageRow.author_id == asker)
    return (((MessageRow.ticket_id == head["id"]) & own) | theirs) & MessageRow.kind.in_(_SEEN)


def _standing(head: Row, last: Row) -> str:
    """Where the matter stands. Of a merged ticket whose target is somebody else's no more is told than whether it is
    being answered."""
    if head["id"] == last["id"]:
        return str(head["status"])
    return Status.CLOSED if last["status"] == Status.CLOSED else Status.OPEN


def _entry(row: Row, names: Mapping[str, str]) -> Entry:
    files = rows.attachments_of(row["attachments"])
    return Entry(row["kind"], names.get(row["author_id"], "Support"), row["body_text"], row["posted_at"], files)
