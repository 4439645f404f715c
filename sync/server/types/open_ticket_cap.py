"""OpenTicketCap: how many tickets a requester may have open; owners write it (PRODUCT D8)."""

from collections.abc import Mapping
from typing import Final

from sync.domain import protocol
from sync.domain.times import from_utc_date
from sync.jmap import kinds
from sync.jmap.access import Principal
from sync.jmap.datatype import Created, DataType, Property
from sync.jmap.errors import JSON
from sync.server import refusals
from sync.server.accounts import StoredAccount
from sync.server.asking.caps import Caps
from sync.server.asking.tables import OpenTicketCapRow
from sync.server.audit import Actor
from sync.server.database import Row
from sync.server.parts import Parts
from sync.server.store import ObjectStore
from sync.server.types import kinds as ours
from sync.server.wire import date_or_none

PROPERTIES: Final = {
    "categoryId": Property(ours.OPTIONAL_ID, default=None, immutable=True),
    "most": Property(kinds.UNSIGNED_INT),
    "until": Property(ours.OPTIONAL_DATE, default=None),
    "reason": Property(kinds.STRING, default=""),
    "ledTimes": Property(kinds.UNSIGNED_INT, server_set=True),
}


class OpenTicketCapStore(ObjectStore):
    """Caps, in the oversight account."""

    type_name = protocol.OPEN_TICKET_CAP
    model = OpenTicketCapRow

    def __init__(self, parts: Parts, caps: Caps) -> None:
        super().__init__(parts)
        self._caps = caps

    def wire(self, row: Row, account: StoredAccount) -> dict[str, JSON]:
        del account
        return {
            "id": row["id"],
            "categoryId": row["category_id"],
            "most": row["most"],
            "until": date_or_none(row["until"]),
            "reason": row["reason"],
            "ledTimes": row["led_times"],
        }

    def create(self, account_id: str, principal: Principal, values: Mapping[str, JSON]) -> Created:
        with refusals.about("categoryId", "most", "reason"):
            made = self._caps.add(
                values["categoryId"],
                int(values["most"]),
                _moment(values["until"]),
                values["reason"],
                Actor.of(principal),
            )
        return Created(made, self._otherwise(account_id, made, values))

    def update(
        self, account_id: str, principal: Principal, before: Mapping[str, JSON], changed: Mapping[str, JSON]
    ) -> Mapping[str, JSON]:
        values = {name: _moment(value) if name == "until" else value for name, value in changed.items()}
        with refusals.about(*changed):
            self._caps.change(before["id"], values, Actor.of(principal))
        whole = self._otherwise(account_id, before["id"], changed)
        return {name: whole[name] for name in changed if name in whole}

    def destroy(self, account_id: str, principal: Principal, before: Mapping[str, JSON]) -> None:
        del account_id
        self._caps.remove(before["id"], Actor.of(principal))

    def _otherwise(self, account_id: str, cap_id: str, asked: Mapping[str, JSON]) -> dict[str, JSON]:
        [whole] = self.wire_all(self._by_id([cap_id]), self.parts.accounts.get(account_id))
        return {name: value for name, value in whole.items() if name != "id" and asked.get(name, ()) != value}


def open_ticket_cap_type(parts: Parts, caps: Caps) -> DataType:
    """The declaration."""
    return DataType(
        name=protocol.OPEN_TICKET_CAP,
        capability=protocol.CAPABILITY,
        properties=PROPERTIES,
        store=OpenTicketCapStore(parts, caps),
        queryable=True,
    )


def _moment(value: JSON) -> int | None:
    return None if value is None else from_utc_date(value)
