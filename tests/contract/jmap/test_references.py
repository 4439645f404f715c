"""RFC 8620 section 3.7: references to previous method results."""

import pytest

from tests.contract.jmap.rig import JSON, Rig, TypeCase


def echoed(rig: Rig, source: JSON, path: JSON, **more: JSON) -> list[JSON]:
    """What an echo of a reference into another echo answers: name and arguments."""
    reference = {"resultOf": "0", "name": "Core/echo", "path": path, **more}
    answers = rig.calls(["Core/echo", source, "0"], ["Core/echo", {"#x": reference}, "1"])["methodResponses"]
    found: list[JSON] = answers[1][:2]
    return found


def test_changes_feed_get(rig: Rig, case: TypeCase) -> None:
    """3.7, the example: the ids of /changes as the ids of /get."""
    since, account_id = case.state(rig), case.account_id(rig)
    object_id = case.create(rig, 1)
    reference = {"resultOf": "t0", "name": f"{case.name}/changes", "path": "/created"}
    found = rig.calls(
        [f"{case.name}/changes", {"accountId": account_id, "sinceState": since}, "t0"],
        [f"{case.name}/get", {"accountId": account_id, "#ids": reference}, "t1"],
    )["methodResponses"]
    assert [one["id"] for one in found[1][1]["list"]] == [object_id]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("", {"a": [1, 2], "l": [{"i": [1, 2]}, {"i": [3]}], "o/d~d": 5, "": 6}),
        ("/a", [1, 2]),
        ("/a/1", 2),
        ("/a/*", [1, 2]),
        ("/l/*/i", [1, 2, 3]),
        ("/l/*/i/0", [1, 3]),
        ("/l/*/i/*", [1, 2, 3]),
        ("/o~1d~0d", 5),
        ("/", 6),
    ],
)
def test_pointers_are_followed(rig: Rig, path: str, value: JSON) -> None:
    """3.7 "Apply the path to the arguments object ... following the JSON Pointer algorithm", `*` maps and flattens."""
    source = {"a": [1, 2], "l": [{"i": [1, 2]}, {"i": [3]}], "o/d~d": 5, "": 6}
    assert echoed(rig, source, path) == ["Core/echo", {"x": value}]


@pytest.mark.parametrize(
    "path",
    ["a", "/b", "/a/2", "/a/-", "/a/01", "/a/x", "/a/1/x", "/s/0", "/~2", "/*", "/s/*", "/" + "a/" * 5000, 5, None],
)
def test_a_pointer_that_leads_nowhere_is_refused(rig: Rig, path: JSON) -> None:
    """3.7 "If any result reference fails to resolve, the whole method MUST be rejected with invalidResultReference"."""
    name, arguments = echoed(rig, {"a": [1, 2], "s": "text"}, path)
    assert (name, arguments["type"]) == ("error", "invalidResultReference")


@pytest.mark.parametrize("more", [{"resultOf": "1"}, {"resultOf": "none"}, {"name": "Core/other"}, {"resultOf": None}])
def test_a_reference_to_no_response_is_refused(rig: Rig, more: dict[str, JSON]) -> None:
    """3.7 "If none, evaluation fails." and "If the response name is not identical ..., evaluation fails."."""
    name, arguments = echoed(rig, {}, "", **more)
    assert (name, arguments["type"]) == ("error", "invalidResultReference")


def test_the_first_response_of_a_call_counts(rig: Rig) -> None:
    """3.7 "Find the first response with a method call id identical to the resultOf"."""
    reference = {"resultOf": "0", "name": "Core/echo", "path": "/n"}
    found = rig.calls(["Core/echo", {"n": 1}, "0"], ["Core/echo", {"n": 2}, "0"], ["Core/echo", {"#x": reference}, "2"])
    assert found["methodResponses"][2][1] == {"x": 1}


def test_a_reference_to_an_error_fails(rig: Rig) -> None:
    """3.7: the name of an error response is `error`."""
    reference = {"resultOf": "0", "name": "No/such", "path": "/x"}
    found = rig.calls(["No/such", {}, "0"], ["Core/echo", {"#x": reference}, "1"])["methodResponses"]
    assert found[1][1]["type"] == "invalidResultReference"


def test_the_same_argument_twice_is_invalid(rig: Rig) -> None:
    """3.7 "the same argument name in normal and referenced form ... MUST return an invalidArguments error"."""
    reference = {"resultOf": "0", "name": "Core/echo", "path": ""}
    found = rig.calls(["Core/echo", {}, "0"], ["Core/echo", {"x": 1, "#x": reference}, "1"])["methodResponses"]
    assert found[1][1]["type"] == "invalidArguments"


def test_references_cannot_multiply_without_end(rig: Rig) -> None:
    """Each call doubling the one before would be 2 to the number of calls: the request has a budget."""
    calls: list[JSON] = [["Core/echo", {"a": "x" * 100}, "0"]]
    for n in range(1, rig.limit("maxCallsInRequest")):
        reference = {"resultOf": str(n - 1), "name": "Core/echo", "path": ""}
        calls.append(["Core/echo", {"#a": reference, "#b": reference, "#c": reference}, str(n)])
    found = rig.calls(*calls)["methodResponses"]
    assert found[-1][1]["type"] == "invalidResultReference"
    assert sum(len(str(one)) for one in found) < 10 * rig.limit("maxSizeRequest")


def test_references_cannot_nest_beyond_what_can_be_written(rig: Rig) -> None:
    """A request nested as deep as can be read, and deeper by reference, still gets a well-formed answer."""
    deep: JSON = 1
    for _ in range(240):
        deep = [deep]
    calls: list[JSON] = [["Core/echo", {"a": deep}, "0"]]
    for n in range(1, 12):
        calls.append(["Core/echo", {"#a": {"resultOf": str(n - 1), "name": "Core/echo", "path": ""}}, str(n)])
    found = rig.calls(*calls)["methodResponses"]
    assert found[0][0] == "Core/echo"
    assert found[-1][1]["type"] == "invalidResultReference"
