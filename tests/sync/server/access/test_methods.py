"""Every method in every account as every role, against the table; a method without a row fails."""

from collections.abc import Iterator
from typing import Any

import pytest

from sync.jmap.dispatcher import Dispatcher
from sync.server.app import data_types, further_methods, jmap_host
from tests.rigs.cast import SIGNED_IN, Cast
from tests.sync.server.access.table import ACCOUNTS, METHODS, rows

OPEN = rows(ACCOUNTS)
TABLE = rows(METHODS)
ANSWERS = {
    "readOnly": "accountReadOnly",
    "-": "accountNotSupportedByMethod",
    "declines": "cannotCalculateChanges",
}


def test_every_method_has_its_row_and_every_row_its_method(cast: Cast) -> None:
    house = cast.bureau.house
    registered = set(Dispatcher(jmap_host(house), further_methods(house))._methods)
    assert registered == {name for (name,) in TABLE}


def test_every_type_stands_in_the_accounts_of_the_table(cast: Cast) -> None:
    stands: dict[str, set[str]] = {}
    for kind in ("category", "own", "team", "oversight"):
        account_id = cast.account("owner", kind)
        for one in data_types(cast.bureau.house):
            answer = cast.callers["owner"].calls((f"{one.name}/get", {"accountId": account_id, "ids": []}))[0]
            if answer[0] != "error":
                stands.setdefault(one.name, set()).add(kind)
    table = {
        name.removesuffix("/get"): {kind for kind, answer in cells.items() if answer != "-"}
        for (name,), cells in TABLE.items()
        if name.endswith("/get")
    }
    assert stands == table


def arguments(cast: Cast, name: str, account_id: str) -> dict[str, Any]:
    """The least that the method wants to hear."""
    given: dict[str, Any] = {"accountId": account_id}
    match name.partition("/")[2]:
        case "get":
            given["ids"] = []
        case "changes":
            given["sinceState"] = f"{account_id.rpartition('-')[2]}.0"
        case "queryChanges":
            given["sinceQueryState"] = "x"
        case "copy":
            given |= {"fromAccountId": account_id, "blobIds": []}
        case "takeNext":
            given |= {"clientKey": cast.bureau.key(), "categoryIds": []}
        case "report":
            given |= {"now": "2026-09-01T10:00:00Z", "reports": []}
        case "trace" | "similar" | "newLink":
            given["ticketId"] = cast.ticket_id
    if name in ("Requester/export", "Requester/erase"):
        database = cast.bureau.house.parts.database
        sql = "SELECT requester_id FROM ticket WHERE id = ?"
        [(given["requesterId"],)] = database.read(lambda: database.select(sql, (cast.ticket_id,)))
    if name == "Intake/setCalendar":
        given |= {"zone": "", "hours": "", "country": ""}
    if name == "Presence/set":
        given |= {"ticketId": cast.ticket_id, "doing": "looking"}
    return {} if name == "Core/echo" else given


def expected(name: str, kind: str, role: str) -> str:
    """The name of the response, or the type of the error."""
    if name == "Core/echo":
        return name
    if OPEN[(kind,)][role] != "open":
        return "accountNotFound"
    answer = TABLE[(name,)][kind]
    return ANSWERS.get(answer, name)


def all_calls(role: str) -> Iterator[tuple[str, str]]:
    for (name,) in TABLE:
        for (kind,) in OPEN:
            yield name, kind


@pytest.mark.parametrize("role", SIGNED_IN)
def test_each_role_gets_what_the_tables_say(cast: Cast, role: str) -> None:
    asked = list(all_calls(role))
    accounts = {kind: cast.account(role, kind) for (kind,) in OPEN}
    found: dict[tuple[str, str], str] = {}
    for start in range(0, len(asked), 100):
        some = asked[start : start + 100]
        responses = cast.callers[role].calls(*((name, arguments(cast, name, accounts[kind])) for name, kind in some))
        for one, response in zip(some, responses, strict=True):
            found[one] = str(response[1]["type"]) if response[0] == "error" else str(response[0])
    assert found == {(name, kind): expected(name, kind, role) for name, kind in asked}


@pytest.mark.parametrize("role", ["without", "taken", "with"])
def test_an_account_out_of_sight_and_a_missing_one_get_the_same_words(cast: Cast, role: str) -> None:
    closed = [kind for (kind,), cells in OPEN.items() if cells[role] == "-" and kind != "missing"]
    missing = cast.accounts["missing"]
    for (name,) in TABLE:
        for kind in closed:
            here = cast.account(role, kind)
            calls = [(name, arguments(cast, name, one)) for one in (here, missing)]
            calls[1][1].pop("sinceState", None)
            if "sinceState" in calls[0][1]:
                calls[1][1]["sinceState"] = calls[0][1]["sinceState"]
            one, other = cast.callers[role].calls(*calls)
            assert (one[0], one[1]) == (other[0], other[1]) or name == "Core/echo"


def test_no_method_is_known_without_its_capability(cast: Cast) -> None:
    body = {"using": ["urn:ietf:params:jmap:core"], "methodCalls": [[name, {}, "0"] for (name,) in TABLE]}
    answer = cast.callers["owner"].session.post("http://testserver/jmap/api", json=body).json()
    kinds = {one[0] for one in answer["methodResponses"] if one[1].get("type") != "unknownMethod"}
    assert kinds <= {"Core/echo", "error"}
    core = [one for one in answer["methodResponses"] if one[1].get("type") != "unknownMethod"]
    assert len(core) == 2  # Core/echo, and Blob/copy with its arguments missing
