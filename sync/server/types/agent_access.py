"""AgentAccess: what an owner decides about an agent: name, role, grants, devices, leaving (PRODUCT B4).

Nothing here is kept in a table of its own: it is read from agents, grants and sign-ins, and written by `People`,
`Grants` and `SignIns`, the same code that the commands call.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sync.domain import protocol
from sync.jmap import kinds
from sync.jmap.access import Principal
from sync.jmap.datatype import Created, DataType, Property
from sync.jmap.errors import JSON
from sync.server import refusals
from sync.server.accounts import StoredAccount
from sync.server.audit import Actor
from sync.server.database import Row
from sync.server.grants import Grants
from sync.server.ledger import TokenRow
from sync.server.parts import Parts
from sync.server.people import People
from sync.server.sign_in import SignIns
from sync.server.store import ObjectStore
from sync.server.tables import AgentRow, GrantRow
from sync.server.types import kinds as ours
from sync.server.wire import date_or_none

PROPERTIES: Final = {
    "name": Property(kinds.STRING),
    "isOwner": Property(kinds.BOOLEAN, default=False),
    "active": Property(kinds.BOOLEAN, default=True),
    "categoryIds": Property(kinds.map_of(kinds.TRUE, kinds.ID), default={}),
    "secondLineIds": Property(kinds.map_of(kinds.TRUE, kinds.ID), default={}),
    "devices": Property(kinds.map_of(kinds.OBJECT, kinds.ID), default={}),
    "lastSeenAt": Property(ours.OPTIONAL_DATE, server_set=True),
    "password": Property(ours.OPTIONAL_TEXT, default=None),
    "reassignTo": Property(ours.OPTIONAL_ID, default=None),
}
"""`password` and `reassignTo` are always null when read: the first is a new password, the second says with
`active: false` to whom open tickets go. Leaving out an entry of `devices` signs that device out. `secondLineIds` are
those of `categoryIds` that alert them only where the first line was not reached."""


@dataclass(frozen=True, slots=True)
class Offices:
    """Who carries out what an owner decides."""

    people: People
    grants: Grants
    sign_ins: SignIns


class AgentAccessStore(ObjectStore):
    """Agents in the oversight account, those who left too."""

    type_name = protocol.AGENT_ACCESS
    model = AgentRow

    def __init__(self, parts: Parts, offices: Offices) -> None:
        super().__init__(parts)
        self._offices = offices

    def wire_all(self, rows: Sequence[Row], account: StoredAccount) -> list[dict[str, JSON]]:
        del account
        ids = [row["id"] for row in rows]
        granted: dict[str, dict[str, JSON]] = {one: {} for one in ids}
        second: dict[str, dict[str, JSON]] = {one: {} for one in ids}
        devices: dict[str, dict[str, JSON]] = {one: {} for one in ids}
        seen: dict[str, int] = {}
        for grant in self.parts.database.rows(GrantRow.select().where(GrantRow.agent_id.in_(ids))):
            granted[grant["agent_id"]][grant["category_id"]] = True
            if grant["second_line"]:
                second[grant["agent_id"]][grant["category_id"]] = True
        now = self.parts.clock.now_ms()
        holding = TokenRow.agent_id.in_(ids) & (TokenRow.expires_at > now)
        for token in self.parts.database.rows(TokenRow.select().where(holding).order_by(TokenRow.id)):
            devices[token["agent_id"]][token["id"]] = {
                "device": token["device"],
                "signedInAt": date_or_none(token["created_at"]),
                "lastSeenAt": date_or_none(token["used_at"]),
            }
            seen[token["agent_id"]] = max(token["used_at"], seen.get(token["agent_id"], 0))
        return [
            {
                "id": row["id"],
                "name": row["name"],
                "isOwner": bool(row["is_owner"]),
                "active": bool(row["is_active"]),
                "categoryIds": granted[row["id"]],
                "secondLineIds": second[row["id"]],
                "devices": devices[row["id"]],
                "lastSeenAt": date_or_none(seen.get(row["id"])),
                "password": None,
                "reassignTo": None,
            }
            for row in rows
        ]

    def create(self, account_id: str, principal: Principal, values: Mapping[str, JSON]) -> Created:
        by = Actor.of(principal)
        if values["password"] is None:
            raise refusals.invalid("password", "A new agent needs a first password.")
        for name, fresh in (("active", True), ("devices", {}), ("reassignTo", None)):
            if values[name] != fresh:
                raise refusals.invalid(name, "A new agent is active and has no devices yet.")
        with refusals.about("name", "password"):
            agent_id = self._offices.people.add(
                values["name"], values["password"], is_owner=bool(values["isOwner"]), by=by
            )
        self._grant(agent_id, {}, values["categoryIds"], by)
        self._place(agent_id, {}, values["secondLineIds"], values["categoryIds"], by)
        return Created(agent_id, self._otherwise(account_id, agent_id, values))

    def update(
        self, account_id: str, principal: Principal, before: Mapping[str, JSON], changed: Mapping[str, JSON]
    ) -> Mapping[str, JSON]:
        by, agent_id, people = Actor.of(principal), str(before["id"]), self._offices.people
        with refusals.about(*changed):
            if changed.get("active") is True:
                people.reactivate(agent_id, by)
            if "name" in changed:
                people.rename(agent_id, changed["name"], by)
            if "isOwner" in changed:
                people.set_owner(agent_id, bool(changed["isOwner"]), by)
            if changed.get("password") is not None:
                people.set_password(agent_id, changed["password"], by)
        if "categoryIds" in changed:
            self._grant(agent_id, before["categoryIds"], changed["categoryIds"], by)
        if "secondLineIds" in changed:
            given = changed.get("categoryIds", before["categoryIds"])
            self._place(agent_id, before["secondLineIds"], changed["secondLineIds"], given, by)
        if "devices" in changed:
            self._sign_out(before["devices"], changed["devices"], by)
        self._leave(agent_id, changed, by)
        return self._otherwise(account_id, agent_id, {name: changed[name] for name in changed})

    def _leave(self, agent_id: str, changed: Mapping[str, JSON], by: Actor) -> None:
        heir: Any = changed.get("reassignTo")
        if changed.get("active") is False:
            with refusals.about("active", "reassignTo"):
                self._offices.people.deactivate(agent_id, heir, by)
        elif heir is not None:
            raise refusals.invalid("reassignTo", "Tickets are passed on with active: false only.")

    def _grant(self, agent_id: str, before: Mapping[str, JSON], after: Mapping[str, JSON], by: Actor) -> None:
        for category_id in sorted(before.keys() - after.keys()):
            self._offices.grants.revoke(agent_id, category_id, by)
        for category_id in sorted(after.keys() - before.keys()):
            if self.parts.accounts.of_category(category_id) is None:
                raise refusals.invalid("categoryIds", "There is no such category any more.")
            self._offices.grants.grant(agent_id, category_id, by)

    def _place(
        self,
        agent_id: str,
        before: Mapping[str, JSON],
        after: Mapping[str, JSON],
        given: Mapping[str, JSON],
        by: Actor,
    ) -> None:
        if not after.keys() <= given.keys():
            raise refusals.invalid("secondLineIds", "Only a category that they have can be one of the second line.")
        for category_id in sorted((before.keys() ^ after.keys()) & given.keys()):
            with refusals.about("secondLineIds"):
                self._offices.grants.place(agent_id, category_id, by, second_line=category_id in after)

    def _sign_out(self, before: Mapping[str, JSON], after: Mapping[str, JSON], by: Actor) -> None:
        if any(after[one] != before.get(one) for one in after):
            raise refusals.invalid("devices", "A device can be signed out, nothing else.")
        for token_id in sorted(before.keys() - after.keys()):
            self._offices.sign_ins.revoke(token_id, by)

    def _otherwise(self, account_id: str, agent_id: str, asked: Mapping[str, JSON]) -> dict[str, JSON]:
        """What the object is now otherwise than was asked for."""
        [whole] = self.wire_all(self._by_id([agent_id]), self.parts.accounts.get(account_id))
        unsaid = {"id", "lastSeenAt"} if "devices" not in asked else {"id"}
        return {name: value for name, value in whole.items() if name not in unsaid and asked.get(name, value) != value}


def agent_access_type(parts: Parts, offices: Offices) -> DataType:
    """The declaration. Agents are never destroyed: their words keep their name."""
    return DataType(
        name=protocol.AGENT_ACCESS,
        capability=protocol.CAPABILITY,
        properties=PROPERTIES,
        store=AgentAccessStore(parts, offices),
        destroyable=False,
        queryable=True,
    )
