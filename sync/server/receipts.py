"""Client keys: each create happens once, and a retry gets the answer of the first try (ARCHITECTURE 3.3)."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final

import orjson

from sync.domain.clock import Clock
from sync.domain.protocol import ALREADY_EXISTS, CLOSED, HELD_MESSAGE, MERGED, OVERTAKEN
from sync.jmap.errors import SetError
from sync.server.database import Database, Row
from sync.server.journal import Journal
from sync.server.ledger import Receipt

REMEMBERED: Final = frozenset({OVERTAKEN, CLOSED, MERGED})
"""The refusals that a retry must get again. A ticket that is not found here may be found in another account."""


class Receipts:
    """Call inside a write transaction of the journal."""

    def __init__(self, database: Database, journal: Journal, clock: Clock) -> None:
        self._database = database
        self._journal = journal
        self._clock = clock

    def claim(self, author_id: str, key: str, type_name: str, content: str, object_id: str) -> str | None:
        """Take the key for a new object, or give the id of the one that the same create has made before.

        Two that arrive together: the second waits for the first to commit. Raises SetError: the refusal that this
        create got before, or `alreadyExists` for a key that was used for something else.
        """
        row = self._row(author_id, key, type_name, content, object_id, None)
        if self._database.insert_new(Receipt, row):
            return None
        before = self._database.one(
            Receipt.select().where((Receipt.author_id == author_id) & (Receipt.client_key == key))
        )
        if before is None:
            raise RuntimeError("a receipt has gone while its transaction ran")
        same = before["type"] == type_name and before["content"] == content
        if before["object_id"] is not None:
            if same:
                return str(before["object_id"])
            raise SetError(ALREADY_EXISTS, existingId=before["object_id"], existingType=before["type"])
        if same:
            error: dict[str, Any] = dict(before["error"])
            raise SetError(str(error.pop("type")), error.pop("description", None), **error)
        if type_name != HELD_MESSAGE:
            raise SetError(ALREADY_EXISTS, "This key belongs to something else that was refused.")
        self._database.run(Receipt.update(row).where((Receipt.author_id == author_id) & (Receipt.client_key == key)))
        return None

    def refused(self, author_id: str, key: str, type_name: str, content: str, error: SetError) -> None:
        """Remember a refusal, if it is one of those that a retry must get again."""
        if error.kind in REMEMBERED:
            self._journal.refuse(self._row(author_id, key, type_name, content, None, error.as_json()))

    def _row(self, author_id: str, key: str, type_name: str, content: str, object_id: str | None, error: object) -> Row:
        return {
            "author_id": author_id,
            "client_key": key,
            "type": type_name,
            "content": content,
            "object_id": object_id,
            "error": error,
            "at": self._clock.now_ms(),
        }


def fingerprint(content: Mapping[str, Any]) -> str:
    """The same for the same content, whatever the order of its properties."""
    return sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()
