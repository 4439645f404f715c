"""Many workstations in one process, as far as the server sees them: stream, Session, poll of every account.

`python -m tests.bench.returning PLAN`; tokens on the first input line. Says `quiet` when each is connected and has
synced; then waits for `back` (when the server was there again) and says `end` with what it took. They wait between
tries as the workstation's own engine and listener do.
"""

import asyncio
import json
import random
import re
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from sync.connectors.central.accounts import ALL_TYPES
from sync.domain.protocol import CAPABILITY, SESSION_PATH
from sync.engine.listener import CLEAN_END_SPREAD_S
from sync.engine.schedule import retry_wait
from sync.jmap.limits import CORE

_CONNECT_S, _FIRST_BYTE_S = 5.0, 5.0
_ANSWER_S = 60.0
_TYPES = {"category": ("Ticket", "Message"), "personal": ("CategoryGrant",), "team": ("Agent",), "oversight": ()}
_AT_FIRST = 60
_RETRY_AFTER = re.compile(rb"\r\nretry-after: (\d+)\r\n", re.IGNORECASE)
_RETRY = re.compile(rb"\nretry: (\d+)\n\n$")


class Refused(Exception):
    """The server answered with another status than it should."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Workstation:
    """One person's. `state` of its accounts is kept, as the cache keeps cursors."""

    def __init__(self, herd: "Herd", token: str) -> None:
        self._herd = herd
        self._token = token
        self._cursors: dict[str, dict[str, str]] = {}
        self._come_again: float | None = None
        self.connected = asyncio.Event()

    async def listen(self) -> None:
        """Stream after stream."""
        failures = 0
        async with self._herd.few:
            reader = await self._connect()
        while True:
            wait, told = CLEAN_END_SPREAD_S, self._come_again
            if reader is not None:
                failures = 0
                self.connected.set()
                last = await self._read(reader)
                self._herd.lost(self)
                asked = _RETRY.search(last)
                if asked is not None:
                    wait = int(asked[1]) / 1000 * self._herd.chance.uniform(0.5, 1.5)
                else:
                    failures = 1
            if reader is None or failures:
                failures += reader is None
                wait = retry_wait(failures, self._herd.chance, told)
            await asyncio.sleep(wait)
            reader = await self._connect()
            if reader is not None:
                self._herd.spawn(self.sync())

    async def sync(self) -> None:
        """Until it has succeeded: the Session, then one poll of every account."""
        failures = 0
        while True:
            began = time.monotonic()
            try:
                await self._round()
            except Refused as refused:
                if refused.status >= 500:
                    self._herd.errors.append(time.monotonic())
            except (TimeoutError, OSError, asyncio.IncompleteReadError, ValueError):
                self._herd.cut += 1
            else:
                self._herd.synced(self, time.monotonic() - began)
                return
            failures += 1
            await asyncio.sleep(retry_wait(failures, self._herd.chance))

    async def _round(self) -> None:
        session = json.loads(await self._call(self._herd.api, "GET", SESSION_PATH))
        if not self._cursors:
            self._cursors = {
                one: dict.fromkeys(_TYPES[account["accountCapabilities"][CAPABILITY]["kind"]], "")
                for one, account in session["accounts"].items()
            }
        calls = []
        for account_id, states in self._cursors.items():
            for name, state in states.items():
                kind = "changes" if state else "get"
                what: dict[str, Any] = {"sinceState": state} if state else {"ids": []}
                calls.append([f"{name}/{kind}", {"accountId": account_id, **what}, f"{account_id} {name}"])
        body = json.dumps({"using": [CORE, CAPABILITY], "methodCalls": calls}).encode()
        answer = json.loads(await self._call(self._herd.api, "POST", "/jmap/api", body))
        for _, arguments, call_id in answer["methodResponses"]:
            account_id, name = call_id.split()
            self._cursors[account_id][name] = arguments.get("newState") or arguments["state"]

    async def _connect(self) -> asyncio.StreamReader | None:
        """A stream that has given its first sign of life; None: none."""
        host, port = self._herd.stream
        self._come_again = None
        path = f"/jmap/events?types={ALL_TYPES}&closeafter=no&ping=300"
        try:
            async with asyncio.timeout(_FIRST_BYTE_S + _CONNECT_S):
                reader, writer = await asyncio.open_connection(host, port)
                writer.write(f"GET {path} HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer {self._token}\r\n\r\n".encode())
                self._herd.writers[self] = writer
                head = await reader.readuntil(b"\r\n\r\n")
                status = int(head.split()[1])
                if status >= 500:
                    self._herd.errors.append(time.monotonic())
                if status != 200:
                    writer.close()
                    asked = _RETRY_AFTER.search(head)
                    self._come_again = float(asked[1]) if asked else None
                    return None
                await reader.readuntil(b"\nid: ")
                return reader
        except (TimeoutError, OSError, asyncio.IncompleteReadError):
            return None

    async def _read(self, reader: asyncio.StreamReader) -> bytes:
        """To its end; the last words."""
        last = b""
        try:
            while piece := await reader.read(4096):
                last = (last + piece)[-100:].replace(b"\r\n0\r\n\r\n", b"")
        except OSError:
            return b""
        return last

    async def _call(self, where: tuple[str, int], method: str, path: str, body: bytes = b"") -> bytes:
        async with asyncio.timeout(_ANSWER_S):
            reader, writer = await asyncio.open_connection(*where)
            try:
                kind = "Content-Type: application/json\r\n" if body else ""
                writer.write(
                    f"{method} {path} HTTP/1.1\r\nHost: h\r\nConnection: close\r\nAuthorization: Bearer {self._token}"
                    f"\r\n{kind}Content-Length: {len(body)}\r\n\r\n".encode()
                    + body
                )
                head = await reader.readuntil(b"\r\n\r\n")
                status = int(head.split()[1])
                answer = await reader.read()
            finally:
                writer.close()
        if status != 200:
            raise Refused(status)
        return answer


class Herd:
    """All of this process."""

    def __init__(self, plan: dict[str, str]) -> None:
        self.api, self.stream = (_place(plan[name]) for name in ("api", "stream"))
        self.chance = random.SystemRandom()
        self.few = asyncio.Semaphore(_AT_FIRST)
        self.errors: list[float] = []
        self.cut = 0
        self.writers: dict[Workstation, asyncio.StreamWriter] = {}
        self.syncs: list[float] = []
        self._away: set[Workstation] = set()
        self._changed = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._quiet_at = 0.0

    def spawn(self, work: Any) -> None:
        """Beside everything else."""
        task: asyncio.Task[None] = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def lost(self, one: Workstation) -> None:
        """Its stream ended."""
        self._away.add(one)

    def synced(self, one: Workstation, seconds: float) -> None:
        """Its first sync after that is done."""
        self.syncs.append(seconds)
        self._away.discard(one)
        if not self._away:
            self._quiet_at = time.monotonic()
            self._changed.set()

    async def run(
        self, tokens: list[str], say: Callable[[dict[str, Any]], None], hear: Callable[[], Awaitable[str]]
    ) -> None:
        """The whole story."""
        everybody = [Workstation(self, token) for token in tokens]
        for one in everybody:
            self.spawn(one.listen())
        for one in everybody:
            await one.connected.wait()
            await one._round()
        self.syncs, self.errors = [], []
        say({"event": "quiet"})
        back = json.loads(await hear())["back"]
        while len(self.syncs) < len(tokens) or self._away:
            self._changed.clear()
            await self._changed.wait()
        errors = [at - back for at in self.errors]
        say({"event": "end", "quiet": self._quiet_at - back, "syncs": self.syncs, "errors": errors, "cut": self.cut})
        await asyncio.sleep(3600)


def _place(address: str) -> tuple[str, int]:
    parts = urlsplit(address)
    return parts.hostname or "", parts.port or 80


async def main() -> None:
    """Speaks JSON, a line each."""
    loop = asyncio.get_running_loop()

    def say(what: dict[str, Any]) -> None:
        sys.stdout.write(json.dumps(what) + "\n")
        sys.stdout.flush()

    async def hear() -> str:
        return await loop.run_in_executor(None, sys.stdin.readline)

    await Herd(json.loads(sys.argv[1])).run(json.loads(await hear()), say, hear)


if __name__ == "__main__":
    asyncio.run(main())
