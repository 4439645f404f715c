"""The connector to Deskbell's own server, over JMAP."""

from sync.connectors.central.connector import CentralConnector
from sync.connectors.central.sign_in import CentralSignIn

__all__ = ["CentralConnector", "CentralSignIn"]
