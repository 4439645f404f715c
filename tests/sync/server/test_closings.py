"""Closing over JMAP: owners write, everybody reads, the audit log knows; what the desk says in a terminal."""

from __future__ import annotations

from tests.rigs.bureau import Bureau

WHEN = {"startsAt": "2026-12-24T00:00:00Z", "endsAt": "2027-01-04T00:00:00Z"}


def test_owners_announce_change_and_take_back_and_everybody_reads(desk: Bureau, billing: str) -> None:
    desk.agent("Ann", billing)
    desk.agent("Olga", owner=True)
    ann, olga = desk.caller("Ann"), desk.caller("Olga")
    team = ann.account("Team")
    since = ann.state("Closing", team)
    assert ann.refusal("Closing", team, {"name": "Mine", **WHEN})["type"] == "forbidden"
    made = olga.create("Closing", team, {"name": "Christmas", "categoryIds": {billing: True}, **WHEN})["id"]
    changed = olga.call(
        "Closing/set", accountId=team, update={made: {"notice": "Call\r\nif urgent.", "categoryIds": {}}}
    )
    assert changed["updated"] == {made: {"notice": "Call\nif urgent."}}
    assert ann.changes("Closing", team, since)["created"] == [made]
    assert ann.get("Closing", team) == [
        {"id": made, "name": "Christmas", "notice": "Call\nif urgent.", "categoryIds": {}, **WHEN}
    ]
    assert ann.call("Closing/set", accountId=team, destroy=[made])["notDestroyed"][made]["type"] == "forbidden"
    assert olga.call("Closing/set", accountId=team, destroy=[made])["destroyed"] == [made]
    assert ann.get("Closing", team) == []
    deeds = [row["what"] for row in desk.house.parts.audit.entries() if row["what"].startswith("closing")]
    assert deeds == ["closingAdded", "closingChanged", "closingRemoved"]


def test_the_very_same_closing_again_is_the_one_that_is_there(desk: Bureau) -> None:
    """Whoever saw no answer presses again."""
    desk.agent("Olga", owner=True)
    olga = desk.caller("Olga")
    team = olga.account("Team")
    made = olga.create("Closing", team, {"name": "Christmas", **WHEN})["id"]
    assert olga.create("Closing", team, {"name": "Christmas", **WHEN})["id"] == made
    other = olga.create("Closing", team, {"name": "Christmas", "notice": "Call.", **WHEN})["id"]
    assert {one["id"] for one in olga.get("Closing", team)} == {made, other}


def test_a_closing_that_makes_no_sense_is_refused_with_a_sentence(desk: Bureau) -> None:
    desk.agent("Olga", owner=True)
    olga = desk.caller("Olga")
    team = olga.account("Team")
    backwards = {"startsAt": WHEN["endsAt"], "endsAt": WHEN["startsAt"]}
    for wrong in (
        {"name": " ", **WHEN},
        {"name": "X", **backwards},
        {"name": "X", "categoryIds": {"c1": True}, **WHEN},
    ):
        refusal = olga.refusal("Closing", team, wrong)
        assert refusal["type"] == "invalidProperties"
        assert refusal["description"].endswith(".")
    made = olga.create("Closing", team, {"name": "Christmas", **WHEN})["id"]
    answer = olga.call("Closing/set", accountId=team, update={made: {"endsAt": WHEN["startsAt"]}})
    assert answer["notUpdated"][made]["type"] == "invalidProperties"
    assert olga.one("Closing", team, made)["endsAt"] == WHEN["endsAt"]
