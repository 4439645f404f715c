"""What systemd wants to hear of a service that it started (sd_notify(3)): ready, stopping."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from contextlib import suppress
from typing import Final

READY: Final = "READY=1"
STOPPING: Final = "STOPPING=1"
_VARIABLE: Final = "NOTIFY_SOCKET"


def tell(environment: Mapping[str, str], words: str) -> None:
    """Say it where somebody listens; without effect elsewhere, and where nobody hears it any more."""
    where = environment.get(_VARIABLE, "")
    if not where or not hasattr(socket, "AF_UNIX"):
        return
    address = "\0" + where[1:] if where.startswith("@") else where
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line, suppress(OSError):
        line.sendto(words.encode(), address)
