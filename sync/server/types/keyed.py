"""What the small types with a client key share: create once, destroy."""

from collections.abc import Mapping
from typing import ClassVar

from sync.jmap.access import Principal
from sync.jmap.datatype import Created
from sync.jmap.errors import JSON
from sync.server.accounts import StoredAccount
from sync.server.database import Row
from sync.server.parts import Colleague
from sync.server.receipts import fingerprint
from sync.server.store import ObjectStore, colleague


class KeyedStore(ObjectStore):
    """A subclass says which letter its ids begin with and which row a create makes."""

    letter: ClassVar[str]

    def row(self, agent: Colleague, values: Mapping[str, JSON]) -> Row:
        """The new row, without its id. Raises SetError."""
        raise NotImplementedError

    def content(self, agent: Colleague, account: StoredAccount, values: Mapping[str, JSON]) -> str:
        """What a replay under the same key must say again."""
        del agent, account
        return fingerprint({**values, "clientKey": None})

    def create(self, account_id: str, principal: Principal, values: Mapping[str, JSON]) -> Created:
        agent, account = colleague(principal), self.parts.accounts.get(account_id)
        object_id = self.parts.ids.new(self.letter)
        content = self.content(agent, account, values)
        known = self.parts.receipts.claim(agent.id, values["clientKey"], self.type_name, content, object_id)
        if known is not None:
            return Created(known, self._differing(known, account, values))
        self.parts.database.insert(self.model, [{"id": object_id, **self.row(agent, values)}])
        self.parts.journal.present(account, self.type_name, object_id)
        return Created(object_id, self._differing(object_id, account, values))

    def destroy(self, account_id: str, principal: Principal, before: Mapping[str, JSON]) -> None:
        del principal
        self.parts.database.execute(f'DELETE FROM "{self.model._meta.table_name}" WHERE id = ?', (before["id"],))  # noqa: S608  # our own table
        self.parts.journal.gone(self.parts.accounts.get(account_id), self.type_name, before["id"])

    def _differing(self, object_id: str, account: StoredAccount, values: Mapping[str, JSON]) -> dict[str, JSON]:
        model = self.model
        row = self.parts.database.one(model.select().where(model._meta.primary_key == object_id))
        if row is None:  # it was made, and destroyed since
            return {}
        whole = self.wire(row, account)
        return {name: value for name, value in whole.items() if name not in values or values[name] != value}
