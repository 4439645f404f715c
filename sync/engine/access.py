"""Who is signed in and what they may see: asked, verified, and only then acted upon."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from sync.cache.cache import Cache
from sync.connectors.port import Access, AccountKind, Connector
from sync.domain.clock import Clock
from sync.domain.errors import Incompatible, Offline
from sync.engine.reports import AccessChanged, Changed, ClockWrong, Report

CLOCK_LIMIT_MS: Final = 5 * 60_000


class Gate:
    """Closed until the access has been verified; closes again whenever something casts doubt on it.

    Nothing rests on one answer alone: which server this cache belongs to, and what would take accounts away, is asked
    twice (ARCHITECTURE 3.8).
    """

    def __init__(self, cache: Cache, connector: Connector, clock: Clock, report: Callable[[Report], None]) -> None:
        self._cache = cache
        self._connector = connector
        self._clock = clock
        self._report = report
        self._access = cache.access()
        self._closed = True
        self._warned = False

    @property
    def access(self) -> Access | None:
        """The last verified access; from an earlier run until the first check."""
        return self._access

    @property
    def closed(self) -> bool:
        """Whether the access must be asked before anything else."""
        return self._closed

    def ask_again(self) -> None:
        """The access may be another now."""
        self._closed = True

    def seen(self, access_state: str) -> None:
        """The state that an answer carried."""
        if self._access is None or (access_state and access_state != self._access.state):
            self._closed = True

    def personal_of(self, access: Access) -> frozenset[str]:
        """The personal account and, for owners, the oversight."""
        kinds = (AccountKind.PERSONAL, AccountKind.OVERSIGHT)
        return frozenset(account.id for account in access.accounts if account.kind in kinds)

    def check(self) -> Access:
        """Ask, verify, keep. Raises Incompatible for another server or person than this cache belongs to, and
        what the connector raises."""
        fresh = self._verified(self._connector.access())
        if self._access is None or self._lost(fresh):
            again = self._verified(self._connector.access())
            if (again.server_id, again.user_id) != (fresh.server_id, fresh.user_id):
                raise Offline("Two different servers answered. Deskbell tries again by itself.")
            fresh = again
        if self._access is None or not self._same(fresh):
            changes = self._cache.save_access(fresh)
            self._access = fresh
            self._report(AccessChanged(fresh))
            if changes:
                self._report(Changed(changes))
        else:
            self._cache.confirm()
        self._closed = False
        self._check_clock(fresh.server_now_ms)
        return fresh

    def _verified(self, fresh: Access) -> Access:
        known = self._access
        if known is not None and known.server_id != fresh.server_id:
            raise Incompatible(
                "Another server answers at this address than the one this computer's tickets are from. "
                "Nothing was deleted. Ask your administrator."
            )
        if known is not None and known.user_id != fresh.user_id:
            raise Incompatible(
                "This sign-in belongs to somebody else than this computer's tickets. "
                "Nothing was deleted. Sign in with your own name."
            )
        return fresh

    def _lost(self, fresh: Access) -> bool:
        known = {account.id for account in self._access.accounts} if self._access is not None else set()
        return bool(known - {account.id for account in fresh.accounts})

    def _same(self, fresh: Access) -> bool:
        return self._access is not None and _comparable(self._access) == _comparable(fresh)

    def _check_clock(self, server_now_ms: int) -> None:
        offset = self._clock.now_ms() - server_now_ms
        wrong = abs(offset) > CLOCK_LIMIT_MS
        if wrong and not self._warned:
            minutes = round(abs(offset) / 60_000)
            way = "ahead of" if offset > 0 else "behind"
            self._report(
                ClockWrong(
                    offset,
                    f"This computer's clock is {minutes} minutes {way} the server's. Set it right: "
                    "until then times shown here may mislead.",
                )
            )
        self._warned = wrong


def _comparable(access: Access) -> Access:
    """The answer without what differs each time, its accounts in one order."""
    accounts = tuple(sorted(access.accounts, key=lambda account: account.id))
    return replace(access, server_now_ms=0, accounts=accounts)
