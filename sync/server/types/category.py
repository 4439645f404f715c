"""Category: what access is granted by; shown where it is named, made and renamed by owners (PRODUCT B4)."""

from collections.abc import Mapping, Sequence
from typing import Final

from sync.domain import protocol
from sync.domain.times import HOUR_MS
from sync.jmap import kinds
from sync.jmap.access import Principal
from sync.jmap.datatype import Created, DataType, Property
from sync.jmap.errors import JSON, SetError
from sync.server import refusals
from sync.server.accounts import Kind, StoredAccount
from sync.server.audit import Actor
from sync.server.database import Row
from sync.server.grants import Grants
from sync.server.parts import Parts
from sync.server.store import ObjectStore
from sync.server.tables import CategoryRow, GrantRow

PROPERTIES: Final = {
    "name": Property(kinds.STRING),
    "agentIds": Property(kinds.list_of(kinds.ID), server_set=True),
    "limitMs": Property(kinds.UNSIGNED_INT, default=2 * HOUR_MS),
    "description": Property(kinds.STRING, default=""),
}


class CategoryStore(ObjectStore):
    """In its own account with its agents; in the team's and the owners' by name. Written in the owners' only."""

    type_name = protocol.CATEGORY
    model = CategoryRow

    def __init__(self, parts: Parts, grants: Grants) -> None:
        super().__init__(parts)
        self._grants = grants

    def wire_all(self, rows: Sequence[Row], account: StoredAccount) -> list[dict[str, JSON]]:
        agents: dict[str, list[str]] = {}
        if account.kind is Kind.CATEGORY:
            query = GrantRow.select().where(GrantRow.category_id == account.category_id).order_by(GrantRow.agent_id)
            for grant in self.parts.database.rows(query):
                agents.setdefault(grant["category_id"], []).append(grant["agent_id"])
        return [
            {
                "id": row["id"],
                "name": row["name"],
                "limitMs": row["limit_ms"],
                "description": row["description"],
                "agentIds": agents.get(row["id"], []),
            }
            for row in rows
        ]

    def create(self, account_id: str, principal: Principal, values: Mapping[str, JSON]) -> Created:
        account = self._owners(account_id)
        with refusals.about("name"):
            made = self._grants.add_category(values["name"], int(values["limitMs"]), Actor.of(principal))
        if values["description"]:
            with refusals.about("description"):
                self._grants.describe_category(made, values["description"], Actor.of(principal))
        [whole] = self.wire_all(self._by_id([made]), account)
        return Created(made, {name: value for name, value in whole.items() if values.get(name) != value})

    def update(
        self, account_id: str, principal: Principal, before: Mapping[str, JSON], changed: Mapping[str, JSON]
    ) -> Mapping[str, JSON]:
        account, by = self._owners(account_id), Actor.of(principal)
        with refusals.about("name"):
            if "name" in changed:
                self._grants.rename_category(before["id"], changed["name"], by)
        with refusals.about("description"):
            if "description" in changed:
                self._grants.describe_category(before["id"], changed["description"], by)
        if "limitMs" in changed:
            self._grants.set_limit(before["id"], int(changed["limitMs"]), by)
        [whole] = self.wire_all(self._by_id([before["id"]]), account)
        return {name: whole[name] for name in changed if whole[name] != changed[name]}

    def _owners(self, account_id: str) -> StoredAccount:
        account = self.parts.accounts.get(account_id)
        if account.kind is not Kind.OVERSIGHT:
            raise SetError("forbidden", "Categories are made and renamed by owners, in the oversight account.")
        return account


def category_type(store: CategoryStore) -> DataType:
    """The declaration."""
    return DataType(
        name=protocol.CATEGORY,
        capability=protocol.CAPABILITY,
        properties=PROPERTIES,
        store=store,
        destroyable=False,
        queryable=True,
    )
