"""What rings and what is shown: single arrivals, storms, quiet times, repeats, digests (PRODUCT A3 to A5, A8)."""

from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from sync.domain.alerting import AlertSettings, Chime, ChimeChoice, ChimeRule, QuietHours
from sync.domain.records import ArrivalKind, Priority
from sync.domain.ringing import (
    DIGEST,
    MANY,
    STORM_CHIME_GAP_MS,
    Decision,
    Memory,
    Ringing,
    Surroundings,
    arrived,
    next_tick_ms,
    tick,
)

T0 = 1_800_000_000_000
HOUR = 3_600_000
BILLING = "c-billing"


def moment(after: int = 0, minute: int = 600, in_view: str | None = None) -> Surroundings:
    return Surroundings(T0 + after, minute, "g-me", frozenset({BILLING, "c-downloads"}), in_view)


def one(ticket: str = "t1", **changes: object) -> Ringing:
    return replace(Ringing(ticket, ArrivalKind.NEW, Priority.NORMAL, "c-downloads", None, T0), **changes)  # type: ignore[arg-type]  # changes are a test's own


def urgent(ticket: str = "t1") -> Ringing:
    return one(ticket, priority=Priority.URGENT)


def test_a_new_ticket_rings_the_desk_bell_and_is_named() -> None:
    _, decision = arrived(Memory(), AlertSettings(), moment(), [one()])
    assert decision.ring == ChimeChoice(Chime.DESK_BELL, 70)
    assert [notice.key for notice in decision.show] == ["t1"]


def test_an_answer_an_urgent_ticket_and_a_category_have_their_own_chimes() -> None:
    wood = ChimeRule(ChimeChoice(Chime.WOOD_BLOCK, 60), category_id=BILLING)
    settings = AlertSettings(rules=(*AlertSettings().rules, wood))

    def chime(ringing: Ringing) -> Chime | None:
        ring = arrived(Memory(), settings, moment(), [ringing])[1].ring
        return ring.chime if ring else None

    assert chime(one(kind=ArrivalKind.INBOUND)) is Chime.TWO_NOTES
    assert chime(urgent()) is Chime.TRIPLE_BELL
    assert chime(one(category_id=BILLING)) is Chime.WOOD_BLOCK
    assert chime(one(category_id=BILLING, kind=ArrivalKind.INBOUND)) is Chime.TWO_NOTES
    assert chime(one(category_id=BILLING, priority=Priority.URGENT)) is Chime.TRIPLE_BELL


def test_a_silent_chime_still_shows() -> None:
    settings = AlertSettings(new=ChimeChoice(Chime.SILENT, 70))
    _, decision = arrived(Memory(), settings, moment(), [one()])
    assert decision.ring is None
    assert decision.show


def test_nothing_for_others_categories_own_actions_and_the_ticket_in_view() -> None:
    for ringing, around in (
        (one(category_id="c-other"), moment()),
        (one(by_agent_id="g-me"), moment()),
        (one(), moment(in_view="t1")),
    ):
        assert arrived(Memory(), AlertSettings(), around, [ringing]) == (Memory(), Decision())


def test_what_is_meant_for_me_alone_rings_in_any_category() -> None:
    lost = one(category_id="c-other", kind=ArrivalKind.UNDELIVERED)
    assert arrived(Memory(), AlertSettings(), moment(), [lost])[1] == Decision()
    _, decision = arrived(Memory(), AlertSettings(), moment(), [replace(lost, is_personal=True)])
    assert decision.ring == AlertSettings().inbound
    assert [(notice.key, notice.kind) for notice in decision.show] == [("t1", ArrivalKind.UNDELIVERED)]


def test_the_ticket_in_view_rings_if_the_agent_wants_it() -> None:
    _, decision = arrived(Memory(), AlertSettings(silent_in_view=False), moment(in_view="t1"), [one()])
    assert decision.ring


def test_two_tickets_ten_seconds_apart_ring_twice() -> None:
    memory, first = arrived(Memory(), AlertSettings(), moment(), [one("t1")])
    _, second = arrived(memory, AlertSettings(), moment(10_000), [one("t2")])
    assert first.ring
    assert second.ring


def test_a_storm_is_one_notice_and_two_chimes_a_minute() -> None:
    memory, rings, on_screen, last = Memory(), list[int](), set[str](), None
    for n in range(200):
        memory, decision = arrived(memory, AlertSettings(), moment(n * 300), [one(f"t{n}")])
        rings += [n * 300] if decision.ring else []
        on_screen = (on_screen - set(decision.close)) | {notice.key for notice in decision.show}
        last = decision.show[-1]
    assert rings == [0, 30_000]
    assert on_screen == {MANY}
    assert last is not None
    assert len(last.ticket_ids) == 200


def test_after_the_storm_a_ticket_has_its_own_notice_again() -> None:
    memory = Memory()
    for n in range(10):
        memory, _ = arrived(memory, AlertSettings(), moment(n * 100), [one(f"t{n}")])
    _, decision = arrived(memory, AlertSettings(), moment(60_000), [one("later")])
    assert [notice.key for notice in decision.show] == ["later"]
    assert decision.ring


def test_two_hundred_messages_of_one_ticket_stay_one_notice_and_few_chimes() -> None:
    memory, rings, keys = Memory(), 0, set()
    for n in range(200):
        memory, decision = arrived(memory, AlertSettings(), moment(n * 300), [one("t1", kind=ArrivalKind.INBOUND)])
        rings += decision.ring is not None
        keys |= {notice.key for notice in decision.show}
    assert keys == {"t1"}
    assert rings <= 2


def test_an_urgent_ticket_within_a_storm_is_heard_when_the_gap_ends() -> None:
    memory = Memory()
    for n in range(10):
        memory, _ = arrived(memory, AlertSettings(), moment(n * 100), [one(f"t{n}")])
    memory, decision = arrived(memory, AlertSettings(), moment(1_500), [urgent("t99")])
    assert decision.ring is None
    assert tick(memory, AlertSettings(), moment(29_000))[1].ring is None
    memory, decision = tick(memory, AlertSettings(), moment(30_000))
    assert decision.ring == ChimeChoice(Chime.TRIPLE_BELL, 90)
    assert tick(memory, AlertSettings(), moment(61_000))[1].ring is None


def test_do_not_disturb_holds_everything_back_and_tells_it_in_one_digest() -> None:
    settings = AlertSettings(dnd_until=T0 + HOUR)
    memory, decision = arrived(Memory(), settings, moment(), [one("t1"), one("t2"), one("t3")])
    assert decision == Decision()
    assert tick(memory, settings, moment(HOUR - 1))[1] == Decision()
    memory, decision = tick(memory, settings, moment(HOUR), handled={"t2"})
    assert [(notice.key, notice.ticket_ids) for notice in decision.show] == [(DIGEST, ("t1", "t3"))]
    assert decision.ring
    assert tick(memory, settings, moment(HOUR + 60_000))[1] == Decision()


def test_urgent_tickets_ring_through_quiet_times_unless_that_is_off() -> None:
    settings = AlertSettings(dnd_until=T0 + HOUR)
    assert arrived(Memory(), settings, moment(), [urgent()])[1].ring
    assert arrived(Memory(), replace(settings, urgent_rings_anyway=False), moment(), [urgent()])[1] == Decision()


def test_quiet_hours_reach_over_midnight() -> None:
    hours = QuietHours(on=True, from_minute=19 * 60, to_minute=7 * 60 + 30)
    assert [hours.hold(minute) for minute in (0, 449, 450, 1139, 1140, 1439)] == [True, True, False, False, True, True]
    assert not replace(hours, on=False).hold(0)
    assert not replace(hours, to_minute=hours.from_minute).hold(hours.from_minute)
    by_day = QuietHours(on=True, from_minute=720, to_minute=780)
    assert [by_day.hold(minute) for minute in (719, 720, 779, 780)] == [False, True, True, False]


def test_an_urgent_ticket_repeats_until_somebody_handles_it() -> None:
    settings = AlertSettings(repeat=True, repeat_minutes=2)
    memory, _ = arrived(Memory(), settings, moment(), [urgent(), one("t2")])
    assert tick(memory, settings, moment(119_999))[1] == Decision()
    memory, decision = tick(memory, settings, moment(120_000))
    assert decision.ring
    assert [(notice.key, notice.repeated) for notice in decision.show] == [("t1", True)]
    assert tick(memory, settings, moment(239_000))[1] == Decision()
    memory, decision = tick(memory, settings, moment(240_000), handled={"t1"})
    assert decision == Decision()
    assert memory.unhandled == ()


def test_without_the_setting_nothing_repeats() -> None:
    memory, _ = arrived(Memory(), AlertSettings(), moment(), [urgent()])
    assert tick(memory, AlertSettings(), moment(HOUR))[1] == Decision()


def test_what_came_while_away_is_one_digest_with_one_chime() -> None:
    _, decision = arrived(Memory(), AlertSettings(), moment(), [one(f"t{n}") for n in range(50)], digest=True)
    assert [(notice.key, len(notice.ticket_ids)) for notice in decision.show] == [(DIGEST, 50)]
    assert decision.ring


def test_the_next_tick_is_near_only_while_something_waits() -> None:
    settings = AlertSettings(repeat=True)
    assert next_tick_ms(Memory(), settings, T0) is None
    memory, _ = arrived(Memory(), settings, moment(), [urgent()])
    assert next_tick_ms(memory, settings, T0 + 90_000) == 30_000


arrivals = st.lists(
    st.tuples(
        st.integers(0, 20_000),
        st.integers(0, 40),
        st.sampled_from(list(ArrivalKind)),
        st.sampled_from(list(Priority)),
        st.sampled_from([BILLING, "c-downloads", "c-other"]),
        st.sampled_from([None, "g-me", "g-tom"]),
    ),
    max_size=60,
)


@given(arrivals, st.booleans(), st.booleans())
def test_whatever_comes_nothing_foreign_rings_and_a_storm_stays_calm(
    came: list[tuple[int, int, ArrivalKind, Priority, str, str | None]], dnd: bool, anyway: bool
) -> None:
    settings = AlertSettings(dnd_until=T0 + 10 * HOUR if dnd else 0, urgent_rings_anyway=anyway)
    memory, after, rings = Memory(), 0, list[tuple[int, int]]()
    for wait, ticket, kind, priority, category, by in came:
        after += wait
        ringing = Ringing(f"t{ticket}", kind, priority, category, by, T0 + after)
        memory, decision = arrived(memory, settings, moment(after), [ringing])
        foreign = category == "c-other" or by == "g-me"
        hushed = dnd and not (anyway and priority is Priority.URGENT)
        if foreign or hushed:
            assert decision == Decision()
        else:
            assert len(decision.show) == 1
            assert ringing.ticket_id in decision.show[0].ticket_ids
        if decision.ring:
            rings.append((after, len(memory.recent)))
    for (before, _), (at, crowd) in pairwise(rings):
        assert at - before >= (STORM_CHIME_GAP_MS if crowd >= 4 else 2_000)
