"""A first password to hand over: four groups that can be read aloud and typed."""

from typing import Final

from sync.domain.ids import RandomBits

_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
"""31 signs, none of which looks like another."""
_GROUPS, _IN_GROUP = 4, 4


def first_password(randomness: RandomBits) -> str:
    """16 signs, 79 bits, as `kfh7-29sm-wq4t-e8ya`."""
    return "-".join("".join(_one(randomness) for _ in range(_IN_GROUP)) for _ in range(_GROUPS))


def _one(randomness: RandomBits) -> str:
    while (drawn := randomness.getrandbits(5)) >= len(_LETTERS):
        pass
    return _LETTERS[drawn]
