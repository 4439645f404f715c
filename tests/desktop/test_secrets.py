"""Key and token are kept where they belong, and nowhere else."""

from pathlib import Path

import pytest

from desktop.secrets import (
    KEY_BYTES,
    KeyringVault,
    MemoryVault,
    NoKeyring,
    PassphraseVault,
    Secrets,
    has_passphrase,
    open_vault,
    with_token,
)
from sync.domain.errors import Denied


def test_a_vault_makes_a_key_once() -> None:
    vault = MemoryVault()
    first = open_vault(vault)
    assert len(first.cache_key) == KEY_BYTES
    assert open_vault(vault) == first
    assert open_vault(MemoryVault()) != first


def test_a_passphrase_opens_what_it_closed(tmp_path: Path) -> None:
    kept = with_token(open_vault(PassphraseVault(tmp_path, "bell and book")), "the-token")
    PassphraseVault(tmp_path, "bell and book").save(kept)
    assert PassphraseVault(tmp_path, "bell and book").load() == kept
    with pytest.raises(Denied, match="passphrase"):
        PassphraseVault(tmp_path, "bell and boot").load()


def test_nothing_can_be_read_from_the_file(tmp_path: Path) -> None:
    assert not has_passphrase(tmp_path)
    kept = Secrets(bytes(range(32)), "the-token")
    PassphraseVault(tmp_path, "bell and book").save(kept)
    assert has_passphrase(tmp_path)
    path = tmp_path / "secrets"
    octets = path.read_bytes()
    assert b"the-token" not in octets
    assert kept.cache_key.hex().encode() not in octets
    assert path.stat().st_mode & 0o077 == 0


def test_no_keyring_is_said(tmp_path: Path) -> None:
    with pytest.raises(NoKeyring, match="passphrase"):
        open_vault(KeyringVault(tmp_path))


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"cacheKey": "00"}', '{"cacheKey": 1}'])
def test_what_we_did_not_write_is_no_secret(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  json's own errors are among them
        Secrets.from_text(text)
