"""Take next on the screen: which categories are asked for, what is opened and said, and what a lost answer does."""

from collections.abc import Sequence

import pytest

from desktop.lanes import InlineLane
from desktop.models.place import view
from desktop.windows.taking_next import TakingNext
from sync.connectors.port import Taken
from sync.domain.errors import Offline, Rejected
from sync.engine.status import Condition
from tests.rigs.frame import Frame, say_status


class Server:
    """Gives what it is told to give; keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Sequence[str] | None]] = []
        self.answers: list[Taken | Exception | None] = []

    def take_next(self, key: str, categories: Sequence[str] | None) -> Taken | None:
        self.asked.append((key, categories))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


class Scene:
    """The command over the drawn tickets."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.server = Server()
        self.said: list[tuple[str, bool]] = []
        self.taken: list[str] = []
        browsing = frame.parts.browsing
        self.next = TakingNext(frame.desk, InlineLane(), self.server.take_next, lambda: browsing.place, frame.window)
        self.next.said.connect(lambda sentence, bad: self.said.append((sentence, bad)))
        self.next.taken.connect(self.taken.append)

    def gives(self, *answers: int | Exception | None) -> None:
        """By the tickets' numbers."""
        for one in answers:
            self.server.answers.append(Taken(self.frame.tickets[one], "C1") if isinstance(one, int) else one)


@pytest.fixture
def scene(frame: Frame) -> Scene:
    return Scene(frame)


def test_the_ticket_is_opened_and_named(scene: Scene) -> None:
    scene.gives(4203)
    scene.next.begin()
    assert scene.taken == [scene.frame.tickets[4203]]
    assert scene.said == [("#4203 is yours now.", False)]
    assert scene.server.asked[0][1] is None


def test_in_the_list_of_a_category_it_is_of_that_category(scene: Scene) -> None:
    billing = scene.frame.world.category_ids["Billing"]
    scene.frame.parts.commanding.open_place(view("all", billing))
    scene.gives(None)
    scene.next.begin()
    assert scene.server.asked[0][1] == (billing,)
    assert scene.said == [("In Billing nobody waits for an answer that a colleague is not already on.", False)]


def test_nothing_left_is_good_news(scene: Scene) -> None:
    scene.gives(None, None)
    scene.next.begin()
    scene.next.begin()
    assert [bad for _, bad in scene.said] == [False, False]
    assert scene.said[0][0].startswith("Well done")
    assert len({key for key, _ in scene.server.asked}) == 2


def test_offline_it_says_what_to_do_and_asks_nobody(scene: Scene) -> None:
    say_status(scene.frame.world, Condition.OFFLINE)
    scene.next.begin()
    assert scene.server.asked == []
    [(sentence, bad)] = scene.said
    assert bad
    assert "Choose one yourself" in sentence


def test_a_lost_answer_is_asked_for_again_with_the_same_key(scene: Scene) -> None:
    scene.gives(Offline("Nobody answers."), 4203)
    scene.next.begin()
    assert scene.taken == [scene.frame.tickets[4203]]
    assert len({key for key, _ in scene.server.asked}) == 1


def test_after_two_lost_answers_the_next_try_gets_what_they_took(scene: Scene) -> None:
    scene.gives(Offline("Nobody answers."), Offline("Nobody answers."), 4203, 4211)
    scene.next.begin()
    assert (scene.taken, scene.said) == ([], [("Nobody answers.", True)])
    scene.frame.parts.commanding.open_place(view("all", scene.frame.world.category_ids["Billing"]))
    scene.next.begin()
    assert scene.taken == [scene.frame.tickets[4203]]
    assert len(set(scene.server.asked)) == 1
    scene.next.begin()
    assert scene.server.asked[-1][0] != scene.server.asked[0][0]


def test_a_refusal_is_said_and_done_with(scene: Scene) -> None:
    scene.gives(Rejected("Tell your administrator.", "unknownMethod"), 4203)
    scene.next.begin()
    scene.next.begin()
    assert scene.said[0] == ("Tell your administrator.", True)
    assert scene.server.asked[0][0] != scene.server.asked[1][0]


def test_a_ticket_whose_row_comes_later_is_opened_then(scene: Scene) -> None:
    world = scene.frame.world
    ticket_id = world.ids.new("t")
    scene.server.answers.append(Taken(ticket_id, "C1"))
    scene.next.begin()
    assert (scene.taken, scene.said) == ([], [])
    scene.next._patience.timeout.emit()
    assert scene.said == [("The next ticket is yours and is on its way here. You will find it in “Mine”.", False)]
