"""Signing in: address, name and password become a token and a verified answer to who I am."""

from collections.abc import Callable
from dataclasses import dataclass

from desktop.opening import folder_of
from sync.cache.cache import Cache
from sync.connectors.address import normal_address
from sync.connectors.central.connector import CentralConnector
from sync.connectors.central.sign_in import CentralSignIn
from sync.connectors.port import Access
from sync.connectors.session import Session
from sync.domain.errors import Denied

MakeSession = Callable[[str, str | None], Session]


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A sign-in that worked; `address` in its normal spelling."""

    address: str
    name: str
    token: str
    access: Access


def sign_in(make_session: MakeSession, address: str, name: str, password: str, device: str) -> SignedIn:
    """Blocking. Raises Rejected (the address), Denied, Offline or Incompatible, each with its sentence."""
    normal = normal_address(address)
    token = CentralSignIn(make_session(normal, None)).sign_in(name, password, device)
    access = CentralConnector(make_session(normal, token)).access()
    return SignedIn(normal, name, token, access)


def welcome_back(make_session: MakeSession, address: str, token: str, cache: Cache, folder: str) -> None:
    """Blocking. A cache that was damaged and made anew learns from the server again who its person is.

    Raises Denied (also where `folder` is another person's), Offline or Incompatible; a cache that knows it asks nobody.
    """
    if cache.access() is not None:
        return
    access = CentralConnector(make_session(address, token)).access()
    if folder_of(access) != folder:
        raise Denied("Sign in again; nothing is lost.")
    cache.save_access(access)
