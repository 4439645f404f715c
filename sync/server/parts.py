"""What every type's store and every action of the server is built on, in one object."""

from dataclasses import dataclass

from sync.domain.clock import Clock
from sync.domain.ids import IdFactory, RandomBits
from sync.jmap.access import Principal
from sync.server.accounts import Accounts
from sync.server.audit import Audit
from sync.server.database import Database
from sync.server.identity import Identity
from sync.server.journal import Journal
from sync.server.receipts import Receipts
from sync.server.settings import Settings


@dataclass(frozen=True)
class Colleague(Principal):
    """A signed-in agent, with the token that proved it."""

    token_id: str
    is_owner: bool


@dataclass(frozen=True, slots=True)
class Parts:
    """Made once, in `sync.server.app`."""

    database: Database
    identity: Identity
    accounts: Accounts
    journal: Journal
    receipts: Receipts
    settings: Settings
    audit: Audit
    clock: Clock
    ids: IdFactory
    randomness: RandomBits

    def secret(self) -> bytes:
        """256 random bits."""
        return self.randomness.getrandbits(256).to_bytes(32, "big")
