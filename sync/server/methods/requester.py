"""Requester/export and Requester/erase: everything that is kept of one requester, for owners (PRODUCT G5)."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from sync.domain.errors import Rejected
from sync.domain.protocol import CAPABILITY, REQUESTER_ERASE, REQUESTER_EXPORT, SPOT_CHECK
from sync.jmap.arguments import ACCOUNT, Argument, Signature, checked
from sync.jmap.errors import JSON, MethodError
from sync.jmap.gate import Gate
from sync.jmap.kinds import ID
from sync.jmap.methods import Answer, Context
from sync.server.audit import Actor, Deed
from sync.server.blobs import BlobWriter
from sync.server.house import House
from sync.server.personal.erasing import Erasing
from sync.server.personal.handing_out import HandingOut
from sync.server.personal.scrubbing import owe
from sync.server.store import colleague

_SIGNATURE: Final[Signature] = {**ACCOUNT, "requesterId": Argument(ID)}
_ZIP: Final = "application/zip"


class _OfOwners:
    """In the oversight account, about one requester."""

    capability = CAPABILITY

    def __init__(self, house: House, gate: Gate) -> None:
        self._house = house
        self._gate = gate

    def _enter(self, context: Context, given: Mapping[str, JSON]) -> None:
        self._gate.enter(context.principal, given["accountId"], SPOT_CHECK, writes=True)


class RequesterExport(_OfOwners):
    """The answer names a file that the caller may download for a day."""

    name = REQUESTER_EXPORT

    def run(self, context: Context, arguments: Mapping[str, JSON]) -> Answer:
        given = checked(arguments, _SIGNATURE)
        parts = self._house.parts
        by = context.principal

        def enter() -> int:
            self._enter(context, given)
            return parts.accounts.get(given["accountId"]).number

        number = parts.journal.read(enter)
        with tempfile.TemporaryDirectory(prefix="deskbell-") as folder:
            target = Path(folder) / "requester"
            out = HandingOut(parts.database, self._house.blobs)
            done = _told(lambda: out.write(given["requesterId"], target))
            writer = self._house.blobs.writer()
            _pack(target, writer)
        blob = writer.finish(_ZIP, number, by.id)
        counts = {"tickets": done.tickets, "messages": done.messages, "files": done.files}
        parts.audit.record(Deed.REQUESTER_EXPORTED, Actor.of(by), done.requester_id, counts)
        name = f"requester-{done.requester_id}.zip"
        return Answer({**given, **counts, "blobId": blob.id, "size": blob.size, "name": name})


class RequesterErase(_OfOwners):
    """Old pages of the database's file are written over within the hour."""

    name = REQUESTER_ERASE

    def run(self, context: Context, arguments: Mapping[str, JSON]) -> Answer:
        given = checked(arguments, _SIGNATURE)
        parts = self._house.parts

        def work() -> dict[str, JSON]:
            self._enter(context, given)
            erasing = Erasing(parts, self._house.ticketing)
            done = erasing.erase(given["requesterId"], Actor.of(colleague(context.principal)))
            owe(parts.database)
            parts.journal.stamp()
            return {"tickets": done.tickets, "messages": done.messages, "files": done.files}

        return Answer({**given, **_told(lambda: parts.journal.write(work))})


def _told(work: Callable[[], Any]) -> Any:
    """One that is not there is `notFound`."""
    try:
        return work()
    except Rejected as refusal:
        raise MethodError("notFound") from refusal


class _IntoBlob:
    """What a zip is written to: it goes straight on into the store of files."""

    def __init__(self, writer: BlobWriter) -> None:
        self._writer = writer

    def write(self, octets: bytes) -> int:
        """More of it."""
        self._writer.add(bytes(octets))
        return len(octets)

    def flush(self) -> None:
        """Nothing is held here."""

    def close(self) -> None:
        """The writer is finished by whoever made it."""


def _pack(folder: Path, writer: BlobWriter) -> None:
    with zipfile.ZipFile(_IntoBlob(writer), "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(folder))
