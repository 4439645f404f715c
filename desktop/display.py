"""Whether there is a screen to draw on: Qt ends the whole process where there is none, so ask first."""

import os
import re
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

_X11_PORT = 6000
_WAIT_S = 2.0
_WITHOUT_SCREEN = ("offscreen", "minimal", "vnc", "linuxfb", "eglfs", "vkkhrdisplay", "minimalegl")


def objection(environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> str | None:
    """A sentence for the person where no screen answers, None where one does."""
    wanted = environment.get("QT_QPA_PLATFORM", "").partition(":")[0]
    if platform in ("win32", "darwin") or wanted in _WITHOUT_SCREEN:
        return None
    if wanted != "xcb" and (name := environment.get("WAYLAND_DISPLAY")):
        folder = Path(environment.get("XDG_RUNTIME_DIR", "/run/user/0"))
        if _answers_unix(str(folder / name)):
            return None
    display = environment.get("DISPLAY", "")
    if not display:
        return "There is no display to show Deskbell on. Start it from your desktop, or set DISPLAY."
    if not _answers_x11(display):
        return f"The display {display} does not answer. Start Deskbell from your desktop, or set DISPLAY."
    return None


def _answers_x11(display: str) -> bool:
    match = re.fullmatch(r"(?:unix)?(?:/unix)?(?P<host>[^:/]*):(?P<number>\d+)(?:\.\d+)?", display)
    if match is None:
        return Path(display.partition(":")[0]).exists()
    number = int(match["number"])
    if match["host"]:
        try:
            socket.create_connection((match["host"], _X11_PORT + number), _WAIT_S).close()
        except OSError:
            return False
        return True
    path = os.sep.join(("", "tmp", ".X11-unix", f"X{number}"))  # the place that X11 names
    return _answers_unix(f"\0{path}") or _answers_unix(path)


def _answers_unix(path: str) -> bool:
    try:
        with socket.socket(socket.AF_UNIX) as probe:
            probe.settimeout(_WAIT_S)
            probe.connect(path)
    except OSError:
        return False
    return True
