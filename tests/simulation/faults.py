"""What may happen to a request: forged answers of whoever stands in between, and broken deliveries."""

import gzip
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

_HTML: Final = {"Content-Type": "text/html"}
_JSON: Final = {"Content-Type": "application/json"}
_PROBLEM: Final = {"Content-Type": "application/problem+json"}


@dataclass(frozen=True)
class Forged:
    """An answer that the server never gave; `endless` repeats the body until nobody reads any more."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    endless: bool = False


FORGED: Final[Mapping[str, Forged]] = {
    "429": Forged(429, _PROBLEM, b"{}"),
    "429 later": Forged(429, {**_PROBLEM, "Retry-After": "30"}, b"{}"),
    "503": Forged(503, _JSON, b"{}"),
    "503 later": Forged(503, {**_JSON, "Retry-After": "20"}, b"{}"),
    "503 at a date": Forged(503, {**_JSON, "Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}, b"{}"),
    "500": Forged(500, _JSON, b"{}"),
    "502 page": Forged(502, _HTML, b"<html>Bad gateway</html>"),
    "413": Forged(413, _HTML, b"<html>Too large</html>"),
    "401": Forged(401, _JSON, b"{}"),
    "403": Forged(403, _JSON, b"{}"),
    "403 page": Forged(403, _HTML, b"<html>Blocked by policy</html>"),
    "404": Forged(404, _JSON, b"{}"),
    "407": Forged(407, {**_HTML, "Proxy-Authenticate": "Basic"}, b"<html>Proxy</html>"),
    "511": Forged(511, _HTML, b"<html>Sign in to the network</html>"),
    "portal": Forged(200, _HTML, b"<html>Welcome to the hotel</html>"),
    "302": Forged(302, {**_HTML, "Location": "http://portal.example/login"}, b""),
    "204": Forged(204),
    "empty 200": Forged(200, _JSON, b""),
    "other JSON": Forged(200, _JSON, b'{"accounts": {}, "hello": 1}'),
    "gzip garbage": Forged(200, {**_JSON, "Content-Encoding": "gzip"}, b"\x1f\x8b\x08 this is not what it says"),
    "gzip cut": Forged(200, {**_JSON, "Content-Encoding": "gzip"}, gzip.compress(b'{"a": 1}' * 500, mtime=0)[:40]),
    "huge body": Forged(200, _JSON, b" " * 65_536, endless=True),
}
DELIVERY: Final = (
    "lost request",
    "lost answer",
    "duplicate",
    "late duplicate",
    "held up",
    "cut answer",
    "cut answer, unnoticed",
    "slow",
    "slow and given up",
    "other server",
)
"""`held up`: the sender gives up, later ones overtake it, then it arrives. `slow`: 10 s; `given up`: 60 s."""

WEIGHTS: Final[Mapping[str, int]] = {
    **dict.fromkeys(FORGED, 2),
    **dict.fromkeys(DELIVERY, 4),
    "lost answer": 12,
    "late duplicate": 8,
    "held up": 8,
    "huge body": 1,
}
