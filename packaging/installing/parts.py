"""What the operating system must have, looked for as libraries, programs and fonts, not as package names."""

from __future__ import annotations

import ctypes.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Part:
    """One thing to look for, Debian's package that brings it, and what is skipped without it."""

    name: str
    package: str
    without: str
    here: Callable[[], bool]


def _library(name: str, package: str, without: str) -> Part:
    """Return a shared library, such as "xcb-cursor" for libxcb-cursor.so."""
    return Part(f"the library {name}", package, without, lambda: ctypes.util.find_library(name) is not None)


def _program(name: str, package: str, without: str) -> Part:
    """Return a program in the search path."""
    return Part(f"the program {name}", package, without, lambda: shutil.which(name) is not None)


def font_here() -> bool:
    """Return whether any scalable font is installed; without one every letter is an empty box."""
    if shutil.which("fc-list"):
        listed = subprocess.run(["fc-list", ":scalable=true", "file"], capture_output=True, text=True, check=False)
        return bool(listed.stdout.strip())
    folders = [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts"]
    return any(next(folder.rglob("*.[to]t[fc]"), None) for folder in folders if folder.is_dir())


def postgres_here() -> bool:
    """Return whether PostgreSQL's server programs are installed (Debian keeps them off the search path)."""
    if shutil.which("postgres") and shutil.which("initdb"):
        return True
    return next(Path("/usr/lib/postgresql").glob("*/bin/initdb"), None) is not None


_WINDOW = "the desktop cannot open a window"
_SOUND = "the desktop has no chime"
_SCREEN = "the demo uses Qt's offscreen platform; tests on a virtual screen are skipped"
_LISTEN = "nobody listens to the chime in demo and tests"

_LIBRARIES = {
    "glib-2.0": ("libglib2.0-0", _WINDOW),
    "GL": ("libgl1", _WINDOW),
    "EGL": ("libegl1", _WINDOW),
    "dbus-1": ("libdbus-1-3", _WINDOW),
    "fontconfig": ("libfontconfig1", _WINDOW),
    "xkbcommon": ("libxkbcommon0", _WINDOW),
    "brotlidec": ("libbrotli1", _WINDOW),
    "X11": ("libx11-6", _WINDOW),
    "xcb-cursor": ("libxcb-cursor0", _WINDOW),
    "xcb-icccm": ("libxcb-icccm4", _WINDOW),
    "xcb-image": ("libxcb-image0", _WINDOW),
    "xcb-keysyms": ("libxcb-keysyms1", _WINDOW),
    "xcb-render-util": ("libxcb-render-util0", _WINDOW),
    "xcb-render": ("libxcb-render0", _WINDOW),
    "xcb-shape": ("libxcb-shape0", _WINDOW),
    "xcb-util": ("libxcb-util1", _WINDOW),
    "xcb-xkb": ("libxcb-xkb1", _WINDOW),
    "xkbcommon-x11": ("libxkbcommon-x11-0", _WINDOW),
    "pulse": ("libpulse0", _SOUND),
    "Xrandr": ("libxrandr2", _SOUND),
}

_PROGRAMS = {
    "Xvfb": ("xvfb", _SCREEN),
    "dbus-daemon": ("dbus", "notifications are not shown in demo and tests"),
    "dunst": ("dunst", "notifications are not shown in demo and tests"),
    "trayer": ("trayer", "the tray icon is not shown in demo and tests"),
    "pulseaudio": ("pulseaudio", _LISTEN),
    "parec": ("pulseaudio-utils", _LISTEN),
}


def for_desktop() -> list[Part]:
    """Return what the desktop program uses; on macOS and Windows Qt's wheels bring everything."""
    if not sys.platform.startswith("linux"):
        return []
    libraries = [_library(name, package, without) for name, (package, without) in _LIBRARIES.items()]
    return [*libraries, Part("a font", "fonts-dejavu-core", "every letter is an empty box", font_here)]


def for_demo() -> list[Part]:
    """Return what `make demo` uses: the desktop's parts, and what stands for a screen, a bus and a loudspeaker."""
    if not sys.platform.startswith("linux"):
        return []
    programs = [_program(name, package, without) for name, (package, without) in _PROGRAMS.items()]
    return [*for_desktop(), *programs]


def nginx_here() -> bool:
    """Return whether nginx is installed (Debian keeps it where only root's search path looks)."""
    return shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin") is not None


def exim_here() -> bool:
    """Return whether exim4 is installed (Debian keeps it where only root's search path looks)."""
    return shutil.which("exim4", path=os.environ.get("PATH", "") + ":/usr/sbin") is not None


def _dovecot(name: str) -> Part:
    """Return one half of dovecot: Debian packs its protocols apart."""
    without = "tests with a real mailbox are skipped"
    return Part(f"dovecot's {name}", f"dovecot-{name}d", without, lambda: Path("/usr/lib/dovecot", name).exists())


def for_tests() -> list[Part]:
    """Return what `make test` uses: the demo's parts, a hand for the mouse, a PostgreSQL server, a proxy, a browser."""
    server = Part("the PostgreSQL server", "postgresql", "its tests are skipped", postgres_here)
    if not sys.platform.startswith("linux"):
        return [server]
    hand = _program("xdotool", "xdotool", "tests that press keys on the virtual screen are skipped")
    proxy = Part("the program nginx", "nginx-light", "tests of several processes behind it are skipped", nginx_here)
    post = Part("the program exim4", "exim4-daemon-light", "tests with a real mail server are skipped", exim_here)
    browser = _program("chromium", "chromium", "the public pages are not tried in a browser")
    driver = _program("chromedriver", "chromium-driver", "the public pages are not tried in a browser")
    units = _program("systemd-analyze", "systemd", "the units of the installation recipe are not verified")
    return [*for_demo(), hand, server, proxy, post, _dovecot("imap"), _dovecot("lmtp"), browser, driver, units]


def missing(parts: list[Part]) -> list[Part]:
    """Return those that are not here."""
    return [part for part in parts if not part.here()]
