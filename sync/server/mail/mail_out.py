"""What the house mails: letters queued in the transaction of the deed that they tell of (transactional outbox)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sync.domain import ids
from sync.domain.errors import Rejected
from sync.domain.quoting import folded
from sync.domain.records import Attachment, MessageKind, Ticket
from sync.domain.times import DAY_MS, HOUR_MS
from sync.server import rows
from sync.server.database import Row
from sync.server.ledger import Setting
from sync.server.mail.addresses import Addresses
from sync.server.mail.composing import Sender, parse_sender
from sync.server.mail.deliveries import Deliveries, DeliveryStatus
from sync.server.mail.letter import PUT_OFF, Letter, LetterKind
from sync.server.mail.links import Links
from sync.server.mail.queue import Queue, State
from sync.server.mail.relay import told
from sync.server.mail.secrets import Secrets
from sync.server.mail.templates import Templates
from sync.server.parts import Parts
from sync.server.settings import SERVER_PREFIX
from sync.server.tables import AgentRow, MessageRow, RequesterRow
from sync.server.ticketing import Ticketing

_SENDERS: Final = SERVER_PREFIX + "mail_senders"
_SUBJECT_TOLD: Final = 80
"""So much of what somebody typed goes to the address that they typed."""
_QUOTED_MAX: Final = 20_000
_KEPT_DAYS: Final = 400
_THREAD: Final = """
SELECT mail_id FROM letter WHERE ticket_id = ? AND kind IN ('reply', 'confirmation')
ORDER BY created_at DESC, id DESC LIMIT 20
"""

Expecting = Callable[[str, int], tuple[str | None, list[str]]]
"""Category and time (ms UTC) to: when to expect an answer, in a sentence; and what else is to be told."""


def nothing_expected(category_id: str, at: int) -> tuple[str | None, list[str]]:
    """Where nobody reckons."""
    del category_id, at
    return None, []


@dataclass(frozen=True, slots=True)
class Books:
    """What outgoing mail is kept in."""

    queue: Queue
    deliveries: Deliveries
    addresses: Addresses
    links: Links
    templates: Templates

    @staticmethod
    def of(parts: Parts, ticketing: Ticketing, secrets: Secrets) -> Books:
        """Over this database."""
        return Books(
            Queue(parts.database),
            Deliveries(parts, ticketing),
            Addresses(parts),
            Links(parts, secrets),
            Templates(parts),
        )


class MailOut:
    """Methods that write are called inside a write transaction of the journal, or make one."""

    def __init__(self, parts: Parts, books: Books, expecting: Expecting = nothing_expected) -> None:
        self._parts = parts
        self._books = books
        self._expecting = expecting

    @property
    def templates(self) -> Templates:
        """The words of automatic letters."""
        return self._books.templates

    def is_on(self) -> bool:
        """Whether the administrator has said where letters are handed over, and from whom they are."""
        return self._parts.settings.mails()

    def enqueue(self, letter: Letter) -> bool:
        """Queue it; whether it will be sent. Automatic letters are counted by address: over the allowance of the hour
        receipts and notices wait, others are left out."""
        if not self.is_on():
            return False
        now, key = self._parts.clock.now_ms(), letter.to.lower()
        at = self._allowed_at(key, now) if letter.automatic else now
        if at > now and letter.kind not in PUT_OFF:
            return False
        letter_id = self._parts.ids.new(ids.LETTER)
        host = self.sender(letter.category_id).host
        row = {
            "id": letter_id,
            "kind": letter.kind.value,
            "ticket_id": letter.ticket_id,
            "message_id": letter.message_id,
            "category_id": letter.category_id,
            "to_address": letter.to,
            "to_key": key,
            "to_name": letter.name,
            "subject": letter.subject,
            "body_text": letter.text,
            "files": [rows.attachment_json(one) for one in letter.files],
            "refers": self._refers(letter.ticket_id),
            "automatic": letter.automatic,
            "mail_id": self._mail_id(letter, letter_id, host),
            "state": State.WAITING.value,
            "attempts": 0,
            "next_at": at,
            "created_at": now,
            "incident_id": letter.incident_id,
        }
        return self._books.queue.add(row)

    def reply(self, ticket: Ticket, message_id: str, text: str, files: tuple[Attachment, ...]) -> None:
        """An agent's reply, to the ticket's requester, with its Delivery. Nothing where no mail goes out."""
        if not self.is_on():
            return
        asker = self._requester(ticket)
        if asker is None or asker["email"] is None:
            self._books.deliveries.begin(ticket, message_id, DeliveryStatus.NOT_SENT, "noAddress")
            return
        subject, whole = self._books.templates.render("reply", self._reply_values(ticket, message_id, text))
        letter = Letter(
            LetterKind.REPLY, asker["email"], asker["name"], subject, whole, ticket.id, message_id, files,
            category_id=ticket.category_id,
        )  # fmt: skip
        if self.enqueue(letter):
            self._books.deliveries.begin(ticket, message_id, DeliveryStatus.QUEUED)

    def confirm(self, ticket: Ticket, text: str) -> None:
        """A new ticket, to whoever asked: its number, the private link, when to expect an answer."""
        asker = self._requester(ticket) if self.is_on() else None
        if asker is None or asker["email"] is None:
            return
        expected, notices = self._expecting(ticket.category_id, self._parts.clock.now_ms())
        values = {
            **self.about(ticket), "subject": ticket.subject[:_SUBJECT_TOLD], "name": asker["name"], "text": text,
            "expected": expected, "notices": notices,
        }  # fmt: skip
        self.automatic(LetterKind.CONFIRMATION, "confirmation", values, asker, ticket)

    def automatic(
        self, kind: LetterKind, template: str, values: Mapping[str, Any], asker: Row, ticket: Ticket | None = None
    ) -> bool:
        """A letter by a template, to a requester's row."""
        subject, text = self._books.templates.render(template, values)
        ticket_id = None if ticket is None else ticket.id
        category_id = None if ticket is None else ticket.category_id
        return self.enqueue(
            Letter(
                kind, asker["email"], asker["name"], subject, text, ticket_id, automatic=True, category_id=category_id
            )
        )

    def about(self, ticket: Ticket) -> dict[str, Any]:
        """What every template may say of a ticket."""
        return {
            "site_name": self._parts.settings.text("site_name"),
            "number": ticket.number,
            "subject": ticket.subject,
            "link": self._books.links.of(ticket.id),
        }

    def words(self, template: str, values: Mapping[str, Any]) -> tuple[str, str]:
        """Subject and text by a template."""
        return self._books.templates.render(template, values)

    def bounced(self, mail_id: str, why: str) -> bool:
        """A delivery report says that a letter did not arrive; whether it was ours."""
        return self._came_back(mail_id, why, State.BOUNCED, DeliveryStatus.BOUNCED)

    def delayed(self, mail_id: str, why: str) -> bool:
        """A delivery report says that a letter is late; whether it was ours."""
        return self._came_back(mail_id, why, None, DeliveryStatus.DELAYED)

    def sender(self, category_id: str | None) -> Sender:
        """From whom letters of this category are. Raises Rejected if nobody has said."""
        own = self.senders().get(category_id or "") or self._parts.settings.text("mail.from")
        if own is None:
            raise Rejected("Set the sender first: deskbell-server setting mail.from 'Help desk <support@example.com>'")
        return parse_sender(own)

    def senders(self) -> dict[str, str]:
        """The senders of categories that have one of their own."""
        database = self._parts.database
        row = database.read(lambda: database.whole_row(Setting, "WHERE t.name = ?", (_SENDERS,)))
        return {} if row is None else dict(row["value"])

    def set_sender(self, category_id: str, text: str) -> None:
        """Give a category its own sender; an empty one takes it away. Raises Rejected."""
        known = {**self.senders(), category_id: text}
        if text:
            parse_sender(text)
        else:
            del known[category_id]
        self._parts.database.run(Setting.delete().where(Setting.name == _SENDERS))
        self._parts.database.insert(Setting, [{"name": _SENDERS, "value": known}])

    def forget(self) -> None:
        """Letters that nobody can bounce any more."""
        before = self._parts.clock.now_ms() - _KEPT_DAYS * DAY_MS
        self._parts.database.write(lambda: self._books.queue.forget(before))

    def _came_back(self, mail_id: str, why: str, state: State | None, status: DeliveryStatus) -> bool:
        def work() -> bool:
            letter = self._books.queue.find(mail_id)
            if letter is None:
                return False
            said = told(why)
            if letter["message_id"] is not None:
                self._books.deliveries.now(letter["message_id"], status, said)
            elif letter["ticket_id"] is not None and state is not None and letter["state"] != state:
                self._books.deliveries.trace(letter["ticket_id"], status)
            if state is not None:
                self._books.queue.settle(letter["id"], state, self._parts.clock.now_ms(), said)
            return True

        return self._parts.journal.write(work)

    def _allowed_at(self, key: str, now: int) -> int:
        most = self._parts.settings.number("mail.automatic_per_hour")
        planned = self._books.queue.automatic_since(key, now - HOUR_MS)
        return now if len(planned) < most else planned[most - 1] + HOUR_MS

    def _mail_id(self, letter: Letter, letter_id: str, host: str) -> str:
        if letter.ticket_id is None:
            return f"<{letter_id}@{host}>"
        return self._books.addresses.message_id(letter.message_id or letter_id, letter.ticket_id, host)

    def _refers(self, ticket_id: str | None) -> list[str]:
        """The thread so far: what we sent, then what came in; the newest of what came in is what is answered."""
        if ticket_id is None:
            return []
        sent = [str(one[0]) for one in self._parts.database.select(_THREAD, (ticket_id,))]
        return [*reversed(sent), *self._books.addresses.thread_headers(ticket_id)]

    def _requester(self, ticket: Ticket) -> Row | None:
        return self._parts.database.whole_row(RequesterRow, "WHERE t.id = ?", (ticket.requester_id,))

    def _reply_values(self, ticket: Ticket, message_id: str, text: str) -> dict[str, Any]:
        database = self._parts.database
        inbound = (MessageRow.ticket_id == ticket.id) & (MessageRow.kind == MessageKind.INBOUND.value)
        last = database.one(MessageRow.select().where(inbound).order_by(MessageRow.seq.desc()))
        author = database.one(
            AgentRow.select(AgentRow.name)
            .join(MessageRow, on=(MessageRow.author_id == AgentRow.id))
            .where(MessageRow.id == message_id)
        )
        is_theirs = last is not None and last["author_id"] == ticket.requester_id
        quoted = folded(last["body_text"])[0][:_QUOTED_MAX] if last is not None and is_theirs else ""
        site = self._parts.settings.text("site_name")
        return {
            **self.about(ticket),
            "name": "",
            "text": text,
            "quoted": quoted.strip(),
            "agent": (author or {}).get("name") or site,
        }
