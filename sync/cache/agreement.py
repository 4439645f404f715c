"""How many objects of each type are here as the server confirmed them, and a fresh copy where that is too few."""

from collections.abc import Mapping
from typing import Final

from sync.cache.confirmed import Confirmed

_COUNTS: Final = {
    "Category": "SELECT count(*) FROM category WHERE account = ?",
    "Requester": "SELECT count(*) FROM requester WHERE account = ?",
    "Ticket": "SELECT count(*) FROM ticket WHERE account = ? AND id NOT IN "
    "(SELECT ticket_id FROM outbox WHERE kind = 'CreateTicket')",
    "Message": "SELECT count(*) FROM message WHERE account = ? AND state = 0",
    "CategoryGrant": "SELECT count(*) FROM category_grant WHERE account = ?",
    "Agent": "SELECT count(*) FROM agent WHERE account = ?",
}


class Agreement(Confirmed):
    """For the check of every so many rounds that nothing was lost on the way (research 4.5, 14)."""

    def differs(self, account_id: str, totals: Mapping[str, int]) -> dict[str, tuple[int, int]]:
        """The types of which this account holds another number than the server: here, there."""
        with self._lock:
            found = self._store.one("SELECT key FROM account WHERE id = ? AND complete = 1", (account_id,))
            if found is None:
                return {}
            here = {name: int(self._store.value(_COUNTS[name], found)) for name in totals if name in _COUNTS}
        return {name: (count, totals[name]) for name, count in here.items() if count != totals[name]}

    def copy_again(self, account_id: str) -> None:
        """Begin a fresh copy with the next page; rows stay until it is whole, own words in any case."""
        with self._writing():
            self._store.execute("UPDATE account SET cursor = NULL WHERE id = ?", (account_id,))
