"""Agents: who they are, their passwords, and their leaving."""

import peewee
from argon2 import PasswordHasher

from sync.domain import ids, protocol
from sync.domain.errors import Rejected
from sync.server import texts
from sync.server.accounts import Kind
from sync.server.audit import ADMINISTRATOR, Actor, Deed
from sync.server.database import Row
from sync.server.ended import Why, end_sign_ins
from sync.server.grants import Grants
from sync.server.parts import Parts
from sync.server.passwords import hashed_password
from sync.server.tables import AgentRow, GrantRow

_OWNERS = "SELECT id FROM agent WHERE is_owner AND is_active ORDER BY id"


class People:
    """Each method is one transaction (or a part of the caller's) and raises Rejected. `by`: who did it."""

    def __init__(self, parts: Parts, grants: Grants, hasher: PasswordHasher) -> None:
        self._parts = parts
        self._grants = grants
        self._hasher = hasher

    def add(self, name: str, password: str, *, is_owner: bool = False, by: Actor = ADMINISTRATOR) -> str:
        """A new agent; the id."""
        clean, hashed = texts.name(name), hashed_password(self._hasher, password)
        agent_id = self._parts.ids.new(ids.AGENT)
        row = {
            "id": agent_id,
            "name": clean,
            "name_key": texts.key_of(clean),
            "password_hash": hashed,
            "is_owner": is_owner,
            "is_active": True,
            "created_at": self._parts.clock.now_ms(),
        }

        def work() -> str:
            if not self._parts.database.insert_new(AgentRow, row):
                raise _taken(clean)
            self._parts.accounts.create(Kind.PERSONAL, self._parts.ids, agent_id=agent_id)
            self._tell(agent_id)
            self._parts.audit.record(Deed.AGENT_ADDED, by, agent_id, {"name": clean, "isOwner": is_owner})
            return agent_id

        return self._parts.journal.write(work)

    def find(self, name_or_id: str) -> Row:
        """An agent by id or name."""
        row = self._parts.database.read(
            lambda: self._parts.database.one(
                AgentRow.select().where((AgentRow.id == name_or_id) | (AgentRow.name_key == texts.key_of(name_or_id)))
            )
        )
        if row is None:
            raise Rejected(f"There is no agent named {name_or_id}.", "notFound")
        return row

    def all(self) -> list[Row]:
        """Every agent, by name."""
        return self._parts.database.read(lambda: self._parts.database.rows(AgentRow.select().order_by(AgentRow.name)))

    def rename(self, agent_id: str, name: str, by: Actor = ADMINISTRATOR) -> None:
        """Another name to sign in with and to be shown by."""
        clean = texts.name(name)

        def work() -> None:
            try:
                with self._parts.database.savepoint():
                    self._change(agent_id, {AgentRow.name: clean, AgentRow.name_key: texts.key_of(clean)})
            except peewee.IntegrityError as error:
                raise _taken(clean) from error
            self._parts.audit.record(Deed.AGENT_CHANGED, by, agent_id, {"name": clean})

        self._parts.journal.write(work)

    def set_password(self, agent_id: str, password: str, by: Actor = ADMINISTRATOR) -> None:
        """A new password; every device is signed out."""
        hashed = hashed_password(self._hasher, password)

        def work() -> None:
            self._change(agent_id, {AgentRow.password_hash: hashed})
            end_sign_ins(self._parts, agent_id, Why.PASSWORD)
            self._parts.audit.record(Deed.PASSWORD_CHANGED, by, agent_id)

        self._parts.journal.write(work)

    def deactivate(self, agent_id: str, reassign_to: str | None = None, by: Actor = ADMINISTRATOR) -> None:
        """They leave: devices signed out, grants gone, open tickets passed on to who sees them, or unassigned.

        What they wrote stays. The only owner cannot leave.
        """

        def work() -> None:
            self._keep_an_owner(agent_id)
            if reassign_to is not None:
                self._check_heir(agent_id, reassign_to)
            end_sign_ins(self._parts, agent_id, Why.DEACTIVATED)
            for grant in self._parts.database.rows(GrantRow.select().where(GrantRow.agent_id == agent_id)):
                self._grants.take(agent_id, grant["category_id"], by)
            self._change(agent_id, {AgentRow.is_active: False, AgentRow.is_owner: False})
            self._grants.hand_over(agent_id, reassign_to, by)
            self._parts.audit.record(Deed.AGENT_DEACTIVATED, by, agent_id, {"reassignedTo": reassign_to})

        self._parts.journal.write(work)

    def reactivate(self, agent_id: str, by: Actor = ADMINISTRATOR) -> None:
        """They come back, with their old password and no grants."""

        def work() -> None:
            self._change(agent_id, {AgentRow.is_active: True})
            self._parts.audit.record(Deed.AGENT_CHANGED, by, agent_id, {"active": True})

        self._parts.journal.write(work)

    def set_owner(self, agent_id: str, is_owner: bool, by: Actor = ADMINISTRATOR) -> None:
        """Owners see every category. Somebody must be one."""

        def work() -> None:
            if not is_owner:
                self._keep_an_owner(agent_id)
            self._change(agent_id, {AgentRow.is_owner: is_owner})
            self._grants.unassign_out_of_sight(agent_id, by)
            self._parts.audit.record(Deed.OWNER_CHANGED, by, agent_id, {"isOwner": is_owner})

        self._parts.journal.write(work)

    def _change(self, agent_id: str, given: dict[object, object]) -> None:
        if not self._parts.database.run(AgentRow.update(given).where(AgentRow.id == agent_id)):
            raise Rejected("There is no such agent.", "notFound")
        self._tell(agent_id)

    def _tell(self, agent_id: str) -> None:
        self._parts.journal.present(self._parts.accounts.team(), protocol.AGENT, agent_id)
        self._parts.journal.present(self._parts.accounts.oversight(), protocol.AGENT_ACCESS, agent_id)

    def _keep_an_owner(self, agent_id: str) -> None:
        locked = " FOR UPDATE" if self._parts.database.is_postgres else ""
        owners = {str(one[0]) for one in self._parts.database.select(_OWNERS + locked)}
        if owners == {agent_id}:
            raise Rejected("This is the only owner. Make somebody else an owner first.", protocol.LAST_OWNER)

    def _check_heir(self, agent_id: str, heir_id: str) -> None:
        found = self._parts.database.one(AgentRow.select().where((AgentRow.id == heir_id) & AgentRow.is_active))
        if found is None or heir_id == agent_id:
            raise Rejected("Open tickets can go to an active colleague only. Choose another.", texts.INVALID)


def _taken(name: str) -> Rejected:
    return Rejected(f"There is an agent named {name} already. Choose another name.", protocol.NAME_TAKEN)
