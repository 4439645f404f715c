"""Event ids that encode every state a stream told: a new connection sees what it missed (RFC 8620 7.3)."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64Error
from collections.abc import Iterable
from hashlib import blake2b

from sync.jmap.feed import States

_SIZE = 6
_MOST = 680
"""Digests in one id: more would make a header above 5.5 kB. Then one digest stands for a whole account."""


class KnownStates:
    """The states that a stream has told, as digests."""

    def __init__(self, states: States) -> None:
        self._digests: dict[tuple[str, str], bytes] = {}
        self.update(states)

    def update(self, changed: States) -> None:
        """Newer states replace older ones."""
        for account_id, of_types in changed.items():
            for name, state in of_types.items():
                self._digests[account_id, name] = _digest(account_id, name, state)

    def event_id(self) -> str:
        """The id to send: `s` with a digest per state, or `a` with one per account."""
        if len(self._digests) <= _MOST:
            return "s" + _text(self._digests.values())
        return "a" + _text(self._by_account().values())

    def missed(self, last_event_id: str, present: States) -> States:
        """Those of the present states that the id does not know. An id that is not ours knows nothing."""
        digests = _digests(last_event_id)
        if last_event_id.startswith("a"):
            known = {account for account, digest in self._by_account().items() if digest in digests}
            return {account: states for account, states in present.items() if account not in known}
        found: dict[str, dict[str, str]] = {}
        for account_id, of_types in present.items():
            for name, state in of_types.items():
                if _digest(account_id, name, state) not in digests:
                    found.setdefault(account_id, {})[name] = state
        return found

    def _by_account(self) -> dict[str, bytes]:
        gathered: dict[str, blake2b] = {}
        for (account_id, _name), digest in sorted(self._digests.items()):
            gathered.setdefault(account_id, blake2b(digest_size=_SIZE)).update(digest)
        return {account_id: one.digest() for account_id, one in gathered.items()}


def _digest(account_id: str, name: str, state: str) -> bytes:
    return blake2b(f"{account_id}\0{name}\0{state}".encode(), digest_size=_SIZE).digest()


def _text(digests: Iterable[bytes]) -> str:
    return urlsafe_b64encode(b"".join(digests)).decode()


def _digests(event_id: str) -> frozenset[bytes]:
    try:
        octets = urlsafe_b64decode(event_id[1:])
    except (NotBase64Error, ValueError):
        return frozenset()
    return frozenset(octets[start : start + _SIZE] for start in range(0, len(octets), _SIZE))
