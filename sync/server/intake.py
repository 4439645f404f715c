"""How words of requesters come in: a new ticket, or an answer to one; one transaction, one arrival."""

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Final

from sync.domain import ids, protocol, rules
from sync.domain.errors import Rejected
from sync.domain.quoting import folded
from sync.domain.records import ArrivalKind, Attachment, Awaiting, Channel, MessageKind, Priority, Status, Ticket
from sync.server import rows, texts
from sync.server.accounts import StoredAccount
from sync.server.ledger import PageSecret
from sync.server.mail.mail_out import MailOut
from sync.server.parts import Parts
from sync.server.tables import RequesterRow, TicketRow
from sync.server.ticketing import Ticketing

_NEXT_ON_SQLITE: Final = "UPDATE ticket_number SET value = value + 1 RETURNING value"
_CONFIRMED: Final = frozenset({Channel.FORM, Channel.EMAIL})
_NEXT_ON_POSTGRES: Final = "SELECT nextval('ticket_number')"


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, as they said."""

    name: str
    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class Filing:
    """A new ticket as it comes in. Times in ms UTC; `composed_at` None: now.

    `attachments` are files that the caller has already stored. `client_key` and `by_agent_id` where an agent took
    it down. `ticket_id` where the caller has given the id already (a client key claimed with it). `first_kind` is
    REPLY where the agent begins it by writing to the requester: nobody needs to be told of it then.
    `confirm`: not by mail to what no person wrote. `original_blob_id`: the mail that it was, as it came. `quiet`: to be
    found, but nobody's turn: it is closed from the beginning and rings nobody.
    """

    category_id: str
    asker: Asker
    subject: str
    text: str
    channel: Channel = Channel.FORM
    site: str | None = None
    priority: Priority = Priority.NORMAL
    tags: frozenset[str] = frozenset()
    attachments: tuple[Attachment, ...] = ()
    composed_at: int | None = None
    by_agent_id: str | None = None
    client_key: str | None = None
    ticket_id: str | None = None
    follow_up_of: str | None = None
    requester_id: str | None = None
    first_kind: MessageKind = MessageKind.INBOUND
    confirm: bool = True
    original_blob_id: str | None = None
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Mailed:
    """The mail that words came in. `confirm`: whether a new ticket may be confirmed by mail."""

    original_blob_id: str | None
    composed_at: int
    confirm: bool = True


@dataclass(frozen=True, slots=True)
class Filed:
    """What came of it."""

    ticket: Ticket
    message_id: str


class Intake:
    """Call inside a write transaction of the journal; confirm to the requester only after it has committed."""

    def __init__(self, parts: Parts, ticketing: Ticketing, mail_out: MailOut) -> None:
        self._parts = parts
        self._ticketing = ticketing
        self._mail_out = mail_out

    def file_ticket(self, filing: Filing) -> Filed:
        """Store a new ticket with its first message. Raises Rejected."""
        account = self._parts.accounts.of_category(filing.category_id)
        if account is None:
            raise Rejected("There is no such category any more. Choose another.", "notFound")
        now = self._parts.clock.now_ms()
        subject, text = texts.subject(filing.subject), self._text(filing.text, filing.attachments)
        requester_id = filing.requester_id or self.requester(filing.asker, account, now)
        if filing.requester_id is not None:
            self._ticketing.meet(account, requester_id)
        ticket = self._new_ticket(filing, subject, requester_id, now)
        message_id = self._parts.ids.new(ids.MESSAGE)
        also = {"client_key": filing.client_key, "first_message_id": message_id}
        self._parts.database.insert(TicketRow, [{**rows.row_of(ticket), **also}])
        self._parts.journal.present(account, protocol.TICKET, ticket.id)
        self._ticketing.post(
            replace(ticket, last_seq=0),
            filing.first_kind,
            text,
            message_id=message_id,
            author_id=filing.by_agent_id if filing.first_kind is MessageKind.REPLY else requester_id,
            composed_at=now if filing.composed_at is None else filing.composed_at,
            at=now,
            attachments=filing.attachments,
            original_blob_id=filing.original_blob_id,
        )
        if filing.first_kind is MessageKind.INBOUND and not filing.quiet:
            self._ticketing.arrive(account, ticket, ArrivalKind.NEW, message_id, filing.by_agent_id, now)
        self._mail(filing, ticket, message_id, text)
        return Filed(ticket, message_id)

    def add_inbound(
        self,
        ticket_id: str,
        text: str,
        attachments: tuple[Attachment, ...] = (),
        author_id: str | None = None,
        *,
        mail: Mailed | None = None,
    ) -> Filed:
        """Further words of the requester: on the ticket, on the one it was merged into, or as a follow-up ticket.

        `author_id`: who writes, where it is not the ticket's own requester. `mail`: they came in it. Raises Rejected.
        """
        ticket = self._ticketing.held(ticket_id)
        if ticket is None:
            raise Rejected("This request does not exist any more. Ask again with the form.", "notFound")
        author_id = author_id or ticket.requester_id
        if ticket.merged_into_id is not None:
            return self.add_inbound(ticket.merged_into_id, text, attachments, author_id, mail=mail)
        now = self._parts.clock.now_ms()
        if not rules.may_reopen(ticket, now, self._parts.settings.number("reopen_days")):
            return self.file_ticket(_follow_up(ticket, author_id, text, attachments, mail))
        message_id = self._parts.ids.new(ids.MESSAGE)
        after = self._ticketing.post(
            rules.after_inbound(ticket, now),
            MessageKind.INBOUND,
            self._text(text, attachments),
            message_id=message_id,
            author_id=author_id,
            composed_at=now if mail is None else mail.composed_at,
            at=now,
            attachments=attachments,
            original_blob_id=None if mail is None else mail.original_blob_id,
        )
        self._ticketing.save(ticket, after)
        account = self._ticketing.account_of(after)
        if author_id is not None and author_id != after.requester_id:
            self._ticketing.meet(account, author_id)
        self._ticketing.arrive(account, after, ArrivalKind.INBOUND, message_id, None, now)
        return Filed(after, message_id)

    def open_page(self, ticket_id: str) -> bytes:
        """A new secret of 256 bits for the ticket's private page; only its hash is kept."""
        secret = self._parts.secret()
        row = {
            "secret_hash": sha256(secret).digest(),
            "ticket_id": ticket_id,
            "created_at": self._parts.clock.now_ms(),
        }
        self._parts.database.insert(PageSecret, [row])
        return secret

    def ticket_of_page(self, secret: bytes) -> str | None:
        """The ticket that a secret opens. May be called in a read transaction."""
        hashed = sha256(secret).digest()
        row = self._parts.database.whole_row(PageSecret, "WHERE t.secret_hash = ?", (hashed,))
        return None if row is None else str(row["ticket_id"])

    def _mail(self, filing: Filing, ticket: Ticket, message_id: str, text: str) -> None:
        """To the requester: the agent's words, or that theirs have come."""
        if filing.first_kind is MessageKind.REPLY:
            self._mail_out.reply(ticket, message_id, text, filing.attachments)
        elif filing.confirm and filing.channel in _CONFIRMED and filing.by_agent_id is None:
            self._mail_out.confirm(ticket, folded(text)[0])

    def _new_ticket(self, filing: Filing, subject: str, requester_id: str, now: int) -> Ticket:
        ticket = Ticket(
            id=filing.ticket_id or self._parts.ids.new(ids.TICKET),
            number=self.next_number(),
            subject=subject,
            category_id=filing.category_id,
            requester_id=requester_id,
            created_at=now,
            updated_at=now,
            status=Status.NEW,
            priority=filing.priority,
            channel=filing.channel,
            site=filing.site,
            awaiting=Awaiting.TEAM,
            awaiting_since=now,
            tags=filing.tags,
            follow_up_of=filing.follow_up_of,
            last_seq=1,
        )
        if filing.quiet:
            return rules.with_status(ticket, Status.CLOSED, now)
        return rules.after_reply(ticket, now) if filing.first_kind is MessageKind.REPLY else ticket

    def _text(self, text: str, attachments: tuple[Attachment, ...]) -> str:
        """Files may come without words."""
        clean = texts.body(text, self._parts.settings.number("message.bytes"))
        if not clean.strip() and not attachments:
            raise Rejected("The message is empty. Write what it is about.", texts.INVALID)
        return clean

    def requester(self, asker: Asker, account: StoredAccount, now: int) -> str:
        """Found by the address in lower case, or made; stands in the account from now on. Raises Rejected."""
        email = texts.short(asker.email, 320, "e-mail address")
        row = {
            "id": self._parts.ids.new(ids.REQUESTER),
            "name": texts.name(asker.name),
            "email": email,
            "email_key": None if email is None else email.lower(),
            "phone": texts.short(asker.phone, 50, "phone number"),
            "created_at": now,
        }
        if self._parts.database.insert_new(RequesterRow, row):
            self._parts.journal.present(account, protocol.REQUESTER, str(row["id"]))
            return str(row["id"])
        known = self._parts.database.one(RequesterRow.select().where(RequesterRow.email_key == row["email_key"]))
        if known is None:
            raise RuntimeError("a requester has gone while a ticket was filed")
        self._ticketing.meet(account, known["id"])
        return str(known["id"])

    def next_number(self) -> int:
        """The number of a new ticket; gaps are allowed."""
        sql = _NEXT_ON_POSTGRES if self._parts.database.is_postgres else _NEXT_ON_SQLITE
        return int(self._parts.database.select(sql)[0][0])


def _follow_up(
    ticket: Ticket, author_id: str | None, text: str, attachments: tuple[Attachment, ...], mail: Mailed | None
) -> Filing:
    """Words about a ticket that was closed too long ago: a new one that names it."""
    return Filing(
        category_id=ticket.category_id,
        asker=Asker(""),
        requester_id=author_id,
        subject=ticket.subject,
        text=text,
        channel=ticket.channel if mail is None else Channel.EMAIL,
        site=ticket.site,
        attachments=attachments,
        follow_up_of=ticket.id,
        composed_at=None if mail is None else mail.composed_at,
        original_blob_id=None if mail is None else mail.original_blob_id,
        confirm=mail is None or mail.confirm,
    )
