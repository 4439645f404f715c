"""Sign-ins that were ended, and why: whoever still holds such a token is told (PRODUCT B4)."""

from enum import StrEnum
from hashlib import sha256
from typing import Final

from sync.domain import protocol
from sync.domain.times import DAY_MS
from sync.server.database import Database
from sync.server.parts import Parts

_KEEP: Final = """
INSERT INTO ended_token (token_hash, why, at) SELECT token_hash, ?, ? FROM token WHERE agent_id = ? AND id <> ?
ON CONFLICT (token_hash) DO NOTHING
"""
_KEEP_ONE: Final = """
INSERT INTO ended_token (token_hash, why, at) SELECT token_hash, ?, ? FROM token WHERE id = ?
ON CONFLICT (token_hash) DO NOTHING
"""
_END: Final = "DELETE FROM token WHERE agent_id = ? AND id <> ?"
_END_ONE: Final = "DELETE FROM token WHERE id = ?"
_FORGET: Final = "DELETE FROM ended_token WHERE at < ?"
_WHY: Final = "SELECT why FROM ended_token WHERE token_hash = ?"
_EXPIRED: Final = "SELECT 1 FROM token WHERE token_hash = ? AND expires_at <= ?"


class Why(StrEnum):
    """Why a sign-in holds no more; the words of the wire."""

    REVOKED = "revoked"
    PASSWORD = "passwordChanged"
    DEACTIVATED = "deactivated"
    EXPIRED = "expired"


SENTENCES: Final = {
    Why.REVOKED: "This computer was signed out. Sign in again.",
    Why.PASSWORD: "Your password was changed. Sign in with the new one.",
    Why.DEACTIVATED: "Your account was closed. Ask your administrator.",
    Why.EXPIRED: "This sign-in was not used for a long time. Sign in again.",
}


def end_sign_ins(parts: Parts, agent_id: str, why: Why, *, but: str = "") -> int:
    """End every sign-in of an agent, except the token `but`; how many. Inside a transaction of the journal.

    The agent is noted as changed, so that every process looks at their streams.
    """
    now = parts.clock.now_ms()
    parts.database.execute(_KEEP, (why.value, now, agent_id, but))
    ended = parts.database.execute(_END, (agent_id, but))
    _note(parts, agent_id, now)
    return ended


def end_sign_in(parts: Parts, agent_id: str, token_id: str, why: Why | None) -> None:
    """End one sign-in; `why` None: its own holder asked for it. Inside a transaction of the journal."""
    now = parts.clock.now_ms()
    if why is not None:
        parts.database.execute(_KEEP_ONE, (why.value, now, token_id))
    parts.database.execute(_END_ONE, (token_id,))
    _note(parts, agent_id, now)


def why_ended(database: Database, token: str, now_ms: int) -> Why | None:
    """Why this token holds no more; None for one that never did. Inside a transaction."""
    hashed = sha256(token.encode(errors="replace")).digest()
    rows = database.select(_WHY, (hashed,))
    if rows:
        return Why(rows[0][0])
    return Why.EXPIRED if database.select(_EXPIRED, (hashed, now_ms)) else None


def _note(parts: Parts, agent_id: str, now: int) -> None:
    parts.database.execute(_FORGET, (now - parts.settings.number("token_days") * DAY_MS,))
    parts.journal.present(parts.accounts.team(), protocol.AGENT, agent_id)
    parts.journal.present(parts.accounts.oversight(), protocol.AGENT_ACCESS, agent_id)
