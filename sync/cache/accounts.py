"""Who is signed in and what they may see, as last verified; what they may no longer see leaves."""

import json
from collections.abc import Iterable

from sync.cache.attached import forget_gone
from sync.cache.beyond import renamed
from sync.cache.departures import Departures
from sync.cache.store import Store
from sync.connectors.port import Access, Account, AccountKind
from sync.domain.errors import Incompatible

_FIRST_LINE = " AND category_id NOT IN (SELECT category_id FROM category_grant WHERE second_line)"


def _said(access: Access) -> str:
    """But for its accounts, as it is kept."""
    said = {
        "server_id": access.server_id,
        "user_id": access.user_id,
        "user_name": access.user_name,
        "is_owner": access.is_owner,
        "state": access.state,
        "server_now_ms": access.server_now_ms,
        "limits": dict(access.limits),
        "mails": access.mails,
    }
    return json.dumps(said)


def mails(store: Store) -> bool:
    """Whether the server mails replies to requesters, as it said last; one that never said does."""
    found = store.value("SELECT value FROM meta WHERE name = 'access'")
    return found is None or json.loads(found).get("mails", True) is not False


class Accounts:
    """All calls inside the caller's transaction."""

    def __init__(self, store: Store, departures: Departures) -> None:
        self._store = store
        self._departures = departures

    def files(self) -> set[str]:
        """The blob ids of what left with the accounts."""
        return self._departures.files()

    def access(self) -> Access | None:
        """The last verified answer; None before the first."""
        found = self._store.value("SELECT value FROM meta WHERE name = 'access'")
        if found is None:
            return None
        said = json.loads(found)
        rows = self._store.rows("SELECT id, kind, name, read_only, category_id FROM account ORDER BY key")
        accounts = tuple(Account(one[0], AccountKind(one[1]), one[2], bool(one[3]), one[4]) for one in rows)
        return Access(accounts=accounts, **said)

    def save(self, access: Access) -> tuple[list[str], list[str], dict[str, str]]:
        """Store it. The ids of the accounts that are gone, with all their rows, and of the new ones; one that came
        back under another id, with its rows, is both, and stands in the third: its old id to the new one.

        Raises Incompatible if it is of another server or person than this cache: nothing is purged then.
        """
        before = self.access()
        if before is not None and (before.server_id, before.user_id) != (access.server_id, access.user_id):
            raise Incompatible(
                "This workstation's tickets belong to another person or another server. Sign out, then sign in anew."
            )
        had: dict[str, int] = dict(self._store.rows("SELECT id, key FROM account"))
        now = {account.id for account in access.accounts}
        olds = {account.id: renamed(self._store, account, had, now) for account in access.accounts}
        back = {old: account_id for account_id, old in olds.items() if old is not None}
        gone = [account for account in had if account not in now]
        for account in gone:
            if account not in back:
                self._departures.purge(had[account])
        if gone:
            forget_gone(self._store)
        for one in access.accounts:
            self._store.execute(
                "INSERT INTO account (id, kind, name, read_only, category_id) VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) "
                "DO UPDATE SET kind = excluded.kind, name = excluded.name, read_only = excluded.read_only, "
                "category_id = excluded.category_id",
                (one.id, one.kind.value, one.name, int(one.read_only), one.category_id),
            )
        self._store.many(
            "INSERT OR REPLACE INTO meta VALUES (?, ?)",
            (("access", _said(access)), ("userId", access.user_id), ("userName", access.user_name)),
        )
        self.alert()
        return gone, [account for account in now if account not in had], back

    def follow(self, category_ids: Iterable[str] | None) -> None:
        """The categories that an owner follows; None for all."""
        kept = None if category_ids is None else json.dumps(sorted(category_ids))
        self._store.execute("INSERT OR REPLACE INTO meta VALUES ('follow', ?)", (kept,))
        self.alert()

    def alert(self) -> None:
        """Which categories count: those an agent sees and is no second line of; an owner's followed and granted."""
        access = self._store.value("SELECT value FROM meta WHERE name = 'access'")
        is_owner = access is not None and bool(json.loads(access)["is_owner"])
        followed = self._store.value("SELECT value FROM meta WHERE name = 'follow'")
        seen = "SELECT category_id FROM account WHERE category_id IS NOT NULL"
        self._store.execute("DELETE FROM alerted")
        if not is_owner or followed is None:
            self._store.execute(f"INSERT INTO alerted {seen}{'' if is_owner else _FIRST_LINE}")
            return
        self._store.many(
            f"INSERT OR IGNORE INTO alerted SELECT ? WHERE ?1 IN ({seen})",
            ((category,) for category in json.loads(followed)),
        )
        self._store.execute(
            f"INSERT OR IGNORE INTO alerted SELECT category_id FROM category_grant WHERE category_id IN ({seen}) "
            "AND NOT second_line"
        )
