"""Given by the host: who is asking, which accounts they may open, and the transactions of their calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from sync.jmap.errors import JSON

T = TypeVar("T")


@dataclass(frozen=True)
class Principal:
    """The authenticated user. A host may subclass it to carry more (role, token id)."""

    id: str
    username: str


@dataclass(frozen=True)
class Account:
    """One account as a principal sees it (RFC 8620 section 2).

    `types` are the names of the data types that it holds; calls for others get `accountNotSupportedByMethod`.
    `written`: those of them that may be written, where that is not all of them; the others, and blobs, get
    `accountReadOnly`.
    `capabilities` adds details to `accountCapabilities`; the capability of each held type is listed anyway.
    """

    name: str
    types: frozenset[str]
    is_personal: bool = False
    is_read_only: bool = False
    written: frozenset[str] | None = None
    capabilities: Mapping[str, Mapping[str, JSON]] = field(default_factory=dict)


Access = Callable[[Principal], Mapping[str, Account]]
"""The accounts that a principal may open right now, by account id.

Called once per method call, inside that call's transaction: a revoke takes effect with the next call. An
account that is not in the answer does not exist for this principal.
"""


class Transactions(Protocol):
    """The host's transactions. All calls of a store happen inside one of these, in one worker thread."""

    def read(self, work: Callable[[], T]) -> T:
        """Run `work` on one snapshot and give its result."""

    def write(self, work: Callable[[], T]) -> T:
        """Run `work` in one transaction and commit.

        `work` may be run again after a serialisation failure or deadlock: it has no effect outside the
        database. An exception rolls back and is passed on.
        """

    def savepoint(self) -> AbstractContextManager[None]:
        """Inside `write`: what happens in the block is undone alone if it raises."""

    def stamp(self) -> None:
        """Inside `write`, once, after the last change: lock the counters and stamp the rows written.

        After this `Store.state` gives the new state. Also called when nothing changed.
        """
