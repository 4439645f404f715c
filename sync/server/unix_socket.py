"""Listening on a Unix socket, or on a socket that the service manager has opened."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Final

from sync.domain.errors import Rejected

_MODE: Final = 0o660
"""The proxy's user is in the group of the folder, and of the socket."""


def given(fd: int) -> socket.socket:
    """The open socket of that number. Raises Rejected where there is none that listens."""
    try:
        listening = socket.socket(fileno=fd)
    except OSError as error:
        raise Rejected(f"There is no socket {fd}: --fd is for a service manager that opens one.") from error
    if not listening.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
        listening.detach()
        raise Rejected(f"Socket {fd} does not listen: --fd is for a service manager that opens one.")
    return listening


def at_path(path: Path, backlog: int) -> socket.socket:
    """A new socket there, in place of one that nobody listens to any more. Raises Rejected."""
    if not hasattr(socket, "AF_UNIX"):
        raise Rejected("This system has no Unix sockets. Choose a --port.")
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        if path.is_socket() and _abandoned(path):
            path.unlink()
        listening.bind(str(path))
        os.chmod(path, _MODE)
        listening.listen(backlog)
    except OSError as error:
        listening.close()
        raise Rejected(f"{path} cannot be listened on: {error.strerror or error}. Choose another --uds.") from error
    return listening


def _abandoned(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(str(path))
        except ConnectionRefusedError:
            return True
    return False
