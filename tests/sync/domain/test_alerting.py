"""What an agent may choose: valid choices, and when a ticket counts as handled."""

import pytest

from sync.domain.alerting import UNTIL_CANCELLED, AlertSettings, Chime, ChimeChoice, ChimeRule, is_handled
from sync.domain.records import ArrivalKind, Awaiting, Priority


@pytest.mark.parametrize("volume", [-1, 101])
def test_a_volume_is_a_percentage(volume: int) -> None:
    with pytest.raises(ValueError, match="volume"):
        ChimeChoice(Chime.DESK_BELL, volume)


def test_a_rule_names_a_category_or_a_priority() -> None:
    with pytest.raises(ValueError, match="category or a priority"):
        ChimeRule(ChimeChoice(Chime.DESK_BELL, 50))


def test_do_not_disturb_ends_by_itself_or_when_it_is_switched_off() -> None:
    assert AlertSettings(dnd_until=1_000).do_not_disturb(999)
    assert not AlertSettings(dnd_until=1_000).do_not_disturb(1_000)
    assert AlertSettings(dnd_until=UNTIL_CANCELLED).do_not_disturb(10**15)
    assert not AlertSettings().do_not_disturb(0)


def test_taking_answering_or_closing_handles_a_ticket() -> None:
    assert not is_handled(None, Awaiting.TEAM)
    assert is_handled("g1", Awaiting.TEAM)
    assert is_handled(None, Awaiting.REQUESTER)
    assert is_handled(None, None)


def test_the_most_specific_rule_wins_whatever_their_order() -> None:
    def rule(volume: int, category: str | None = None, priority: Priority | None = None) -> ChimeRule:
        return ChimeRule(ChimeChoice(Chime.WOOD_BLOCK, volume), category, priority)

    rules = (rule(1, "c1"), rule(2, priority=Priority.HIGH), rule(3, "c1", Priority.HIGH))
    for order in (rules, rules[::-1]):
        settings = AlertSettings(rules=order)
        kind = ArrivalKind.NEW
        assert settings.choice(kind, "c1", Priority.HIGH).volume == 3
        assert settings.choice(kind, "c2", Priority.HIGH).volume == 2
        assert settings.choice(kind, "c1", Priority.LOW).volume == 1
        assert settings.choice(kind, "c2", Priority.LOW) == settings.new
