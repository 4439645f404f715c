"""Files that requesters send: from the form into the store, with the hash that tells one from another."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import Any, Final

from starlette.datastructures import UploadFile

from sync.domain.file_names import harmless_name
from sync.domain.limits import clean_line
from sync.domain.records import Attachment
from sync.jmap.blob_headers import media_type
from sync.server.blobs import Blobs

_PIECE: Final = 256 * 1024
Turn = Callable[[Callable[[], Any]], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that a requester sent, already in the store, with the hash of its content."""

    attachment: Attachment
    digest: str


async def stored(blobs: Blobs, turn: Turn, uploads: Sequence[UploadFile]) -> list[Stored]:
    """Each upload as a file of the store; `turn` does blocking work in a thread."""
    found: list[Stored] = []
    for upload in uploads:
        writer, digest = blobs.writer(), sha256()
        while piece := await upload.read(_PIECE):
            digest.update(piece)
            await turn(partial(writer.add, piece))
        blob = await turn(partial(writer.finish, media_type(upload.content_type)))
        name = harmless_name(clean_line(upload.filename or ""))
        found.append(Stored(Attachment(blob.id, name, blob.type, blob.size), digest.hexdigest()))
    return found
