"""Ticks planned and not yet saved: who covers what, who loses what, and what still stands on a newer state."""

from dataclasses import replace

from sync.domain.people import AgentAccess, Plan, covers, leaves_no_owner, losses

ANN = AgentAccess("gann", "Ann", category_ids=frozenset({"c1"}))
BEN = AgentAccess("gben", "Ben", category_ids=frozenset({"c1", "c2"}))
OLGA = AgentAccess("golga", "Olga", is_owner=True, category_ids=frozenset({"c2"}))
GONE = AgentAccess("ggone", "Gus", active=False)
PEOPLE = [OLGA, GONE, BEN, ANN]
CATEGORIES = ["c1", "c2", "c3"]


def test_a_tick_set_twice_is_no_plan() -> None:
    plan = Plan().with_grant(ANN, "c2", True).with_owner(ANN, True)
    assert plan.is_granted(ANN, "c2")
    assert plan.is_owner(ANN)
    assert not plan.with_grant(ANN, "c2", False).with_owner(ANN, False)


def test_who_covers_what_is_told_by_name_before_and_after() -> None:
    plan = Plan().with_grant(ANN, "c1", False).with_grant(BEN, "c1", False).with_grant(ANN, "c3", True)
    one, two, three = covers(PEOPLE, CATEGORIES, plan)
    assert (one.before, one.after, one.changed) == (("gann", "gben"), (), True)
    assert (two.before, two.changed) == (("gben", "golga"), False)
    assert (three.before, three.after) == ((), ("gann",))


def test_an_owner_loses_nothing_but_with_the_role() -> None:
    plan = Plan().with_grant(OLGA, "c2", False).with_grant(BEN, "c2", False)
    assert losses(PEOPLE, CATEGORIES, plan) == [(BEN, ("c2",))]
    demoted = Plan().with_owner(OLGA, False)
    assert losses(PEOPLE, CATEGORIES, demoted) == [(OLGA, ("c1", "c3"))]
    assert leaves_no_owner(PEOPLE, demoted)
    assert not leaves_no_owner(PEOPLE, demoted.with_owner(ANN, True))
    assert losses(PEOPLE, CATEGORIES, Plan().with_owner(ANN, True).with_grant(ANN, "c1", False)) == []


def test_a_plan_goes_on_upon_what_somebody_else_saved() -> None:
    plan = Plan().with_grant(ANN, "c2", True).with_grant(BEN, "c2", False).with_owner(ANN, True)
    now = [replace(ANN, category_ids=frozenset({"c1", "c2"})), replace(BEN, active=False), OLGA]
    assert plan.upon(now) == Plan(owners={"gann": True})
    assert plan.upon(PEOPLE) == plan


def test_one_edit_for_each_agent() -> None:
    plan = Plan().with_grant(BEN, "c2", False).with_grant(ANN, "c3", True).with_grant(ANN, "c1", False)
    first, second = plan.with_owner(BEN, True).edits()
    assert (first.agent_id, dict(first.grants), first.is_owner) == ("gann", {"c1": False, "c3": True}, None)
    assert (second.agent_id, dict(second.grants), second.is_owner) == ("gben", {"c2": False}, True)


def test_the_second_line_covers_nothing() -> None:
    cleo = AgentAccess("gcleo", "Cleo", category_ids=frozenset({"c1"}), second_line_ids=frozenset({"c1"}))
    [one] = covers([ANN, cleo], ["c1"], Plan().with_grant(ANN, "c1", False))
    assert (one.before, one.after) == (("gann",), ())
    assert losses([cleo], ["c1"], Plan().with_grant(cleo, "c1", False)) == [(cleo, ("c1",))]
