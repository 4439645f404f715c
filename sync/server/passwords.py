"""What a password must be, and its hash."""

import base64
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import ARGON2_VERSION, Type

from sync.domain.errors import Rejected
from sync.server import texts

PASSWORD_MIN: Final = 8
PASSWORD_MAX: Final = 1_000


def hashed_password(hasher: PasswordHasher, password: str) -> str:
    """The hash to store. Raises Rejected `invalidProperties`."""
    if not PASSWORD_MIN <= len(password) <= PASSWORD_MAX:
        raise Rejected(f"A password has {PASSWORD_MIN} to {PASSWORD_MAX} characters. Choose another.", texts.INVALID)
    return hasher.hash(password)


def hash_of_nobody(hasher: PasswordHasher) -> str:
    """A hash that no password is known to have, as dear to compare with as this hasher's; made without hashing."""
    kind = {Type.D: "d", Type.I: "i", Type.ID: "id"}[hasher.type]
    costs = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    lengths = (hasher.salt_len, hasher.hash_len)
    salt, digest = (base64.b64encode(bytes(one)).decode().rstrip("=") for one in lengths)
    return f"$argon2{kind}$v={ARGON2_VERSION}${costs}${salt}${digest}"


def fits(hasher: PasswordHasher, stored: str | None, nobody: str, password: str) -> bool:
    """Whether it is that password; takes as long where there is none (`nobody`: the hash to compare with then)."""
    try:
        hasher.verify(stored or nobody, password)
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None
