"""Every route as every role, against the table; a route without a row fails."""

from typing import Any

import pytest
import requests
from starlette.routing import Route

from sync.jmap.limits import CORE
from tests.rigs.bureau import BASE, PASSWORD
from tests.rigs.cast import FORM, Cast
from tests.sync.server.access.table import ROUTES, rows

TABLE = rows(ROUTES, 2)
ROLES = tuple(next(iter(TABLE.values())))


def test_every_route_has_its_row_and_every_row_its_route(cast: Cast) -> None:
    served = {
        (method, route.path)
        for route in cast.app.routes
        if isinstance(route, Route)
        for method in (route.methods or set()) - {"HEAD"}
    }
    assert len([one for one in cast.app.routes if isinstance(one, Route)]) == len(cast.app.routes)
    assert served == set(TABLE)


def ask(cast: Cast, method: str, path: str, role: str) -> requests.Response:
    """That route, called as well as that role can."""
    session, more = cast.sessions[role], {}
    address = BASE + path.replace("{accountId}", cast.accounts["category"]).replace("{name:path}", "bill.pdf")
    address = address.replace("{blobId}", cast.blob_id).replace("{blob_id}", cast.blob_id)
    guess = "/t/" + "A" * 43
    address = (
        address.replace("/t/{secret}", cast.secret if role == "link" else guess)
        .replace("{name}", "deskbell.css")
        .replace("{slug}", "opening-hours")
    )
    more = _body(method, path, role)
    if path == "/jmap/events":
        more = {"params": {"types": "*", "closeafter": "state", "ping": "0"}, "stream": True}
    return session.request(method, address, allow_redirects=False, timeout=(10, 10), **more)


def _body(method: str, path: str, role: str) -> dict[str, Any]:
    match method, path:
        case "POST", "/jmap/api":
            return {"json": {"using": [CORE], "methodCalls": [["Core/echo", {}, "0"]]}}
        case "POST", "/auth/token":
            return {"json": {"name": role, "password": PASSWORD, "device": "d"}}
        case "POST", "/auth/password":
            return {"json": {"old": PASSWORD, "new": PASSWORD}}
        case "POST", "/tickets" | "/tickets/category" | "/tickets/files":
            return {"data": {**FORM, "text": "Again!"}}
        case "POST", "/t/{secret}/solved" | "/t/{secret}/waiting" | "/t/{secret}/rating":
            return {"data": {"rating": "good"}}
        case "POST", "/t/{secret}/works" | "/t/{secret}/broken" | "/t/{secret}/follow" | "/incidents/confirm/{secret}":
            return {"data": {"incident": "i0"}}
        case "POST", "/incidents/{incident_id}/follow":
            return {"data": {"email": "somebody@mail.example"}}
        case "POST", "/links":
            return {"data": {"email": "somebody@mail.example"}}
        case "POST", "/t/{secret}":
            return {"data": {"text": "More words"}}
        case "POST", _:
            return {"data": b"octets", "headers": {"Content-Type": "image/png"}}
    return {}


@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_what_the_table_says(cast: Cast, role: str) -> None:
    last: dict[tuple[str, ...], int] = {("DELETE", "/auth/token"): 1}  # it ends the session that the others need
    found = {}
    for method, path in sorted(TABLE, key=lambda one: last.get(one, 0)):
        answer = ask(cast, method, path, role)
        found[f"{method} {path}"] = str(answer.status_code)
        answer.close()
    assert found == {f"{method} {path}": cells[role] for (method, path), cells in TABLE.items()}


@pytest.mark.parametrize(("method", "path"), [("GET", "/.well-known/jmap"), ("POST", "/jmap/api")])
def test_what_is_refused_says_nothing_else(cast: Cast, method: str, path: str) -> None:
    for role in ("nobody", "wrong", "link"):
        answer = ask(cast, method, path, role)
        assert answer.json() == {
            "type": "about:blank",
            "status": 401,
            "title": "unauthorized",
            "detail": "Sign in first.",
        }


def test_an_account_out_of_sight_and_a_missing_one_look_alike_on_every_route(cast: Cast) -> None:
    session = cast.sessions["taken"]
    here, missing = cast.accounts["category"], cast.accounts["missing"]
    for method, path in (("POST", f"/jmap/upload/{here}/"), ("GET", f"/jmap/download/{here}/{cast.blob_id}/a")):
        answers = [session.request(method, BASE + one, data=b"x") for one in (path, path.replace(here, missing))]
        assert answers[0].status_code == answers[1].status_code == 404
        assert answers[0].content == answers[1].content
        volatile = {"date", "server"}
        heads = [{name: value for name, value in one.headers.items() if name not in volatile} for one in answers]
        assert heads[0] == heads[1]
