"""A form that stands still on its way is given up with a page; nothing waits for it for ever."""

import anyio
from starlette.requests import Request
from starlette.types import Message

from sync.server.web.pages import Pages
from sync.server.web.routes import PublicSide
from tests.rigs.street import Street


def test_a_body_that_stops_gets_a_page_that_says_so(street: Street) -> None:
    side = PublicSide(street.house, Pages(lambda: "Help desk"), patience=0.05)
    handler = next(one for one in side.routes() if one.path == "/tickets" and "POST" in (one.methods or ())).endpoint
    headers = [(b"content-type", b"application/x-www-form-urlencoded"), (b"content-length", b"500")]
    first: list[Message] = [{"type": "http.request", "body": b"text=a", "more_body": True}]

    async def receive() -> Message:
        if not first:
            await anyio.sleep_forever()
        return first.pop()

    async def send() -> tuple[int, bytes]:
        scope = {"type": "http", "method": "POST", "path": "/tickets", "query_string": b"", "headers": headers}
        answer = await handler(Request({**scope, "client": ("::1", 5)}, receive))
        return answer.status_code, answer.body

    status, body = anyio.run(send)

    assert status == 408
    assert b"send it again" in body
    assert street.count("ticket") == 0
