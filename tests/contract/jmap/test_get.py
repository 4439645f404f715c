"""RFC 8620 section 5.1: /get."""

from collections.abc import Sequence

from tests.contract.jmap.rig import JSON, Rig, TypeCase


def test_an_object_is_returned_with_its_id(rig: Rig, case: TypeCase) -> None:
    """5.1 "The id property of the object is *always* returned, even if not explicitly requested."."""
    object_id = case.create(rig, 1)
    found = rig.call(f"{case.name}/get", {"accountId": case.account_id(rig), "ids": [object_id], "properties": []})
    assert found["list"] == [{"id": object_id}]
    assert found["notFound"] == []
    assert found["accountId"] == case.account_id(rig)


def test_null_ids_return_all(rig: Rig, case: TypeCase) -> None:
    """5.1 "If null, then *all* records of the data type are returned"."""
    ids = {case.create(rig, n) for n in range(3)}
    found = rig.call(f"{case.name}/get", {"accountId": case.account_id(rig), "ids": None})
    assert ids <= {one["id"] for one in found["list"]}


def test_empty_ids_return_an_empty_list(rig: Rig, case: TypeCase) -> None:
    """5.1 "This is the *empty array* if ... the ids argument passed in was also an empty array."."""
    case.create(rig, 1)
    found = rig.call(f"{case.name}/get", {"accountId": case.account_id(rig), "ids": []})
    assert found["list"] == []
    assert found["notFound"] == []


def test_only_the_asked_properties_are_returned(rig: Rig, case: TypeCase) -> None:
    """5.1 "If supplied, only the properties listed in the array are returned"."""
    object_id = case.create(rig, 1)
    whole = case.get(rig, object_id)
    assert whole is not None
    [name] = sorted(whole.keys() - {"id"})[:1]
    found = rig.call(f"{case.name}/get", {"accountId": case.account_id(rig), "ids": [object_id], "properties": [name]})
    assert found["list"] == [{"id": object_id, name: whole[name]}]


def test_an_invalid_property_is_rejected(rig: Rig, case: TypeCase) -> None:
    """5.1 "If an invalid property is requested, the call MUST be rejected with an invalidArguments error."."""
    arguments = {"accountId": case.account_id(rig), "ids": [], "properties": ["id", "noSuchProperty"]}
    assert rig.error(f"{case.name}/get", arguments) == "invalidArguments"


def test_an_id_given_twice_is_returned_once(rig: Rig, case: TypeCase) -> None:
    """5.1 "the server MUST only include it once in either the list or the notFound argument"."""
    object_id = case.create(rig, 1)
    ids = [object_id, "missing", object_id, "missing"]
    found = rig.call(f"{case.name}/get", {"accountId": case.account_id(rig), "ids": ids})
    assert [one["id"] for one in found["list"]] == [object_id]
    assert found["notFound"] == ["missing"]


def test_the_state_changes_with_the_data_only(rig: Rig, case: TypeCase) -> None:
    """5.1 "If the data changes, this string MUST change. If ... unchanged, servers SHOULD return the same"."""
    before = case.state(rig)
    assert case.state(rig) == before
    case.create(rig, 1)
    assert case.state(rig) != before


def test_too_many_ids_are_refused(rig: Rig, case: TypeCase) -> None:
    """5.1 "requestTooLarge: The number of ids requested by the client exceeds the maximum"."""
    ids = [f"x{n}" for n in range(rig.limit("maxObjectsInGet") + 1)]
    assert rig.error(f"{case.name}/get", {"accountId": case.account_id(rig), "ids": ids}) == "requestTooLarge"
    found = rig.call(f"{case.name}/get", {"accountId": case.account_id(rig), "ids": ids[1:]})
    assert found["notFound"] == ids[1:]


WRONG: Sequence[dict[str, JSON]] = (
    {"accountId": None},
    {"accountId": 5},
    {"ids": "x"},
    {"ids": [5]},
    {"ids": ["not an id"]},
    {"ids": [""]},
    {"ids": ["x" * 256]},
    {"properties": "id"},
    {"properties": [5]},
    {"unknown": True},
)


def test_wrong_arguments_are_invalid(rig: Rig, case: TypeCase) -> None:
    """3.6.2 "One of the arguments is of the wrong type or is otherwise invalid, or a required argument is missing."."""
    right = {"accountId": case.account_id(rig), "ids": []}
    found = {str(wrong): rig.error(f"{case.name}/get", {**right, **wrong}) for wrong in WRONG}
    assert set(found.values()) == {"invalidArguments"}, found
    assert rig.error(f"{case.name}/get", {"ids": []}) == "invalidArguments"


def test_an_invisible_account_is_not_found(rig: Rig, case: TypeCase) -> None:
    """3.6.2 "accountNotFound": an account that is closed to the user answers as one that does not exist."""
    answers = [
        rig.calls([f"{case.name}/get", {"accountId": account_id, "ids": None}, "c"])["methodResponses"]
        for account_id in (rig.accounts["invisible"], "nowhere", "no id at all")
    ]
    assert answers[0] == answers[1] == answers[2] == [["error", {"type": "accountNotFound"}, "c"]]
