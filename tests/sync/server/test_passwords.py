"""Comparing with the hash of nobody takes what comparing with a person's takes."""

import pytest
from argon2 import PasswordHasher, Type, extract_parameters
from argon2.exceptions import VerifyMismatchError

from sync.server.passwords import fits, hash_of_nobody
from tests.rigs.bureau import QUICK_HASHER

OTHER = PasswordHasher(time_cost=2, memory_cost=16, parallelism=2, hash_len=16, salt_len=8, type=Type.I)


@pytest.mark.parametrize("hasher", [PasswordHasher(), QUICK_HASHER, OTHER], ids=["usual", "quick", "other"])
def test_the_hash_of_nobody_is_as_one_of_the_hashers_own(hasher: PasswordHasher) -> None:
    nobody = hash_of_nobody(hasher)
    assert extract_parameters(nobody) == extract_parameters(hasher.hash("a password"))
    with pytest.raises(VerifyMismatchError):  # it was compared; a hash that cannot be read is refused at once
        hasher.verify(nobody, "a password")
    assert not fits(hasher, None, nobody, "a password")
