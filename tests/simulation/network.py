"""The network between one workstation and the server: it loses, doubles, delays and forges, by a seed."""

import io
import random
from collections.abc import Callable, Mapping
from typing import Any, Final

import orjson
import requests
from requests.adapters import BaseAdapter, HTTPAdapter
from urllib3 import HTTPResponse

Note = Callable[[str], None]
Look = Callable[[bytes], None]

FAULTS: Final = (
    "lost request",
    "lost answer",
    "lost answer",
    "duplicate",
    "late duplicate",
    "cut answer",
    "500",
    "502 page",
    "503",
    "portal",
    "other JSON",
    "other server",
    "401",
)
FORGED: Final[Mapping[str, tuple[int, dict[str, str], bytes]]] = {
    "500": (500, {"Content-Type": "application/json"}, b"{}"),
    "502 page": (502, {"Content-Type": "text/html"}, b"<html>Bad gateway</html>"),
    "503": (503, {"Content-Type": "application/json", "Retry-After": "20"}, b"{}"),
    "portal": (200, {"Content-Type": "text/html"}, b"<html>Welcome to the hotel</html>"),
    "other JSON": (200, {"Content-Type": "application/json"}, b'{"accounts": {}, "hello": 1}'),
    "401": (401, {"Content-Type": "application/json"}, b"{}"),
}


class Network(BaseAdapter):
    """`rate`: the share of requests to which something happens. `look` sees every body the server really gave."""

    def __init__(self, inner: Callable[[], BaseAdapter], source: random.Random, note: Note, look: Look) -> None:
        super().__init__()
        self._inner = inner
        self._random = source
        self._note = note
        self._look = look
        self._build = HTTPAdapter().build_response
        self._late: list[requests.PreparedRequest] = []
        self.online = True
        self.rate = 0.0
        self.requests = 0

    def send(self, request: requests.PreparedRequest, *_args: Any, **_named: Any) -> requests.Response:
        """One request, and what becomes of it."""
        self.requests += 1
        read = getattr(request.body, "read", None)
        if read is not None:
            request.body = read()  # a file on its way up; it may be sent twice
        if not self.online:
            self._note("no network")
            raise requests.ConnectionError("no network")
        self.deliver_late(0.3)
        fault = self._random.choice(FAULTS) if self._random.random() < self.rate else None
        self._note(f"{request.method} {request.path_url} {fault or 'fine'}")
        if fault == "lost request":
            raise requests.ConnectionError("lost")
        if fault is not None and fault in FORGED:
            return self._answer(request, *FORGED[fault])
        if fault == "late duplicate":
            self._late.append(request.copy())
        if fault == "duplicate":
            self._real(request.copy())
        status, headers, body = self._real(request)
        if fault == "lost answer":
            raise requests.ReadTimeout("lost")
        if fault == "cut answer":
            body = body[: len(body) // 2]
        if fault == "other server":
            body = _of_another_server(body)
        return self._answer(request, status, headers, body)

    def deliver_late(self, chance: float) -> None:
        """Requests that were on their way for a long time arrive now; nobody waits for their answers."""
        still = []
        for request in self._late:
            if self._random.random() < chance:
                self._note(f"late {request.method} {request.path_url}")
                self._real(request)
            else:
                still.append(request)
        self._late = still

    def close(self) -> None:
        """Nothing to close: the server is everybody's."""

    def _real(self, request: requests.PreparedRequest) -> tuple[int, dict[str, str], bytes]:
        response = self._inner().send(request, stream=False, timeout=60)
        body = response.content
        self._look(body)
        self._note(f"{response.status_code} {len(body)}")
        return response.status_code, {"Content-Type": response.headers.get("Content-Type", "")}, body

    def _answer(
        self, request: requests.PreparedRequest, status: int, headers: dict[str, str], body: bytes
    ) -> requests.Response:
        raw = HTTPResponse(body=io.BytesIO(body), headers=headers, status=status, preload_content=False)
        return self._build(request, raw)


def _of_another_server(body: bytes) -> bytes:
    """A Session as another Deskbell server would give it, with no accounts; other answers stay."""
    value = orjson.loads(body)
    if not isinstance(value, dict) or "capabilities" not in value:
        return body
    for details in value["capabilities"].values():
        if "serverId" in details:
            details["serverId"] = "d" + "0" * 32
    return orjson.dumps({**value, "accounts": {}, "primaryAccounts": {}, "state": "other"})
