"""One connection to the desktop's notification service, for the thread that owns it."""

import socket
from collections import deque
from html import escape
from typing import Any

from jeepney import DBusAddress, DBusErrorResponse, HeaderFields, MatchRule, Message, MessageType, new_method_call
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import DBusConnection, open_dbus_connection
from jeepney.wrappers import unwrap_msg

from desktop.alerts.notifications.port import Note

REPLY_SECONDS = 2.0
_NAME = "org.freedesktop.Notifications"
_SERVER = DBusAddress("/org/freedesktop/Notifications", bus_name=_NAME, interface=_NAME)
_BUS = "org.freedesktop.DBus"
_NORMAL, _CRITICAL = 1, 2
_DEFAULT_TIME = -1
MISTAKES = (OSError, DBusErrorResponse, KeyError, ValueError, RuntimeError)  # the last three: no usable bus address


class Link:
    """Calls and signals of one connection.

    Every method may raise TimeoutError (no answer within two seconds), OSError (the connection is gone) or
    jeepney.DBusErrorResponse (there is no such service).
    """

    def __init__(self, icon: str, desktop_entry: str) -> None:
        self._icon = icon
        self._entry = desktop_entry
        self._ids: dict[str, int] = {}
        self._tokens: dict[int, str] = {}
        self._abilities: frozenset[str] | None = None
        self._signals: deque[Message] = deque()
        self._connection: DBusConnection = open_dbus_connection(auth_timeout=REPLY_SECONDS)
        ours = MatchRule(type="signal", interface=_NAME, path=_SERVER.object_path)
        owner = MatchRule(type="signal", interface=_BUS, member="NameOwnerChanged", path="/org/freedesktop/DBus")
        owner.add_arg_condition(0, _NAME)
        for rule in (ours, owner):
            self._connection.filter(rule, queue=self._signals)
            self._call(message_bus.AddMatch(rule))

    @property
    def socket(self) -> socket.socket:
        """Readable when a signal came."""
        found: socket.socket = self._connection.sock
        return found

    @property
    def clickable(self) -> bool:
        """Whether the service tells of clicks."""
        return "actions" in self._able()

    def notify(self, note: Note) -> None:
        """Show it, in the place of the one of the same key."""
        body = escape(note.body, quote=False) if "body-markup" in self._able() else note.body
        actions = ["default", note.action] if self.clickable else []
        hints = {
            "urgency": ("y", _CRITICAL if note.urgent else _NORMAL),
            "desktop-entry": ("s", self._entry),
            "suppress-sound": ("b", True),
            "category": ("s", "im.received"),
        }
        values = ("Deskbell", self._ids.get(note.key, 0), self._icon, note.title, body, actions, hints, _DEFAULT_TIME)
        (number,) = self._call(new_method_call(_SERVER, "Notify", "susssasa{sv}i", values))
        self._ids[note.key] = number

    def close(self, key: str) -> None:
        """Take it from the screen; nothing happens if it is gone already."""
        number = self._ids.pop(key, None)
        if number is not None:
            self._call(new_method_call(_SERVER, "CloseNotification", "u", (number,)))

    def clicks(self) -> list[tuple[str, str]]:
        """Key and activation token of each click since the last call; does not wait."""
        while self._pump():
            pass
        found = []
        while self._signals:
            click = self._read(self._signals.popleft())
            if click is not None:
                found.append(click)
        return found

    def hang_up(self) -> None:
        """End the connection."""
        self._connection.close()

    def _able(self) -> frozenset[str]:
        if self._abilities is None:
            (listed,) = self._call(new_method_call(_SERVER, "GetCapabilities"))
            self._abilities = frozenset(listed)
        return self._abilities

    def _pump(self) -> bool:
        try:
            self._connection.recv_messages(timeout=0)
        except TimeoutError:
            return False
        return True

    def _read(self, signal: Message) -> tuple[str, str] | None:
        member = signal.header.fields.get(HeaderFields.member)
        if member == "NameOwnerChanged":
            self._ids.clear()
            self._abilities = None
            return None
        number, rest = signal.body[0], signal.body[1]
        if member == "ActivationToken":
            self._tokens[number] = rest
            return None
        key = next((key for key, known in self._ids.items() if known == number), None)
        token = self._tokens.pop(number, "")
        if member == "NotificationClosed" and key is not None:
            del self._ids[key]
        return (key, token) if member == "ActionInvoked" and key is not None else None

    def _call(self, message: Message) -> tuple[Any, ...]:
        assert message.header.message_type is MessageType.method_call
        body: tuple[Any, ...] = unwrap_msg(self._connection.send_and_get_reply(message, timeout=REPLY_SECONDS))
        return body


def abilities_here() -> frozenset[str] | None:
    """What the desktop's notification service can do, asked over a connection of its own; None where none answers."""
    try:
        with open_dbus_connection(auth_timeout=REPLY_SECONDS) as connection:
            message = new_method_call(_SERVER, "GetCapabilities")
            (listed,) = unwrap_msg(connection.send_and_get_reply(message, timeout=REPLY_SECONDS))
    except MISTAKES:
        return None
    return frozenset(listed)
