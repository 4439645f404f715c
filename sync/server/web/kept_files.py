"""Files that came with a form which was not sent yet: kept for a day, and known again by a marked list."""

from __future__ import annotations

import hmac
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import Final

import orjson

from sync.domain import ids
from sync.domain.records import Attachment
from sync.server.ledger import BlobRow
from sync.server.parts import Parts
from sync.server.web.page_secrets import PageSecrets
from sync.server.web.uploads import Stored

MOST: Final = 100
_PURPOSE: Final = "kept files"
_LIST: Final = re.compile(r"[A-Za-z0-9_-]{1,100000}={0,2}\.[0-9a-f]{64}")


class KeptFiles:
    """The list travels in the form itself, so that nothing is remembered of who is about to ask. Blocking."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._secrets = PageSecrets(parts)

    def listed(self, files: Sequence[Stored]) -> str:
        """For a hidden field; empty where there are none."""
        if not files:
            return ""
        plain = [[one.attachment.blob_id, one.attachment.name, one.attachment.type, one.attachment.size, one.digest]
                 for one in files]  # fmt: skip
        text = urlsafe_b64encode(orjson.dumps(plain)).decode()
        return f"{text}.{self._parts.database.write(lambda: self._secrets.mark(_PURPOSE, text))}"

    def found(self, listed: str) -> list[Stored]:
        """What the list names and what is still there; nothing where somebody else wrote the list."""
        if not _LIST.fullmatch(listed):
            return []
        text, _, mark = listed.rpartition(".")
        if not hmac.compare_digest(mark, self._parts.database.write(lambda: self._secrets.mark(_PURPOSE, text))):
            return []
        named = [
            Stored(Attachment(blob_id, name, media_type, size), digest)
            for blob_id, name, media_type, size, digest in orjson.loads(urlsafe_b64decode(text))[:MOST]
            if blob_id.startswith(ids.BLOB)
        ]
        query = BlobRow.select(BlobRow.id).where(BlobRow.id.in_([one.attachment.blob_id for one in named]))
        there = {row["id"] for row in self._parts.database.read(lambda: self._parts.database.rows(query))}
        return [one for one in named if one.attachment.blob_id in there]
