"""FaqEntry: a question with its answer, in the team's account; who may publish is a setting (PRODUCT G1)."""

from collections.abc import Mapping
from typing import Final

from sync.domain import ids, protocol
from sync.domain.faq import Status
from sync.jmap import kinds
from sync.jmap.access import Principal
from sync.jmap.datatype import Created, DataType, Property
from sync.jmap.errors import JSON, SetError
from sync.server import refusals
from sync.server.accounts import StoredAccount
from sync.server.audit import Actor
from sync.server.database import Row
from sync.server.faq.entries import Draft
from sync.server.faq.faq import Faq
from sync.server.faq.tables import FaqRow
from sync.server.parts import Colleague, Parts
from sync.server.receipts import fingerprint
from sync.server.store import ObjectStore, colleague
from sync.server.types import kinds as ours
from sync.server.wire import date_or_none

_STATUS: Final = kinds.one_of(*(one.value for one in Status))
PROPERTIES: Final = {
    "clientKey": Property(ours.CLIENT_KEY, immutable=True),
    "question": Property(kinds.STRING),
    "answer": Property(kinds.STRING),
    "categoryIds": Property(kinds.map_of(kinds.TRUE, kinds.ID), default={}),
    "language": Property(kinds.STRING, default="en"),
    "status": Property(_STATUS, default=Status.DRAFT.value),
    "slug": Property(kinds.STRING, server_set=True),
    "authorId": Property(ours.OPTIONAL_ID, server_set=True),
    "updatedAt": Property(kinds.UTC_DATE, server_set=True),
    "shown": Property(kinds.UNSIGNED_INT, server_set=True),
    "opened": Property(kinds.UNSIGNED_INT, server_set=True),
    "answered": Property(kinds.UNSIGNED_INT, server_set=True),
}
_NO_PUBLISHER: Final = "Only owners publish here, and change what is published. Keep it as a draft and ask one of them."


class FaqEntryStore(ObjectStore):
    """Every agent reads all of them and keeps drafts."""

    type_name = protocol.FAQ_ENTRY
    model = FaqRow

    def __init__(self, parts: Parts, faq: Faq) -> None:
        super().__init__(parts)
        self._faq = faq

    def wire(self, row: Row, account: StoredAccount) -> dict[str, JSON]:
        del account
        return {
            "id": row["id"],
            "clientKey": row["client_key"] or row["id"],
            "question": row["question"],
            "answer": row["answer"],
            "categoryIds": dict.fromkeys(row["category_ids"], True),
            "language": row["language"],
            "status": row["status"],
            "slug": row["slug"],
            "authorId": row["author_id"],
            "updatedAt": date_or_none(row["updated_at"]),
            "shown": row["shown"],
            "opened": row["opened"],
            "answered": row["answered"],
        }

    def create(self, account_id: str, principal: Principal, values: Mapping[str, JSON]) -> Created:
        agent, account = colleague(principal), self.parts.accounts.get(account_id)
        entry_id = self.parts.ids.new(ids.FAQ_ENTRY)
        content = fingerprint({**values, "clientKey": None})
        known = self.parts.receipts.claim(agent.id, values["clientKey"], self.type_name, content, entry_id)
        if known is None:
            self._may(agent, values["status"])
            with refusals.about("question", "answer", "categoryIds", "language"):
                self._faq.entries.add(_draft(values), Actor.of(principal), entry_id, values["clientKey"])
        rows = self._by_id([known or entry_id])
        whole = self.wire(rows[0], account) if rows else {}  # a replay of one that was deleted since
        given = {"id": None, **values}
        differing = {name: value for name, value in whole.items() if name not in given or given[name] != value}
        return Created(known or entry_id, differing)

    def update(
        self, account_id: str, principal: Principal, before: Mapping[str, JSON], changed: Mapping[str, JSON]
    ) -> Mapping[str, JSON]:
        account = self.parts.accounts.get(account_id)
        self._may(colleague(principal), before["status"], changed.get("status"))
        [row] = self._by_id([before["id"]])
        with refusals.about(*changed):
            after = self.wire(
                self._faq.entries.change(row, _draft({**before, **changed}), Actor.of(principal)), account
            )
        asked = {**before, **changed}
        return {name: value for name, value in after.items() if asked[name] != value}

    def destroy(self, account_id: str, principal: Principal, before: Mapping[str, JSON]) -> None:
        del account_id
        self._may(colleague(principal), before["status"])
        [row] = self._by_id([before["id"]])
        self._faq.entries.remove(row, Actor.of(principal))

    def _may(self, agent: Colleague, *statuses: JSON) -> None:
        """Drafts everybody; what the public sees, or will see, whoever the setting allows. Raises SetError."""
        public = Status.PUBLISHED.value in statuses
        if public and not agent.is_owner and not self.parts.settings.number("faq.agents_publish"):
            raise SetError("forbidden", _NO_PUBLISHER)


def faq_entry_type(parts: Parts, faq: Faq) -> DataType:
    """The declaration."""
    return DataType(
        name=protocol.FAQ_ENTRY,
        capability=protocol.CAPABILITY,
        properties=PROPERTIES,
        store=FaqEntryStore(parts, faq),
        queryable=True,
    )


def _draft(values: Mapping[str, JSON]) -> Draft:
    return Draft(
        values["question"],
        values["answer"],
        frozenset(values["categoryIds"]),
        values["language"],
        Status(values["status"]),
    )
