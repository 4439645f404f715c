"""Who this server is: its id for life, and the epoch that a restored backup raises."""

from collections.abc import Callable

from sync.domain.ids import IdFactory
from sync.server.database import Database
from sync.server.ledger import Setting
from sync.server.settings import SERVER_PREFIX

_ID = SERVER_PREFIX + "id"
_EPOCH = SERVER_PREFIX + "epoch"
_LINK_KEY = SERVER_PREFIX + "link_key"


class Identity:
    """Reads and writes the server's own facts. Call inside a transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._server_id: str | None = None
        self._link_key: bytes | None = None

    def found(self, ids: IdFactory) -> bool:
        """Give a new database its identity; False: it has one."""
        if self._fact(_ID) is not None:
            return False
        self._database.insert(Setting, [{"name": _ID, "value": ids.new("d")}, {"name": _EPOCH, "value": 1}])
        return True

    def found_link_key(self, secret: Callable[[], bytes]) -> bool:
        """Give a database the key that tokens of links are made with; False: it has one."""
        if self._fact(_LINK_KEY) is not None:
            return False
        return bool(self._database.insert_new(Setting, {"name": _LINK_KEY, "value": secret().hex()}))

    def link_key(self) -> bytes:
        """What tokens of links are made with. LookupError before `found_link_key`."""
        if self._link_key is None:
            value = self._fact(_LINK_KEY)
            if value is None:
                raise LookupError("this database has no key for links")
            self._link_key = bytes.fromhex(str(value))
        return self._link_key

    def server_id(self) -> str:
        """The id that workstations expect. LookupError before `found`."""
        if self._server_id is None:
            value = self._fact(_ID)
            if value is None:
                raise LookupError("this database has not been set up")
            self._server_id = str(value)
        return self._server_id

    def epoch(self) -> int:
        """Part of every account id and state."""
        return int(str(self._fact(_EPOCH) or 1))

    def raise_epoch(self, now_ms: int) -> int:
        """After a restore: all account ids become new, so that no workstation trusts an old cursor.

        The epoch is the time of the restore, so that a backup which is restored twice gives two epochs.
        """
        epoch = max(self.epoch() + 1, now_ms)
        self._database.run(Setting.update({Setting.value: epoch}).where(Setting.name == _EPOCH))
        for number, account_id in self._database.select("SELECT number, id FROM account"):
            base = str(account_id).rpartition("-")[0]
            self._database.execute("UPDATE account SET id = ? WHERE number = ?", (f"{base}-{epoch}", number))
        return epoch

    def _fact(self, name: str) -> object:
        row = self._database.one(Setting.select().where(Setting.name == name))
        return None if row is None else row["value"]
