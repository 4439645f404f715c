"""The way down: which accounts have something new, and their pages into the cache."""

from collections import deque
from collections.abc import Callable, Iterable

from sync.cache.cache import Cache
from sync.connectors.port import Access, Account, Connector, Page
from sync.engine.agreement import Agreement
from sync.engine.ahead import Ahead, Begin
from sync.engine.arrivals import Bell
from sync.engine.reports import Changed, Report, SetBack


class Downward:
    """Fetches one page at a time, so that nothing else waits long; accounts take turns."""

    def __init__(
        self, cache: Cache, connector: Connector, bell: Bell, report: Callable[[Report], None], begin: Begin
    ) -> None:
        self._cache = cache
        self._connector = connector
        self._bell = bell
        self._report = report
        self._ahead = Ahead(connector, begin)
        self._agreement = Agreement(cache, report)
        self._accounts: dict[str, Account] = {}
        self._due: deque[str] = deque()
        self._copied: dict[str, float] = {}
        self._refused: set[str] = set()

    def allow(self, access: Access) -> None:
        """From now on these accounts; one that is new begins its first copy now, not with the next poll, and what was
        sent before a crash is looked for, though it may have changed nothing."""
        before = self._accounts
        self._ahead.forget()
        self._accounts = {account.id: account for account in access.accounts}
        self._due = deque(one for one in self._due if one in self._accounts)
        begun = {one: share for one, share in self._copied.items() if one in self._accounts}
        self._copied = {one: 0.0 for one in self._cache.incomplete() if one in self._accounts} | begun
        self.moved(one for one in self._accounts if one not in before and self._cache.cursor(one) is None)
        self.moved(one for one in self._cache.awaited() if one in self._accounts)

    def moved(self, account_ids: Iterable[str]) -> bool:
        """These accounts have something new; False if one of them is not known here."""
        known = True
        for account_id in sorted(account_ids):
            if account_id not in self._accounts:
                known = False
            elif account_id not in self._due:
                self._due.append(account_id)
        return known

    @property
    def due(self) -> bool:
        """Whether there is a page to fetch."""
        return bool(self._due)

    @property
    def loading(self) -> float | None:
        """The share of the first copies under way, None if there is none."""
        if not any(share < 1.0 for share in self._copied.values()):
            return None
        return sum(self._copied.values()) / len(self._copied)

    def poll(self) -> str:
        """Ask all accounts whether they moved; gives the state of the access."""
        cursors = [(account, self._cache.cursor(account.id)) for account in self._accounts.values()]
        poll = self._connector.poll(cursors, counting=self._agreement.is_due())
        self.moved(poll.moved | self._agreement.check(poll))
        return poll.access_state

    def page(self) -> str:
        """Fetch and apply one page of the account whose turn it is; gives the state of the access.

        Raises what the connector raises; the account stays due then, except where it is gone (`accountNotFound`).
        """
        account = self._accounts[self._due[0]]
        cursor = self._cache.cursor(account.id)
        page = self._ahead.page(account, cursor)
        self._ask_ahead(page)
        applied = self._cache.apply(page)
        self._due.popleft()
        self._refused.discard(account.id)
        self._go_on(account.id, page)
        if applied.changes:
            self._report(Changed(applied.changes))
        if applied.beyond:
            self._report(SetBack(applied.beyond))
        self._bell.came(account.id, applied.arrivals)
        return page.access_state

    def sent(self) -> None:
        """Something was, or may have been, sent: what was asked for ahead is from before it."""
        self._ahead.forget()

    def drop_first(self) -> None:
        """The account whose turn it is cannot be asked."""
        if self._due:
            self._copied.pop(self._due.popleft(), None)

    def refused(self) -> None:
        """The page was refused, perhaps by something in between: tried again after the others, once; then it waits for
        the next poll."""
        account_id = self._due[0]
        if account_id in self._refused:
            self._refused.discard(account_id)
            self.drop_first()
        else:
            self._refused.add(account_id)
            self._due.rotate(-1)

    def _ask_ahead(self, page: Page) -> None:
        """For whose turn it is after this page, if that will be a page of a first copy."""
        turn = self._due[1] if len(self._due) > 1 else page.account_id
        if turn != page.account_id:
            if self._copied.get(turn, 1.0) < 1.0:
                self._ahead.ask(self._accounts[turn], self._cache.cursor(turn))
        elif page.more and page.progress is not None:
            self._ahead.ask(self._accounts[turn], page.cursor)

    def _go_on(self, account_id: str, page: Page) -> None:
        if page.progress is not None:
            self._copied[account_id] = page.progress if page.more else 1.0
        finished_copy = page.progress is not None and not page.more
        if (page.more or finished_copy) and account_id not in self._due:
            self._due.append(account_id)
        if self.loading is None:
            self._copied.clear()
