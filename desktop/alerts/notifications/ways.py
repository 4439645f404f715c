"""The ways of notifying that this machine may have, best first."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from desktop.alerts.notifications.freedesktop import Freedesktop
from desktop.alerts.notifications.port import Listener, Notifier
from desktop.alerts.notifications.portable import Portable
from desktop.lanes import Home

_FLATPAK = Path("/app")


def ways_here(home: Home, listener: Listener, icon: Path, desktop_entry: str) -> list[Notifier]:
    """The session bus where there is one, and plyer wherever that may know another way."""
    ways: list[Notifier] = []
    if has_bus(sys.platform, os.environ):
        ways.append(Freedesktop(home, listener, str(icon), desktop_entry))
    if needs_portable(sys.platform, os.environ, _FLATPAK.is_dir()):
        ways.append(Portable(home, listener, str(icon)))
    return ways


def has_bus(platform: str, environment: Mapping[str, str]) -> bool:
    """Whether notifications go by the session bus."""
    return platform not in ("win32", "darwin") and bool(environment.get("DBUS_SESSION_BUS_ADDRESS"))


def needs_portable(platform: str, environment: Mapping[str, str], flatpak: bool) -> bool:
    """Whether plyer can do more than the bus.

    On Linux it hands notes to the same service by other programs, which hide a failure and hang for up to a minute
    where the service is silent; so there only in a Flatpak (its portal) and where no bus was named to us.
    """
    return not has_bus(platform, environment) or flatpak
