"""Presence: who looks at a ticket and who types in it, for seconds; never a lock, never stored (PRODUCT D6)."""

from enum import StrEnum
from typing import Final

LEASE_MS: Final = 30_000
"""How long "looking" holds without being said again."""
TYPING_MS: Final = 8_000
"""How long "typing" holds; then it is "looking" until the lease ends."""


class Doing(StrEnum):
    """What somebody does in a ticket."""

    LOOKING = "looking"
    TYPING = "typing"
