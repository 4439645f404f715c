"""Who is where as the workstation hears it, and what it tells of itself; by a clock in hand."""

import math
from dataclasses import dataclass

import pytest

from sync.connectors.port import PresenceHint, Taken
from sync.domain.errors import Offline
from sync.domain.presence import LEASE_MS, TYPING_MS, Doing
from sync.engine.presence import APART_S, RENEW_S, TYPING_PAUSE_S, TYPING_RENEW_S, SelfTelling, Where, Whereabouts

LOOKING, TYPING = Doing.LOOKING, Doing.TYPING
HERE, THERE = Where("C1", "t1"), Where("C1", "t2")


@dataclass
class Hand:
    """A clock that is moved by hand, in seconds."""

    now: float = 1000.0

    def now_ms(self) -> int:
        return int(self.now * 1000)

    def monotonic(self) -> float:
        return self.now


class Server:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[tuple[str | None, Doing | None]] = []
        self.away = False

    def tell_presence(self, account_id: str | None, ticket_id: str | None, doing: Doing | None) -> None:
        if self.away:
            raise Offline("Nobody answers.")
        assert (account_id is None) == (ticket_id is None)
        self.told.append((ticket_id, doing))

    def take_next(self, client_key: str, category_ids: object) -> Taken | None:
        raise NotImplementedError


@pytest.fixture
def clock() -> Hand:
    return Hand()


@pytest.fixture
def board(clock: Hand) -> Whereabouts:
    return Whereabouts(clock, "me")


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def telling(server: Server, clock: Hand) -> SelfTelling:
    found = SelfTelling(server, clock)
    found.online(True)
    return found


def hint(agent_id: str, doing: Doing | None, ticket_id: str = "t1", left_s: float = LEASE_MS / 1000) -> PresenceHint:
    return PresenceHint("C1", ticket_id, agent_id, doing, left_s)


def run(telling: SelfTelling, clock: Hand, seconds: float) -> None:
    """As the lane does it: step, wait as long as it says, step."""
    end = clock.now + seconds
    while (wait := telling.step()) <= end - clock.now:
        clock.now += wait
    clock.now = end


def test_colleagues_are_shown_those_who_type_first_and_never_myself(board: Whereabouts) -> None:
    assert board.hear(hint("tom", LOOKING))
    assert board.hear(hint("zoe", TYPING))
    assert not board.hear(hint("me", TYPING))
    assert list(board.of("t1").items()) == [("zoe", TYPING), ("tom", LOOKING)]
    assert not board.hear(hint("tom", LOOKING))
    assert board.hear(hint("zoe", None))
    assert board.of("t1") == {"tom": LOOKING}
    assert board.tickets() == {"t1"}


def test_what_is_not_renewed_goes_by_itself(board: Whereabouts, clock: Hand) -> None:
    board.hear(hint("zoe", TYPING))
    clock.now += TYPING_MS / 1000 + 2
    assert board.of("t1") == {"zoe": LOOKING}
    assert board.expire() == {"t1"}
    assert board.expire() == frozenset()
    clock.now += LEASE_MS / 1000
    assert board.of("t1") == {}
    assert board.expire() == {"t1"}
    assert board.tickets() == frozenset()


def test_a_server_cannot_have_it_held_for_longer(board: Whereabouts, clock: Hand) -> None:
    board.hear(hint("tom", LOOKING, left_s=1e9))
    clock.now += LEASE_MS / 1000
    assert board.of("t1") == {}


def test_offline_nobody_is_anywhere(board: Whereabouts) -> None:
    board.hear(hint("tom", LOOKING))
    board.hear(hint("zoe", LOOKING, "t2"))
    assert board.clear() == {"t1", "t2"}
    assert board.of("t1") == {}
    assert board.clear() == frozenset()


def test_it_holds_so_many_and_no_more(board: Whereabouts) -> None:
    for number in range(5000):
        board.hear(hint(f"agent {number}", LOOKING, f"t{number}"))
    assert len(board.tickets()) == 2000
    board.clear()
    assert board.hear(hint("tom", LOOKING))


def test_what_is_looked_at_is_told_and_renewed_at_half_the_lease(
    telling: SelfTelling, server: Server, clock: Hand
) -> None:
    assert telling.step() == math.inf
    telling.look(HERE)
    run(telling, clock, 2 * RENEW_S + 1)
    assert server.told == [("t1", LOOKING)] * 3
    telling.look(None)
    run(telling, clock, 100)
    assert server.told == [*[("t1", LOOKING)] * 3, (None, None)]


def test_typing_lasts_while_keys_are_pressed(telling: SelfTelling, server: Server, clock: Hand) -> None:
    telling.look(HERE)
    run(telling, clock, 1)
    for _ in range(12):
        telling.typed()
        run(telling, clock, 0.5)
    run(telling, clock, TYPING_PAUSE_S)
    assert server.told[0] == server.told[-1] == ("t1", LOOKING)
    assert server.told.count(("t1", TYPING)) == 1 + int((12 * 0.5 + TYPING_PAUSE_S) / TYPING_RENEW_S)
    telling.typed()
    run(telling, clock, 1)
    telling.stopped()
    run(telling, clock, 1)
    assert server.told[-2:] == [("t1", TYPING), ("t1", LOOKING)]


def test_leafing_through_a_list_tells_where_it_ends(telling: SelfTelling, server: Server, clock: Hand) -> None:
    for number in range(50):
        telling.look(Where("C1", f"t{number}"))
        run(telling, clock, 0.01)
    run(telling, clock, APART_S)
    assert server.told == [("t0", LOOKING), ("t49", LOOKING)]


def test_another_ticket_does_not_take_the_typing_along(telling: SelfTelling, server: Server, clock: Hand) -> None:
    telling.look(HERE)
    telling.typed()
    run(telling, clock, 1)
    telling.look(THERE)
    run(telling, clock, 1)
    assert server.told == [("t1", TYPING), ("t2", LOOKING)]


def test_offline_nothing_is_told_and_online_it_is_told_anew(telling: SelfTelling, server: Server, clock: Hand) -> None:
    telling.look(HERE)
    run(telling, clock, 1)
    telling.online(False)
    telling.look(THERE)
    telling.typed()
    assert telling.step() == math.inf
    run(telling, clock, 100)
    assert server.told == [("t1", LOOKING)]
    telling.online(True)
    run(telling, clock, 1)
    assert server.told == [("t1", LOOKING), ("t2", LOOKING)]


def test_a_new_stream_has_it_told_again(telling: SelfTelling, server: Server, clock: Hand) -> None:
    telling.look(HERE)
    run(telling, clock, 1)
    telling.again()
    run(telling, clock, 1)
    assert server.told == [("t1", LOOKING)] * 2


def test_a_failure_is_met_by_the_next_renewal_and_never_hurries(
    telling: SelfTelling, server: Server, clock: Hand
) -> None:
    server.away = True
    telling.look(HERE)
    run(telling, clock, 5)
    server.away = False
    run(telling, clock, RENEW_S)
    assert server.told == [("t1", LOOKING)]
