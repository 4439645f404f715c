"""Signing in: address, name and password become a token and a verified answer to who I am."""

from collections.abc import Callable
from dataclasses import dataclass

from sync.connectors.address import normal_address
from sync.connectors.central.connector import CentralConnector
from sync.connectors.central.sign_in import CentralSignIn
from sync.connectors.port import Access
from sync.connectors.session import Session

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
