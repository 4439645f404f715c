"""Sign-in: passwords, tokens, and the growing wait after wrong ones (ARCHITECTURE 3.13)."""

import base64
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from argon2 import PasswordHasher

from sync.domain import ids, limits, protocol
from sync.domain.errors import Denied, Offline, Rejected
from sync.domain.times import DAY_MS, HOUR_MS
from sync.server import texts
from sync.server.audit import ADMINISTRATOR, Actor, Deed
from sync.server.database import Row
from sync.server.ended import Why, end_sign_in, end_sign_ins, why_ended
from sync.server.ledger import SignInDelay, TokenRow
from sync.server.parts import Colleague, Parts
from sync.server.passwords import fits, hash_of_nobody, hashed_password
from sync.server.tables import AgentRow

WRONG: Final = "This name and password do not fit together. Try again."
WRONG_OLD: Final = "The old password is not right. Try again."
ENDED: Final = "This sign-in has ended. Sign in again."
_HELD: Final = "SELECT 1 FROM token WHERE id = ?"
_BEARER: Final = """
SELECT t.id, t.used_at, t.expires_at, a.id, a.name, a.is_owner FROM token t
JOIN agent a ON a.id = t.agent_id AND a.is_active WHERE t.token_hash = ?
"""
_FAILED: Final = """
INSERT INTO sign_in_delay (key, failures, until) VALUES (?, 1, ?)
ON CONFLICT (key) DO UPDATE SET failures = sign_in_delay.failures + 1 RETURNING failures
"""

_ONE_LESS: Final = "UPDATE sign_in_delay SET failures = failures - 1, until = ? WHERE key = ?"
_ANY_NAME: Final = "\n"
"""Stands for all names of an address; an empty name is one of them, and has a wait of its own."""
_FREE_TRIES: Final = "sign_in.free_tries"
_FREE_TRIES_OF_ADDRESS: Final = "sign_in.free_tries_of_address"


@dataclass(frozen=True, slots=True)
class Issued:
    """A new sign-in; the token is shown this once. `expires_at` in ms UTC, unless it is used before."""

    token: str
    token_id: str
    agent_id: str
    expires_at: int


class SignIns:
    """Each method opens its own transaction; `issue` takes as long as a password hash, whatever was wrong."""

    def __init__(self, parts: Parts, hasher: PasswordHasher) -> None:
        self._parts = parts
        self._hasher = hasher
        self._nobody = hash_of_nobody(hasher)

    def issue(self, name: str, password: str, device: str, address: str) -> Issued:
        """Check the password and give a token. Raises Denied, or Offline with `retry_after` while one must wait."""
        name_key = texts.key_of(name)[: limits.NAME_MAX]
        self._parts.database.write(lambda: self._count_try(name_key, address))
        agent = self._parts.database.read(
            lambda: self._parts.database.one(
                AgentRow.select().where((AgentRow.name_key == texts.key_of(name)) & AgentRow.is_active)
            )
        )
        if not self._fits(agent, password) or agent is None:
            self._parts.audit.record(
                Deed.SIGN_IN_FAILED, Actor(None, "somebody"), "" if agent is None else agent["id"], {"address": address}
            )
            raise Denied(WRONG)
        return self._parts.journal.write(lambda: self._give(name_key, address, agent, device))

    def colleague(self, token: str) -> Colleague | None:
        """Whose token this is; using it makes it last longer."""
        hashed = sha256(token.encode(errors="replace")).digest()
        rows = self._parts.database.look(_BEARER, (hashed,))
        now = self._parts.clock.now_ms()
        if not rows or rows[0][2] <= now:
            return None
        token_id, used_at, _, agent_id, name, is_owner = rows[0]
        if now - used_at > HOUR_MS:
            self._parts.journal.write(lambda: self._prolong(token_id, agent_id, used_at, now))
        return Colleague(agent_id, name, token_id, bool(is_owner))

    def revoke(self, token_id: str, by: Actor = ADMINISTRATOR, deed: Deed = Deed.TOKEN_REVOKED) -> bool:
        """End a sign-in; False: there is none such."""

        def work() -> bool:
            row = self._parts.database.one(TokenRow.select().where(TokenRow.id == token_id))
            if row is None:
                return False
            why = None if deed is Deed.SIGN_OUT else Why.REVOKED
            end_sign_in(self._parts, row["agent_id"], token_id, why)
            self._parts.audit.record(deed, by, row["agent_id"], {"tokenId": token_id, "device": row["device"]})
            return True

        return self._parts.journal.write(work)

    def why_ended(self, token: str) -> Why | None:
        """Why a token holds no more; None for one that never did."""
        now = self._parts.clock.now_ms()
        return self._parts.database.read(lambda: why_ended(self._parts.database, token, now))

    def change_password(self, colleague: Colleague, old: str, new: str, address: str) -> None:
        """One's own password: every other sign-in of the agent ends.

        Raises Rejected `wrongPassword` or `invalidProperties`, Offline with `retry_after` while one must wait, Denied
        where the sign-in ended meanwhile.
        """
        password_hash = hashed_password(self._hasher, new)
        name_key = texts.key_of(colleague.username)[: limits.NAME_MAX]
        self._parts.database.write(lambda: self._count_try(name_key, address))
        agent = self._parts.database.read(
            lambda: self._parts.database.one(AgentRow.select().where(AgentRow.id == colleague.id))
        )
        if not self._fits(agent, old):
            raise Rejected(WRONG_OLD, protocol.WRONG_PASSWORD)

        def work() -> None:
            if not self._parts.database.select(_HELD, (colleague.token_id,)):
                raise Denied(ENDED)
            self._parts.database.run(
                AgentRow.update({AgentRow.password_hash: password_hash}).where(AgentRow.id == colleague.id)
            )
            self._right(name_key, address)
            end_sign_ins(self._parts, colleague.id, Why.PASSWORD, but=colleague.token_id)
            self._parts.audit.record(Deed.PASSWORD_CHANGED, Actor.of(colleague), colleague.id)

        self._parts.journal.write(work)

    def all(self, agent_id: str | None = None) -> list[Row]:
        """The sign-ins that hold, newest use first, without their hashes."""
        query = TokenRow.select(
            TokenRow.id, TokenRow.agent_id, TokenRow.device, TokenRow.created_at, TokenRow.used_at, TokenRow.expires_at
        ).where(TokenRow.expires_at > self._parts.clock.now_ms())
        if agent_id is not None:
            query = query.where(TokenRow.agent_id == agent_id)
        return self._parts.database.read(lambda: self._parts.database.rows(query.order_by(TokenRow.used_at.desc())))

    def _count_try(self, name_key: str, address: str) -> None:
        """Count this try before it is judged, so that tries at the same time count too.

        Counted are the tries for this name from this address, and those for whatever name from this address.
        """
        now = self._parts.clock.now_ms()
        longest = self._parts.settings.number("sign_in.longest_wait_s")
        for name, setting in ((name_key, _FREE_TRIES), (_ANY_NAME, _FREE_TRIES_OF_ADDRESS)):
            key = _key(name, address)
            row = self._parts.database.one(SignInDelay.select().where(SignInDelay.key == key))
            if row is not None and row["until"] > now:
                seconds = (row["until"] - now + 999) // 1000
                raise Offline(f"Too many wrong passwords. Wait {seconds} seconds, then try again.", float(seconds))
            if row is not None and now - row["until"] > HOUR_MS:
                self._parts.database.run(SignInDelay.delete().where(SignInDelay.key == key))
            failures = int(self._parts.database.select(_FAILED, (key, now))[0][0])
            beyond = failures - self._parts.settings.number(setting)
            wait_ms = 1000 * min(longest, 2 ** min(beyond, 30)) if beyond >= 0 else 0
            given = {SignInDelay.until: now + wait_ms}
            self._parts.database.run(SignInDelay.update(given).where(SignInDelay.key == key))

    def _fits(self, agent: Row | None, password: str) -> bool:
        stored = agent["password_hash"] if agent is not None else None
        return fits(self._hasher, stored, self._nobody, password)

    def _right(self, name_key: str, address: str) -> None:
        """The try was a good one: it does not count."""
        self._parts.database.run(SignInDelay.delete().where(SignInDelay.key == _key(name_key, address)))
        self._parts.database.execute(_ONE_LESS, (self._parts.clock.now_ms(), _key(_ANY_NAME, address)))

    def _give(self, name_key: str, address: str, agent: Row, device: str) -> Issued:
        self._right(name_key, address)
        now = self._parts.clock.now_ms()
        token = base64.urlsafe_b64encode(self._parts.secret()).decode().rstrip("=")
        issued = Issued(token, self._parts.ids.new(ids.TOKEN), agent["id"], self._end(now))
        row = {
            "id": issued.token_id,
            "agent_id": agent["id"],
            "token_hash": sha256(token.encode()).digest(),
            "device": limits.clean_line(device)[: limits.NAME_MAX],
            "created_at": now,
            "used_at": now,
            "expires_at": issued.expires_at,
        }
        self._parts.database.insert(TokenRow, [row])
        detail = {"tokenId": issued.token_id, "device": row["device"], "address": address}
        actor = Actor(agent["id"], agent["name"])
        self._parts.audit.record(Deed.SIGN_IN_SUCCEEDED, actor, agent["id"], detail)
        self._tell_owners(agent["id"])
        return issued

    def _prolong(self, token_id: str, agent_id: str, used_at: int, now: int) -> None:
        """Owners are told once a day that a device is still used."""
        if now // DAY_MS != used_at // DAY_MS:
            self._tell_owners(agent_id)
        given = {TokenRow.used_at: now, TokenRow.expires_at: self._end(now)}
        self._parts.database.run(TokenRow.update(given).where(TokenRow.id == token_id))

    def _tell_owners(self, agent_id: str) -> None:
        self._parts.journal.present(self._parts.accounts.oversight(), protocol.AGENT_ACCESS, agent_id)

    def _end(self, now: int) -> int:
        return now + self._parts.settings.number("token_days") * DAY_MS


def _key(name_key: str, address: str) -> str:
    """Of the table of waits; no name holds a line break."""
    return f"{name_key}\n{address}"
