"""What may be done about what was not delivered."""

import itertools

import pytest

from sync.domain.choices import Choice, choices

REASONS = (
    "overtaken", "closed", "merged", "notFound", "accountNotFound", "stateMismatch", "tooLarge", "invalidProperties",
    "serverFail",
)  # fmt: skip
KINDS = ("reply", "note", "ticket", "quickNote", "edit", "merge")
ALL = [
    (reason, kind, reachable, merged)
    for reason, kind, reachable, merged in itertools.product(REASONS, KINDS, (True, False), (True, False))
    if reachable or not merged
]


def test_each_can_be_put_aside_and_that_is_the_last_choice() -> None:
    for reason, kind, reachable, merged in ALL:
        found = choices(reason, kind, reachable=reachable, merged=merged)
        assert found[-1] is Choice.DISCARD
        assert len(set(found)) == len(found)


def test_nothing_is_sent_to_a_ticket_that_is_out_of_reach() -> None:
    for reason, kind, reachable, merged in ALL:
        if kind in ("reply", "note", "edit", "merge") and not reachable and not merged:
            assert choices(reason, kind, reachable=False) == (Choice.DISCARD,)


@pytest.mark.parametrize(
    ("reason", "kind", "first"),
    [
        ("overtaken", "reply", Choice.SEND_ANYWAY),
        ("closed", "reply", Choice.FOLLOW_UP),
        ("tooLarge", "reply", Choice.SEND_ANYWAY),
        ("stateMismatch", "edit", Choice.APPLY_MINE),
        ("accountNotFound", "ticket", Choice.OTHER_CATEGORY),
        ("invalidProperties", "ticket", Choice.SEND_ANYWAY),
        ("tooLarge", "quickNote", Choice.SEND_ANYWAY),
        ("invalidProperties", "merge", Choice.SEND_ANYWAY),
        ("merged", "edit", Choice.OPEN_TICKET),
    ],
)
def test_the_proposed_choice_comes_first(reason: str, kind: str, first: Choice) -> None:
    assert choices(reason, kind, reachable=True)[0] is first


def test_words_for_a_merged_ticket_go_where_it_goes_on_whatever_stopped_them() -> None:
    for reason in REASONS:
        assert choices(reason, "reply", reachable=True, merged=True) == (
            Choice.SEND_ON_MERGED, Choice.EDIT, Choice.AS_NOTE, Choice.OPEN_TICKET, Choice.DISCARD,
        )  # fmt: skip
        assert choices(reason, "edit", reachable=True, merged=True) == (Choice.OPEN_TICKET, Choice.DISCARD)
