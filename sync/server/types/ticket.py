"""Ticket: taken down by agents, edited by them, moved between categories."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sync.domain import ids, limits, protocol
from sync.domain.records import Channel, MessageKind, Priority, Status, Ticket
from sync.domain.times import from_utc_date
from sync.jmap import kinds
from sync.jmap.access import Principal
from sync.jmap.datatype import Created, DataType, Property
from sync.jmap.errors import JSON, SetError
from sync.jmap.filters import Comparator, Filter
from sync.server import listing, refusals, texts
from sync.server.access import sees
from sync.server.accounts import StoredAccount
from sync.server.database import Row
from sync.server.deleting import Deleting
from sync.server.files import Files
from sync.server.intake import Asker, Filing, Intake
from sync.server.link_tokens import LinkTokens
from sync.server.linking import Linking
from sync.server.merging import Merging
from sync.server.parts import Colleague, Parts
from sync.server.receipts import fingerprint
from sync.server.store import ObjectStore, colleague
from sync.server.tables import TicketRow
from sync.server.ticketing import Ticketing
from sync.server.types import kinds as ours

PROPERTIES: Final[dict[str, Property]] = {
    "clientKey": Property(ours.CLIENT_KEY, immutable=True),
    "number": Property(kinds.UNSIGNED_INT, server_set=True),
    "subject": Property(kinds.STRING, immutable=True),
    "categoryId": Property(kinds.ID),
    "status": Property(ours.STATUS, default="new"),
    "priority": Property(ours.PRIORITY, default="normal"),
    "channel": Property(ours.CHANNEL, default="phone", immutable=True),
    "site": Property(ours.OPTIONAL_TEXT, default=None, immutable=True),
    "assigneeId": Property(ours.OPTIONAL_ID, default=None),
    "requesterId": Property(ours.OPTIONAL_ID, server_set=True),
    "awaiting": Property(ours.AWAITING, server_set=True),
    "awaitingSince": Property(ours.OPTIONAL_DATE, server_set=True),
    "createdAt": Property(kinds.UTC_DATE, server_set=True),
    "updatedAt": Property(kinds.UTC_DATE, server_set=True),
    "closedAt": Property(ours.OPTIONAL_DATE, server_set=True),
    "resolution": Property(ours.OPTIONAL_TEXT, default=None),
    "outcome": Property(ours.OPTIONAL_TEXT, default=None),
    "tags": Property(ours.TAGS, default={}),
    "mergedIntoId": Property(ours.OPTIONAL_ID, default=None),
    "followUpOf": Property(ours.OPTIONAL_ID, default=None, immutable=True),
    "links": Property(ours.LINKS, default={}),
    "incidentId": Property(ours.OPTIONAL_ID, default=None),
    "lastSeq": Property(kinds.UNSIGNED_INT, server_set=True),
    "reminders": Property(kinds.UNSIGNED_INT, server_set=True),
    "rating": Property(ours.RATING, server_set=True),
    "messageId": Property(ours.OPTIONAL_ID, server_set=True),
    "requester": Property(
        kinds.record({"name": kinds.STRING}, {"email": ours.OPTIONAL_TEXT, "phone": ours.OPTIONAL_TEXT}),
        write_only=True,
    ),
    "firstMessage": Property(
        kinds.record(
            {"bodyText": kinds.STRING, "composedAt": kinds.UTC_DATE},
            {"attachments": ours.ATTACHMENTS, "kind": kinds.one_of(MessageKind.INBOUND, MessageKind.REPLY)},
        ),
        write_only=True,
    ),
}
FILTERS: Final = {
    "status": ours.STATUS,
    "awaiting": ours.AWAITING,
    "assigneeId": ours.OPTIONAL_ID,
    "requesterId": kinds.ID,
    "number": kinds.UNSIGNED_INT,
}
SORTS: Final = {"createdAt": TicketRow.created_at, "updatedAt": TicketRow.updated_at, "number": TicketRow.number}
_TESTS: Final[dict[str, listing.Test]] = {
    "status": lambda value: TicketRow.status == value,
    "awaiting": lambda value: TicketRow.awaiting.is_null() if value is None else TicketRow.awaiting == value,
    "assigneeId": lambda value: TicketRow.assignee_id.is_null() if value is None else TicketRow.assignee_id == value,
    "requesterId": lambda value: TicketRow.requester_id == value,
    "number": lambda value: TicketRow.number == value,
}
_LINE_MAX: Final = 4_000


class TicketStore(ObjectStore):
    """Tickets of a category account."""

    type_name = protocol.TICKET
    model = TicketRow

    def __init__(self, parts: Parts, ticketing: Ticketing, intake: Intake, files: Files) -> None:
        super().__init__(parts)
        self._ticketing = ticketing
        self._intake = intake
        self._files = files
        self._merging = Merging(parts, ticketing)
        self.linking = Linking(parts, ticketing)
        self._deleting = Deleting(parts, ticketing)
        self._tokens = LinkTokens(parts)

    def wire_all(self, rows: Sequence[Row], account: StoredAccount) -> list[dict[str, JSON]]:
        del account
        return self._tokens.tickets(rows)

    def create(self, account_id: str, principal: Principal, values: Mapping[str, JSON]) -> Created:
        agent, account = colleague(principal), self.parts.accounts.get(account_id)
        self._check_new(account, values)
        first = values["firstMessage"]
        files = first.get("attachments") or []
        described = self._files.content(account, agent.id, files)
        content = fingerprint({**values, "clientKey": None, "firstMessage": {**first, "attachments": described}})
        ticket_id = self.parts.ids.new(ids.TICKET)
        known = self.parts.receipts.claim(agent.id, values["clientKey"], self.type_name, content, ticket_id)
        if known is None:
            self._file(agent, account, ticket_id, values)
        row = self.parts.database.one(TicketRow.select().where(TicketRow.id == (known or ticket_id)))
        if row is None:  # it was filed, and deleted since
            return Created(known or ticket_id)
        if row["category_id"] != account.category_id:
            return Created(row["id"])
        whole = self._tokens.ticket(row)
        shown = {name: value for name, value in whole.items() if name not in values or whole[name] != values[name]}
        return Created(row["id"], shown)

    def update(
        self, account_id: str, principal: Principal, before: Mapping[str, JSON], changed: Mapping[str, JSON]
    ) -> Mapping[str, JSON]:
        del account_id
        agent = colleague(principal)
        ticket = self._ticketing.held(before["id"])
        if ticket is None:
            raise SetError("notFound")
        if changed.get("mergedIntoId") is not None:
            if len(changed) > 1:
                raise refusals.invalid("mergedIntoId", "Merge a ticket by itself, then change what else there is.")
            self._merging.merge(ticket, changed["mergedIntoId"], agent)
        else:
            self._change(ticket, changed, agent)
        [whole] = self._tokens.tickets(self._by_id([ticket.id]))
        return {
            name: value
            for name, value in whole.items()
            if value != before[name] and not (name in changed and changed[name] == value)
        }

    def destroy(self, account_id: str, principal: Principal, before: Mapping[str, JSON]) -> None:
        del account_id
        agent = colleague(principal)
        if not agent.is_owner:
            raise SetError(protocol.FORBIDDEN, "Only an owner may delete a ticket. Close it, or ask an owner.")
        ticket = self._ticketing.held(before["id"])
        if ticket is None:
            raise SetError("notFound")
        self._deleting.delete(ticket, agent)

    def query(
        self, account_id: str, principal: Principal, where: Filter | None, order: Sequence[Comparator]
    ) -> Sequence[str]:
        del principal
        account = self.parts.accounts.get(account_id)
        wanted = (TicketRow.category_id == account.category_id) & listing.condition(where, _TESTS)
        terms = listing.ordering(order, SORTS, [TicketRow.id] if order else [TicketRow.created_at, TicketRow.id])
        return listing.Listing(self.parts.database, TicketRow.select(TicketRow.id).where(wanted), terms)

    def _change(self, ticket: Ticket, changed: Mapping[str, JSON], agent: Colleague) -> None:
        if ticket.merged_into_id is not None:
            end = self._ticketing.end_of(ticket)
            raise SetError(protocol.MERGED, "This ticket was merged into another.", mergedIntoId=end.id)
        now = self.parts.clock.now_ms()
        after = ticket if "links" not in changed else self.linking.edit(ticket, changed["links"], agent.id, now)
        for name, value in self._edits(after, changed):
            after = self._ticketing.edit(after, name, value, agent.id, now)
        after = self._assigned_in_sight(after, agent.id, now)
        self._ticketing.save(ticket, after, agent.id)
        self._write_lines(after, changed)

    def _check_new(self, account: StoredAccount, values: Mapping[str, JSON]) -> None:
        if values["categoryId"] != account.category_id:
            raise refusals.invalid("categoryId", "A ticket is made in its category's own account.")
        if values["status"] != Status.NEW:
            raise refusals.invalid("status", "A ticket begins as new.")
        if values["mergedIntoId"] is not None:
            raise refusals.invalid("mergedIntoId", "A ticket is filed first, then merged.")
        if values["links"]:
            raise refusals.invalid("links", "A ticket is filed first, then linked.")
        if values["incidentId"] is not None:
            raise refusals.invalid("incidentId", "A ticket is filed first, then put to an incident.")
        if values["firstMessage"].get("kind") == MessageKind.REPLY and values["followUpOf"] is None:
            raise refusals.invalid("firstMessage", "Only a follow-up begins with a reply.")
        if values["assigneeId"] is not None:
            self._check_assignee(values["assigneeId"], values["categoryId"])

    def _file(self, agent: Colleague, account: StoredAccount, ticket_id: str, values: Mapping[str, JSON]) -> None:
        first, asker = values["firstMessage"], values["requester"]
        requester_id = self._requester_of(account, values["followUpOf"])
        with refusals.about("subject", "requester", "firstMessage"):
            filed = self._intake.file_ticket(
                Filing(
                    category_id=values["categoryId"],
                    asker=Asker(asker["name"], asker.get("email"), asker.get("phone")),
                    subject=values["subject"],
                    text=first["bodyText"] if first["bodyText"].strip() else values["subject"],
                    channel=Channel(values["channel"]),
                    site=texts.short(values["site"], limits.NAME_MAX, "site"),
                    priority=Priority(values["priority"]),
                    tags=frozenset(texts.tag(one) for one in values["tags"]),
                    attachments=tuple(self._files.attachments(account, agent.id, first.get("attachments") or [])),
                    composed_at=from_utc_date(first["composedAt"]),
                    by_agent_id=agent.id,
                    client_key=values["clientKey"],
                    ticket_id=ticket_id,
                    follow_up_of=values["followUpOf"],
                    requester_id=requester_id,
                    first_kind=MessageKind(first.get("kind", MessageKind.INBOUND)),
                )
            )
        if values["assigneeId"] is not None:
            now = filed.ticket.created_at
            after = self._ticketing.edit(filed.ticket, "assigneeId", values["assigneeId"], agent.id, now)
            self._ticketing.save(filed.ticket, after)
        self._write_lines(filed.ticket, values)

    def _requester_of(self, account: StoredAccount, ticket_id: str | None) -> str | None:
        """Whose ticket a follow-up goes on with; one that is elsewhere and one that is nowhere are the same."""
        if ticket_id is None:
            return None
        row = self.parts.database.one(TicketRow.select().where(TicketRow.id == ticket_id))
        if row is None or row["category_id"] != account.category_id:
            raise refusals.invalid("followUpOf", "That ticket is not in this category. File a new one without it.")
        return None if row["requester_id"] is None else str(row["requester_id"])

    def _edits(self, ticket: Ticket, changed: Mapping[str, JSON]) -> list[tuple[str, Any]]:
        """What to do, one field after the other; the move last, so that its events go along."""
        category_id = changed.get("categoryId", ticket.category_id)
        edits: list[tuple[str, Any]] = []
        if "tags" in changed:
            with refusals.about("tags"):
                wanted = {texts.tag(one) for one in changed["tags"]}
            edits += [(f"tags/{one}", None) for one in sorted(ticket.tags - wanted)]
            edits += [(f"tags/{one}", True) for one in sorted(wanted - ticket.tags)]
        if "assigneeId" in changed and changed["assigneeId"] is not None:
            self._check_assignee(changed["assigneeId"], category_id)
        if "incidentId" in changed:
            self._check_incident(changed["incidentId"])
        plain = ("status", "priority", "assigneeId", "incidentId")
        edits += [(name, changed[name]) for name in plain if name in changed]
        if "categoryId" in changed:
            if self.parts.accounts.of_category(category_id) is None:
                raise refusals.invalid("categoryId", "There is no such category any more. Choose another.")
            edits.append(("categoryId", category_id))
        return edits

    def _assigned_in_sight(self, ticket: Ticket, by: str, now: int) -> Ticket:
        """Whoever cannot see the ticket where it is now is not its assignee any more."""
        if ticket.assignee_id is None or self._may_see(ticket.assignee_id, ticket.category_id):
            return ticket
        return self._ticketing.edit(ticket, "assigneeId", None, by, now)

    def _write_lines(self, ticket: Ticket, changed: Mapping[str, JSON]) -> None:
        """Resolution and outcome: words without rules of their own."""
        given: dict[Any, str | None] = {}
        for name, field in (("resolution", TicketRow.resolution), ("outcome", TicketRow.outcome)):
            if changed.get(name) is not None or (name in changed and getattr(ticket, name) is not None):
                with refusals.about(name):
                    given[field] = texts.short(changed[name], _LINE_MAX, name)
        if given:
            self.parts.database.run(TicketRow.update(given).where(TicketRow.id == ticket.id))
            self.parts.journal.present(self._ticketing.account_of(ticket), self.type_name, ticket.id)

    def _check_assignee(self, agent_id: str, category_id: str) -> None:
        if not self._may_see(agent_id, category_id):
            raise refusals.invalid("assigneeId", "This colleague does not see the category. Choose another.")

    def _check_incident(self, incident_id: str | None) -> None:
        team = self.parts.accounts.team()
        if incident_id is not None and not self.parts.journal.stands(team, protocol.INCIDENT, incident_id):
            raise refusals.invalid("incidentId", "There is no such incident. Choose another.")

    def _may_see(self, agent_id: str, category_id: str) -> bool:
        return sees(self.parts.database, agent_id, category_id)


def ticket_type(store: TicketStore) -> DataType:
    """The declaration."""
    return DataType(
        name=protocol.TICKET,
        capability=protocol.CAPABILITY,
        properties=PROPERTIES,
        store=store,
        queryable=True,
        filters=FILTERS,
        sorts=frozenset(SORTS),
        restated=store.linking.restated,
    )
