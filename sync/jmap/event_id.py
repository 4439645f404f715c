"""Event ids that encode every state a stream told: a new connection sees what it missed (RFC 8620 7.3)."""

from __future__ import annotations

import sys
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64Error
from collections.abc import Iterable
from functools import lru_cache
from hashlib import blake2b

from sync.jmap.feed import States

_SIZE = 6
_MOST = 680
"""Digests in one id: more would make a header above 5.5 kB. Then one digest stands for a whole account."""


class KnownStates:
    """The states that a stream has told, as digests: of each account those of its types side by side, since a server
    has thousands of streams, and dozens of types for each."""

    def __init__(self, states: States) -> None:
        self._told: dict[str, tuple[tuple[str, ...], bytes]] = {}
        self.update(states)

    def update(self, changed: States) -> None:
        """Newer states replace older ones."""
        for account_id, of_types in changed.items():
            names, octets = self._told.get(account_id, ((), b""))
            digests = dict(zip(names, _split(octets), strict=True))
            for name, state in of_types.items():
                digests[name] = _digest(account_id, name, state)
            ordered = _shared(tuple(sorted(digests)))
            self._told[account_id] = (ordered, b"".join(digests[one] for one in ordered))

    def event_id(self) -> str:
        """The id to send: `s` with a digest per state, or `a` with one per account."""
        if sum(len(octets) for _, octets in self._told.values()) <= _MOST * _SIZE:
            return "s" + _text(octets for _, octets in self._told.values())
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
        return {one: blake2b(octets, digest_size=_SIZE).digest() for one, (_, octets) in self._told.items()}


@lru_cache(4096)
def _shared(names: tuple[str, ...]) -> tuple[str, ...]:
    """Thousands of streams tell of the same types."""
    return tuple(sys.intern(one) for one in names)


def _split(octets: bytes) -> list[bytes]:
    return [octets[start : start + _SIZE] for start in range(0, len(octets), _SIZE)]


def _digest(account_id: str, name: str, state: str) -> bytes:
    return blake2b(f"{account_id}\0{name}\0{state}".encode(), digest_size=_SIZE).digest()


def _text(digests: Iterable[bytes]) -> str:
    return urlsafe_b64encode(b"".join(digests)).decode()


def _digests(event_id: str) -> frozenset[bytes]:
    try:
        octets = urlsafe_b64decode(event_id[1:])
    except (NotBase64Error, ValueError):
        return frozenset()
    return frozenset(_split(octets))
