"""The ways of notifying that this machine may have, best first."""

import sys
from pathlib import Path

from desktop.alerts.notifications.freedesktop import Freedesktop
from desktop.alerts.notifications.port import Listener, Notifier
from desktop.alerts.notifications.portable import Portable
from desktop.lanes import Home


def ways_here(
    home: Home, listener: Listener, icon: Path, desktop_entry: str, platform: str = sys.platform
) -> list[Notifier]:
    """On Linux and the BSDs the session bus, else plyer; after a failed bus plyer's own ways are tried."""
    portable = Portable(home, listener, str(icon))
    if platform in ("win32", "darwin"):
        return [portable]
    return [Freedesktop(home, listener, str(icon), desktop_entry), portable]
