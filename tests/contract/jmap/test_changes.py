"""RFC 8620 section 5.2: /changes."""

import pytest

from tests.contract.jmap.rig import JSON, Rig, TypeCase


def changes(rig: Rig, case: TypeCase, since: str, **more: JSON) -> dict[str, JSON]:
    """What /changes answers."""
    return rig.call(f"{case.name}/changes", {"accountId": case.account_id(rig), "sinceState": since, **more})


def test_nothing_changed(rig: Rig, case: TypeCase) -> None:
    """5.2 "If false, newState is the current server state."."""
    case.create(rig, 1)
    state = case.state(rig)
    assert changes(rig, case, state) == {
        "accountId": case.account_id(rig),
        "oldState": state,
        "newState": state,
        "hasMoreChanges": False,
        "created": [],
        "updated": [],
        "destroyed": [],
    }


@pytest.mark.case_with("patch")
def test_created_updated_and_destroyed_are_told_apart(rig: Rig, case: TypeCase) -> None:
    """5.2 created, updated and destroyed: "An array of ids for records that have been ... since the old state."."""
    changed, gone = case.create(rig, 1), case.create(rig, 2)
    since = case.state(rig)
    account_id = case.account_id(rig)
    rig.call(f"{case.name}/set", {"accountId": account_id, "update": {changed: case.change(rig, 9)}})
    if case.destroyable:
        rig.call(f"{case.name}/set", {"accountId": account_id, "destroy": [gone]})
    new = case.create(rig, 3)
    found = changes(rig, case, since)
    assert found["created"] == [new]
    assert changed in found["updated"]
    assert found["destroyed"] == ([gone] if case.destroyable else [])
    assert found["newState"] == case.state(rig)


def test_a_new_object_is_created(rig: Rig, case: TypeCase) -> None:
    """5.2 "An array of ids for records that have been created since the old state."."""
    since = case.state(rig)
    object_id = case.create(rig, 1)
    found = changes(rig, case, since)
    assert found["created"] == [object_id]
    assert found["oldState"] == since


@pytest.mark.case_with("patch")
def test_created_then_updated_is_created(rig: Rig, case: TypeCase) -> None:
    """5.2 "If a record has been created AND updated since the old state, the server SHOULD just return ... created"."""
    since = case.state(rig)
    object_id = case.create(rig, 1)
    rig.call(f"{case.name}/set", {"accountId": case.account_id(rig), "update": {object_id: case.change(rig, 9)}})
    found = changes(rig, case, since)
    assert found["created"] == [object_id]
    assert found["updated"] == []


@pytest.mark.case_with("destroyable")
def test_created_then_destroyed_is_left_out(rig: Rig, case: TypeCase) -> None:
    """5.2 "created AND destroyed since the old state, the server SHOULD remove the id from the response entirely"."""
    since = case.state(rig)
    object_id = case.create(rig, 1)
    rig.call(f"{case.name}/set", {"accountId": case.account_id(rig), "destroy": [object_id]})
    found = changes(rig, case, since)
    assert (found["created"], found["updated"], found["destroyed"]) == ([], [], [])
    assert found["newState"] == case.state(rig)


def test_pages_never_exceed_max_changes_and_lead_to_the_present(rig: Rig, case: TypeCase) -> None:
    """5.2 "the server MUST ensure the number of ids returned ... does not exceed this limit"."""
    since = case.state(rig)
    ids = {case.create(rig, n) for n in range(5)}
    seen: list[str] = []
    while True:
        page = changes(rig, case, since, maxChanges=2)
        assert len(page["created"]) + len(page["updated"]) + len(page["destroyed"]) <= 2
        seen += page["created"]
        since = page["newState"]
        if not page["hasMoreChanges"]:
            break
    assert len(seen) == len(set(seen))
    assert set(seen) == ids
    assert since == case.state(rig)


@pytest.mark.case_with("destroyable", "patch")
def test_a_record_is_never_created_after_it_was_destroyed(rig: Rig, case: TypeCase) -> None:
    """5.2 "MUST NOT return a record as created after a response that deems it as updated or destroyed"."""
    since = case.state(rig)
    ids = [case.create(rig, n) for n in range(4)]
    account_id = case.account_id(rig)
    first = changes(rig, case, since, maxChanges=1)
    rig.call(f"{case.name}/set", {"accountId": account_id, "update": {ids[1]: case.change(rig, 9)}})
    rig.call(f"{case.name}/set", {"accountId": account_id, "destroy": [ids[0], ids[2]]})
    held = set(first["created"])
    told = set(held)
    since = first["newState"]
    while True:
        page = changes(rig, case, since, maxChanges=1)
        assert not told & set(page["created"])
        told |= {*page["created"], *page["updated"], *page["destroyed"]}
        held |= {*page["created"], *page["updated"]}
        held -= set(page["destroyed"])
        since = page["newState"]
        if not page["hasMoreChanges"]:
            break
    assert held == {ids[1], ids[3]}


def test_an_unknown_state_cannot_be_calculated(rig: Rig, case: TypeCase) -> None:
    """5.2 "cannotCalculateChanges: The server cannot calculate the changes from the state string given"."""
    for unknown in ("", "no such state", "s999999999", "-1", "\u2603", case.state(rig) + "9"):
        arguments = {"accountId": case.account_id(rig), "sinceState": unknown}
        assert rig.error(f"{case.name}/changes", arguments) == "cannotCalculateChanges", unknown


def test_max_changes_must_be_positive(rig: Rig, case: TypeCase) -> None:
    """5.2 "If a value outside of this range is given, the server MUST reject the call"."""
    for wrong in (0, -1, 1.5, "2", True):
        arguments = {"accountId": case.account_id(rig), "sinceState": case.state(rig), "maxChanges": wrong}
        assert rig.error(f"{case.name}/changes", arguments) == "invalidArguments", wrong


def test_since_state_is_required(rig: Rig, case: TypeCase) -> None:
    """3.5 "Other arguments may only be omitted if an explicit default value is defined"."""
    assert rig.error(f"{case.name}/changes", {"accountId": case.account_id(rig)}) == "invalidArguments"


def test_an_invisible_account_is_not_found(rig: Rig, case: TypeCase) -> None:
    """3.6.2 "accountNotFound"."""
    arguments = {"accountId": rig.accounts["invisible"], "sinceState": case.state(rig)}
    assert rig.error(f"{case.name}/changes", arguments) == "accountNotFound"
