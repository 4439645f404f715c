"""The JMAP accounts: one for each category and each agent, one for the team, one for the owners (ARCHITECTURE 3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sync.domain import protocol
from sync.domain.ids import CATEGORY_ACCOUNT, OVERSIGHT_ACCOUNT, PERSONAL_ACCOUNT, TEAM_ACCOUNT, IdFactory
from sync.jmap.errors import MethodError
from sync.server.database import Database
from sync.server.identity import Identity
from sync.server.ledger import AccountRow


class Kind(StrEnum):
    """What an account holds."""

    CATEGORY = "category"
    PERSONAL = "personal"
    TEAM = "team"
    OVERSIGHT = "oversight"


TYPES: Final[Mapping[Kind, frozenset[str]]] = {
    Kind.CATEGORY: protocol.CATEGORY_TYPES,
    Kind.PERSONAL: protocol.PERSONAL_TYPES,
    Kind.TEAM: protocol.TEAM_TYPES,
    Kind.OVERSIGHT: protocol.OVERSIGHT_TYPES,
}
_COLUMNS: Final = "number, id, kind, category_id, agent_id"


@dataclass(frozen=True, slots=True)
class StoredAccount:
    """One account: its number in the tables, its id on the wire, and whose it is."""

    number: int
    id: str
    kind: Kind
    category_id: str | None
    agent_id: str | None

    @property
    def epoch(self) -> str:
        """The part of the id that a restore raises."""
        return self.id.rpartition("-")[2]

    def state(self, counter: int) -> str:
        """The state string of that count."""
        return f"{self.epoch}.{counter}"


class Accounts:
    """Finds accounts; remembers what is committed, since an account never changes while the server runs."""

    def __init__(self, database: Database, identity: Identity) -> None:
        self._database = database
        self._identity = identity
        self._by_id: dict[str, StoredAccount] = {}
        self._by_owner: dict[str, StoredAccount] = {}

    def get(self, account_id: str) -> StoredAccount:
        """Raises MethodError `accountNotFound`."""
        found = self._by_id.get(account_id) or self._look_up("id = ?", account_id)
        if found is None:
            raise MethodError("accountNotFound")
        return found

    def of_category(self, category_id: str) -> StoredAccount | None:
        """The account of a category; None: there is no such category."""
        return self._by_owner.get(category_id) or self._look_up("category_id = ?", category_id)

    def of_agent(self, agent_id: str) -> StoredAccount:
        """The personal account. LookupError for an agent that does not exist."""
        found = self._by_owner.get(agent_id) or self._look_up("agent_id = ?", agent_id)
        if found is None:
            raise LookupError(agent_id)
        return found

    def team(self) -> StoredAccount:
        """The account that every agent reads."""
        return self._only(Kind.TEAM)

    def oversight(self) -> StoredAccount:
        """The account of the owners."""
        return self._only(Kind.OVERSIGHT)

    def all(self) -> list[StoredAccount]:
        """Every account, by number."""
        rows = self._database.select(f"SELECT {_COLUMNS} FROM account ORDER BY number")  # noqa: S608  # our own columns
        return [_stored(row) for row in rows]

    def create(
        self, kind: Kind, ids: IdFactory, *, category_id: str | None = None, agent_id: str | None = None
    ) -> None:
        """Open an account, inside a write transaction; its id is made from its owner's."""
        owner = category_id or agent_id or ids.new("x")
        letter = {
            Kind.CATEGORY: CATEGORY_ACCOUNT,
            Kind.PERSONAL: PERSONAL_ACCOUNT,
            Kind.TEAM: TEAM_ACCOUNT,
            Kind.OVERSIGHT: OVERSIGHT_ACCOUNT,
        }[kind]
        row = {
            "id": f"{letter}{owner[1:]}-{self._identity.epoch()}",
            "kind": kind.value,
            "category_id": category_id,
            "agent_id": agent_id,
            "counter": 0,
        }
        self._database.insert(AccountRow, [row])

    def _only(self, kind: Kind) -> StoredAccount:
        found = self._by_owner.get(kind) or self._look_up("kind = ?", kind.value)
        if found is None:
            raise LookupError(kind)
        return found

    def _look_up(self, condition: str, value: str) -> StoredAccount | None:
        rows = self._database.select(f"SELECT {_COLUMNS} FROM account WHERE {condition}", (value,))  # noqa: S608  # ours
        if not rows:
            return None
        found = _stored(rows[0])
        self._database.base.after_commit(lambda: self._remember(found))
        return found

    def _remember(self, account: StoredAccount) -> None:
        self._by_id[account.id] = account
        self._by_owner[account.category_id or account.agent_id or account.kind] = account


def _stored(row: tuple[object, ...]) -> StoredAccount:
    number, account_id, kind, category_id, agent_id = row
    return StoredAccount(
        int(str(number)),
        str(account_id),
        Kind(str(kind)),
        None if category_id is None else str(category_id),
        None if agent_id is None else str(agent_id),
    )
