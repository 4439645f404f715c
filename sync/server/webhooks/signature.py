"""Whether a webhook comes from whom it says, and just now (the Standard Webhooks specification)."""

from __future__ import annotations

import hmac
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Mapping
from hashlib import sha256
from typing import Final

PREFIX: Final = "whsec_"
_WINDOW_S: Final = 300
_VERSION: Final = "v1,"
_ID_MAX: Final = 200
_SIGNATURES: Final = 10


def new_secret(octets: bytes) -> str:
    """A secret in its usual spelling, from random octets (24 to 64 of them)."""
    return PREFIX + b64encode(octets).decode()


def signed(secret: str, event_key: str, timestamp: int, body: bytes) -> str:
    """The header `webhook-signature`: what a sender makes."""
    content = f"{event_key}.{timestamp}.".encode() + body
    return _VERSION + b64encode(hmac.new(_key(secret), content, sha256).digest()).decode()


def event_key_of(secret: str, headers: Mapping[str, str], body: bytes, now_ms: int) -> str | None:
    """The `webhook-id`, if one of the signatures fits and the time is within five minutes of ours; else None."""
    event_key, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not 0 < len(event_key) <= _ID_MAX or not event_key.isascii() or not event_key.isprintable():
        return None
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 12):
        return None
    if abs(now_ms - int(timestamp) * 1000) > _WINDOW_S * 1000:
        return None
    wanted = signed(secret, event_key, int(timestamp), body).encode()
    given = headers.get("webhook-signature", "").encode().split(b" ")[:_SIGNATURES]
    fits = [hmac.compare_digest(wanted, one) for one in given]
    return event_key if any(fits) else None


def _key(secret: str) -> bytes:
    try:
        return b64decode(secret.removeprefix(PREFIX), validate=True)
    except NotBase64:
        return secret.encode()
