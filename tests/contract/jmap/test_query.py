"""RFC 8620 sections 5.5 and 5.6: /query and /queryChanges."""

from collections.abc import Sequence

import pytest

from tests.contract.jmap.rig import JSON, Rig, TypeCase, given


def query(rig: Rig, case: TypeCase, **arguments: JSON) -> dict[str, JSON]:
    """What /query answers."""
    return rig.call(f"{case.name}/query", {"accountId": case.account_id(rig), **arguments})


@pytest.mark.case_with("queryable")
def test_a_query_lists_all_in_a_stable_order(rig: Rig, case: TypeCase) -> None:
    """5.5 "If null, all objects in the account of this type are included"; "it MUST be stable between calls"."""
    ids = {case.create(rig, n) for n in range(4)}
    found = query(rig, case)
    assert set(found["ids"]) == ids
    assert found["position"] == 0
    assert "total" not in found
    assert query(rig, case) == found


@pytest.mark.case_with("queryable")
def test_the_total_comes_when_asked_for(rig: Rig, case: TypeCase) -> None:
    """5.5 total: "MUST be omitted if the calculateTotal request argument is not true"."""
    for n in range(3):
        case.create(rig, n)
    assert query(rig, case, calculateTotal=True, limit=1)["total"] == 3
    assert "total" not in query(rig, case, calculateTotal=False)


@pytest.mark.case_with("queryable")
def test_windows_by_position(rig: Rig, case: TypeCase) -> None:
    """5.5 position: a negative one "MUST be added to the total number of results"."""
    for n in range(5):
        case.create(rig, n)
    whole = query(rig, case)["ids"]
    windows: Sequence[tuple[dict[str, JSON], int, int]] = (
        ({"position": 1}, 1, 5),
        ({"position": 1, "limit": 2}, 1, 3),
        ({"position": -2}, 3, 5),
        ({"position": -99, "limit": 1}, 0, 1),
        ({"position": 5}, 5, 5),
        ({"position": 99}, 5, 5),
        ({"limit": 0}, 0, 0),
        ({"position": 2, "anchorOffset": 2}, 2, 5),
    )
    for window, first, last in windows:
        found = query(rig, case, **window)
        assert found["ids"] == whole[first:last], window
        if found["ids"]:
            assert found["position"] == first


@pytest.mark.case_with("queryable")
def test_windows_by_anchor(rig: Rig, case: TypeCase) -> None:
    """5.5 "If an anchor is specified, any position argument supplied by the client MUST be ignored."."""
    for n in range(5):
        case.create(rig, n)
    whole = query(rig, case)["ids"]
    for offset, first in ((0, 2), (-1, 1), (-9, 0), (2, 4), (9, 5)):
        found = query(rig, case, anchor=whole[2], anchorOffset=offset, position=99, limit=2)
        assert found["ids"] == whole[first : first + 2], offset


@pytest.mark.case_with("queryable")
def test_a_missing_anchor_is_told(rig: Rig, case: TypeCase) -> None:
    """5.5 "anchorNotFound"."""
    arguments = {"accountId": case.account_id(rig), "anchor": "missing"}
    assert rig.error(f"{case.name}/query", arguments) == "anchorNotFound"


@pytest.mark.case_with("queryable")
def test_a_clamped_limit_is_told(rig: Rig, case: TypeCase) -> None:
    """5.5 "the limit is clamped to the maximum; the new limit is returned with the response"."""
    most = rig.limit("maxObjectsInGet")
    assert query(rig, case, limit=most + 1)["limit"] == most
    assert "limit" not in query(rig, case, limit=most)


@pytest.mark.case_with("queryable")
def test_the_query_state_changes_with_the_result_only(rig: Rig, case: TypeCase) -> None:
    """5.5 "This string MUST change if the results of the query ... have changed."."""
    case.create(rig, 1)
    before = query(rig, case)["queryState"]
    assert query(rig, case, limit=0)["queryState"] == before
    case.create(rig, 2)
    assert query(rig, case)["queryState"] != before


@pytest.mark.case_with("queryable", "sort")
def test_sorting_down_is_sorting_up_reversed(rig: Rig, case: TypeCase) -> None:
    """5.5 isAscending: "If false, reverse the comparator's results to sort in descending order."."""
    for n in range(4):
        case.create(rig, n)
    up = query(rig, case, sort=[{"property": given(case.sort)}])["ids"]
    down = query(rig, case, sort=[{"property": given(case.sort), "isAscending": False}])["ids"]
    assert up == down[::-1]
    assert len(up) == 4


WRONG: Sequence[tuple[dict[str, JSON], str]] = (
    ({"limit": -1}, "invalidArguments"),
    ({"position": 1.5}, "invalidArguments"),
    ({"filter": []}, "invalidArguments"),
    ({"filter": {"operator": "XOR", "conditions": []}}, "invalidArguments"),
    ({"filter": {"operator": "AND"}}, "invalidArguments"),
    ({"filter": {"operator": "AND", "conditions": [5]}}, "invalidArguments"),
    ({"filter": {"noSuchProperty": 1}}, "unsupportedFilter"),
    ({"sort": {}}, "invalidArguments"),
    ({"sort": [{}]}, "invalidArguments"),
    ({"sort": [{"property": "noSuchProperty"}]}, "unsupportedSort"),
    ({"calculateTotal": None}, "invalidArguments"),
    ({"collapseThreads": True}, "invalidArguments"),
)


@pytest.mark.case_with("queryable")
def test_wrong_queries_are_refused(rig: Rig, case: TypeCase) -> None:
    """5.5 "unsupportedSort", "unsupportedFilter"; 3.6.2 "invalidArguments"."""
    for wrong, error in WRONG:
        assert rig.error(f"{case.name}/query", {"accountId": case.account_id(rig), **wrong}) == error, wrong


@pytest.mark.case_with("queryable", "sort")
def test_an_unknown_collation_is_unsupported(rig: Rig, case: TypeCase) -> None:
    """5.5 "unsupportedSort: ... or a collation method it does not recognise."."""
    sort = [{"property": given(case.sort), "collation": "i;no-such"}]
    assert rig.error(f"{case.name}/query", {"accountId": case.account_id(rig), "sort": sort}) == "unsupportedSort"


@pytest.mark.case_with("queryable")
def test_query_changes_are_not_calculated(rig: Rig, case: TypeCase) -> None:
    """5.6 "cannotCalculateChanges", as canCalculateChanges announced."""
    found = query(rig, case)
    assert found["canCalculateChanges"] is False
    arguments = {"accountId": case.account_id(rig), "sinceQueryState": found["queryState"]}
    assert rig.error(f"{case.name}/queryChanges", arguments) == "cannotCalculateChanges"
    assert rig.error(f"{case.name}/queryChanges", {"accountId": case.account_id(rig)}) == "invalidArguments"


@pytest.mark.case_with("queryable")
def test_an_invisible_account_is_not_found(rig: Rig, case: TypeCase) -> None:
    """3.6.2 "accountNotFound"."""
    assert rig.error(f"{case.name}/query", {"accountId": rig.accounts["invisible"]}) == "accountNotFound"


def _deep(levels: int) -> JSON:
    found: JSON = {"isUrgent": True}
    for _ in range(levels):
        found = {"operator": "AND", "conditions": [found]}
    return found


@pytest.mark.parametrize(
    ("where", "titles"),
    [
        ({"hasKeyword": "music"}, "ab"),
        ({}, "abc"),
        ({"hasKeyword": "music", "isUrgent": True}, "b"),
        ({"operator": "AND", "conditions": [{"hasKeyword": "music"}, {"isUrgent": True}]}, "b"),
        ({"operator": "OR", "conditions": [{"hasKeyword": "music"}, {"hasKeyword": "video"}]}, "abc"),
        ({"operator": "NOT", "conditions": [{"hasKeyword": "music"}, {"isUrgent": True}]}, "c"),
        ({"operator": "AND", "conditions": []}, "abc"),
        ({"operator": "OR", "conditions": []}, ""),
        (_deep(15), "b"),
    ],
    ids=str,
)
def test_filters_are_combined(toy_rig: Rig, where: JSON, titles: str) -> None:
    """5.5 "AND: all of the conditions must match", "OR: at least one", "NOT: none of the conditions must match"."""
    create = {
        "a": {"title": "a", "keywords": {"music": True}},
        "b": {"title": "b", "keywords": {"music": True}, "isUrgent": True},
        "c": {"title": "c", "keywords": {"video": True}},
    }
    made = toy_rig.call("Todo/set", {"accountId": "A1", "create": create})["created"]
    names = {one["id"]: key for key, one in made.items()}
    arguments = {"accountId": "A1", "filter": where, "sort": [{"property": "title"}]}
    found = toy_rig.call("Todo/query", arguments)["ids"]
    assert "".join(names[one] for one in found) == titles


def test_a_filter_too_deep_is_unsupported(toy_rig: Rig) -> None:
    """5.5 "unsupportedFilter: The filter is syntactically valid, but the server cannot process it."."""
    assert toy_rig.error("Todo/query", {"accountId": "A1", "filter": _deep(60)}) == "unsupportedFilter"
