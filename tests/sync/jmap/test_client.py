"""The client's half: what it sends, what it takes for an answer."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.jmap.access import Principal
from sync.jmap.client import MalformedError, RequestBuilder, read_problem, read_response
from sync.jmap.errors import JSON, MethodError, RequestError, SetError
from sync.jmap.limits import CORE
from sync.jmap.results import read_changes, read_get, read_set
from sync.jmap.service import read_session, read_state_change
from sync.jmap.session import Sessions
from sync.jmap.wire import write
from tests.contract.jmap.toy import BASE, ToyHost

ANN_SESSION = Sessions(ToyHost().host).session(Principal("ann", "ann@toys.example"), BASE)


def response(*invocations: JSON, **more: JSON) -> bytes:
    """A response with these invocations."""
    return write({"methodResponses": list(invocations), "sessionState": "s", **more})


def test_a_reference_is_sent_with_its_sign() -> None:
    request = RequestBuilder(["b", "a"])
    changes = request.call("Todo/changes", {"accountId": "A1", "sinceState": "s0"})
    request.call("Todo/get", {"accountId": "A1", "ids": changes.ref("/created")})
    assert len(request) == 2
    assert json.loads(request.to_bytes()) == {
        "using": ["a", "b"],
        "methodCalls": [
            ["Todo/changes", {"accountId": "A1", "sinceState": "s0"}, "c0"],
            [
                "Todo/get",
                {"accountId": "A1", "#ids": {"resultOf": "c0", "name": "Todo/changes", "path": "/created"}},
                "c1",
            ],
        ],
    }


def test_created_ids_are_sent_when_given() -> None:
    assert RequestBuilder([], {"k": "t1"}).as_json()["createdIds"] == {"k": "t1"}
    assert "createdIds" not in RequestBuilder([]).as_json()


def test_answers_are_found_by_call() -> None:
    request = RequestBuilder([CORE])
    first, second, third = (request.call(name, {}) for name in ("Core/echo", "Todo/set", "Todo/get"))
    found = read_response(
        response(
            ["Core/echo", {"n": 1}, "c0"],
            ["Todo/set", {"n": 2}, "c1"],
            ["Pin/set", {"n": 3}, "c1"],
            ["error", {"type": "accountNotFound", "description": "x", "more": 5}, "c2"],
            createdIds={"k": "t1"},
        )
    )
    assert found.arguments(first) == {"n": 1}
    assert found.arguments(second) == {"n": 2}
    assert found.implied(second, "Pin/set") == {"n": 3}
    assert found.implied(first, "Pin/set") is None
    assert found.created_ids == {"k": "t1"}
    with pytest.raises(MethodError) as refused:
        found.arguments(third)
    assert (refused.value.kind, refused.value.description, refused.value.more) == ("accountNotFound", "x", {"more": 5})


def test_a_refused_implied_call_is_told() -> None:
    handle = RequestBuilder([]).call("Todo/set", {})
    found = read_response(response(["Todo/set", {}, "c0"], ["error", {"type": "serverFail"}, "c0"]))
    with pytest.raises(MethodError, match="serverFail"):
        found.implied(handle, "Pin/set")


def test_a_missing_or_foreign_answer_means_nothing_is_known() -> None:
    handle = RequestBuilder([]).call("Todo/set", {})
    with pytest.raises(MalformedError):
        read_response(response()).arguments(handle)
    with pytest.raises(MalformedError):
        read_response(response(["Other/set", {}, "c0"])).arguments(handle)


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        b"<html>sign in to the hotel's network</html>",
        b"[]",
        b"{}",
        b'{"methodResponses":{},"sessionState":"s"}',
        b'{"methodResponses":[],"sessionState":5}',
        b'{"methodResponses":[["a",{}]],"sessionState":"s"}',
        b'{"methodResponses":[["a",[],"c"]],"sessionState":"s"}',
        b'{"methodResponses":[],"sessionState":"s","createdIds":[]}',
    ],
)
def test_what_is_no_response_is_malformed(octets: bytes) -> None:
    with pytest.raises(MalformedError):
        read_response(octets)


@given(st.binary(max_size=50))
def test_any_octets_fail_in_one_way_only(octets: bytes) -> None:
    for reader in (read_response, read_session):
        with pytest.raises(MalformedError):
            reader(octets)


def test_errors_survive_the_wire() -> None:
    error = SetError("invalidProperties", "title is missing", properties=["title"], existingId="t1")
    found = SetError.from_json(json.loads(write(error.as_json())))
    assert (found.kind, found.description, found.properties, found.more) == (
        "invalidProperties",
        "title is missing",
        ("title",),
        {"existingId": "t1"},
    )
    assert SetError.from_json({}).kind == "serverFail"
    assert SetError.from_json({"type": 5, "description": 5, "properties": 5}).properties is None
    assert MethodError.from_json({"type": None}).kind == "serverFail"


@pytest.mark.parametrize(
    "error",
    [
        RequestError("limit", "Too many.", status=429, limit="maxConcurrentRequests"),
        RequestError("notFound", "There is nothing.", status=404),
        RequestError("unknownCapability", "No."),
    ],
)
def test_problems_survive_the_wire(error: RequestError) -> None:
    found = read_problem(error.status, "application/problem+json; charset=utf-8", write(error.problem()))
    assert found is not None
    assert (found.kind, found.detail, found.status, found.limit) == (
        error.kind,
        error.detail,
        error.status,
        error.limit,
    )


@pytest.mark.parametrize(
    ("content_type", "octets"),
    [
        ("text/html", b"{}"),
        ("application/problem+json", b"<html>"),
        ("application/problem+json", b"[]"),
        ("application/problem+json", b'{"type":5}'),
    ],
)
def test_another_page_is_no_problem_document(content_type: str, octets: bytes) -> None:
    assert read_problem(502, content_type, octets) is None


def test_the_standard_answers_are_typed() -> None:
    got = read_get({"accountId": "A1", "state": "s", "list": [{"id": "t1"}], "notFound": ["t2"]})
    assert (got.objects, got.not_found) == ([{"id": "t1"}], ["t2"])
    changed = {"created": ["a"], "updated": ["b"], "destroyed": ["c"]}
    page = read_changes({"accountId": "A1", "oldState": "1", "newState": "2", "hasMoreChanges": True, **changed})
    assert (page.created, page.updated, page.destroyed, page.has_more) == (["a"], ["b"], ["c"], True)
    done = read_set({"accountId": "A1", "newState": "2", "created": None, "notCreated": {"k": {"type": "forbidden"}}})
    assert done.created == {}
    assert done.not_created["k"].kind == "forbidden"


@pytest.mark.parametrize(
    ("reader", "arguments"),
    [
        (read_get, {"accountId": "A1", "state": "s", "list": [{}]}),
        (read_get, {"accountId": "A1", "state": 5, "list": []}),
        (read_get, {"accountId": "A1", "state": "s", "list": None}),
        (read_changes, {"accountId": "A1"}),
        (read_set, {"accountId": "A1", "newState": "s", "created": []}),
        (read_set, {"accountId": "A1", "newState": "s", "notUpdated": {"t1": 5}}),
    ],
)
def test_an_incomplete_answer_is_malformed(reader: object, arguments: dict[str, JSON]) -> None:
    assert callable(reader)
    with pytest.raises(MalformedError):
        reader(arguments)


def test_a_session_is_read_and_its_addresses_filled_in() -> None:
    service = read_session(write(ANN_SESSION))
    assert service.username == "ann@toys.example"
    assert service.accounts["A2"].is_read_only
    assert service.limit("maxObjectsInSet", 1) == 10
    assert service.limit("maxSomethingNew", 7) == 7
    assert service.upload_url("A/1") == "http://testserver/jmap/upload/A%2F1/"
    assert (
        service.download_url("A1", "B1", "a b/{type}.txt", "text/plain")
        == "http://testserver/jmap/download/A1/B1/a%20b%2F%7Btype%7D.txt?accept=text%2Fplain"
    )
    assert (
        service.events_url("Todo,Pin", ping=20)
        == "http://testserver/jmap/events?types=Todo%2CPin&closeafter=no&ping=20"
    )


@pytest.mark.parametrize("missing", ["capabilities", "accounts", "username", "apiUrl", "state"])
def test_an_incomplete_session_is_malformed(missing: str) -> None:
    with pytest.raises(MalformedError):
        read_session(write({name: one for name, one in ANN_SESSION.items() if name != missing}))
    with pytest.raises(MalformedError):
        read_session(write({**ANN_SESSION, missing: 5}))


def test_a_session_without_core_is_malformed() -> None:
    with pytest.raises(MalformedError):
        read_session(write({**ANN_SESSION, "capabilities": {}}))


def test_a_state_change_is_read() -> None:
    data = '{"@type":"StateChange","changed":{"A1":{"Todo":"s2"}}}'
    assert read_state_change(data) == {"A1": {"Todo": "s2"}}


@pytest.mark.parametrize(
    "data", ["", "{}", '{"@type":"StateChange"}', '{"@type":"StateChange","changed":{"A1":5}}', "\ud800"]
)
def test_another_event_is_malformed(data: str) -> None:
    with pytest.raises(MalformedError):
        read_state_change(data)
