"""How a mail says which ticket it belongs to: a token in the plus-address, and in the Message-ID of what we sent."""

from __future__ import annotations

import re
from base64 import b32decode, b32encode
from dataclasses import dataclass
from hashlib import sha256
from hmac import compare_digest
from hmac import new as hmac_of
from typing import Final

from sync.server.ledger import Setting
from sync.server.parts import Parts
from sync.server.settings import SERVER_PREFIX

_KEY: Final = SERVER_PREFIX + "mail_token_key"
_NUMBER_BYTES, _PROOF_BYTES = 5, 10
_TOKEN: Final = r"[a-z2-7]{24}"
_MESSAGE_ID: Final = re.compile(rf"<?([a-z][0-9a-f]{{32}})\.({_TOKEN})@[^\s<>@]+>?", re.IGNORECASE)
_PLUS: Final = re.compile(rf"[^@\s]*\+({_TOKEN})@[^\s@]+", re.IGNORECASE)
_OF_NUMBER: Final = "SELECT id FROM ticket WHERE number = ?"
_OF_TICKET: Final = "SELECT number FROM ticket WHERE id = ?"
_TAKEN_IN: Final = (
    "SELECT header_id FROM mail_in WHERE ticket_id = ? AND header_id IS NOT NULL ORDER BY at, fingerprint"
)


@dataclass(frozen=True, slots=True)
class Named:
    """What a token proves: the ticket, and the letter (`object_id`: our message's id, as a rule) where it names one."""

    ticket_id: str
    object_id: str | None = None


class Addresses:
    """Makes and reads tokens: a ticket's number with a proof over the ticket's id. Call inside a transaction.

    Whoever has a token has had a mail of that ticket; nobody can make one. A number that a restored server gives to
    another ticket does not fit the old tokens.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._key: bytes | None = None

    def thread_token(self, ticket_id: str) -> str:
        """24 letters and digits, which mail servers may write in capitals. LookupError: no such ticket."""
        rows = self._parts.database.select(_OF_TICKET, (ticket_id,))
        if not rows:
            raise LookupError(ticket_id)
        number = int(rows[0][0]).to_bytes(_NUMBER_BYTES, "big")
        return b32encode(number + self._proof(ticket_id)).decode().lower()

    def message_id(self, object_id: str, ticket_id: str, host: str) -> str:
        """The Message-ID of what we send: `<m....TOKEN@host>`; the same again for the same letter."""
        return f"<{object_id}.{self.thread_token(ticket_id)}@{host}>"

    def reply_to(self, address: str, ticket_id: str) -> str:
        """`support+TOKEN@host`, where answers shall go."""
        local, _, host = address.rpartition("@")
        return f"{local}+{self.thread_token(ticket_id)}@{host}"

    def thread_headers(self, ticket_id: str) -> list[str]:
        """The Message-IDs of the mails that came in for a ticket, oldest first."""
        return [f"<{one[0]}>" for one in self._parts.database.select(_TAKEN_IN, (ticket_id,))]

    def ticket_of(self, token: str) -> str | None:
        """The ticket of a token, however it is written; None: nobody made it, or the ticket is gone."""
        try:
            octets = b32decode(token.upper())
        except ValueError:
            return None
        if len(octets) != _NUMBER_BYTES + _PROOF_BYTES:
            return None
        rows = self._parts.database.select(_OF_NUMBER, (int.from_bytes(octets[:_NUMBER_BYTES], "big"),))
        if not rows or not compare_digest(octets[_NUMBER_BYTES:], self._proof(str(rows[0][0]))):
            return None
        return str(rows[0][0])

    def of_address(self, address: str) -> Named | None:
        """What `support+TOKEN@host` names."""
        found = _PLUS.fullmatch(address)
        ticket_id = None if found is None else self.ticket_of(found[1])
        return None if ticket_id is None else Named(ticket_id)

    def of_message_id(self, header: str) -> Named | None:
        """What a Message-ID of ours names."""
        found = _MESSAGE_ID.fullmatch(header.strip())
        ticket_id = None if found is None else self.ticket_of(found[2])
        return None if found is None or ticket_id is None else Named(ticket_id, found[1].lower())

    def _proof(self, ticket_id: str) -> bytes:
        return hmac_of(self._secret(), ticket_id.encode(), sha256).digest()[:_PROOF_BYTES]

    def found(self) -> None:
        """Make the key of a server that has none, for its life; it is part of a backup. In a write transaction."""
        self._parts.database.insert_new(Setting, {"name": _KEY, "value": self._parts.secret().hex()})

    def _secret(self) -> bytes:
        if self._key is None:
            row = self._parts.database.one(Setting.select().where(Setting.name == _KEY))
            if row is None:
                raise LookupError("this database has no key of mail tokens")
            self._key = bytes.fromhex(str(row["value"]))
        return self._key


def without_token(address: str) -> str:
    """`support@host` of `support+TOKEN@host`; any other address as it is."""
    local, _, host = address.rpartition("@")
    base, plus, detail = local.rpartition("+")
    return f"{base}@{host}" if plus and re.fullmatch(_TOKEN, detail, re.IGNORECASE) else address
