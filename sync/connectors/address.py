"""The server's address as a person types it, made safe to use."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from sync.domain.errors import Rejected


def normal_address(typed: str) -> str:
    """`https://host[:port]`, without a slash at the end; plain http only for this very machine.

    Raises Rejected, reason `address`, with a sentence for whatever cannot be used.
    """
    text = typed.strip()
    if "://" not in text:
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise _unusable(typed) from error
    if parts.scheme not in ("http", "https") or not host or parts.username is not None or " " in text:
        raise _unusable(typed)
    if parts.scheme == "http" and not is_loopback(host):
        raise Rejected(
            f"{host} can only be reached with https, so that nobody reads along. Write https:// before the address.",
            "address",
        )
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}" + (f":{port}" if port is not None else "")


def is_loopback(host: str) -> bool:
    """Whether that host is this machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _unusable(typed: str) -> Rejected:
    return Rejected(f"“{typed.strip()}” is no server address. It looks like helpdesk.example.com.", "address")
