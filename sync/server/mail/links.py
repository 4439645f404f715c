"""The private link of a ticket as letters carry it: always the same for one ticket."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Final

from sync.server.ledger import PageSecret, Setting
from sync.server.parts import Parts
from sync.server.settings import SERVER_PREFIX

_KEY: Final = SERVER_PREFIX + "letter_key"


class Links:
    """Call inside a write transaction."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def of(self, ticket_id: str) -> str | None:
        """The address of the ticket's page; None while the setting `public_url` is not set."""
        base = self._parts.settings.text("public_url")
        if base is None:
            return None
        secret = hmac.new(self._secret(), ticket_id.encode(), sha256).digest()
        now = self._parts.clock.now_ms()
        row = {"secret_hash": sha256(secret).digest(), "ticket_id": ticket_id, "created_at": now}
        self._parts.database.insert_new(PageSecret, row)
        return f"{base}/t/{urlsafe_b64encode(secret).rstrip(b'=').decode()}"

    def _secret(self) -> bytes:
        database, wanted = self._parts.database, Setting.select().where(Setting.name == _KEY)
        stored = database.one(wanted)
        if stored is None:
            database.insert_new(Setting, {"name": _KEY, "value": self._parts.secret().hex()})
            stored = database.one(wanted)
        if stored is None:
            raise RuntimeError("the key of private links has gone")
        return bytes.fromhex(str(stored["value"]))
