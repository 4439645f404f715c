"""Everything that a desktop program needs around it, each part where it can be had."""

import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from stage import bus, notifications, screen, sound, x11
from stage.process import NotReady, ProgramMissing, environment

T = TypeVar("T")


@dataclass(frozen=True)
class Surroundings:
    """What a program is given, what can be asked afterwards, and in sentences what is not here."""

    environment: Mapping[str, str]
    display: str | None
    daemon: notifications.NotificationDaemon | None
    card: sound.NullSink | None
    lacking: tuple[str, ...]


def display_here(around: Mapping[str, str]) -> bool:
    """Return whether a window can open in that environment: a display is named and answers (a stale one does not)."""
    if around.get("DISPLAY") and x11.answers(around["DISPLAY"]):
        return True
    name = around.get("WAYLAND_DISPLAY")
    if not name or not hasattr(socket, "AF_UNIX"):
        return False
    with socket.socket(socket.AF_UNIX) as knock:
        return knock.connect_ex(os.path.join(around.get("XDG_RUNTIME_DIR", ""), name)) == 0


class _Building:
    """The surroundings while they are put up."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self.lacking: list[str] = []

    def add(self, rig: AbstractContextManager[T], otherwise: str) -> T | None:
        """Put up one part; where that fails note why and what follows from it."""
        try:
            return self._stack.enter_context(rig)
        except (ProgramMissing, NotReady) as failure:
            self.lacking.append(f"{str(failure).rstrip('.')}; {otherwise}.")
            return None


@contextmanager
def surroundings(size: str = "1440x900") -> Iterator[Surroundings]:
    """Put up a private screen, tray, bus, notification daemon and sound card; never fails for a missing one."""
    with ExitStack() as stack:
        home = Path(stack.enter_context(TemporaryDirectory(prefix="deskbell-home-", ignore_cleanup_errors=True)))
        built = _Building(stack)
        display = built.add(screen.virtual_screen(size), "Qt's offscreen platform is used instead")
        address = built.add(bus.session_bus(), "notifications are shown in the window only")
        daemon = None
        if display:
            built.add(screen.tray_host(display), "there is no tray icon")
        if display and address:
            daemon = built.add(
                notifications.notification_daemon(display, address), "notifications are shown in the window only"
            )
        card = built.add(sound.null_sink(), "nobody listens to the chime")
        yield Surroundings(_environment(home, display, address, card), display, daemon, card, tuple(built.lacking))


def _environment(home: Path, display: str | None, address: str | None, card: sound.NullSink | None) -> dict[str, str]:
    """Return the environment in which a program sees what was put up, and nothing else."""
    runtime = home / "runtime"
    runtime.mkdir(mode=0o700)
    here = {"XDG_RUNTIME_DIR": str(runtime), "QT_QPA_PLATFORM": "xcb" if display else "offscreen"}
    here |= {"DISPLAY": display} if display else {}
    here |= {"DBUS_SESSION_BUS_ADDRESS": address} if address else {}
    here |= card.environment() if card else {}
    return environment(home, **here)
