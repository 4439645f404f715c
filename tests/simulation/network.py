"""The network between one workstation and the server: it loses, doubles, delays and forges, by a seed."""

import io
import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson
import requests
from requests.adapters import BaseAdapter, HTTPAdapter
from urllib3 import HTTPHeaderDict, HTTPResponse

from tests.simulation.faults import FORGED, WEIGHTS, Forged
from tests.simulation.inline import InlineAdapter

Note = Callable[[str], None]
Look = Callable[[bytes], None]
_NAMES: Final = list(WEIGHTS)
_CHANCES: Final = list(WEIGHTS.values())
_GIVES_UP: Final = ("lost answer", "slow and given up")


@dataclass(frozen=True)
class Answer:
    """What the server really said."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Ambush:
    """Something that happens just before, or just after, one of the next requests."""

    requests_left: int
    after: bool
    deed: Callable[[], None]


class _Endless(io.RawIOBase):
    """The same octets for ever."""

    def __init__(self, piece: bytes) -> None:
        super().__init__()
        self._piece = piece

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        return self._piece if size < 0 else self._piece[:size]


class Network(BaseAdapter):
    """`rate`: the share of requests to which something happens, counted in `injected`.

    `look` sees every body that the server really gave; `pass_time` lets the clock run while one waits.
    """

    def __init__(
        self,
        inner: Callable[[], InlineAdapter],
        source: random.Random,
        note: Note,
        look: Look,
        pass_time: Callable[[float], None],
    ) -> None:
        super().__init__()
        self.inner = inner
        self._random = source
        self._note = note
        self.look = look
        self._pass_time = pass_time
        self._build = HTTPAdapter().build_response
        self._late: list[requests.PreparedRequest] = []
        self.injected: Counter[str] = Counter()
        self.ambush: Ambush | None = None
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
        due = self._due()
        if due is not None and not due.after:
            due.deed()
        answer = self._answer_to(request)
        if due is not None and due.after:
            due.deed()
        return answer

    def _due(self) -> Ambush | None:
        if self.ambush is None:
            return None
        self.ambush.requests_left -= 1
        if self.ambush.requests_left > 0:
            return None
        due, self.ambush = self.ambush, None
        return due

    def _answer_to(self, request: requests.PreparedRequest) -> requests.Response:
        fault = self._random.choices(_NAMES, _CHANCES)[0] if self._random.random() < self.rate else None
        self._note(f"{request.method} {request.path_url} {fault or 'fine'}")
        if fault is None:
            return self._given(request, self._real(request))
        self.injected[fault] += 1
        if fault in FORGED:
            return self._forged(request, FORGED[fault])
        if fault == "lost request":
            raise requests.ConnectionError("lost")
        if fault == "held up":
            self._late.append(request.copy())
            raise requests.ReadTimeout("held up")
        return self._delivered(request, fault)

    def _delivered(self, request: requests.PreparedRequest, fault: str) -> requests.Response:
        """It reaches the server; something is wrong all the same."""
        if fault == "late duplicate":
            self._late.append(request.copy())
        if fault == "duplicate":
            self._real(request.copy())
        answer = self._real(request)
        if fault == "slow":
            self._pass_time(10.0)
        if fault == "slow and given up":
            self._pass_time(60.0)
        if fault in _GIVES_UP:
            raise requests.ReadTimeout(fault)
        body = answer.body
        if fault.startswith("cut answer"):
            body = body[: self._random.randrange(max(len(body), 1))]
        if fault == "other server":
            body = _of_another_server(body, self._random.getrandbits(64))
        length = {"Content-Length": str(len(answer.body))} if fault == "cut answer" else {}
        return self._given(request, Answer(answer.status, {**answer.headers, **length}, body))

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

    def _real(self, request: requests.PreparedRequest) -> Answer:
        start, body = self.inner().exchange(request)
        self.look(body)
        self._note(f"{start['status']} {len(body)}")
        kind = next((value for name, value in start["headers"] if name.lower() == b"content-type"), b"")
        return Answer(start["status"], {"Content-Type": kind.decode("latin-1")}, body)

    def _given(self, request: requests.PreparedRequest, answer: Answer) -> requests.Response:
        return self._response(request, answer.status, answer.headers, io.BytesIO(answer.body))

    def _forged(self, request: requests.PreparedRequest, forged: Forged) -> requests.Response:
        body = _Endless(forged.body) if forged.endless else io.BytesIO(forged.body)
        return self._response(request, forged.status, forged.headers, body)

    def _response(
        self, request: requests.PreparedRequest, status: int, headers: Mapping[str, str], body: Any
    ) -> requests.Response:
        given = HTTPHeaderDict()
        for name, value in headers.items():
            given.add(name, value)
        raw = HTTPResponse(body=body, headers=given, status=status, preload_content=False, enforce_content_length=True)
        return self._build(request, raw)


def _of_another_server(body: bytes, number: int) -> bytes:
    """A Session as another Deskbell server would give it, with no accounts; other answers stay."""
    value = orjson.loads(body) if body[:1] == b"{" else None
    if not isinstance(value, dict) or "capabilities" not in value:
        return body
    for details in value["capabilities"].values():
        if "serverId" in details:
            details["serverId"] = f"d{number:032x}"
    return orjson.dumps({**value, "accounts": {}, "primaryAccounts": {}, "state": "other"})
