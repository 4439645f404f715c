"""Message: an agent's reply or note, judged by what has happened to its ticket meanwhile (ARCHITECTURE 4)."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final

from sync.domain import ids, protocol, rules
from sync.domain.records import MessageKind, Status, Ticket
from sync.domain.times import from_utc_date
from sync.jmap import kinds
from sync.jmap.access import Principal
from sync.jmap.datatype import Call, Created, DataType, Property, SetOutcome
from sync.jmap.errors import JSON, SetError
from sync.jmap.filters import Comparator, Condition, Filter
from sync.server import listing, refusals, texts
from sync.server.accounts import StoredAccount
from sync.server.database import Row
from sync.server.files import Files
from sync.server.link_tokens import LinkTokens
from sync.server.mail.mail_out import MailOut
from sync.server.parts import Colleague, Parts
from sync.server.receipts import fingerprint
from sync.server.store import ObjectStore, colleague
from sync.server.tables import MessageRow, TicketRow
from sync.server.ticketing import Ticketing
from sync.server.types import kinds as ours

ON_SUCCESS: Final = "onSuccessUpdateTicket"

PROPERTIES: Final[dict[str, Property]] = {
    "clientKey": Property(ours.CLIENT_KEY, immutable=True),
    "ticketId": Property(kinds.ID, immutable=True),
    "seq": Property(kinds.UNSIGNED_INT, server_set=True),
    "kind": Property(ours.MESSAGE_KIND, immutable=True),
    "authorId": Property(ours.OPTIONAL_ID, server_set=True),
    "bodyText": Property(kinds.STRING, immutable=True),
    "composedAt": Property(kinds.UTC_DATE, immutable=True),
    "postedAt": Property(kinds.UTC_DATE, server_set=True),
    "attachments": Property(ours.ATTACHMENTS, default=[], immutable=True),
    "originalBlobId": Property(ours.OPTIONAL_ID, server_set=True),
    "baseSeq": Property(kinds.nullable(kinds.UNSIGNED_INT), default=None, write_only=True),
}
FILTERS: Final = {"ticketId": kinds.ID, "ticketIds": kinds.list_of(kinds.ID), "kind": ours.MESSAGE_KIND}
_OF_TICKETS: Final = frozenset({"ticketId", "ticketIds"})
SORTS: Final = {"postedAt": MessageRow.posted_at, "seq": MessageRow.seq}
_TESTS: Final[dict[str, listing.Test]] = {
    "ticketId": lambda value: MessageRow.ticket_id == value,
    "kind": lambda value: MessageRow.kind == value,
}
_UPDATES: Final = kinds.map_of(
    kinds.record({"patch": kinds.OBJECT}, {"ifUnchangedBy": kinds.nullable(kinds.OBJECT)}),
    kinds.Kind("Id or #creationId", lambda value: isinstance(value, str) and bool(value)),
)
_OVERTAKEN: Final = """
SELECT MAX(seq) FROM message WHERE ticket_id = ? AND kind = ? AND seq > ? AND (author_id IS NULL OR author_id <> ?)
"""


class MessageStore(ObjectStore):
    """Messages of a category account."""

    type_name = protocol.MESSAGE
    model = MessageRow

    def __init__(self, parts: Parts, ticketing: Ticketing, files: Files, mail_out: MailOut) -> None:
        super().__init__(parts)
        self._ticketing = ticketing
        self._files = files
        self._mail_out = mail_out
        self._tokens = LinkTokens(parts)
        is_postgres = parts.database.is_postgres
        self._within = partial(listing.within, TicketRow.category_id, is_postgres=is_postgres)
        self._tests: dict[str, listing.Test] = {
            **_TESTS,
            "ticketIds": lambda value: listing.among(MessageRow.ticket_id, value, is_postgres=is_postgres),
        }

    def wire(self, row: Row, account: StoredAccount) -> dict[str, JSON]:
        del account
        return self._tokens.message(row)

    def create(self, account_id: str, principal: Principal, values: Mapping[str, JSON]) -> Created:
        agent, account = colleague(principal), self.parts.accounts.get(account_id)
        if values["kind"] not in (MessageKind.REPLY, MessageKind.NOTE):
            raise refusals.invalid("kind", "Agents write replies and notes.")
        described = self._files.content(account, agent.id, values["attachments"])
        content = fingerprint({**values, "clientKey": None, "baseSeq": None, "attachments": described})
        message_id = self.parts.ids.new(ids.MESSAGE)
        known = self.parts.receipts.claim(agent.id, values["clientKey"], self.type_name, content, message_id)
        if known is None:
            try:
                self._post(agent, account, message_id, values)
            except SetError as refusal:
                self.parts.receipts.refused(agent.id, values["clientKey"], self.type_name, content, refusal)
                raise
        row = self.parts.database.whole_row(MessageRow, "WHERE t.id = ?", (known or message_id,))
        if row is None:  # it was posted, and its ticket was deleted since
            return Created(known or message_id)
        whole = self._tokens.message(row)
        return Created(
            row["id"], {name: value for name, value in whole.items() if name not in values or values[name] != value}
        )

    def query(
        self, account_id: str, principal: Principal, where: Filter | None, order: Sequence[Comparator]
    ) -> Sequence[str]:
        del principal
        account = self.parts.accounts.get(account_id)
        names_tickets = isinstance(where, Condition) and not where.values.keys().isdisjoint(_OF_TICKETS)
        here = self._within(account.category_id) if names_tickets else TicketRow.category_id == account.category_id
        wanted = here & listing.condition(where, self._tests)
        joined = MessageRow.select(MessageRow.id).join(TicketRow, on=(TicketRow.id == MessageRow.ticket_id))
        terms = listing.ordering(order, SORTS, [MessageRow.id] if order else [MessageRow.posted_at, MessageRow.id])
        return listing.Listing(self.parts.database, joined.where(wanted), terms)

    def follow_up(self, outcome: SetOutcome) -> Sequence[Call]:
        """The Ticket/set that `onSuccessUpdateTicket` implies, each status on the condition of its base."""
        updates: dict[str, JSON] = {}
        conditions: dict[str, JSON] = {}
        for key, wish in (outcome.arguments.get(ON_SUCCESS) or {}).items():
            message_id = outcome.succeeded(key)
            row = None if message_id is None else self._posted(message_id)
            if row is None:
                continue
            asked = _asked(outcome.arguments, key)
            if asked not in (None, row["ticket_id"]):  # a note on a merged ticket: the status of that one is asked for
                updates[str(asked)] = wish["patch"]
                continue
            updates[row["ticket_id"]] = wish["patch"]
            base = wish.get("ifUnchangedBy")
            if base is not None:
                conditions[row["ticket_id"]] = _restated(base, wish["patch"], row)
        if not updates:
            return ()
        arguments = {"accountId": outcome.account_id, "update": updates, "ifUnchangedBy": conditions or None}
        return (Call("Ticket/set", arguments),)

    def _post(self, agent: Colleague, account: StoredAccount, message_id: str, values: Mapping[str, JSON]) -> None:
        kind = MessageKind(values["kind"])
        ticket = self._target(account, values["ticketId"], kind)
        now = self.parts.clock.now_ms()
        if kind is MessageKind.REPLY:
            self._check_reply(ticket, agent.id, values["baseSeq"], now)
        with refusals.about("bodyText"):
            body = texts.body(values["bodyText"], self.parts.settings.number("message.bytes"))
        files = tuple(self._files.attachments(account, agent.id, values["attachments"]))
        if not body.strip() and not files:
            raise refusals.invalid("bodyText", "The message is empty. Write something or attach a file.")
        after = self._ticketing.post(
            rules.after_message(ticket, kind, now),
            kind,
            body,
            message_id=message_id,
            author_id=agent.id,
            composed_at=from_utc_date(values["composedAt"]),
            at=now,
            attachments=files,
            client_key=values["clientKey"],
            status_before=ticket.status.value,
        )
        self._ticketing.save(ticket, after)
        if kind is MessageKind.REPLY:
            self._mail_out.reply(after, message_id, body, files)

    def _target(self, account: StoredAccount, ticket_id: str, kind: MessageKind) -> Ticket:
        """The ticket that the words go to; a note on a merged ticket goes to the one it was merged into."""
        ticket = self._ticketing.held_in(account.category_id, ticket_id)
        if ticket is None:
            raise SetError(protocol.NOT_FOUND, "This ticket is not here any more.")
        target = self._ticketing.end_of(ticket)
        if target.id == ticket.id or target.category_id != account.category_id:
            return ticket
        if kind is MessageKind.NOTE:
            return target
        raise SetError(
            protocol.MERGED, f"This ticket was merged into #{target.number}. Answer there.", mergedIntoId=target.id
        )

    def _check_reply(self, ticket: Ticket, agent_id: str, base_seq: int | None, now: int) -> None:
        if not rules.may_reopen(ticket, now, self.parts.settings.number("reopen_days")):
            raise SetError(protocol.CLOSED, "This ticket was closed long ago. Begin a follow-up ticket.")
        if base_seq is None:
            return
        seq = self.parts.database.select(_OVERTAKEN, (ticket.id, MessageKind.REPLY.value, base_seq, agent_id))[0][0]
        if seq is not None:
            raise SetError(
                protocol.OVERTAKEN, "A colleague has answered meanwhile. Read their reply first.", existingSeq=int(seq)
            )

    def _posted(self, message_id: str) -> Row | None:
        return self.parts.database.one(
            MessageRow.select(MessageRow.kind, MessageRow.ticket_id, MessageRow.status_before, TicketRow.status)
            .join(TicketRow, on=(TicketRow.id == MessageRow.ticket_id))
            .where(MessageRow.id == message_id)
        )


def _asked(arguments: Mapping[str, JSON], key: str) -> str | None:
    """The ticket that a message was written for; None where it was named by reference, or is of an earlier call."""
    values = (arguments.get("create") or {}).get(key.removeprefix("#")) or {}
    ticket_id = values.get("ticketId")
    return ticket_id if isinstance(ticket_id, str) and not ticket_id.startswith("#") else None


def _restated(base: Mapping[str, JSON], patch: Mapping[str, JSON], row: Row) -> dict[str, Any]:
    """The condition as it must hold after the message itself has changed the status.

    The agent's base is the status before the message. It holds if that was the status, and nobody has changed it
    since; a status that is already as wished always fits.
    """
    if "status" not in base:
        return dict(base)
    after_it = Status.WAITING.value if row["kind"] == MessageKind.REPLY else row["status_before"]
    untouched = row["status"] == after_it and row["status_before"] == base["status"]
    if untouched or row["status"] == patch.get("status"):
        return {**base, "status": row["status"]}
    unmet = next(one.value for one in Status if one.value != row["status"])
    return {**base, "status": unmet}


def message_type(store: MessageStore) -> DataType:
    """The declaration."""
    return DataType(
        name=protocol.MESSAGE,
        capability=protocol.CAPABILITY,
        properties=PROPERTIES,
        store=store,
        updatable=False,
        destroyable=False,
        queryable=True,
        filters=FILTERS,
        sorts=frozenset(SORTS),
        set_arguments={ON_SUCCESS: _UPDATES},
        follow_up=store.follow_up,
    )
