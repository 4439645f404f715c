"""Creates in the order of their references."""

from sync.jmap.creation import found_in, in_order, resolved
from sync.jmap.datatype import DataType, Property
from sync.jmap.kinds import ID, STRING, list_of, nullable
from tests.contract.jmap.toy_store import Memory, ToyStore

NODE = DataType(
    "Node",
    "https://toys.example/jmap/toys",
    {
        "parentId": Property(nullable(ID), default=None),
        "friendIds": Property(list_of(ID), default=[]),
        "text": Property(STRING, default=""),
    },
    ToyStore(Memory(), "Node", lambda _row: {}, "n"),
)


def test_what_is_referred_to_comes_first() -> None:
    creates: dict[str, dict[str, object]] = {
        "leaf": {"parentId": "#branch"},
        "branch": {"parentId": "#root", "friendIds": ["#other", "real"]},
        "root": {},
        "other": {"text": "#leaf"},
    }
    order = in_order(NODE, creates)
    assert sorted(order) == sorted(creates)
    assert order.index("root") < order.index("branch") < order.index("leaf")
    assert order.index("other") < order.index("branch")


def test_a_circle_does_not_wait_for_ever() -> None:
    creates = {"a": {"parentId": "#b"}, "b": {"parentId": "#a"}, "c": {"parentId": "#c"}, "d": {"parentId": "#a"}}
    assert sorted(in_order(NODE, creates)) == ["a", "b", "c", "d"]


def test_a_thousand_in_a_row_are_ordered() -> None:
    creates = {f"k{n}": {"parentId": f"#k{n + 1}"} for n in range(500)} | {"k500": {}}
    assert in_order(NODE, creates) == [f"k{n}" for n in range(500, -1, -1)]


def test_only_ids_are_resolved() -> None:
    values = {"parentId": "#k", "friendIds": ["#k", "#no"], "text": "#k", "unknown": "#k"}
    found = resolved(NODE, values, {"k": "n1"})
    assert found == {"parentId": "n1", "friendIds": ["n1", "#no"], "text": "#k", "unknown": "#k"}
    assert found_in({"k": "n1"}, "#k") == "n1"
    assert found_in({"k": "n1"}, "#no") == "#no"
    assert found_in({"k": "n1"}, "k") == "k"
