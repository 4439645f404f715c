"""The port behind upload, download and Blob/copy (RFC 8620 section 6): a store of blobs, in pieces."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol

from sync.jmap.access import Principal


@dataclass(frozen=True)
class Blob:
    """A stored blob: its id, media type and size in octets."""

    id: str
    type: str
    size: int


@dataclass(frozen=True)
class Download:
    """A blob on its way out: what it is and its octets, in pieces."""

    blob: Blob
    pieces: AsyncIterator[bytes]


class BlobStore(Protocol):
    """Where blobs live. The account is known to be open to the principal (and writable, for `store` and the
    target of `copy`); whether a blob may be seen is the store's affair: what may not be seen is not there."""

    async def store(self, principal: Principal, account_id: str, media_type: str, pieces: AsyncIterator[bytes]) -> Blob:
        """Take in a blob. `pieces` raises when the upload is cut off or too large: keep nothing then.

        `RequestError` passes through to the client (a full disk: status 507, a quota: 413).
        """

    async def open(self, principal: Principal, account_id: str, blob_id: str) -> Download | None:
        """A blob that this principal may see, or None."""

    def copy(self, principal: Principal, from_account_id: str, account_id: str, blob_id: str) -> Blob | None:
        """Inside a write transaction: make a visible blob available in another account; None: none such."""
