"""Closing: when nobody works for a reason of the house's own; every agent reads, owners write (PRODUCT E6)."""

from collections.abc import Mapping
from typing import Final

from sync.domain import protocol
from sync.domain.closings import Closing
from sync.domain.times import from_utc_date
from sync.jmap import kinds
from sync.jmap.access import Principal
from sync.jmap.datatype import Created, DataType, Property
from sync.jmap.errors import JSON, SetError
from sync.server import refusals
from sync.server.accounts import StoredAccount
from sync.server.audit import Actor
from sync.server.database import Row
from sync.server.expecting.closings import Closings
from sync.server.expecting.tables import ClosingRow
from sync.server.parts import Parts
from sync.server.store import ObjectStore, colleague
from sync.server.types import kinds as ours
from sync.server.wire import date_or_none

PROPERTIES: Final = {
    "name": Property(kinds.STRING),
    "notice": Property(kinds.STRING, default=""),
    "startsAt": Property(kinds.UTC_DATE),
    "endsAt": Property(kinds.UTC_DATE),
    "categoryIds": Property(ours.TAGS, default={}),
}
_OWNERS: Final = "Closings are announced by owners. Ask one of them."
_WRITTEN: Final = ("name", "notice", "startsAt", "endsAt", "categoryIds")


class ClosingStore(ObjectStore):
    """In the team's account."""

    type_name = protocol.CLOSING
    model = ClosingRow

    def __init__(self, parts: Parts, closings: Closings) -> None:
        super().__init__(parts)
        self._closings = closings

    def wire(self, row: Row, account: StoredAccount) -> dict[str, JSON]:
        del account
        return {
            "id": row["id"],
            "name": row["name"],
            "notice": row["notice"],
            "startsAt": date_or_none(row["starts_at"]),
            "endsAt": date_or_none(row["ends_at"]),
            "categoryIds": dict.fromkeys(row["category_ids"], True),
        }

    def create(self, account_id: str, principal: Principal, values: Mapping[str, JSON]) -> Created:
        by, account = _owner(principal), self.parts.accounts.get(account_id)
        with refusals.about(*_WRITTEN):
            made = self._closings.add(_wanted("", values), by)
        whole = self._whole(made.id, account)
        return Created(made.id, {name: value for name, value in whole.items() if values.get(name) != value})

    def update(
        self, account_id: str, principal: Principal, before: Mapping[str, JSON], changed: Mapping[str, JSON]
    ) -> Mapping[str, JSON]:
        by, account = _owner(principal), self.parts.accounts.get(account_id)
        with refusals.about(*changed):
            self._closings.change(_wanted(before["id"], {**before, **changed}), by)
        whole = self._whole(before["id"], account)
        return {name: whole[name] for name in changed if whole[name] != changed[name]}

    def destroy(self, account_id: str, principal: Principal, before: Mapping[str, JSON]) -> None:
        del account_id
        self._closings.remove(before["id"], _owner(principal))

    def _whole(self, closing_id: str, account: StoredAccount) -> dict[str, JSON]:
        [row] = self._by_id([closing_id])
        return self.wire(row, account)


def closing_type(parts: Parts, closings: Closings) -> DataType:
    """The declaration."""
    return DataType(
        name=protocol.CLOSING,
        capability=protocol.CAPABILITY,
        properties=PROPERTIES,
        store=ClosingStore(parts, closings),
        queryable=True,
    )


def _owner(principal: Principal) -> Actor:
    if not colleague(principal).is_owner:
        raise SetError(protocol.FORBIDDEN, _OWNERS)
    return Actor.of(principal)


def _wanted(closing_id: str, values: Mapping[str, JSON]) -> Closing:
    return Closing(
        closing_id,
        values["name"],
        from_utc_date(values["startsAt"]),
        from_utc_date(values["endsAt"]),
        frozenset(values["categoryIds"]),
        values["notice"],
    )
