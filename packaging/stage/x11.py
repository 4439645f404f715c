"""What an X display can be asked without a toolkit: does it answer, and who owns a selection."""

import ctypes
import ctypes.util
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def _connection(display: str) -> "Iterator[tuple[ctypes.CDLL, int] | None]":
    """Yield libX11 and an open display, or None where there is no library or no answer."""
    name = ctypes.util.find_library("X11")
    if name is None:
        yield None
        return
    x11 = ctypes.CDLL(name)
    x11.XOpenDisplay.restype = ctypes.c_void_p
    x11.XOpenDisplay.argtypes = [ctypes.c_char_p]
    x11.XCloseDisplay.argtypes = [ctypes.c_void_p]
    x11.XInternAtom.restype = ctypes.c_ulong
    x11.XInternAtom.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int]
    x11.XGetSelectionOwner.restype = ctypes.c_ulong
    x11.XGetSelectionOwner.argtypes = [ctypes.c_void_p, ctypes.c_ulong]
    opened = x11.XOpenDisplay(display.encode())
    if not opened:
        yield None
        return
    try:
        yield x11, opened
    finally:
        x11.XCloseDisplay(opened)


def answers(display: str) -> bool:
    """Return whether a program could open a window there (a stale DISPLAY makes Qt abort)."""
    with _connection(display) as found:
        return found is not None


def selection_owned(display: str, selection: str) -> bool:
    """Return whether some program owns the selection, as a tray owns _NET_SYSTEM_TRAY_S0."""
    with _connection(display) as found:
        if found is None:
            return False
        x11, opened = found
        atom = x11.XInternAtom(opened, selection.encode(), 0)
        return bool(x11.XGetSelectionOwner(opened, atom))
