"""A private D-Bus session bus on which no service starts by itself."""

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from jeepney import DBusAddress, Message, new_method_call
from jeepney.io.blocking import open_dbus_connection

from stage.process import Announcement, environment, running

_BUS = DBusAddress("/org/freedesktop/DBus", bus_name="org.freedesktop.DBus", interface="org.freedesktop.DBus")

_CONFIGURATION = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={folder}/bus</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""


@contextmanager
def session_bus() -> Iterator[str]:
    """Yield the address of a new bus; raises ProgramMissing, NotReady."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="deskbell-bus-")))
        (folder / "bus.conf").write_text(_CONFIGURATION.format(folder=folder))
        address = stack.enter_context(closing(Announcement()))
        command = [
            "dbus-daemon", f"--config-file={folder / 'bus.conf'}", "--nofork", "--nopidfile", "--nosyslog",
            f"--print-address={address.end}",
        ]  # fmt: skip
        stack.enter_context(
            running(
                command,
                address.arrived,
                env=environment(folder),
                log=folder / "bus.log",
                pass_fds=[address.end],
            )
        )
        yield address.line()


def name_owned(address: str, name: str) -> bool:
    """Return whether a program on that bus owns the name."""
    return bool(ask(address, new_method_call(_BUS, "NameHasOwner", "s", (name,)))[0])


def ask(address: str, message: Message) -> tuple[object, ...]:
    """Send one call over a connection of its own and return the answer's body."""
    with open_dbus_connection(bus=address) as connection:
        reply = connection.send_and_get_reply(message, timeout=5)
    return tuple(reply.body)
