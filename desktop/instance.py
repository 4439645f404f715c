"""One running program for each data folder: a local socket by which a second start speaks to the first."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QLockFile, QObject
from PySide6.QtNetwork import QLocalServer, QLocalSocket

Message = dict[str, Any]
Answer = Callable[[Message], None]

LOCK = "running.lock"
_MOST_BYTES = 2_000_000
_CONNECT_MS = 500


class RunningInstance(QObject):
    """Listens. `handle(message, answer)` is called on the UI thread; `answer` is called once, now or later.

    Messages: {"do": "raise"}, {"do": "note", "text": ...}, {"do": "spotCheck"}; answers are objects too,
    {"ok": true, ...} or {"ok": false, "sentence": ...}.
    """

    def __init__(self, folder: Path, handle: Callable[[Message, Answer], None]) -> None:
        super().__init__()
        self._handle = handle
        self._name = _name(folder)
        self._lock = QLockFile(str(folder / LOCK))
        self._lock.setStaleLockTime(0)  # only its program's end frees it
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._take)
        self._heard: dict[QLocalSocket, bytes] = {}

    def start(self) -> bool:
        """False if another program of this folder is running already.

        The lock decides: with UserAccessOption `listen` takes another program's name over without a word.
        """
        if not self._lock.tryLock(0):
            return False
        QLocalServer.removeServer(self._name)  # left behind by a program that was killed
        return self._server.listen(self._name)

    def close(self) -> None:
        self._server.close()
        self._lock.unlock()

    def _take(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            self._heard[socket] = b""
            socket.readyRead.connect(lambda one=socket: self._read(one))
            socket.disconnected.connect(lambda one=socket: self._forget(one))

    def _forget(self, socket: QLocalSocket) -> None:
        self._heard.pop(socket, None)
        socket.deleteLater()

    def _read(self, socket: QLocalSocket) -> None:
        self._heard[socket] = self._heard.get(socket, b"") + bytes(socket.readAll().data())
        line, found, _rest = self._heard[socket].partition(b"\n")
        if not found:
            if len(line) > _MOST_BYTES:
                socket.abort()
            return
        try:
            message = json.loads(line)
        except ValueError:
            message = None
        if not isinstance(message, dict):
            socket.abort()
            return
        self._heard[socket] = b""
        if message.get("do") == "ping":
            _write(socket, {"ok": True})
        else:
            self._handle(message, lambda answer: self._answer(socket, answer))

    def _answer(self, socket: QLocalSocket, answer: Message) -> None:
        if socket in self._heard:
            _write(socket, answer)


def ask_running(folder: Path, message: Message, wait_ms: int = 5_000) -> Message | None:
    """What the running program of that folder answers; None if none runs, or it did not answer in time."""
    return ask(_name(folder), message, wait_ms)


def ask(name: str, message: Message, wait_ms: int = 5_000) -> Message | None:
    """The same by the socket's name."""
    socket = QLocalSocket()
    socket.connectToServer(name)
    if not socket.waitForConnected(_CONNECT_MS):
        return None
    socket.write(json.dumps(message).encode() + b"\n")
    socket.flush()
    heard = b""
    while b"\n" not in heard:
        if not socket.waitForReadyRead(wait_ms):
            return None
        heard += bytes(socket.readAll().data())
    answer = json.loads(heard)
    return answer if isinstance(answer, dict) else None


def _write(socket: QLocalSocket, message: Message) -> None:
    socket.write(json.dumps(message).encode() + b"\n")
    socket.flush()


def _name(folder: Path) -> str:
    return f"deskbell-{hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:20]}"
