"""What a signed-in person's program stands on, put together: the window with everything, or the locked page."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QSysInfo
from PySide6.QtWidgets import QApplication

from desktop.alerts.alert_desk import Person
from desktop.alerts.alert_windows import About
from desktop.bridge import Bridge
from desktop.connection import Connection
from desktop.desk import Desk
from desktop.intents import Intents
from desktop.lanes import Lanes
from desktop.locked import Locked
from desktop.models.moments import Moments
from desktop.run import Opened, Run
from desktop.secrets import KeyringVault, PassphraseVault, Vault
from desktop.settings import Settings
from desktop.signing_in import MakeSession
from desktop.theme.appearance import Appearance
from desktop.translation import translate
from desktop.version import VERSION
from sync.cache.cache import Cache
from sync.connectors.central.sign_in import CentralSignIn
from sync.connectors.port import Access
from sync.domain.clock import Clock
from sync.domain.ids import IdFactory


@dataclass(frozen=True, slots=True)
class Stay:
    """One person's stay: their open cache, and the sign-in that goes with it. `recovered`: the cache was damaged."""

    cache: Cache
    access: Access
    address: str
    token: str
    recovered: bool


@dataclass(frozen=True, slots=True)
class Beginning:
    """Makes what a stay needs. `damaged` is called on the UI thread where the cache turns out to be damaged."""

    application: QApplication
    appearance: Appearance
    settings: Settings
    session: MakeSession
    data: Path
    clock: Clock
    ids: IdFactory
    damaged: Callable[[], None]

    def run(self, stay: Stay, vault: Vault) -> Run:
        """The window, the alerts, and all behind them."""
        cache, lanes, bridge = stay.cache, Lanes(), Bridge()
        connection = self._connection(stay, lanes, bridge)
        intents = Intents(cache, lanes.cache, bridge, self.ids, self.clock, connection.nudge_action)
        desk = Desk(
            self.appearance, self.settings, cache, cache.reader(), lanes, bridge, intents, self.ids, self.clock,
            Moments(),
        )  # fmt: skip
        person = Person(stay.access.user_id, stay.access.is_owner)
        device = self.settings.text("account/device") or QSysInfo.machineHostName()
        encrypted = translate("Program", "SQLCipher, AES-256; {where}").format(where=_where(vault))
        sign_in = CentralSignIn(self.session(stay.address, stay.token))
        about = About(
            stay.access.user_name, stay.address, device, self.data, encrypted, VERSION, sign_in.change_password
        )
        return Run(Opened(desk, lanes, person, about), connection, self.application)

    def locked(self, stay: Stay) -> Locked:
        """The page, and a connection that keeps asking."""
        lanes, bridge = Lanes(), Bridge()
        connection = self._connection(stay, lanes, bridge)
        return Locked(self.appearance, stay.cache, lanes, bridge, connection, self.ids, self.clock)

    def _connection(self, stay: Stay, lanes: Lanes, bridge: Bridge) -> Connection:
        session = self.session(stay.address, stay.token)
        return Connection(session, stay.cache, bridge, lanes.home, self.clock, self.damaged)


def _where(vault: Vault) -> str:
    if isinstance(vault, KeyringVault):
        return translate("Program", "the key is in this system's keyring")
    if isinstance(vault, PassphraseVault):
        return translate("Program", "the key is behind your passphrase")
    return translate("Program", "the key is kept for this run only")
