"""The private link of a ticket as letters carry it: always the same for one ticket."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from hashlib import sha256
from hmac import compare_digest

from sync.domain.errors import DeskbellError
from sync.server.ledger import PageSecret
from sync.server.mail.secrets import Secrets
from sync.server.parts import Parts


class Links:
    """Call inside a write transaction. The database holds only hashes: the key that makes a link stands elsewhere."""

    def __init__(self, parts: Parts, secrets: Secrets) -> None:
        self._parts = parts
        self._secrets = secrets

    def of(self, ticket_id: str) -> str | None:
        """The address of the ticket's page; None while the setting `public_url` is not set."""
        base = self._parts.settings.text("public_url")
        return None if base is None else f"{base}/t/{self.secret_of(ticket_id)}"

    def secret_of(self, ticket_id: str) -> str:
        """What in that address opens the page."""
        secret = self._secret(ticket_id)
        now = self._parts.clock.now_ms()
        row = {"secret_hash": sha256(secret).digest(), "ticket_id": ticket_id, "created_at": now}
        self._parts.database.insert_new(PageSecret, row)
        return urlsafe_b64encode(secret).rstrip(b"=").decode()

    def is_mailed(self, secret: bytes, ticket_id: str) -> bool:
        """Whether a secret is the one that letters carry: whoever has it reads the mail of the address on file, where
        that of a form's page was shown to anybody who typed the address. May be called in a read transaction."""
        return compare_digest(secret, self._secret(ticket_id))

    def renew(self, ticket_id: str) -> None:
        """No link to the ticket's page that anybody has works any more, nor one that leads on to it from a ticket that
        was merged into it; the next ones are others."""
        wanted = [ticket_id]
        for one in wanted:
            found = self._parts.database.select("SELECT id FROM ticket WHERE merged_into_id = ?", (one,))
            wanted += [str(row[0]) for row in found if row[0] not in wanted]
            self._parts.database.run(PageSecret.delete().where(PageSecret.ticket_id == one))
            self._parts.database.execute("UPDATE ticket SET page_turn = page_turn + 1 WHERE id = ?", (one,))

    def _secret(self, ticket_id: str) -> bytes:
        """By the ticket and how often its link was renewed; without a key that can be read: another for each letter."""
        found = self._parts.database.select("SELECT page_turn FROM ticket WHERE id = ?", (ticket_id,))
        try:
            return self._secrets.mark(f"page {ticket_id} {found[0][0] if found else 0}")
        except DeskbellError:
            return self._parts.secret()
