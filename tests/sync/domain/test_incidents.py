"""Words with placeholders, the same cause's earlier incidents, and what requesters are shown."""

from __future__ import annotations

from sync.domain.incidents import Incident, earlier, filled, shown_to, without_value

VALUES = {"name": "Zoe", "number": "1024", "eta": "noon"}


def test_only_known_placeholders_are_filled_and_what_comes_in_is_not_filled_again() -> None:
    assert filled("Hello {name}, #{number}: {eta} {other} {", VALUES) == "Hello Zoe, #1024: noon {other} {"
    assert filled("{name}", {**VALUES, "name": "{eta}"}) == "{eta}"
    assert without_value("{eta} {name} {eta}", {**VALUES, "eta": ""}) == ["eta"]


def test_earlier_incidents_are_of_the_same_named_cause_or_of_like_words() -> None:
    now = Incident("i9", "Downloads fail again", 900, cause="Disk full")
    named = Incident("i1", "Mail is late", 100, cause="disk FULL ")
    other_cause = Incident("i2", "Downloads fail", 200, cause="Router")
    alike = Incident("i3", "Large downloads fail", 300)
    later = Incident("i4", "Downloads fail", 901)
    assert [one.id for one in earlier(now, [named, other_cause, alike, later, now])] == ["i3", "i1"]


def test_requesters_see_public_ones_that_run_and_concern_them() -> None:
    every = [
        Incident("i1", "A", 1, is_public=True),
        Incident("i2", "B", 2, is_public=True, category_ids=frozenset({"c1"})),
        Incident("i3", "C", 3),
        Incident("i4", "D", 4, is_public=True, fixed_at=5),
        Incident("i5", "E", 50, is_public=True),
    ]
    assert [one.id for one in shown_to(every, None, 10)] == ["i2", "i1"]
    assert [one.id for one in shown_to(every, "c2", 10)] == ["i1"]
