"""What a server hands to sync.jmap: its types, accounts, transactions, limits and stores, in one object."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sync.jmap.access import Access, Principal, Transactions
from sync.jmap.blobs import BlobStore
from sync.jmap.datatype import DataType
from sync.jmap.errors import JSON
from sync.jmap.limits import CORE, Limits

Capabilities = Callable[[Principal], Mapping[str, Mapping[str, JSON]]]
"""The capabilities beside core, with the details that the Session shows this principal."""


@dataclass(frozen=True)
class Host:
    """The server behind the protocol.

    `capability_uris`: all capabilities beside core; `capabilities` gives their details for a Session. A detail whose
    name is in `volatile` (the present time, say) does not count for the Session's state. `conditional`: the
    capability with which `ifUnchangedBy` is honoured, None: never.
    """

    types: Sequence[DataType]
    access: Access
    transactions: Transactions
    blobs: BlobStore
    capabilities: Capabilities
    limits: Limits = field(default_factory=Limits)
    conditional: str | None = None
    volatile: frozenset[str] = frozenset()

    def capability_uris(self) -> frozenset[str]:
        """Every capability that `using` may name."""
        uris = {CORE, *(data_type.capability for data_type in self.types)}
        if self.conditional is not None:
            uris.add(self.conditional)
        return frozenset(uris)
