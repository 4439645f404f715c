"""The strict headers stand on every answer of every route, whatever its status."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
import requests
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from sync.server.app import build_app
from sync.server.house import House
from sync.server.web.pages import Pages
from sync.server.web.routes import PublicSide
from tests.rigs.asgi_adapter import AsgiAdapter
from tests.rigs.bureau import BASE, PASSWORD, QUICK_HASHER, Caller, HandClock
from tests.rigs.street import GOOD

FILE = ("files", ("page.html", b"<script>alert(1)</script>", "text/html"))
EXACT = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


async def _broken(_: Request) -> Response:
    raise LookupError("our own mistake")


class Front:
    """A server with everything in it, and who may call it."""

    def __init__(self, house: House, adapter: AsgiAdapter, routes: list[BaseRoute]) -> None:
        self.routes = [one for one in routes if isinstance(one, Route)]
        self.stranger = adapter.session(BASE)
        self.agent = Caller(adapter.session(BASE), "Olga")
        self.account = self.agent.account("Billing")
        page = self.stranger.post(f"{BASE}/tickets", data=GOOD, files=[FILE], allow_redirects=False)
        self.secret = page.headers["location"].removeprefix("/t/")
        self.blob = house.parts.database.read(lambda: house.parts.database.select("SELECT id FROM blob"))[0][0]

    def paths(self, route: Route) -> list[str]:
        """The route's address, filled in with what is there and with what is not."""
        there = {"secret": self.secret, "blob_id": self.blob, "blobId": self.blob, "accountId": self.account}
        filled = []
        for known in (there, {}):
            path = route.path
            for name in ("secret", "blob_id", "blobId", "accountId"):
                path = path.replace(f"{{{name}}}", known.get(name, "nothing"))
            filled.append(path.replace("{name:path}", "a.html").replace("{name}", "deskbell.css"))
        return sorted(set(filled))

    def call(self, session: requests.Session, method: str, path: str) -> requests.Response:
        options = "?types=*&closeafter=state&ping=0" if path == "/jmap/events" else ""
        answer = session.request(method, BASE + path + options, stream=True, allow_redirects=False, data=b"{}")
        if path != "/jmap/events" and method != "HEAD":
            assert answer.content is not None
        answer.close()
        return answer


@pytest.fixture
def front(tmp_path: Path) -> Iterator[Front]:
    house = House.open(tmp_path / "server.sqlite", HandClock(), Random(3), QUICK_HASHER)
    house.people.add("Olga", PASSWORD, is_owner=True)
    house.grants.add_category("Billing")
    app = build_app(house, [*PublicSide(house, Pages(lambda: "Help")).routes(), Route("/broken", _broken)])
    try:
        with AsgiAdapter(app) as adapter:
            yield Front(house, adapter, app.routes)
    finally:
        house.close()


def _check(answer: requests.Response) -> None:
    headers = answer.headers
    for name, value in EXACT.items():
        assert headers.get(name) == value, (answer.url, name)
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "script-src" not in policy or "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy or "sandbox" in policy, answer.url
    assert "set-cookie" not in headers
    kept = headers["cache-control"]
    public = answer.url.startswith(f"{BASE}/static/") and answer.status_code == 200
    download = "content-disposition" in headers
    assert "no-store" in kept or public or (download and kept.startswith("private")), (answer.url, kept)


def test_every_answer_of_every_route_has_them(front: Front) -> None:
    called = 0
    for route in front.routes:
        for path in front.paths(route):
            for session in (front.stranger, front.agent.session):
                for method in sorted((route.methods or set()) | {"OPTIONS"}):
                    if path == "/broken" and method == "GET":
                        continue
                    if path == "/auth/token" and method == "DELETE":
                        continue
                    _check(front.call(session, method, path))
                    called += 1
    _check(front.call(front.stranger, "GET", "/no/such/page"))
    _check(front.call(front.agent.session, "DELETE", "/auth/token"))

    assert called > 60


def test_a_failure_of_ours_has_them_too(front: Front, caplog: pytest.LogCaptureFixture) -> None:
    answer = front.stranger.get(f"{BASE}/broken")

    assert answer.status_code == 500
    _check(answer)
    assert "our own mistake" not in answer.text


def test_a_page_in_a_file_is_never_shown_as_one(front: Front) -> None:
    own = front.stranger.get(f"{BASE}/t/{front.secret}/files/{front.blob}/page.html")
    agents = front.agent.session.get(
        f"{BASE}/jmap/download/{front.account}/{front.blob}/page.html", params={"accept": "text/html"}
    )

    for answer in (own, agents):
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["content-disposition"].startswith("attachment;")
        assert "sandbox" in answer.headers["content-security-policy"]


def test_over_tls_browsers_are_told_to_stay_with_it(front: Front) -> None:
    plain = front.stranger.get(f"{BASE}/")
    secret = front.stranger.get(BASE.replace("http:", "https:") + "/")

    assert "strict-transport-security" not in plain.headers
    assert "max-age=31536000" in secret.headers["strict-transport-security"]
