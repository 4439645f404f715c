"""Where mail is listened for, as an administrator writes it."""

from dataclasses import dataclass
from typing import Final

_UNIX: Final = "unix:"
_HOW: Final = "Write it like lmtp://127.0.0.1:2424, smtp://0.0.0.0:2525 or lmtp://unix:/run/deskbell/lmtp."


@dataclass(frozen=True, slots=True)
class Place:
    """Where to listen: `host` and `port`; or the path of a Unix socket as `host`, and no port."""

    protocol: str
    host: str
    port: int | None


def places_of(text: str) -> list[Place]:
    """Several with commas. Raises ValueError with a sentence."""
    return [_place(one.strip()) for one in text.split(",") if one.strip()]


def check(text: str) -> None:
    """Raises ValueError with a sentence."""
    places_of(text)


def _place(text: str) -> Place:
    protocol, separator, rest = text.partition("://")
    if protocol not in ("lmtp", "smtp") or not separator or not rest:
        raise ValueError(_HOW)
    if rest.startswith(_UNIX):
        return Place(protocol, rest.removeprefix(_UNIX), None)
    host, _, port = rest.rpartition(":")
    if not host or not port.isascii() or not port.isdigit() or int(port) > 65_535:
        raise ValueError(_HOW)
    return Place(protocol, host.strip("[]"), int(port))
