"""Closings at a terminal: whole days and moments, in the house's zone."""

from __future__ import annotations

from tests.rigs.terminal import Terminal


def test_announce_list_and_take_back(terminal: Terminal) -> None:
    terminal.said("category", "add", "Billing")
    terminal.said("setting", "calendar.zone", "Europe/Berlin")
    days = ("--from", "2026-12-24", "--to", "2027-01-01")
    first = terminal.said("closing", "add", "Christmas", *days, "--category", "Billing").line
    moments = ("--from", "2026-12-23 12:00", "--to", "2026-12-23 15:30")
    second = terminal.said("closing", "add", "Party", *moments, "--notice", "Back soon.").line
    assert terminal.said("closing", "list").out.splitlines() == [
        f"{second}\t2026-12-23 12:00\t2026-12-23 15:30\tall\tParty",
        f"{first}\t2026-12-24 00:00\t2027-01-02 00:00\tBilling\tChristmas",
    ]
    assert terminal.said("closing", "remove", first).code == 0
    assert len(terminal.said("closing", "list").out.splitlines()) == 1


def test_what_cannot_be_is_said(terminal: Terminal) -> None:
    for words in (
        ("add", "X", "--from", "2026-12-24", "--to", "2026-12-20"),
        ("add", "X", "--from", "2026-12-24", "--to", "2026-12-25", "--category", "Nowhere"),
        ("remove", "z1"),
    ):
        said = terminal.said("closing", *words)
        assert said.code == 2
        assert said.err.strip().endswith(".")
