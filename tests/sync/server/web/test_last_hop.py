"""Behind a proxy, a caller is who the proxy says, not who the caller says."""

import anyio
import pytest
from starlette.types import Message, Receive, Scope, Send

from sync.server.serve import LastHop


@pytest.mark.parametrize(
    ("told", "seen"),
    [
        ([b"198.51.100.7"], "198.51.100.7"),
        ([b"10.9.9.9, 198.51.100.7"], "198.51.100.7"),
        ([b"127.0.0.1", b"spoofed,198.51.100.7"], "198.51.100.7"),
        ([b"2001:db8::5"], "2001:db8::5"),
        ([b"[2001:db8::5]:8080"], "2001:db8::5"),
        ([], "192.0.2.1"),
    ],
)
def test_only_the_last_entry_counts(told: list[bytes], seen: str) -> None:
    found: list[tuple[str, str]] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        found.append((scope["client"][0], scope["scheme"]))

    async def receive() -> Message:
        raise AssertionError("nobody reads the body")

    async def send(message: Message) -> None:
        raise AssertionError("nothing is answered")

    headers = [(b"x-forwarded-for", value) for value in told] + [(b"x-forwarded-proto", b"https")]
    scope = {"type": "http", "scheme": "http", "client": ("192.0.2.1", 5), "headers": headers}
    anyio.run(LastHop(app), scope, receive, send)

    assert found == [(seen, "https")]
