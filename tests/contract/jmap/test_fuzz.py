"""Whatever comes in, the answer is well-formed and no failure of our own."""

import json
import logging
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync.jmap.access import Principal
from sync.jmap.errors import RequestError
from sync.jmap.wire import NotIJsonError, read, write
from tests.contract.jmap.rig import CORE
from tests.contract.jmap.toy import CONDITIONAL, TOYS, ToyHost

ANN = Principal("ann", "ann@toys.example")
USING = [CORE, TOYS, CONDITIONAL]

words = st.sampled_from(
    [
        "A1",
        "A2",
        "A3",
        "A9",
        "t1",
        "p1",
        "#k",
        "k",
        "s0",
        "s5",
        "title",
        "keywords",
        "keywords/x",
        "id",
        "",
        "*",
        "/created",
        "~",
        "\u2603",
    ]
)
leaves = (
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.floats(allow_nan=False, allow_infinity=False)
    | words
    | st.text(max_size=5)
)
values = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words | st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
names = st.sampled_from(
    [
        f"{one}/{verb}"
        for one in ("Todo", "Pin", "Badge", "Bell")
        for verb in ("get", "changes", "set", "query", "queryChanges")
    ]
    + ["Core/echo", "Blob/copy", "Todo/none", ""]
)
objects = st.dictionaries(words, values, max_size=3) | st.fixed_dictionaries(
    {"title": st.text(max_size=3)},
    optional={"keywords": st.just({"x": True}), "subTodoIds": st.lists(words, max_size=2)},
)
references = st.fixed_dictionaries(
    {
        "resultOf": words | st.sampled_from(["0", "1"]),
        "name": names,
        "path": st.sampled_from(["", "/list/*/id", "/created", "/ids", "/x", "*"]),
    }
)
known = {
    "accountId": st.sampled_from(["A1", "A1", "A1", "A2", "A3", "A9"]),
    "ids": st.none() | st.lists(words, max_size=3),
    "properties": st.none() | st.lists(words, max_size=3),
    "sinceState": words,
    "maxChanges": values,
    "create": st.dictionaries(words, objects, max_size=3),
    "update": st.dictionaries(words, objects, max_size=3),
    "destroy": st.lists(words, max_size=3),
    "ifUnchangedBy": st.dictionaries(words, objects, max_size=3),
    "ifInState": words | st.none(),
    "onSuccessPin": st.dictionaries(words, objects, max_size=3),
    "filter": values,
    "sort": st.lists(objects, max_size=2),
    "position": values,
    "anchor": words,
    "limit": values,
    "sinceQueryState": words,
    "fromAccountId": words,
    "blobIds": st.lists(words, max_size=2),
    "#ids": references,
    "#x": values,
}
of_verb = {
    "get": ("ids", "properties", "#ids"),
    "changes": ("sinceState", "maxChanges"),
    "set": ("create", "update", "destroy", "ifUnchangedBy", "ifInState", "onSuccessPin"),
    "query": ("filter", "sort", "position", "anchor", "limit"),
    "queryChanges": ("sinceQueryState", "filter"),
    "copy": ("fromAccountId", "blobIds"),
    "echo": ("#x",),
}


def _arguments(name: str) -> st.SearchStrategy[dict[str, Any]]:
    """Mostly the method's own arguments, now and then others."""
    own = of_verb.get(name.partition("/")[2], ())
    required = {} if name == "Core/echo" else {"accountId": known["accountId"]}
    fitting = st.fixed_dictionaries(required, optional={key: known[key] for key in own})
    return fitting | fitting | fitting | st.dictionaries(words, values, max_size=3)


calls = names.flatmap(
    lambda name: st.tuples(st.just(name), _arguments(name), st.sampled_from(["0", "1", "2"])).map(list)
)


@pytest.fixture(scope="module")
def host() -> ToyHost:
    """One host for all examples: what they leave behind makes the next ones odder."""
    toys = ToyHost()
    for name in ("Todo", "Pin", "Badge", "Bell"):
        toys.plant(name, 1)
    return toys


def answer(toys: ToyHost, octets: bytes, caplog: pytest.LogCaptureFixture) -> dict[str, Any] | None:
    """The response, None when the request was refused."""
    refused: RequestError | None = None
    with caplog.at_level(logging.ERROR, "sync.jmap"):
        try:
            response = toys.dispatcher.answer(ANN, octets, "r")
        except RequestError as error:
            refused = error
    if refused is not None:
        assert 400 <= refused.status < 500
        write(refused.problem())
        return None
    assert caplog.text == ""
    found: dict[str, Any] = json.loads(write(response))
    return found


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(st.lists(calls, max_size=4))
def test_any_calls_are_answered(host: ToyHost, caplog: pytest.LogCaptureFixture, batch: list[list[Any]]) -> None:
    """3.6.2 "Errors at the method level MUST NOT generate an HTTP-level error."."""
    response = answer(host, json.dumps({"using": USING, "methodCalls": batch}).encode(), caplog)
    if response is None:
        return
    assert len(response["methodResponses"]) >= len(batch)
    for name, arguments, call_id in response["methodResponses"]:
        assert call_id in {call[2] for call in batch}
        if name == "error":
            assert arguments["type"] not in ("serverFail", "serverPartialFail", "serverUnavailable")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values)
def test_any_json_is_answered_or_refused(host: ToyHost, caplog: pytest.LogCaptureFixture, value: object) -> None:
    """3.6.1."""
    answer(host, json.dumps(value).encode(), caplog)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=60) | st.text(alphabet='{}[]",:\\u0123456789dDeE+-.ntf \u00e9', max_size=60).map(str.encode))
def test_any_octets_are_answered_or_refused(host: ToyHost, caplog: pytest.LogCaptureFixture, octets: bytes) -> None:
    """3.6.1 "notJSON"."""
    answer(host, octets, caplog)


@settings(max_examples=150, deadline=None)
@given(values)
def test_what_is_written_is_read_again(value: Any) -> None:
    """1.5: what the server sends is I-JSON that it would take itself."""
    try:
        octets = write(value)
    except TypeError:
        return
    assert read(octets) == value


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=60))
def test_reading_fails_in_one_way_only(octets: bytes) -> None:
    """Every failure of the parser is the one that callers know."""
    with suppress(NotIJsonError):
        read(octets)
