"""Categories by account and by name, kept at hand so that a chime waits for no count."""

from collections.abc import Mapping

from PySide6.QtCore import QObject, Slot

from desktop.bridge import Bridge
from sync.cache.changes import Changes
from sync.cache.reader import Reader


class Places(QObject):
    """Read anew only when people or categories changed."""

    def __init__(self, reader: Reader, bridge: Bridge) -> None:
        super().__init__()
        self._reader = reader
        self._by_account: dict[str, str] = {}
        self.names: Mapping[str, str] = {}
        self.granted: frozenset[str] = frozenset()
        self._read()
        bridge.changed.connect(self._changed)

    def category_of(self, account_id: str) -> str | None:
        """The category whose account this is; looked up anew where it is not known yet."""
        if account_id not in self._by_account:
            self._read()
        return self._by_account.get(account_id)

    def rings(self, category_id: str) -> bool:
        """Whether its arrivals ring at once for me; a grant that has just come counts."""
        if category_id not in self.granted:
            self._read()
        return category_id in self.granted

    def sees(self, category_id: str) -> bool:
        """Whether its tickets may be here."""
        return category_id in self._by_account.values()

    @Slot(object)
    def _changed(self, changes: Changes) -> None:
        if changes.people or changes.everything:
            self._read()

    def _read(self) -> None:
        rows = self._reader.categories()
        self._by_account = {row.account_id: row.id for row in rows if row.account_id is not None}
        self.names = {row.id: row.name for row in rows}
        self.granted = self._reader.granted()
