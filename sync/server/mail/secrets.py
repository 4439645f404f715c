"""Passwords that the server must be able to read again: locked with a key that does not stand in the database."""

from __future__ import annotations

import hmac
import os
from base64 import urlsafe_b64decode
from binascii import Error as NotBase64
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Final

from cryptography.fernet import Fernet, InvalidToken

from sync.domain.errors import Corrupt, Rejected

KEY: Final = "DESKBELL_MAIL_KEY"
KEY_FILE: Final = "DESKBELL_MAIL_KEY_FILE"
_FILE_NAME: Final = "deskbell-mail.key"
_KEY_BYTES: Final = 32


class Secrets:
    """Locks and opens passwords of mail servers and keys of webhooks (Fernet: AES-CBC with HMAC-SHA256).

    A backup of the database alone opens none of them.
    """

    def __init__(self, file: Path, key: str | None = None) -> None:
        """`file` holds the key, unless `key` itself is given; it is made when something is first locked."""
        self._file = file
        self._key = key

    @staticmethod
    def of(address: str | Path, environment: Mapping[str, str]) -> Secrets:
        """DESKBELL_MAIL_KEY is the key; DESKBELL_MAIL_KEY_FILE names its file. Without them the file stands beside the
        SQLite database, or with PostgreSQL in the user's folder of settings."""
        named = environment.get(KEY_FILE)
        if named:
            file = Path(named)
        elif "://" in str(address).removeprefix("sqlite:///"):
            home = environment.get("XDG_CONFIG_HOME") or str(Path(environment.get("HOME", ".")) / ".config")
            file = Path(home) / "deskbell-server" / _FILE_NAME
        else:
            file = Path(str(address).removeprefix("sqlite:///")).parent / _FILE_NAME
        return Secrets(file, environment.get(KEY) or None)

    def seal(self, text: str) -> str:
        """As it may stand in the database. Raises Rejected if the key cannot be read or made."""
        return self._cipher(may_make=True).encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        """What was sealed. Raises Corrupt if it was locked with another key, Rejected if there is none."""
        try:
            return self._cipher(may_make=False).decrypt(sealed.encode()).decode()
        except InvalidToken as error:
            raise Corrupt(
                f"A stored password was locked with another key than the one of {self._place()}. Put that key back, "
                "or set the password again."
            ) from error

    def mark(self, text: str) -> bytes:
        """256 bits that belong to this text, which nobody makes without the key. Raises Rejected as `seal` does."""
        key = self._key if self._key is not None else self._read(may_make=True)
        return hmac.new(key.encode(), text.encode(), sha256).digest()

    def _cipher(self, *, may_make: bool) -> Fernet:
        text = self._key if self._key is not None else self._read(may_make=may_make)
        try:
            if len(urlsafe_b64decode(text)) != _KEY_BYTES:
                raise ValueError
            return Fernet(text)
        except (ValueError, NotBase64) as error:
            raise Rejected(f"{self._place()} holds no key: 32 bytes in base64 are meant. Put the key back.") from error

    def _read(self, *, may_make: bool) -> str:
        try:
            if may_make:
                self._make()
            return self._file.read_text(encoding="ascii").strip()
        except FileNotFoundError as error:
            raise Rejected(f"The key of stored passwords is gone: {self._file}. Put it back, or set {KEY}.") from error
        except (OSError, UnicodeDecodeError) as error:
            raise Rejected(f"The key of stored passwords cannot be read: {self._file}. See to its rights.") from error

    def _make(self) -> None:
        """Whole or not at all, for this user only; the first of several processes makes it."""
        if self._file.exists():
            return
        self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = self._file.with_suffix(f".{os.getpid()}")
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(Fernet.generate_key() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(part, self._file)
        except FileExistsError:
            pass
        finally:
            part.unlink()

    def _place(self) -> str:
        return KEY if self._key is not None else str(self._file)
