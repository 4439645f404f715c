"""A real notification daemon (dunst) that also keeps a list of what it showed."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

from jeepney import DBusAddress, new_method_call
from jeepney.wrappers import Properties

from stage.bus import ask, name_owned
from stage.process import environment, running

NAME = "org.freedesktop.Notifications"
_DUNST = DBusAddress("/org/freedesktop/Notifications", bus_name=NAME, interface="org.dunstproject.cmd0")

_CONFIGURATION = """[global]
    font = DejaVu Sans 10
    origin = top-right
    offset = 12x40
    width = 380
    height = 160
    notification_limit = 5
    stack_duplicates = false
    always_run_script = true
    mouse_left_click = do_action, close_current
    mouse_right_click = close_current
    enable_recursive_icon_lookup = false
[urgency_low]
    timeout = 0
[urgency_normal]
    timeout = 0
[urgency_critical]
    timeout = 0
[keep_a_list]
    summary = "*"
    script = "{script}"
"""

_SCRIPT = """#!/bin/sh
# One record a notification; the fields end in a unit separator, the record in a record separator.
printf '%s\\037%s\\037%s\\037%s\\036' "$DUNST_ID" "$DUNST_URGENCY" "$DUNST_SUMMARY" "$DUNST_BODY" >> '{record}'
"""


@dataclass(frozen=True)
class Shown:
    """One notification as the daemon showed it; a replaced one comes again with the same id."""

    id: int
    urgency: str
    summary: str
    body: str


class NotificationDaemon:
    """The running daemon: what it showed, what stands on the screen now, and a click."""

    def __init__(self, address: str, record: Path) -> None:
        """Take the bus's address and the file that the daemon's script appends to."""
        self._address = address
        self._record = record

    def shown(self) -> list[Shown]:
        """Return everything shown so far, oldest first."""
        if not self._record.exists():
            return []
        records = self._record.read_text(errors="replace").split("\036")[:-1]
        fields = (record.split("\037") for record in records)
        return [Shown(int(number), urgency, summary, body) for number, urgency, summary, body in fields]

    def displayed(self) -> int:
        """Return how many stand on the screen at this moment."""
        (variant,) = ask(self._address, Properties(_DUNST).get("displayedLength"))
        _signature, number = cast("tuple[str, int]", variant)
        return number

    def click(self) -> None:
        """Do the default action of the newest notification, as a click on its text does."""
        ask(self._address, new_method_call(_DUNST, "NotificationAction", "u", (0,)))

    def close_all(self) -> None:
        """Dismiss all notifications."""
        ask(self._address, new_method_call(_DUNST, "NotificationCloseAll"))


@contextmanager
def notification_daemon(display: str, address: str) -> Iterator[NotificationDaemon]:
    """Run a daemon on that display and bus; raises ProgramMissing, NotReady."""
    with TemporaryDirectory(prefix="deskbell-notifications-") as name:
        folder = Path(name)
        script, record = folder / "record.sh", folder / "shown"
        script.write_text(_SCRIPT.format(record=record))
        script.chmod(0o700)
        (folder / "dunstrc").write_text(_CONFIGURATION.format(script=script))
        with running(
            ["dunst", "-conf", str(folder / "dunstrc")],
            lambda: name_owned(address, NAME),
            env=environment(folder, DISPLAY=display, DBUS_SESSION_BUS_ADDRESS=address),
            log=folder / "dunst.log",
        ):
            yield NotificationDaemon(address, record)
