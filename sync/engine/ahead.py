"""The next page of a first copy is asked for while the one before it is stored: server and workstation work at once."""

from collections.abc import Callable
from dataclasses import dataclass

from sync.connectors.port import Account, Connector, Page

Fetch = Callable[[], Page]

Begin = Callable[[Fetch], Fetch]
"""Begins to fetch; what it gives waits for the page, or raises what the fetching raised."""


def when_used(fetch: Fetch) -> Fetch:
    """Nothing at once: the page is fetched where it is used, as if it had not been asked for ahead."""
    return fetch


@dataclass(frozen=True, slots=True)
class _Asked:
    account_id: str
    cursor: str | None
    fetched: Fetch


class Ahead:
    """Keeps at most one page that was asked for. Errors come where the page is used, not where it was asked for.

    Only for pages of a first copy: the changes since its beginning are asked for in any case when it is whole, so that
    nothing is missed by a page that was made a little earlier. What was sent meanwhile must be followed by `forget`:
    the page may be from before it, and would be taken for the server's answer to it.
    """

    def __init__(self, connector: Connector, begin: Begin) -> None:
        self._connector = connector
        self._begin = begin
        self._asked: _Asked | None = None

    def page(self, account: Account, cursor: str | None) -> Page:
        """The page after the cursor: the one that was asked for, if it was this one. Raises what the connector does."""
        asked, self._asked = self._asked, None
        if asked is not None and (asked.account_id, asked.cursor) == (account.id, cursor):
            return asked.fetched()
        return self._connector.changes(account, cursor)

    def ask(self, account: Account, cursor: str | None) -> None:
        """This page will be wanted next."""
        fetched = self._begin(lambda: self._connector.changes(account, cursor))
        self._asked = _Asked(account.id, cursor, fetched)

    def forget(self) -> None:
        """What was asked for is not wanted any more."""
        self._asked = None
