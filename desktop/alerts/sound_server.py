"""Whether the Linux sound server has been there all the time, which Qt's own sound needs.

Qt 6.11 asks PulseAudio again once, three seconds after it went; if nobody answers then, the next sound ends the
whole program (an assertion in libpulse), and a server that comes later is never found (both seen).
"""

import os
import socket
from collections.abc import Mapping
from pathlib import Path

CHECK_MS = 2_000
_WAIT_SECONDS = 0.2


def address_of(environment: Mapping[str, str]) -> Path | None:
    """The server's local socket; None where sound goes another way (another system, a server elsewhere)."""
    named = environment.get("PULSE_SERVER", "")
    if named:
        return Path(named.removeprefix("unix:")) if named.startswith(("unix:", "/")) else None
    runtime = environment.get("XDG_RUNTIME_DIR")
    return Path(runtime) / "pulse" / "native" if runtime else None


def answers(address: Path) -> bool:
    """Whether somebody listens there; takes microseconds."""
    with socket.socket(socket.AF_UNIX) as knock:
        knock.settimeout(_WAIT_SECONDS)
        return knock.connect_ex(str(address)) == 0


class SoundServer:
    """Looks when asked, at least every two seconds."""

    def __init__(self, address: Path | None = None) -> None:
        self._address = address_of(os.environ) if address is None else address
        self._here = self._address is not None and answers(self._address)
        self.was_here = self._here
        self.went_away = False

    @property
    def here(self) -> bool:
        """Whether it answered at the last look."""
        return self._here

    def look(self) -> bool:
        """Look again; whether that changed anything."""
        if self._address is None:
            return False
        before, self._here = self._here, answers(self._address)
        self.went_away = self.went_away or (self.was_here and not self._here)
        return before != self._here
