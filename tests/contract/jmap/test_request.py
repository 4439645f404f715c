"""RFC 8620 sections 1.5 and 3.1 to 3.6: requests, responses, errors."""

import json
import threading
from collections.abc import Callable, Sequence

import pytest
import requests

from tests.contract.jmap.rig import CORE, JSON, Rig
from tests.contract.jmap.toy import TOYS, ToyHost

ERROR = "urn:ietf:params:jmap:error:"


def problem(answer: requests.Response) -> str:
    """The kind of a problem document."""
    assert 400 <= answer.status_code < 500
    assert answer.headers["content-type"] == "application/problem+json"
    document = answer.json()
    assert document["status"] == answer.status_code
    assert document["detail"]
    return str(document["type"]).removeprefix(ERROR)


def post(rig: Rig, octets: bytes, content_type: str = "application/json") -> requests.Response:
    """A POST of these very octets."""
    return rig.session.post(f"{rig.base}/jmap/api", data=octets, headers={"Content-Type": content_type})


def test_echo_gives_back_its_arguments(rig: Rig) -> None:
    """4 "returns exactly the same arguments as it is given"."""
    arguments = {"hello": True, "high": 5, "deep": [{"a": None}, "\u2603"], "x": 1.5}
    assert rig.calls(["Core/echo", arguments, "b3ff"])["methodResponses"] == [["Core/echo", arguments, "b3ff"]]


def test_calls_are_answered_in_order_with_their_ids(rig: Rig) -> None:
    """3.4 "The output of the methods MUST be added to the methodResponses array in the same order"."""
    found = rig.calls(["Core/echo", {"n": 1}, "z"], ["Core/echo", {"n": 2}, "a"], ["Core/echo", {"n": 3}, "z"])
    assert [(one[1]["n"], one[2]) for one in found["methodResponses"]] == [(1, "z"), (2, "a"), (3, "z")]


def test_an_error_does_not_stop_the_next_call(rig: Rig) -> None:
    """3.6.2 "Any further method calls in the request MUST then be processed as normal." with status 200."""
    found = rig.calls(["No/such", {}, "0"], ["Core/echo", {}, "1"])["methodResponses"]
    assert found == [["error", {"type": "unknownMethod"}, "0"], ["Core/echo", {}, "1"]]


def test_without_using_nothing_is_known(rig: Rig) -> None:
    """1.8 "MUST only follow the specifications that are opted into and behave as though ... nothing else"."""
    assert rig.error("Core/echo", {}, using=[]) == "unknownMethod"


def test_a_type_takes_its_capability(rig: Rig) -> None:
    """1.8: the methods of a capability that is not in `using` do not exist."""
    for uri in set(rig.using) - {CORE}:
        others = [one for one in rig.using if one != uri]
        found = rig.calls(["Core/echo", {}, "c"], using=others)
        assert found["methodResponses"][0][0] == "Core/echo"


def test_an_unknown_capability_refuses_the_request(rig: Rig) -> None:
    """3.6.1 "unknownCapability"."""
    answer = rig.post({"using": [CORE, "https://no.example/such"], "methodCalls": []})
    assert problem(answer) == "unknownCapability"


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "", "application/jsonp"])
def test_another_content_type_is_not_json(rig: Rig, content_type: str) -> None:
    """3.6.1 "The content type of the request was not application/json"."""
    assert problem(post(rig, b'{"using":[],"methodCalls":[]}', content_type)) == "notJSON"


def test_the_content_type_may_have_parameters(rig: Rig) -> None:
    """RFC 7231 3.1.1.1: the type is compared without its parameters and without regard to case."""
    assert post(rig, b'{"using":[],"methodCalls":[]}', "Application/JSON; charset=utf-8").status_code == 200


NOT_JSON: Sequence[bytes] = (
    b"",
    b"{",
    b"nul",
    b'{"using":[],"methodCalls":[]} x',
    b'{"using":[],"using":[],"methodCalls":[]}',
    b'{"using":[],"methodCalls":[["Core/echo",{"a":1,"a":2},"c"]]}',
    b'{"using":["\xff"],"methodCalls":[]}',
    b'{"using":["\\ud800"],"methodCalls":[]}',
    b'{"using":[],"methodCalls":[],"x":NaN}',
    b'{"using":[],"methodCalls":[],"x":Infinity}',
    b'{"using":[],"methodCalls":[],"x":1e999}',
    b"[" * 5000 + b"]" * 5000,
    '{"using":[],"methodCalls":[]}'.encode("utf-16"),
)


def test_what_is_not_i_json_is_refused(rig: Rig) -> None:
    """3.6.1 "the request did not parse as I-JSON"."""
    for octets in NOT_JSON:
        assert problem(post(rig, octets)) == "notJSON", octets[:60]


NO_REQUEST: Sequence[JSON] = (
    None,
    5,
    [],
    {},
    {"using": []},
    {"methodCalls": []},
    {"using": "x", "methodCalls": []},
    {"using": [5], "methodCalls": []},
    {"using": [], "methodCalls": {}},
    {"using": [], "methodCalls": ["Core/echo"]},
    {"using": [], "methodCalls": [["Core/echo", {}]]},
    {"using": [], "methodCalls": [["Core/echo", {}, "c", 1]]},
    {"using": [], "methodCalls": [["Core/echo", [], "c"]]},
    {"using": [], "methodCalls": [[1, {}, "c"]]},
    {"using": [], "methodCalls": [["Core/echo", {}, 1]]},
    {"using": [], "methodCalls": [], "createdIds": []},
    {"using": [], "methodCalls": [], "createdIds": {"k": 5}},
    {"using": [], "methodCalls": [], "createdIds": None},
)


def test_json_that_is_no_request_is_refused(rig: Rig) -> None:
    """3.6.1 "The request parsed as JSON but did not match the type signature of the Request object."."""
    for value in NO_REQUEST:
        assert problem(post(rig, json.dumps(value).encode())) == "notRequest", value


def test_unknown_members_of_the_request_are_ignored(rig: Rig) -> None:
    """3.3 "a server MUST ignore any other properties it does not understand on the JMAP Request object"."""
    assert rig.calls(["Core/echo", {}, "c"], somethingNew={"x": 1})["methodResponses"]


def test_too_many_calls_are_refused(rig: Rig) -> None:
    """3.6.1 "limit": "A limit property MUST also be present"."""
    most = rig.limit("maxCallsInRequest")
    calls = [["Core/echo", {}, "c"]] * most
    assert len(rig.calls(*calls)["methodResponses"]) == most
    answer = rig.post({"using": [CORE], "methodCalls": [*calls, calls[0]]})
    assert problem(answer) == "limit"
    assert answer.json()["limit"] == "maxCallsInRequest"


def test_a_request_too_large_is_refused(rig: Rig) -> None:
    """3.6.1 "limit" for maxSizeRequest."""
    frame = b'{"using":["urn:ietf:params:jmap:core"],"methodCalls":[["Core/echo",{"x":"%s"},"c"]]}'
    most = rig.limit("maxSizeRequest")
    fitting = frame % (b"x" * (most - len(frame) + 2))
    assert len(fitting) == most
    assert post(rig, fitting).status_code == 200
    answer = post(rig, fitting + b" ")
    assert problem(answer) == "limit"
    assert answer.json()["limit"] == "maxSizeRequest"


def test_too_many_requests_at_once_are_refused(toy_rig: Rig, toys: ToyHost) -> None:
    """3.6.1 "limit" for maxConcurrentRequests, counted per user; afterwards all is well."""
    entered, go_on = threading.Semaphore(0), threading.Event()
    read = toys.memory.read

    def held(work: Callable[[], JSON]) -> JSON:
        entered.release()
        assert go_on.wait(10)
        return read(work)

    toys.memory.read = held  # type: ignore[method-assign]  # a slow database
    body = {"using": [CORE, TOYS], "methodCalls": [["Todo/get", {"accountId": "A1"}, "c"]]}
    statuses: list[int] = []
    threads = [
        threading.Thread(target=lambda: statuses.append(toy_rig.post(body).status_code))
        for _ in range(toys.host.limits.max_concurrent_requests)
    ]
    for thread in threads:
        thread.start()
    for _ in threads:
        assert entered.acquire(timeout=30)
    answer = toy_rig.post(body)
    assert problem(answer) == "limit"
    assert answer.json()["limit"] == "maxConcurrentRequests"
    assert answer.status_code == 429
    go_on.set()
    for thread in threads:
        thread.join(10)
    assert statuses == [200] * len(threads)
    assert toy_rig.post(body).status_code == 200


def test_integral_numbers_are_integers_however_written(toy_rig: Rig) -> None:
    """JSON knows one kind of number: 1.0 is 1."""
    call = b'["Todo/changes",{"accountId":"A1","sinceState":"s0","maxChanges":2e0},"c"]'
    found = post(toy_rig, b'{"using":["%s"],"methodCalls":[%s]}' % (TOYS.encode(), call)).json()
    assert found["methodResponses"][0][0] == "Todo/changes"
