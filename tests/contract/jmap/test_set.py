"""RFC 8620 section 5.3: /set, over every type that clients may write."""

from collections.abc import Sequence

import pytest

from tests.contract.jmap.rig import JSON, Rig, TypeCase, given


def set_(rig: Rig, case: TypeCase, **arguments: JSON) -> dict[str, JSON]:
    """What /set answers."""
    return rig.call(f"{case.name}/set", {"accountId": case.account_id(rig), **arguments})


@pytest.mark.case_with("no_set")
def test_a_read_only_type_has_no_set(rig: Rig, case: TypeCase) -> None:
    """5 "Some types may not have all these methods."."""
    assert rig.error(f"{case.name}/set", {"accountId": case.account_id(rig)}) == "unknownMethod"


@pytest.mark.case_with("values")
def test_created_gives_what_the_client_did_not_send(rig: Rig, case: TypeCase) -> None:
    """5.3 "any properties of the created Foo object that were not sent by the client ... includes all server-set"."""
    values = case.new(rig)
    before = case.state(rig)
    found = set_(rig, case, create={"k1": values})
    shown = found["created"]["k1"]
    whole = case.get(rig, shown["id"])
    assert whole is not None
    known = {name: one for name, one in values.items() if name in whole}
    assert {**known, **shown} == whole
    assert found["oldState"] == before
    assert found["newState"] == case.state(rig) != before
    assert found["notCreated"] is None
    assert found["updated"] is found["destroyed"] is found["notUpdated"] is found["notDestroyed"] is None


@pytest.mark.case_with("required", "values")
def test_a_missing_property_is_invalid(rig: Rig, case: TypeCase) -> None:
    """5.3 "invalidProperties ... lists all the properties that were invalid."."""
    values = case.new(rig)
    del values[given(case.required)]
    before = case.state(rig)
    found = set_(rig, case, create={"k1": {**values, "noSuchProperty": 1}})
    error = found["notCreated"]["k1"]
    assert error["type"] == "invalidProperties"
    assert set(error["properties"]) == {given(case.required), "noSuchProperty"}
    assert found["created"] is None
    assert case.state(rig) == before == found["newState"]


@pytest.mark.case_with("values", "wrong")
def test_a_value_of_the_wrong_type_is_invalid(rig: Rig, case: TypeCase) -> None:
    """5.3 "It contains properties that are invalid according to the type specification of this record type."."""
    name, value = given(case.wrong)
    found = set_(rig, case, create={"k1": {**case.new(rig), name: value}})
    assert found["notCreated"]["k1"]["type"] == "invalidProperties"
    assert found["notCreated"]["k1"]["properties"] == [name]


@pytest.mark.case_with("values")
def test_id_cannot_be_chosen(rig: Rig, case: TypeCase) -> None:
    """5.3 "The client MUST omit any properties that may only be set by the server (for example, the id property"."""
    found = set_(rig, case, create={"k1": {**case.new(rig), "id": "mine"}})
    assert found["notCreated"]["k1"]["properties"] == ["id"]


@pytest.mark.case_with("server_set", "values")
def test_server_set_properties_cannot_be_created(rig: Rig, case: TypeCase) -> None:
    """5.3 "It contains a property that may only be set by the server"."""
    name, value = given(case.server_set)
    found = set_(rig, case, create={"k1": {**case.new(rig), name: value}})
    assert found["notCreated"]["k1"]["type"] == "invalidProperties"
    assert found["notCreated"]["k1"]["properties"] == [name]


@pytest.mark.case_with("patch")
def test_an_update_changes_the_object(rig: Rig, case: TypeCase) -> None:
    """5.3 "The keys in this map are the ids of all Foos that were successfully updated."."""
    patch = case.change(rig)
    object_id = case.create(rig, 1)
    before = case.get(rig, object_id)
    old_state = case.state(rig)
    found = set_(rig, case, update={object_id: patch})
    after = case.get(rig, object_id)
    assert before is not None
    assert after == {**before, **patch, **(found["updated"][object_id] or {})} != before
    assert found["oldState"] == old_state
    assert found["newState"] == case.state(rig) != old_state


@pytest.mark.case_with("patch")
def test_the_whole_object_is_a_valid_patch(rig: Rig, case: TypeCase) -> None:
    """5.3 "an entire Foo object is also a valid PatchObject", server-set properties included when identical."""
    case.change(rig)
    object_id = case.create(rig, 1)
    whole = case.get(rig, object_id)
    state = case.state(rig)
    found = set_(rig, case, update={object_id: whole})
    assert found["updated"] == {object_id: None}
    assert case.get(rig, object_id) == whole
    assert case.state(rig) == state


@pytest.mark.case_with("patch", "server_set")
def test_server_set_properties_cannot_be_changed(rig: Rig, case: TypeCase) -> None:
    """5.3 "Otherwise, the update MUST be rejected with an invalidProperties SetError." and nothing of it is done."""
    name, value = given(case.server_set)
    patch = case.change(rig)
    object_id = case.create(rig, 1)
    whole = case.get(rig, object_id)
    found = set_(rig, case, update={object_id: {**patch, name: value, "id": "other"}})
    assert found["notUpdated"][object_id]["type"] == "invalidProperties"
    assert set(found["notUpdated"][object_id]["properties"]) == {name, "id"}
    assert case.get(rig, object_id) == whole


@pytest.mark.case_with("immutable", "patch")
def test_immutable_properties_cannot_be_changed(rig: Rig, case: TypeCase) -> None:
    """1.1 "immutable: The value MUST NOT change after the object is created."."""
    name, value = given(case.immutable)
    case.change(rig)
    object_id = case.create(rig, 1)
    found = set_(rig, case, update={object_id: {name: value}})
    assert found["notUpdated"][object_id]["properties"] == [name]


@pytest.mark.parametrize("bad", ["nothing/here", "id/x", "~2"])
@pytest.mark.case_with("patch")
def test_a_patch_into_nowhere_is_invalid(rig: Rig, case: TypeCase, bad: str) -> None:
    """5.3 "if there is any violation, the update MUST be rejected with an invalidPatch error"."""
    patch = case.change(rig)
    object_id = case.create(rig, 1)
    whole = case.get(rig, object_id)
    found = set_(rig, case, update={object_id: {**patch, bad: 1}})
    assert found["notUpdated"][object_id]["type"] in ("invalidPatch", "invalidProperties")
    assert ("/" not in bad) or found["notUpdated"][object_id]["type"] == "invalidPatch"
    assert case.get(rig, object_id) == whole


@pytest.mark.case_with("patch")
def test_prefixes_in_one_patch_are_invalid(rig: Rig, case: TypeCase) -> None:
    """5.3 "There MUST NOT be two patches ... where the pointer of one is the prefix of the pointer of the other"."""
    patch = case.change(rig)
    [name] = patch
    object_id = case.create(rig, 1)
    found = set_(rig, case, update={object_id: {**patch, f"{name}/x": 1}})
    assert found["notUpdated"][object_id]["type"] == "invalidPatch"


@pytest.mark.case_with("writable")
def test_an_unknown_id_is_not_found(rig: Rig, case: TypeCase) -> None:
    """5.3 "If an id given cannot be found, the update or destroy MUST be rejected with a notFound set error."."""
    found = set_(rig, case, update={"missing": {}}, destroy=["gone"])
    assert found["notUpdated"] == {"missing": {"type": "notFound"}}
    assert found["notDestroyed"] == {"gone": {"type": "notFound"}}
    assert found["updated"] is found["destroyed"] is None


@pytest.mark.case_with("destroyable")
def test_destroyed_objects_are_gone(rig: Rig, case: TypeCase) -> None:
    """5.3 destroy: "A list of ids for Foo objects to permanently delete"."""
    object_id = case.create(rig, 1)
    found = set_(rig, case, destroy=[object_id, object_id])
    assert found["destroyed"] == [object_id]
    assert found["notDestroyed"] is None
    assert case.get(rig, object_id) is None


@pytest.mark.case_with("kept", "writable")
def test_what_cannot_be_destroyed_is_forbidden(rig: Rig, case: TypeCase) -> None:
    """5.3 "forbidden: The create/update/destroy would violate an ACL or other permissions policy."."""
    object_id = case.create(rig, 1)
    found = set_(rig, case, destroy=[object_id])
    assert found["notDestroyed"][object_id]["type"] == "forbidden"


@pytest.mark.case_with("destroyable", "patch")
def test_an_update_of_what_will_be_destroyed_is_skipped(rig: Rig, case: TypeCase) -> None:
    """5.3 "MAY skip an update (rejecting it with a willDestroy SetError) if that object is destroyed in the same"."""
    patch = case.change(rig)
    object_id = case.create(rig, 1)
    found = set_(rig, case, update={object_id: patch}, destroy=[object_id])
    assert found["notUpdated"] == {object_id: {"type": "willDestroy"}}
    assert found["destroyed"] == [object_id]


@pytest.mark.case_with("values")
def test_one_rejected_object_does_not_stop_the_others(rig: Rig, case: TypeCase) -> None:
    """5.3 "the server MUST continue to the next create/update/destroy. It does not terminate the method."."""
    values = case.new(rig)
    create = {"bad": {"noSuchProperty": 1}, "good": values}
    found = set_(rig, case, create=create, update={"missing": {}})
    assert found["created"].keys() == {"good"}
    assert found["notCreated"].keys() == {"bad"}
    assert found["notUpdated"].keys() == {"missing"}


@pytest.mark.case_with("values")
def test_another_state_aborts(rig: Rig, case: TypeCase) -> None:
    """5.3 ifInState: "otherwise, the method will be aborted and a stateMismatch error returned"."""
    values = case.new(rig)
    state = case.state(rig)
    assert set_(rig, case, ifInState=state, create={"k": values})["created"]
    after = case.state(rig)
    arguments = {"accountId": case.account_id(rig), "ifInState": state, "create": {"k": case.new(rig, 2)}}
    assert rig.error(f"{case.name}/set", arguments) == "stateMismatch"
    assert case.state(rig) == after


@pytest.mark.case_with("writable")
def test_too_many_objects_are_refused(rig: Rig, case: TypeCase) -> None:
    """5.3 "requestTooLarge: The total number of objects to create, update, or destroy exceeds the maximum"."""
    limit = rig.limit("maxObjectsInSet")
    ids = [f"x{n}" for n in range(limit)]
    assert set_(rig, case, destroy=ids)["notDestroyed"].keys() == set(ids)
    arguments = {"accountId": case.account_id(rig), "destroy": ids, "update": {"y": {}}}
    assert rig.error(f"{case.name}/set", arguments) == "requestTooLarge"


WRONG: Sequence[dict[str, JSON]] = (
    {"create": []},
    {"create": {"k": 5}},
    {"create": {"no id!": {}}},
    {"update": {"x": None}},
    {"update": {"": {}}},
    {"destroy": "x"},
    {"destroy": [1]},
    {"ifInState": 5},
    {"accountId": 5},
    {"unknown": 1},
)


@pytest.mark.case_with("writable")
def test_wrong_arguments_are_invalid(rig: Rig, case: TypeCase) -> None:
    """3.9 "the method MUST return an invalidArguments error and terminate."."""
    right = {"accountId": case.account_id(rig)}
    found = {str(wrong): rig.error(f"{case.name}/set", {**right, **wrong}) for wrong in WRONG}
    assert set(found.values()) == {"invalidArguments"}, found


@pytest.mark.case_with("writable")
def test_accounts_closed_or_read_only_are_not_written(rig: Rig, case: TypeCase) -> None:
    """3.6.2 "accountNotFound", "accountReadOnly"."""
    name = f"{case.name}/set"
    assert rig.error(name, {"accountId": rig.accounts["invisible"], "destroy": ["x"]}) == "accountNotFound"
    if "readOnly" in rig.accounts:
        refused = rig.error(name, {"accountId": rig.accounts["readOnly"], "destroy": ["x"]})
        assert refused in ("accountReadOnly", "accountNotSupportedByMethod")


@pytest.mark.case_with("values")
def test_creation_ids_are_handed_on(rig: Rig, case: TypeCase) -> None:
    """3.4 createdIds: "MUST include all creation ids passed in the original ... as well as any additional ones"."""
    values = case.new(rig)
    name, account_id = f"{case.name}/set", case.account_id(rig)
    found = rig.calls([name, {"accountId": account_id, "create": {"k1": values}}, "c"], createdIds={"k0": "x0"})
    object_id = found["methodResponses"][0][1]["created"]["k1"]["id"]
    assert found["createdIds"] == {"k0": "x0", "k1": object_id}
    again = rig.calls([name, {"accountId": account_id}, "c"])
    assert "createdIds" not in again


@pytest.mark.case_with("patch", "values")
def test_a_creation_id_stands_for_an_id(rig: Rig, case: TypeCase) -> None:
    """5.3 "creates happen before their creation ids are referenced by another create/update/destroy"."""
    values, patch = case.new(rig), case.change(rig)
    found = set_(rig, case, create={"k1": values}, update={"#k1": patch})
    object_id = found["created"]["k1"]["id"]
    assert found["updated"].keys() == {object_id}
    lost = set_(rig, case, update={"#k1": patch})
    assert lost["notUpdated"] == {"#k1": {"type": "notFound"}}
