"""The kinds of value: what they accept, and how they resolve creation references."""

import pytest

from sync.jmap import kinds
from sync.jmap.errors import JSON
from sync.jmap.kinds import Kind


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (kinds.ID, ["a", "A-_9", "x" * 255], ["", "x" * 256, "a b", "a\n", "\u00e9", "=", None, 5]),
        (kinds.INT, [0, -1, 2**53 - 1, -(2**53) + 1], [2**53, 1.5, True, "1", None]),
        (kinds.UNSIGNED_INT, [0, 5], [-1, False]),
        (kinds.NUMBER, [1, 1.5, -2], [True, "1"]),
        (kinds.BOOLEAN, [True, False], [0, 1, None]),
        (kinds.TRUE, [True], [False, 1]),
        (kinds.STRING, ["", "x"], [None, 5]),
        (kinds.OBJECT, [{}, {"a": 1}], [[], None]),
        (kinds.ANY, [None, [], 5], []),
        (
            kinds.DATE,
            ["2014-10-30T14:12:00+08:00", "2014-10-30T06:12:00Z", "2014-10-30T06:12:00.123Z", "2024-02-29T23:59:59Z"],
            [
                "2014-10-30t06:12:00Z",
                "2014-10-30T06:12:00z",
                "2014-10-30T06:12:00.000Z",
                "2014-10-30T06:12:00",
                "2014-10-30",
                "2014-02-30T00:00:00Z",
                "2014-10-30T24:00:00Z",
                "2014-10-30T06:12:00Z\n",
                "2014-10-30T06:12:00+99:00",
                "\u0662014-10-30T06:12:00Z",
                5,
            ],
        ),
        (kinds.UTC_DATE, ["2014-10-30T06:12:00Z", "2014-10-30T06:12:00.5Z"], ["2014-10-30T06:12:00+00:00", None]),
        (kinds.nullable(kinds.STRING), [None, "x"], [5]),
        (kinds.one_of("open", "closed"), ["open"], ["Open", None, ["open"]]),
        (kinds.text(3, 1), ["a", "abc"], ["", "abcd", None]),
        (
            kinds.list_of(kinds.ID),
            [[], ["a"], ["a", "A-_9", "x" * 255]],
            ["a", None, [""], ["a", ""], ["", "a"], ["a\nb"], ["a", "\n"], ["a b"], ["x" * 256], ["a", 5], [None]],
        ),
        (kinds.map_of(kinds.TRUE), [{}, {"x": True}], [{"x": False}, []]),
        (kinds.map_of(kinds.ANY, kinds.ID), [{"a": 1}], [{"a b": 1}]),
        (
            kinds.record({"a": kinds.INT}, {"b": kinds.STRING}),
            [{"a": 1}, {"a": 1, "b": "x"}],
            [{}, {"a": "x"}, {"a": 1, "c": 1}, []],
        ),
    ],
    ids=lambda value: value.name if isinstance(value, Kind) else "",
)
def test_a_kind_accepts_what_it_says(kind: Kind, good: list[JSON], bad: list[JSON]) -> None:
    assert [value for value in good if not kind.accepts(value)] == []
    assert [value for value in bad if kind.accepts(value)] == []


def test_references_are_resolved_wherever_an_id_stands() -> None:
    kind = kinds.record(
        {"one": kinds.ID, "text": kinds.STRING},
        {"many": kinds.list_of(kinds.nullable(kinds.ID)), "by": kinds.map_of(kinds.ID, kinds.ID)},
    )
    value = {"one": "#k", "text": "#k", "many": ["#k", None, "x"], "by": {"#k": "#k", "y": "z"}}
    found = kind.resolve(value, lambda key: f"real-{key}")
    assert found == {"one": "real-k", "text": "#k", "many": ["real-k", None, "x"], "by": {"real-k": "real-k", "y": "z"}}


@pytest.mark.parametrize("value", [None, 5, [], {}, "x", {"one": 5}, [5]])
def test_resolving_leaves_what_is_of_another_kind_to_the_check(value: JSON) -> None:
    for kind in (kinds.ID, kinds.list_of(kinds.ID), kinds.map_of(kinds.ID), kinds.record({"one": kinds.ID})):
        assert kind.resolve(value, lambda key: f"real-{key}") == value
