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
        secret = hmac.new(self._secret(), self._named(ticket_id).encode(), sha256).digest()
        now = self._parts.clock.now_ms()
        row = {"secret_hash": sha256(secret).digest(), "ticket_id": ticket_id, "created_at": now}
        self._parts.database.insert_new(PageSecret, row)
        return f"{base}/t/{urlsafe_b64encode(secret).rstrip(b'=').decode()}"

    def renew(self, ticket_id: str) -> None:
        """No link to the ticket's page that anybody has works any more; the next one is another."""
        self._parts.database.run(PageSecret.delete().where(PageSecret.ticket_id == ticket_id))
        self._parts.database.execute("UPDATE ticket SET page_turn = page_turn + 1 WHERE id = ?", (ticket_id,))

    def _named(self, ticket_id: str) -> str:
        """The ticket, and how often its link was renewed."""
        found = self._parts.database.select("SELECT page_turn FROM ticket WHERE id = ?", (ticket_id,))
        return f"{ticket_id}\n{found[0][0]}" if found and found[0][0] else ticket_id

    def _secret(self) -> bytes:
        database, wanted = self._parts.database, Setting.select().where(Setting.name == _KEY)
        stored = database.one(wanted)
        if stored is None:
            database.insert_new(Setting, {"name": _KEY, "value": self._parts.secret().hex()})
            stored = database.one(wanted)
        if stored is None:
            raise RuntimeError("the key of private links has gone")
        return bytes.fromhex(str(stored["value"]))
