"""Where the cache's key and the sign-in token are kept: keyring, a file behind a passphrase, or this run's memory."""

import json
import os
import secrets
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Protocol

import keyring
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from keyring.errors import KeyringError, PasswordDeleteError

from sync.domain.errors import Denied, DeskbellError, StorageFull

SERVICE: Final = "deskbell"
KEY_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Secrets:
    """`cache_key` is 32 raw bytes; `token` None while nobody is signed in."""

    cache_key: bytes
    token: str | None = None

    def to_text(self) -> str:
        return json.dumps({"cacheKey": self.cache_key.hex(), "token": self.token})

    @staticmethod
    def from_text(text: str) -> "Secrets":
        """Raises ValueError for anything that `to_text` did not write."""
        found = json.loads(text)
        if not isinstance(found, dict) or not isinstance(found.get("cacheKey"), str):
            raise ValueError("no secrets")
        key, token = bytes.fromhex(found["cacheKey"]), found.get("token")
        if len(key) != KEY_BYTES or not (token is None or isinstance(token, str)):
            raise ValueError("no secrets")
        return Secrets(key, token)


class NoKeyring(DeskbellError):
    """This desktop keeps no secrets for us; the person chooses a passphrase or a cache for this run only."""


class Vault(Protocol):
    """Blocking; a keyring may ask the person to unlock it. Call it in a worker."""

    def load(self) -> Secrets | None:
        """None where nothing was kept yet. Raises NoKeyring, Denied (wrong passphrase)."""
        ...

    def save(self, kept: Secrets) -> None:
        """Raises NoKeyring, StorageFull."""
        ...


class KeyringVault:
    """The operating system's keyring; one entry for each data folder."""

    def __init__(self, folder: Path) -> None:
        self._name = str(folder)

    def load(self) -> Secrets | None:
        try:
            text = keyring.get_password(SERVICE, self._name)
        except KeyringError as error:
            raise _no_keyring() from error
        return None if text is None else Secrets.from_text(text)

    def save(self, kept: Secrets) -> None:
        try:
            keyring.set_password(SERVICE, self._name, kept.to_text())
        except KeyringError as error:
            raise _no_keyring() from error

    def forget(self) -> None:
        """Nothing is kept any more."""
        try:
            keyring.delete_password(SERVICE, self._name)
        except PasswordDeleteError:
            return
        except KeyringError as error:
            raise _no_keyring() from error


class PassphraseVault:
    """A small file of the data folder, sealed with a passphrase (scrypt, AES-GCM)."""

    def __init__(self, folder: Path, passphrase: str) -> None:
        self._path = folder / "secrets"
        self._passphrase = passphrase.encode()

    @property
    def was_asked(self) -> bool:
        """Whether the person typed a passphrase, which was then wrong."""
        return bool(self._passphrase)

    def load(self) -> Secrets | None:
        if not self._path.exists():
            return None
        sealed = self._path.read_bytes()
        salt, nonce, rest = sealed[:16], sealed[16:28], sealed[28:]
        try:
            text = AESGCM(self._key(salt)).decrypt(nonce, rest, None).decode()
        except InvalidTag as error:
            raise Denied("That is not the passphrase of this computer's tickets. Try again.") from error
        return Secrets.from_text(text)

    def save(self, kept: Secrets) -> None:
        salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
        sealed = salt + nonce + AESGCM(self._key(salt)).encrypt(nonce, kept.to_text().encode(), None)
        beside = self._path.with_suffix(".new")
        try:
            with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(sealed)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(self._path)
        except OSError as error:
            raise StorageFull("The disk is full. Free some space, then try again.") from error

    def _key(self, salt: bytes) -> bytes:
        return Scrypt(salt=salt, length=KEY_BYTES, n=2**15, r=8, p=1).derive(self._passphrase)


class MemoryVault:
    """For this run only; then what its key encrypts is of no use afterwards and is not kept either (`fleeting`)."""

    def __init__(self, fleeting: bool = True) -> None:
        self.fleeting = fleeting
        self._kept: Secrets | None = None

    def load(self) -> Secrets | None:
        return self._kept

    def save(self, kept: Secrets) -> None:
        self._kept = kept


def open_vault(vault: Vault) -> Secrets:
    """What is kept, or a new key that is kept from now on. Raises what the vault raises."""
    found = vault.load()
    if found is None:
        found = Secrets(secrets.token_bytes(KEY_BYTES))
        vault.save(found)
    return found


def with_token(kept: Secrets, token: str | None) -> Secrets:
    return replace(kept, token=token)


def has_passphrase(folder: Path) -> bool:
    """Whether the secrets of this folder lie behind a passphrase."""
    return (folder / "secrets").exists()


def _no_keyring() -> NoKeyring:
    return NoKeyring(
        "This computer's keyring cannot be used. Choose a passphrase, or use Deskbell without keeping tickets here."
    )
