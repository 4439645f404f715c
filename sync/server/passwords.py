"""What a password must be, and its hash."""

from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from sync.domain.errors import Rejected
from sync.server import texts

PASSWORD_MIN: Final = 8
PASSWORD_MAX: Final = 1_000


def hashed_password(hasher: PasswordHasher, password: str) -> str:
    """The hash to store. Raises Rejected `invalidProperties`."""
    if not PASSWORD_MIN <= len(password) <= PASSWORD_MAX:
        raise Rejected(f"A password has {PASSWORD_MIN} to {PASSWORD_MAX} characters. Choose another.", texts.INVALID)
    return hasher.hash(password)


def fits(hasher: PasswordHasher, stored: str | None, nobody: str, password: str) -> bool:
    """Whether it is that password; takes as long where there is none (`nobody`: the hash to compare with then)."""
    try:
        hasher.verify(stored or nobody, password)
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None
