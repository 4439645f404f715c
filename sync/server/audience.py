"""Who listens, and that nobody hears more than they may see now."""

import threading
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from typing import Final

from sync.domain.protocol import AGENT, CATEGORY, CATEGORY_GRANT
from sync.jmap.access import Principal
from sync.jmap.broadcast import Broadcast
from sync.server.access import Openings
from sync.server.accounts import Kind, StoredAccount
from sync.server.parts import Colleague

_FEW: Final = 20
Narrowed = Callable[[str, Collection[str]], None]
"""An agent, and the accounts that are open to them now."""


class Audience:
    """The principals of this process's streams. From any thread, outside a transaction."""

    def __init__(self, openings: Openings, broadcast: Broadcast, narrowed: Narrowed) -> None:
        self._openings = openings
        self._broadcast = broadcast
        self._lock = threading.Lock()
        self._listening: defaultdict[str, set[Principal]] = defaultdict(set)
        self._narrowed = narrowed

    def add(self, principal: Principal) -> None:
        """A stream of theirs begins."""
        with self._lock:
            self._listening[principal.id].add(principal)

    def regrant(self, counts: Mapping[StoredAccount, Mapping[str, int]]) -> None:
        """Streams see what their agents may see after this commit, before they are told of it."""
        concerned: set[str] = set()
        for account, of_types in counts.items():
            if account.kind is Kind.PERSONAL and CATEGORY_GRANT in of_types:
                concerned.add(str(account.agent_id))
            if account.kind is Kind.TEAM and (AGENT in of_types or CATEGORY in of_types):
                with self._lock:
                    concerned.update(self._listening)
        self._check(concerned)

    def check(self) -> None:
        """Everybody: what ended or changed may have been missed."""
        with self._lock:
            listening = set(self._listening)
        self._check(listening)

    def _check(self, agent_ids: Collection[str]) -> None:
        """One by one where they are few; else by two looks into the database for all of them."""
        if len(agent_ids) <= _FEW:
            for agent_id in agent_ids:
                for principal in self._principals(agent_id):
                    go_on = self._openings.may_go_on(principal)
                    self._narrow(principal, self._openings.account_ids(principal) if go_on else None)
            return
        accounts, tokens = self._openings.of_all()
        for agent_id in agent_ids:
            for principal in self._principals(agent_id):
                holds = isinstance(principal, Colleague) and principal.token_id in tokens
                self._narrow(principal, accounts.get(agent_id, frozenset()) if holds else None)

    def _principals(self, agent_id: str) -> list[Principal]:
        with self._lock:
            return list(self._listening.get(agent_id, ()))

    def _narrow(self, principal: Principal, accounts: frozenset[str] | None) -> None:
        """To these accounts; None: the sign-in ended."""
        if accounts is None:
            with self._lock:
                self._listening[principal.id].discard(principal)
            self._broadcast.end(principal.id)
            return
        self._broadcast.regrant(principal.id, accounts)
        self._narrowed(principal.id, accounts)
