"""RFC 8620 section 5.3 where it takes special properties: nested patches, references, savepoints, implied calls."""

import logging

import pytest

from tests.contract.jmap.rig import CORE, JSON, Rig
from tests.contract.jmap.toy import CONDITIONAL, TOYS, ToyHost


def todo(rig: Rig, **arguments: JSON) -> dict[str, JSON]:
    """Todo/set in A1."""
    return rig.call("Todo/set", {"accountId": "A1", **arguments})


def made(rig: Rig, **values: JSON) -> str:
    """The id of a new Todo."""
    return str(todo(rig, create={"k": {"title": "x", **values}})["created"]["k"]["id"])


def read(rig: Rig, object_id: str) -> dict[str, JSON]:
    """The Todo with that id."""
    found = rig.call("Todo/get", {"accountId": "A1", "ids": [object_id]})["list"]
    assert found
    one: dict[str, JSON] = found[0]
    return one


def test_one_key_of_a_set_is_patched(toy_rig: Rig) -> None:
    """5.3 "The key is a path in JSON Pointer Format"; the other keys stay."""
    one = made(toy_rig, keywords={"music": True, "mozart": True})
    todo(toy_rig, update={one: {"keywords/chopin": True, "keywords/mozart": None, "keywords/none": None}})
    assert read(toy_rig, one)["keywords"] == {"music": True, "chopin": True}


def test_escaped_pointers_reach_odd_keys(toy_rig: Rig) -> None:
    """RFC 6901: ~1 is a slash, ~0 a tilde."""
    one = made(toy_rig)
    todo(toy_rig, update={one: {"keywords/a~1b~0c": True}})
    assert read(toy_rig, one)["keywords"] == {"a/b~c": True}


def test_null_sets_the_default(toy_rig: Rig) -> None:
    """5.3 "If null, set to the default value if specified for this property"."""
    one = made(toy_rig, keywords={"music": True}, isUrgent=True)
    todo(toy_rig, update={one: {"keywords": None, "isUrgent": None}})
    assert read(toy_rig, one)["keywords"] == {}
    assert read(toy_rig, one)["isUrgent"] is False


def test_null_for_a_required_property_is_invalid(toy_rig: Rig) -> None:
    """5.3 "otherwise, remove the property", which leaves an invalid record."""
    one = made(toy_rig)
    assert todo(toy_rig, update={one: {"title": None}})["notUpdated"][one]["properties"] == ["title"]


@pytest.mark.parametrize("path", ["subTodoIds/0", "subTodoIds/-", "keywords/music/deep", "keywords/no/such"])
def test_a_pointer_into_an_array_or_beyond_is_invalid(toy_rig: Rig, path: str) -> None:
    """5.3 "The pointer MUST NOT reference inside an array"; "All parts prior to the last MUST already exist"."""
    one = made(toy_rig, keywords={"music": True}, subTodoIds=[])
    assert todo(toy_rig, update={one: {path: "x"}})["notUpdated"][one]["type"] == "invalidPatch"


def test_true_is_not_one(toy_rig: Rig) -> None:
    """A boolean is no number: `1` for `true` is of the wrong type."""
    one = made(toy_rig, keywords={"music": True}, isUrgent=True)
    assert todo(toy_rig, update={one: {"isUrgent": 1}})["notUpdated"][one]["properties"] == ["isUrgent"]
    assert todo(toy_rig, update={one: {"keywords/music": 1}})["notUpdated"][one]["properties"] == ["keywords"]


def test_computed_properties_come_back(toy_rig: Rig) -> None:
    """5.3 updated: "any property that changed in a way not explicitly requested by the PatchObject"."""
    one = made(toy_rig)
    assert todo(toy_rig, update={one: {"title": "longer"}})["updated"] == {one: {"estimate": 360}}
    assert todo(toy_rig, update={one: {"isUrgent": True}})["updated"] == {one: None}


def test_an_update_is_done_whole_or_not_at_all(toy_rig: Rig) -> None:
    """5.3 "MUST NOT only commit part of an update to a single record"."""
    one, other = made(toy_rig, title="before"), made(toy_rig, title="other")
    found = todo(toy_rig, update={one: {"title": "half", "isUrgent": True}, other: {"title": "done"}})
    assert found["notUpdated"][one]["type"] == "forbidden"
    assert read(toy_rig, one)["title"] == "before"
    assert read(toy_rig, one)["isUrgent"] is False
    assert read(toy_rig, other)["title"] == "done"


def test_references_within_a_call_are_ordered(toy_rig: Rig) -> None:
    """5.3 "the server MUST order the creates and updates within a single method call"."""
    create = {
        "a": {"title": "a", "subTodoIds": ["#b", "#c"]},
        "b": {"title": "b", "subTodoIds": ["#c"]},
        "c": {"title": "c"},
    }
    found = todo(toy_rig, create=create)
    ids = {key: one["id"] for key, one in found["created"].items()}
    assert read(toy_rig, ids["a"])["subTodoIds"] == [ids["b"], ids["c"]]
    assert read(toy_rig, ids["b"])["subTodoIds"] == [ids["c"]]


def test_references_reach_earlier_calls(toy_rig: Rig) -> None:
    """5.3 "the record being referenced is created in the same or an earlier call"; one map for all types."""
    found = toy_rig.calls(
        ["Todo/set", {"accountId": "A1", "create": {"k1": {"title": "x"}}}, "0"],
        ["Pin/set", {"accountId": "A1", "create": {"k2": {"label": "pin", "todoId": "#k1"}}}, "1"],
        ["Todo/set", {"accountId": "A1", "destroy": ["#k1"]}, "2"],
    )["methodResponses"]
    object_id = found[0][1]["created"]["k1"]["id"]
    [pin] = toy_rig.call("Pin/get", {"accountId": "A1", "ids": [found[1][1]["created"]["k2"]["id"]]})["list"]
    assert pin["todoId"] == object_id
    assert found[2][1]["destroyed"] == [object_id]


def test_references_reach_the_ids_given_with_the_request(toy_rig: Rig) -> None:
    """3.3 createdIds: an initial map "allows proxy servers to easily split a JMAP request"."""
    call = ["Pin/set", {"accountId": "A1", "create": {"k": {"label": "pin", "todoId": "#k0"}}}, "c"]
    pin_id = toy_rig.calls(call, createdIds={"k0": "t77"})["createdIds"]["k"]
    assert toy_rig.call("Pin/get", {"accountId": "A1", "ids": [pin_id]})["list"][0]["todoId"] == "t77"


def test_a_reused_creation_id_means_the_newest(toy_rig: Rig) -> None:
    """5.3 "If a creation id is reused, the server MUST map the creation id to the most recently created item"."""
    found = toy_rig.calls(
        ["Todo/set", {"accountId": "A1", "create": {"k": {"title": "old"}}}, "0"],
        ["Todo/set", {"accountId": "A1", "create": {"k": {"title": "new"}}}, "1"],
        ["Todo/set", {"accountId": "A1", "update": {"#k": {"isUrgent": True}}}, "2"],
        createdIds={},
    )
    newest = found["methodResponses"][1][1]["created"]["k"]["id"]
    assert found["methodResponses"][2][1]["updated"].keys() == {newest}
    assert found["createdIds"] == {"k": newest}


@pytest.mark.parametrize(
    "create", [{"a": {"title": "a", "subTodoIds": ["#a"]}}, {"a": {"title": "a", "subTodoIds": ["#no"]}}]
)
def test_a_reference_to_nothing_is_invalid(toy_rig: Rig, create: dict[str, JSON]) -> None:
    """5.3 "There is a reference to another record (foreign key), and the given id does not correspond"."""
    assert todo(toy_rig, create=create)["notCreated"]["a"]["properties"] == ["subTodoIds"]


def test_write_only_properties_are_never_shown(toy_rig: Rig) -> None:
    """A property that is given at creation only."""
    found = todo(toy_rig, create={"k": {"title": "x", "firstNote": "secret"}})["created"]["k"]
    assert "firstNote" not in found
    assert "firstNote" not in read(toy_rig, found["id"])
    arguments = {"accountId": "A1", "ids": [], "properties": ["firstNote"]}
    assert toy_rig.error("Todo/get", arguments) == "invalidArguments"
    refused = todo(toy_rig, update={found["id"]: {"firstNote": "again"}})["notUpdated"]
    assert refused[found["id"]]["properties"] == ["firstNote"]


def test_a_replayed_create_gives_the_object_that_is_there(toy_rig: Rig) -> None:
    """A client that lost the answer sends the create again, with the key that it made."""
    first, second = made(toy_rig, clientKey="k-1"), made(toy_rig, clientKey="k-1")
    assert first == second


def test_a_repeated_transaction_has_one_effect(toy_rig: Rig, toys: ToyHost) -> None:
    """The host may run a write again after a deadlock."""
    toys.memory.writes_to_repeat = 2
    found = toy_rig.calls(["Todo/set", {"accountId": "A1", "create": {"k": {"title": "once"}}}, "c"], createdIds={})
    [one] = toy_rig.call("Todo/get", {"accountId": "A1", "ids": None})["list"]
    assert found["createdIds"] == {"k": one["id"]}


def test_success_implies_a_further_call(toy_rig: Rig) -> None:
    """3.2 "all responses initiated by this method call get the same method call id"; as onSuccessUpdateEmail."""
    arguments = {
        "accountId": "A1",
        "create": {"good": {"title": "x"}, "bad": {"title": "forbidden"}},
        "onSuccessPin": {"#good": {"label": "for x"}, "#bad": {"label": "never"}, "#unknown": {"label": "never"}},
    }
    first, second, third = toy_rig.calls(["Todo/set", arguments, "c1"], ["Core/echo", {}, "c2"])["methodResponses"]
    assert [first[0], first[2], second[0], second[2], third[0]] == ["Todo/set", "c1", "Pin/set", "c1", "Core/echo"]
    object_id = first[1]["created"]["good"]["id"]
    [pin] = toy_rig.call("Pin/get", {"accountId": "A1", "ids": None})["list"]
    assert (pin["todoId"], pin["label"]) == (object_id, "for x")


def test_a_type_that_is_not_updated_refuses(toy_rig: Rig, toys: ToyHost) -> None:
    """5.3 "forbidden"."""
    pin_id = toys.plant("Pin", 1)
    found = toy_rig.call("Pin/set", {"accountId": "A1", "update": {pin_id: {"label": "other"}}})
    assert found["notUpdated"][pin_id]["type"] == "forbidden"


def test_an_account_without_the_type_does_not_support_it(toy_rig: Rig) -> None:
    """3.6.2 "accountNotSupportedByMethod"."""
    for name in ("Todo/get", "Todo/set", "Todo/query"):
        assert toy_rig.error(name, {"accountId": "A3"}) == "accountNotSupportedByMethod"


def test_a_bug_of_ours_changes_nothing_and_tells_nothing(
    toy_rig: Rig, toys: ToyHost, caplog: pytest.LogCaptureFixture
) -> None:
    """3.6.2 "serverFail ... The method call made no changes to the server's state."; the next call goes on."""
    create = {"ok": {"title": "fine"}, "bug": {"title": "bug"}}
    with caplog.at_level(logging.ERROR, "sync.jmap"):
        first, second = toy_rig.calls(
            ["Todo/set", {"accountId": "A1", "create": create}, "0"],
            ["Todo/get", {"accountId": "A1", "ids": None}, "1"],
        )["methodResponses"]
    assert (first[0], first[1]["type"]) == ("error", "serverFail")
    assert "secret" not in str(first)
    assert "r1" in first[1]["description"]
    assert second[1]["list"] == []
    assert "request r1" in caplog.text
    assert "a bug of our own" in caplog.text


def conditional(rig: Rig, using: tuple[str, ...] = (CORE, TOYS, CONDITIONAL), **arguments: JSON) -> dict[str, JSON]:
    """Todo/set with the conditional capability in use."""
    return rig.call("Todo/set", {"accountId": "A1", **arguments}, using=using)


def test_a_base_that_holds_lets_the_update_through(toy_rig: Rig) -> None:
    """Conditional: a precondition holds if applying it would change nothing."""
    one = made(toy_rig, title="old", keywords={"music": True})
    base = {"title": "old", "keywords/music": True, "keywords/absent": None, "subTodoIds": None, "id": one}
    found = conditional(toy_rig, update={one: {"title": "new"}}, ifUnchangedBy={one: base})
    assert found["updated"].keys() == {one}


@pytest.mark.parametrize(
    "base", [{"title": "older"}, {"keywords/music": None}, {"keywords": {}}, {"isUrgent": True}, {"estimate": 1}]
)
def test_a_base_that_fails_is_a_mismatch_for_that_object_alone(toy_rig: Rig, base: dict[str, JSON]) -> None:
    """Conditional: "a failed precondition on one id does not block other ids", and tells nothing of the object."""
    one, other = made(toy_rig, title="old", keywords={"music": True}), made(toy_rig)
    update = {one: {"title": "new"}, other: {"title": "new"}}
    found = conditional(toy_rig, update=update, ifUnchangedBy={one: base, other: {}, "missing": {"title": "x"}})
    assert found["notUpdated"][one]["type"] == "stateMismatch"
    assert found["notUpdated"][one].keys() <= {"type", "description"}
    assert found["updated"].keys() == {other}
    assert read(toy_rig, one)["title"] == "old"


def test_a_precondition_guards_a_destroy(toy_rig: Rig) -> None:
    """Conditional: the failure stands in notDestroyed."""
    one, other = made(toy_rig, title="old"), made(toy_rig, title="old")
    bases = {one: {"title": "older"}, other: {"title": "old"}}
    found = conditional(toy_rig, destroy=[one, other], ifUnchangedBy=bases)
    assert found["notDestroyed"][one]["type"] == "stateMismatch"
    assert found["destroyed"] == [other]


def test_preconditions_are_evaluated_before_any_change(toy_rig: Rig, toys: ToyHost) -> None:
    """Conditional: "before any create/update/destroy in the same method"."""
    one = made(toy_rig, title="old", clientKey="k-1")
    found = conditional(
        toy_rig,
        create={"k": {"title": "x", "clientKey": "k-1"}},
        update={one: {"title": "new"}},
        ifUnchangedBy={one: {"title": "old"}},
    )
    assert found["updated"].keys() == {one}


@pytest.mark.parametrize("base", [{"nothing": 1}, {"title/x": 1}, {"subTodoIds/0": "x"}, {"~": 1}])
def test_a_bad_pointer_in_a_precondition_is_an_invalid_patch(toy_rig: Rig, base: dict[str, JSON]) -> None:
    """Conditional: "a pointer not valid for the object type puts an invalidPatch SetError"."""
    one = made(toy_rig, subTodoIds=[])
    found = conditional(toy_rig, update={one: {"title": "new"}}, ifUnchangedBy={one: base})
    assert found["notUpdated"][one]["type"] == "invalidPatch"


def test_preconditions_take_their_capability(toy_rig: Rig) -> None:
    """1.8 "MUST only follow the specifications that are opted into"."""
    arguments = {"accountId": "A1", "ifUnchangedBy": {"x": {}}}
    assert toy_rig.error("Todo/set", arguments, using=(CORE, TOYS)) == "invalidArguments"
    assert toy_rig.error("Todo/set", {**arguments, "ifUnchangedBy": {"x": 5}}, using=(CORE, TOYS, CONDITIONAL))
