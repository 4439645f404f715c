"""Search as one types: the newest question is answered, whatever stops or breaks on the way."""

from collections.abc import Callable

from pytestqt.qtbot import QtBot

from desktop.lanes import Failed, InlineLane, T
from desktop.models.searching import Searching
from sync.cache.rows import TicketRow
from sync.domain.errors import Interrupted, SearchDamaged
from tests.rigs.frame import Frame
from tests.rigs.world import World


class TroubledLane(InlineLane):
    """The first pieces of work fail with these errors, as a stop that comes too late makes them."""

    def __init__(self, *errors: Interrupted | SearchDamaged) -> None:
        self._errors = list(errors)

    def run(self, work: Callable[[], T], done: Callable[[T], None] | None = None, failed: Failed | None = None) -> None:
        if self._errors and failed is not None:
            failed(self._errors.pop(0))
        else:
            super().run(work, done, failed)


def found_by(world: World, lane: TroubledLane, text: str, qtbot: QtBot) -> list[str]:
    """The subjects that come in the end."""
    answers: list[list[TicketRow]] = []
    searching = Searching(world.desk.cache, lane, world.desk.bridge)
    searching.found.connect(lambda _text, rows: answers.append(rows))
    searching.look(text)
    qtbot.waitUntil(lambda: bool(answers))
    searching.close()
    return [row.subject for row in answers[-1]]


def test_a_stop_that_hits_the_newest_question_does_not_leave_it_unanswered(
    frame: Frame, world: World, qtbot: QtBot
) -> None:
    lane = TroubledLane(Interrupted("stopped"))
    assert found_by(world, lane, "#4203", qtbot) == ["Charged twice for invoice 2026-1143"]
    assert frame.tickets


def test_a_damaged_index_is_mended_and_the_question_asked_again(frame: Frame, world: World, qtbot: QtBot) -> None:
    lane = TroubledLane(SearchDamaged("damaged"))
    assert found_by(world, lane, "#4203", qtbot) == ["Charged twice for invoice 2026-1143"]
    assert frame.tickets
