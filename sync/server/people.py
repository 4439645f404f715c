"""Agents: who they are, their passwords, and their leaving."""

from argon2 import PasswordHasher

from sync.domain import ids, protocol
from sync.domain.errors import Rejected
from sync.server import texts
from sync.server.accounts import Kind
from sync.server.audit import ADMINISTRATOR, Actor, Deed
from sync.server.database import Row
from sync.server.grants import Grants
from sync.server.ledger import TokenRow
from sync.server.parts import Parts
from sync.server.tables import AgentRow, GrantRow

PASSWORD_MIN = 8
PASSWORD_MAX = 1_000


class People:
    """Each method is one transaction and raises Rejected."""

    def __init__(self, parts: Parts, grants: Grants, hasher: PasswordHasher) -> None:
        self._parts = parts
        self._grants = grants
        self._hasher = hasher

    def add(self, name: str, password: str, *, is_owner: bool = False, by: Actor = ADMINISTRATOR) -> str:
        """A new agent; the id."""
        clean, hashed = texts.name(name), self._hashed(password)
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
                raise Rejected(f"There is an agent named {clean} already. Choose another name.")
            self._parts.accounts.create(Kind.PERSONAL, self._parts.ids, agent_id=agent_id)
            self._parts.journal.present(self._parts.accounts.team(), protocol.AGENT, agent_id)
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

    def set_password(self, agent_id: str, password: str, by: Actor = ADMINISTRATOR) -> None:
        """A new password; every device is signed out."""
        hashed = self._hashed(password)

        def work() -> None:
            self._change(agent_id, {AgentRow.password_hash: hashed})
            self._sign_out(agent_id)
            self._parts.audit.record(Deed.PASSWORD_CHANGED, by, agent_id)

        self._parts.journal.write(work)

    def deactivate(self, agent_id: str, by: Actor = ADMINISTRATOR) -> None:
        """They leave: devices signed out, grants gone, open tickets unassigned. What they wrote stays."""

        def work() -> None:
            self._sign_out(agent_id)
            for grant in self._parts.database.rows(GrantRow.select().where(GrantRow.agent_id == agent_id)):
                self._grants.take(agent_id, grant["category_id"], by)
            self._change(agent_id, {AgentRow.is_active: False, AgentRow.is_owner: False})
            self._grants.unassign_out_of_sight(agent_id)
            self._parts.audit.record(Deed.AGENT_DEACTIVATED, by, agent_id)

        self._parts.journal.write(work)

    def set_owner(self, agent_id: str, is_owner: bool, by: Actor = ADMINISTRATOR) -> None:
        """Owners see every category."""

        def work() -> None:
            self._change(agent_id, {AgentRow.is_owner: is_owner})
            self._grants.unassign_out_of_sight(agent_id)
            self._parts.audit.record(Deed.OWNER_CHANGED, by, agent_id, {"isOwner": is_owner})

        self._parts.journal.write(work)

    def _change(self, agent_id: str, given: dict[object, object]) -> None:
        if not self._parts.database.run(AgentRow.update(given).where(AgentRow.id == agent_id)):
            raise Rejected("There is no such agent.", "notFound")
        self._parts.journal.present(self._parts.accounts.team(), protocol.AGENT, agent_id)

    def _sign_out(self, agent_id: str) -> None:
        self._parts.database.run(TokenRow.delete().where(TokenRow.agent_id == agent_id))

    def _hashed(self, password: str) -> str:
        if not PASSWORD_MIN <= len(password) <= PASSWORD_MAX:
            raise Rejected(f"A password has {PASSWORD_MIN} to {PASSWORD_MAX} characters. Choose another.")
        return self._hasher.hash(password)
