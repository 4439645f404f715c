"""The secrets of private pages: made once for each form that was sent, kept only as hashes."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final

from sync.domain.errors import Rejected
from sync.server.ledger import PageSecret, Setting
from sync.server.parts import Parts
from sync.server.receipts import fingerprint
from sync.server.settings import SERVER_PREFIX

_PAGE_KEY: Final = SERVER_PREFIX + "page_key"
_AUTHOR: Final = "form"
_SECRET_BYTES: Final = 32
PAGE_GONE: Final = "pageGone"
"""The reason of what is refused because an address opens nothing: wrong, expired or taken back, it is all the same."""


class PageSecrets:
    """Inside a write transaction of the caller's."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def of_form(self, key: str | None, content: Mapping[str, Any]) -> bytes:
        """256 bits that only this server can make from a form's key; without a key, random ones."""
        if key is None:
            return self._parts.secret()
        text = f"{key}\n{fingerprint(content)}".encode()
        return hmac.new(self._page_key(), text, sha256).digest()

    def claim(self, secret: bytes, content: Mapping[str, Any], type_name: str, object_id: str) -> bool:
        """Whether this is the first time."""
        key = sha256(secret).hexdigest()
        return self._parts.receipts.claim(_AUTHOR, key, type_name, fingerprint(content), object_id) is None

    def open(self, secret: bytes, ticket_id: str) -> None:
        """From now on the secret opens the page of that ticket."""
        row = {
            "secret_hash": sha256(secret).digest(),
            "ticket_id": ticket_id,
            "created_at": self._parts.clock.now_ms(),
        }
        self._parts.database.insert(PageSecret, [row])

    def mark(self, purpose: str, text: str) -> str:
        """What only this server can put beside a text, to know it again as its own."""
        return hmac.new(self._page_key(), f"{purpose}\n{text}".encode(), sha256).hexdigest()

    def _page_key(self) -> bytes:
        database = self._parts.database
        stored = database.whole_row(Setting, "WHERE t.name = ?", (_PAGE_KEY,))
        if stored is None:
            database.insert_new(Setting, {"name": _PAGE_KEY, "value": self._parts.secret().hex()})
            stored = database.one(Setting.select().where(Setting.name == _PAGE_KEY))
        return bytes.fromhex(str(stored["value"])) if stored is not None else self._parts.secret()


def encoded(secret: bytes) -> str:
    """A secret as it stands in an address."""
    return urlsafe_b64encode(secret).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """A secret from an address. Raises Rejected."""
    try:
        secret = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (NotBase64, ValueError):
        raise unknown_page() from None
    if len(secret) != _SECRET_BYTES or encoded(secret) != text:
        raise unknown_page()
    return secret


def unknown_page() -> Rejected:
    """What is said of every address that opens nothing."""
    return Rejected("This link does not work, or does not work any more.", PAGE_GONE)
