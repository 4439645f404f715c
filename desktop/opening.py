"""Opening what a run stands on: the data folder's cache for this person, and the last known sign-in."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from desktop.secrets import Secrets, Vault, open_vault
from desktop.settings import Settings
from sync.cache.cache import Cache
from sync.cache.recovery import recover
from sync.connectors.port import Access
from sync.domain.clock import Clock
from sync.domain.errors import Corrupt, WrongKey
from sync.domain.ids import IdFactory

FOLDER = "account/folder"


@dataclass(frozen=True, slots=True)
class Found:
    """What the vault and the settings know: `cache` None where nobody signed in here before."""

    kept: Secrets
    cache: Cache | None
    recovered: bool = False


def find(data: Path, folder: str, vault: Vault, clock: Clock, ids: IdFactory, damaged: bool = False) -> Found:
    """Blocking. `folder` names the account's folder, empty at the first start. `damaged`: the cache was found to be.

    Raises NoKeyring, Denied (wrong passphrase), WrongKey, Incompatible, StorageFull.
    """
    kept = open_vault(vault)
    if not folder or kept.token is None:
        return Found(kept, None)
    if damaged:
        return Found(kept, recover(data / folder, kept.cache_key, clock, ids), True)
    cache, recovered = open_cache(data / folder, kept.cache_key, clock, ids)
    return Found(kept, cache, recovered)


def open_cache(folder: Path, key: bytes, clock: Clock, ids: IdFactory) -> tuple[Cache, bool]:
    """The cache, and whether it was damaged and made anew with its words.

    Raises WrongKey, Incompatible, StorageFull.
    """
    try:
        return Cache.open(folder, key, clock, ids), False
    except WrongKey:
        raise
    except Corrupt:
        return recover(folder, key, clock, ids), True


def folder_of(access: Access) -> str:
    """One folder for each person of each server, so that nobody opens another's cache."""
    name = hashlib.sha256(f"{access.server_id}\n{access.user_id}".encode()).hexdigest()
    return f"account-{name[:16]}"


def set_aside(data: Path, settings: Settings, at_ms: int) -> None:
    """A cache whose key is lost is left where it is under another name; the next sign-in begins anew."""
    folder = settings.text(FOLDER)
    if folder and (data / folder).exists():
        (data / folder).rename(data / f"unreadable-{at_ms}-{folder}")
    settings.forget(FOLDER)
