"""A tray as KDE and GNOME's extension offer one: the StatusNotifierWatcher on a session bus."""

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Annotated, Any, TypeVar

from dbus_fast import Message, MessageType, PropertyAccess
from dbus_fast.aio import MessageBus
from dbus_fast.annotations import DBusBool, DBusInt32, DBusSignature, DBusStr
from dbus_fast.service import ServiceInterface, dbus_method, dbus_property, dbus_signal

from stage.bus import name_owned

T = TypeVar("T")
WATCHER = "org.kde.StatusNotifierWatcher"
ITEM = "org.kde.StatusNotifierItem"
_ANSWER_SECONDS = 5.0
_StrList = Annotated[list[str], DBusSignature("as")]


class _Watcher(ServiceInterface):
    """The interface by which programs register their icons."""

    def __init__(self) -> None:
        super().__init__(WATCHER)
        self.items: list[str] = []
        self.changed = threading.Condition()

    @dbus_method()
    def RegisterStatusNotifierItem(self, service: DBusStr) -> None:
        with self.changed:
            self.items.append(service)
            self.changed.notify_all()
        self.StatusNotifierItemRegistered(service)

    @dbus_method()
    def RegisterStatusNotifierHost(self, _service: DBusStr) -> None:
        """Answer only: this host is the one there is."""

    @dbus_property(access=PropertyAccess.READ)
    def RegisteredStatusNotifierItems(self) -> _StrList:
        return self.items

    @dbus_property(access=PropertyAccess.READ)
    def IsStatusNotifierHostRegistered(self) -> DBusBool:
        return True

    @dbus_property(access=PropertyAccess.READ)
    def ProtocolVersion(self) -> DBusInt32:
        return 0

    @dbus_signal()
    def StatusNotifierItemRegistered(self, service: str) -> DBusStr:
        return service


class SniHost:
    """The running tray: the icons in it, what they say, and a click on one."""

    def __init__(self, address: str) -> None:
        """Take the bus's address."""
        self._address = address
        self._loop = asyncio.new_event_loop()
        self._watcher = _Watcher()
        self._bus: MessageBus | None = None

    def wait_for_item(self, seconds: float = _ANSWER_SECONDS) -> str | None:
        """Wait until an icon is here; returns the bus name of the newest, or None."""
        with self._watcher.changed:
            self._watcher.changed.wait_for(self.items, seconds)
        return next(reversed(self.items()), None)

    def items(self) -> list[str]:
        """Return the bus names of the icons that are still here, oldest first."""
        return [item for item in self._watcher.items if name_owned(self._address, item)]

    def property(self, item: str, name: str) -> Any:
        """Return what the icon says: Title, ToolTip, Status, Id, IconPixmap (width, height, bytes), ..."""
        return self._call(item, "org.freedesktop.DBus.Properties", "Get", "ss", [ITEM, name])[0].value

    def activate(self, item: str) -> None:
        """Click on the icon."""
        self._call(item, ITEM, "Activate", "ii", [0, 0])

    def _call(self, item: str, interface: str, member: str, signature: str, body: list[Any]) -> list[Any]:
        """Call the icon's program; raises AssertionError with the program's words."""
        message = Message(
            destination=item,
            path="/StatusNotifierItem",
            interface=interface,
            member=member,
            signature=signature,
            body=body,
        )
        assert self._bus is not None
        reply = self._wait(self._bus.call(message))
        assert reply is not None
        assert reply.message_type is MessageType.METHOD_RETURN, reply.body
        return reply.body

    def _wait(self, work: Coroutine[Any, Any, T]) -> T:
        """Run the coroutine in the host's own thread and return what it gives."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(_ANSWER_SECONDS)

    async def _connect(self) -> None:
        """Take the well-known name on the bus."""
        self._bus = await MessageBus(bus_address=self._address).connect()
        self._bus.export("/StatusNotifierWatcher", self._watcher)
        await self._bus.request_name(WATCHER)

    async def _disconnect(self) -> None:
        """Leave the bus."""
        if self._bus is not None:
            self._bus.disconnect()
            await self._bus.wait_for_disconnect()  # type: ignore[no-untyped-call]  # dbus-fast left it untyped

    @contextmanager
    def running(self) -> "Iterator[SniHost]":
        """Run the host in a thread of its own."""
        thread = threading.Thread(target=self._loop.run_forever, name="tray host", daemon=True)
        thread.start()
        try:
            self._wait(self._connect())
            yield self
        finally:
            self._wait(self._disconnect())
            self._loop.call_soon_threadsafe(self._loop.stop)
            thread.join()
            self._loop.close()


@contextmanager
def sni_host(address: str) -> Iterator[SniHost]:
    """Run a tray on that bus."""
    with SniHost(address).running() as host:
        yield host
