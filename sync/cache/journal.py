"""The side journal: what a person wrote, on the disk before the screen says saved (ARCHITECTURE 5)."""

import errno
import json
import os
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from sync.domain.errors import StorageFull

MAGIC = b"deskbell-words-1\n"
_MARK = "#"
_COMPACT_ABOVE = 1_000_000
_NONCE = 12


class _Seal(Protocol):
    def seal(self, plain: bytes) -> bytes: ...
    def unseal(self, sealed: bytes) -> bytes | None: ...


class _Encrypted:
    """ChaCha20-Poly1305 (RFC 8439) under a key derived from the cache's by HKDF (RFC 5869)."""

    def __init__(self, key: bytes) -> None:
        derived = HKDF(SHA256(), 32, salt=None, info=b"deskbell side journal").derive(key)
        self._cipher = ChaCha20Poly1305(derived)

    def seal(self, plain: bytes) -> bytes:
        nonce = os.urandom(_NONCE)
        return nonce + self._cipher.encrypt(nonce, plain, MAGIC)

    def unseal(self, sealed: bytes) -> bytes | None:
        try:
            return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], MAGIC)
        except (InvalidTag, ValueError):
            return None


class _Plain:
    """For caches without a key: a checksum, so that a torn record is still known as torn."""

    def seal(self, plain: bytes) -> bytes:
        return zlib.crc32(plain).to_bytes(4, "little") + plain

    def unseal(self, sealed: bytes) -> bytes | None:
        return sealed[4:] if sealed[:4] == zlib.crc32(sealed[4:]).to_bytes(4, "little") else None


class Journal:
    """Slots with texts: the last text of a slot counts, None ends it. Any cut loses the record being written only.

    Each write has a mark, higher than all before: a database that stored the mark of a write has that write.
    """

    def __init__(self, path: Path, key: bytes | None) -> None:
        """Read what is there, cut off a torn end, go on behind it. Raises StorageFull."""
        self._path = path
        self._seal: _Seal = _Plain() if key is None else _Encrypted(key)
        self._live: dict[str, str] = {}
        self._marks: dict[str, int] = {}
        self._ended: dict[str, int] = {}
        self._mark = 0
        data = path.read_bytes() if path.exists() else b""
        good = self._read(data)
        self._size = good
        try:
            if good < len(data):
                path.with_suffix(".cut").write_bytes(data)  # a torn end, or more: to be looked at
            self._file: IO[bytes] = path.open("r+b" if data else "w+b", buffering=0)
            self._file.truncate(good)
            self._file.seek(good)
            if not good:
                self._append(MAGIC)
                sync_folder(path.parent)
        except OSError as error:
            raise full(error) from error

    @property
    def live(self) -> Mapping[str, str]:
        """The texts that have not ended, by slot."""
        return self._live

    @property
    def mark(self) -> int:
        """The mark of the last write."""
        return self._mark

    def since(self, mark: int) -> tuple[Mapping[str, str], frozenset[str]]:
        """The texts last written after that mark, and the slots that ended after it, as the file had them at the start.

        Marks go on above this one.
        """
        self._mark = max(self._mark, mark)
        live = {slot: text for slot, text in self._live.items() if self._marks[slot] > mark}
        ended, self._ended = frozenset(slot for slot, at in self._ended.items() if at > mark), {}
        return live, ended - self._live.keys()

    def write(self, texts: Mapping[str, str | None]) -> None:
        """On the disk when this returns. Raises StorageFull, with nothing changed."""
        marked = {_MARK: str(self._mark + 1), **texts}
        record = self._record(marked)
        if not os.fstat(self._file.fileno()).st_nlink:  # somebody deleted the file under our feet
            self.replace(dict(self._live))
        try:
            self._append(record)
        except OSError as error:
            self._cut()
            raise full(error) from error
        self._take(marked)
        self._ended.clear()
        if self._size > _COMPACT_ABOVE and self._size > 4 * sum(len(text) for text in self._live.values()):
            self.replace(dict(self._live))

    def replace(self, live: Mapping[str, str]) -> None:
        """Begin the file anew with these texts. Raises StorageFull, with the old file in place."""
        fresh = self._path.with_suffix(".new")
        mark = {_MARK: str(self._mark)}
        content = MAGIC + b"".join(self._record(one) for one in (mark, *({slot: live[slot]} for slot in live)))
        try:
            fresh.parent.mkdir(parents=True, exist_ok=True)
            with fresh.open("wb") as out:
                out.write(content)
                out.flush()
                os.fsync(out.fileno())
            self._file.close()
            fresh.replace(self._path)
            sync_folder(self._path.parent)
            self._file = self._path.open("r+b", buffering=0)
            self._file.seek(0, os.SEEK_END)
        except OSError as error:
            if self._file.closed:
                self._file = self._path.open("r+b", buffering=0)
                self._file.seek(0, os.SEEK_END)
            raise full(error) from error
        self._size = len(content)
        self._live = dict(live)
        self._marks = dict.fromkeys(live, self._mark)

    def close(self) -> None:
        """End the use of the file."""
        self._file.close()

    def _record(self, texts: Mapping[str, str | None]) -> bytes:
        sealed = self._seal.seal(json.dumps(texts, ensure_ascii=False).encode("utf-8", "surrogatepass"))
        return len(sealed).to_bytes(4, "little") + sealed

    def _append(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[self._file.write(view) :]
        os.fsync(self._file.fileno())
        self._size += len(data)

    def _cut(self) -> None:
        """Take half a record off again, so that later ones are read."""
        self._file.truncate(self._size)
        self._file.seek(self._size)

    def _read(self, data: bytes) -> int:
        """Take in the whole records, over damaged ones; where the last whole one ends."""
        if not data.startswith(MAGIC):
            return 0
        at = good = len(MAGIC)
        while at + 4 <= len(data):
            end = at + 4 + int.from_bytes(data[at : at + 4], "little")
            if end > len(data):
                break
            plain = self._seal.unseal(data[at + 4 : end])
            if plain is not None:
                self._take(json.loads(plain.decode("utf-8", "surrogatepass")))
                good = end
            at = end
        return good

    def _take(self, texts: Mapping[str, str | None]) -> None:
        for slot, text in texts.items():
            if slot == _MARK:
                self._mark = int(text or 0)
            elif text is None:
                self._live.pop(slot, None)
                self._ended[slot] = self._mark
            else:
                self._live[slot], self._marks[slot] = text, self._mark


def full(error: OSError) -> StorageFull:
    """What a failed write means for a person."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StorageFull("The disk is full. Free some space, then save again; your text is still in the editor.")
    return StorageFull("Deskbell cannot write to its folder. Check the disk and the folder's permissions.")


def sync_folder(folder: Path) -> None:
    """Make a new or renamed file's name last; where folders cannot be opened the system sees to it."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
