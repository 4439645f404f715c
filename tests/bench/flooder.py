"""A flood of the public side from many addresses: `python -m tests.bench.flooder ADDRESS SECONDS LINES`."""

import asyncio
import json
import sys
import time
from collections import Counter
from itertools import cycle
from urllib.parse import urlencode, urlsplit

FORM = {"name": "Nobody", "subject": "Flood", "text": "word " * 200, "category": "Downloads"}
PIECE = b"x" * 1_000_000


def form(number: int) -> bytes:
    """A ticket, filed by form."""
    body = urlencode({**FORM, "email": f"n{number}@mail.example"}).encode()
    return _post("/tickets", "application/x-www-form-urlencoded", body)


def upload(number: int) -> bytes:
    """A form with a file of a megabyte."""
    named = {**FORM, "email": f"u{number}@mail.example"}
    parts = [
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in named.items()
    ]
    head = '--b\r\nContent-Disposition: form-data; name="files"; filename="a.bin"\r\n\r\n'
    body = "".join([*parts, head]).encode() + PIECE + b"\r\n--b--\r\n"
    return _post("/tickets", "multipart/form-data; boundary=b", body)


def page(_number: int) -> bytes:
    """The empty form."""
    return b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


def sign_in(number: int) -> bytes:
    """A wrong password."""
    body = json.dumps({"name": f"agent{number % 50}", "password": "wrong", "device": "d"}).encode()
    return _post("/auth/token", "application/json", body)


def slow(_number: int) -> bytes:
    """The beginning of a form, and nothing more."""
    return b"POST /tickets HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 9000\r\n\r\n"


def _post(path: str, kind: str, body: bytes) -> bytes:
    return (
        f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        + body
    )


async def hammer(address: tuple[str, int], source: str, octets: bytes, end: float, seen: Counter[str]) -> None:
    """The same over and over on one connection, from one address, until the time is over."""
    while time.monotonic() < end:
        try:
            reader, writer = await asyncio.open_connection(*address, local_addr=(source, 0))
        except OSError:
            seen["refused"] += 1
            await asyncio.sleep(0.1)
            continue
        try:
            async with asyncio.timeout(max(0.1, end - time.monotonic())):
                while True:
                    writer.write(octets)
                    await writer.drain()
                    head = await reader.readuntil(b"\r\n\r\n")
                    seen[head[9:12].decode()] += 1
                    length = next(
                        (line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), b":0"
                    )
                    await reader.readexactly(int(length.partition(b":")[2]))
        except (OSError, asyncio.IncompleteReadError):
            seen["ended"] += 1
        except TimeoutError:
            return
        finally:
            writer.close()


async def flood(address: tuple[str, int], seconds: float, lines: int) -> Counter[str]:
    """Each line from an address of its own, so that no limit of one address helps."""
    seen: Counter[str] = Counter()
    end = time.monotonic() + seconds
    kinds = cycle((form, form, page, upload, sign_in, slow, slow))
    async with asyncio.TaskGroup() as group:
        for number in range(lines):
            source = f"127.0.{1 + number // 250}.{1 + number % 250}"
            group.create_task(hammer(address, source, next(kinds)(number), end, seen))
        print("ready", flush=True)  # noqa: T201  # what the starter waits for
    return seen


def main() -> None:
    """Flood, then say what was answered."""
    where = urlsplit(sys.argv[1])
    seen = asyncio.run(flood((str(where.hostname), int(where.port or 80)), float(sys.argv[2]), int(sys.argv[3])))
    print(json.dumps(seen))  # noqa: T201  # what the starter reads


if __name__ == "__main__":
    main()
