"""Files in the database, in pieces (ARCHITECTURE 3.14): the store behind upload, download and Blob/copy."""

from collections.abc import AsyncIterator, Iterator
from hashlib import sha256
from typing import Final

import anyio.to_thread

from sync.domain import ids
from sync.domain.errors import StorageFull
from sync.domain.times import HOUR_MS
from sync.jmap.access import Principal
from sync.jmap.blobs import Blob, Download
from sync.jmap.errors import RequestError
from sync.server.files import Files
from sync.server.ledger import BlobChunk, BlobClaim, BlobRow
from sync.server.parts import Parts

CHUNK_BYTES: Final = 256 * 1024
_CHUNK: Final = "SELECT data FROM blob_chunk WHERE blob_id = ? AND position = ?"
_UNUSED: Final = """
SELECT b.id FROM blob b WHERE b.created_at < ?
AND NOT EXISTS (SELECT 1 FROM blob_use u WHERE u.blob_id = b.id)
AND NOT EXISTS (SELECT 1 FROM blob_claim c WHERE c.blob_id = b.id AND c.at >= ?)
"""
_UNFINISHED: Final = """
SELECT DISTINCT c.blob_id FROM blob_chunk c WHERE c.blob_id < ?
AND NOT EXISTS (SELECT 1 FROM blob b WHERE b.id = c.blob_id)
"""


class BlobWriter:
    """Takes in one file, piece by piece, each in a short transaction; nothing is there before `finish`. Blocks."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._id = parts.ids.new(ids.BLOB)
        self._hash = sha256()
        self._size = 0
        self._stored = 0
        self._waiting: list[bytes] = []
        self._waiting_size = 0

    def add(self, piece: bytes) -> None:
        """More octets. Raises StorageFull."""
        self._hash.update(piece)
        self._size += len(piece)
        self._waiting.append(piece)
        self._waiting_size += len(piece)
        if self._waiting_size >= CHUNK_BYTES:
            self._store()

    def finish(self, media_type: str, account_number: int | None = None, agent_id: str | None = None) -> Blob:
        """That was all. With an account and an agent, the file is that agent's there for a day."""
        if self._waiting:
            self._store()
        now = self._parts.clock.now_ms()
        row = {
            "id": self._id,
            "sha256": self._hash.digest(),
            "type": media_type,
            "size": self._size,
            "created_at": now,
        }

        def work() -> None:
            self._parts.database.insert(BlobRow, [row])
            if account_number is not None and agent_id is not None:
                claim = {"blob_id": self._id, "account": account_number, "agent_id": agent_id, "at": now}
                self._parts.database.insert(BlobClaim, [claim])

        self._parts.database.write(work)
        return Blob(self._id, media_type, self._size)

    def abandon(self) -> None:
        """Keep nothing."""
        self._parts.database.write(
            lambda: self._parts.database.run(BlobChunk.delete().where(BlobChunk.blob_id == self._id))
        )

    def _store(self) -> None:
        row = {"blob_id": self._id, "position": self._stored, "data": b"".join(self._waiting)}
        self._parts.database.write(lambda: self._parts.database.insert(BlobChunk, [row]))
        self._stored += 1
        self._waiting, self._waiting_size = [], 0


class Blobs:
    """The blob store that sync.jmap asks."""

    def __init__(self, parts: Parts, files: Files) -> None:
        self._parts = parts
        self._files = files

    def writer(self) -> BlobWriter:
        """For one file that comes in."""
        return BlobWriter(self._parts)

    async def store(self, principal: Principal, account_id: str, media_type: str, pieces: AsyncIterator[bytes]) -> Blob:
        writer = self.writer()
        try:
            async for piece in pieces:
                await anyio.to_thread.run_sync(writer.add, piece)
            number = await anyio.to_thread.run_sync(
                lambda: self._parts.database.read(lambda: self._parts.accounts.get(account_id).number)
            )
            return await anyio.to_thread.run_sync(writer.finish, media_type, number, principal.id)
        except StorageFull as full:
            raise RequestError("storageFull", str(full), status=507) from full
        except BaseException:
            with anyio.CancelScope(shield=True):
                await anyio.to_thread.run_sync(writer.abandon)
            raise

    async def open(self, principal: Principal, account_id: str, blob_id: str) -> Download | None:
        def find() -> Blob | None:
            return self._parts.database.read(lambda: self._visible(principal, account_id, blob_id))

        blob = await anyio.to_thread.run_sync(find)
        return None if blob is None else Download(blob, self.pieces(blob.id))

    def copy(self, principal: Principal, from_account_id: str, account_id: str, blob_id: str) -> Blob | None:
        blob = self._visible(principal, from_account_id, blob_id)
        if blob is not None:
            claim = {
                "blob_id": blob.id,
                "account": self._parts.accounts.get(account_id).number,
                "agent_id": principal.id,
                "at": self._parts.clock.now_ms(),
            }
            self._parts.database.insert_new(BlobClaim, claim)
        return blob

    async def pieces(self, blob_id: str, limiter: anyio.CapacityLimiter | None = None) -> AsyncIterator[bytes]:
        """The octets of a file; holds no connection between two pieces. `limiter`: of the threads that read."""
        position = 0
        while True:
            piece = await anyio.to_thread.run_sync(self._piece, blob_id, position, limiter=limiter)
            if piece is None:
                return
            yield piece
            position += 1

    def octets(self, blob_id: str) -> Iterator[bytes]:
        """The same for a thread of its own."""
        position = 0
        while (piece := self._piece(blob_id, position)) is not None:
            yield piece
            position += 1

    def forget_unused(self) -> int:
        """Delete what nothing has referred to for the time that is set; how many."""
        now = self._parts.clock.now_ms()
        before = now - self._parts.settings.number("upload.keep_hours") * HOUR_MS
        database = self._parts.database

        def work() -> int:
            unused = [str(one[0]) for one in database.select(_UNUSED, (before, before))]
            oldest = f"{ids.BLOB}{max(before, 0):012x}"
            for blob_id in [*unused, *(str(one[0]) for one in database.select(_UNFINISHED, (oldest,)))]:
                for table in (BlobChunk, BlobClaim):
                    database.run(table.delete().where(table.blob_id == blob_id))
                database.run(BlobRow.delete().where(BlobRow.id == blob_id))
            database.run(BlobClaim.delete().where(BlobClaim.at < before))
            return len(unused)

        return database.write(work)

    def _piece(self, blob_id: str, position: int) -> bytes | None:
        rows = self._parts.database.read(lambda: self._parts.database.select(_CHUNK, (blob_id, position)))
        return bytes(rows[0][0]) if rows else None

    def _visible(self, principal: Principal, account_id: str, blob_id: str) -> Blob | None:
        account = self._parts.accounts.get(account_id)
        if not self._files.is_visible(account, principal.id, blob_id):
            return None
        row = self._parts.database.one(BlobRow.select().where(BlobRow.id == blob_id))
        return None if row is None else Blob(row["id"], row["type"], row["size"])
