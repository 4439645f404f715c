"""`make screenshots`: README's pictures, taken from the running program on the sample tickets."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtCore import Qt

from stage.surroundings import surroundings
from tour.house import AGENT, MINE, OWNER, ROOT, House, house
from tour.seat import Seat
from tour.steps import Failed, Steps
from tour.visitor import Visitor

FOLDER = ROOT / "resources" / "screenshots"
_CONTROL = Qt.KeyboardModifier.ControlModifier
_SUBJECT = "The January payment was taken twice"
_ASKED = (
    "On 5 January the mortgage payment left my account as usual, and on 8 January the same sum left it again. "
    "My bank says that both were asked for by you. Please pay one back."
)
_REPLY = (
    "Hello Ines, I see both payments here, and only one is due. I have asked our bank to return the second; "
    "it usually takes three working days."
)
_NOTE = "The second one came from the old payment plan, which was not ended when she changed her account."
_AGAIN = "Thank you. It is not back yet, and the February payment is due on Monday. Shall I stop that one?"
_DRAFT = "Hello Ines, please let the February payment go through: the old plan is ended, so it will be taken once."


def agent_pictures(seat: Seat, made: House, data: Path) -> None:
    """An agent with a conversation under way. Raises Failed."""
    visitor = Visitor(made.address)
    seat.sit_down(data / "agent", made.address, AGENT, made.password)
    seat.wait("the first copy", seat.loaded, 60)
    filed = seat.errand("filing", lambda: visitor.file(MINE, "Ines R.", _SUBJECT, _ASKED))
    seat.wait("it is counted as new", lambda: seat.counts.new > 0, 10)
    seat.run.do("view_new")
    seat.wait("it is listed", lambda: seat.rows() == 1, 10)
    seat.press(Qt.Key.Key_G)
    seat.wait("it is open", lambda: seat.shows(_SUBJECT), 10)
    seat.press(Qt.Key.Key_A)
    for key, words, save in ((Qt.Key.Key_R, _REPLY, Qt.Key.Key_Return), (Qt.Key.Key_N, _NOTE, Qt.Key.Key_S)):
        seat.press(key)
        seat.type(words)
        seat.press(save, _CONTROL)
        seat.wait("it is saved", lambda: seat.closed_composer, 20)
        seat.still()
        seat.wait("it is sent", lambda: seat.counts.outbox == 0, 20)
    before = seat.counts.awaiting
    seat.errand("answering", lambda: visitor.answer(filed.page, _AGAIN))
    seat.wait("the answer", lambda: seat.counts.awaiting > before, 20)
    seat.run.parts.commanding.run("view_awaiting")
    seat.press(Qt.Key.Key_R)
    seat.type(_DRAFT)
    seat.wait("no notice", lambda: not seat.run.window.notice.isVisible(), 30)
    seat.still()
    for theme in ("light", "dark"):
        seat.run.parts.commanding.run(f"theme_{theme}")
        seat.picture(f"main-{theme}")
    seat.run.parts.commanding.run("theme_light")
    seat.press(Qt.Key.Key_Escape)
    seat.run.do("settings")
    if seat.run.windows.settings is not None:
        seat.run.windows.settings.open_page("alerts")
        seat.still()
        seat.picture("settings-alerts", seat.run.windows.settings)
    seat.get_up()


def owner_pictures(seat: Seat, made: House, data: Path) -> None:
    """The owner's spot-check. Raises Failed."""
    seat.sit_down(data / "owner", made.address, OWNER, made.password)
    seat.wait("the first copy", seat.loaded, 60)
    seat.run.do("spot_check")
    window = seat.run.windows.spot_check
    if window is None:
        raise Failed("the spot-check did not open")
    seat.wait("its figures", lambda: window.table.rowCount() > 0, 10)
    seat.still()
    seat.picture("spot-check", window)


def main() -> int:
    """Exit code 0, or what failed and 1."""
    steps = Steps()
    try:
        with ExitStack() as stack:
            data = Path(stack.enter_context(TemporaryDirectory(prefix="deskbell-pictures-")))
            made = stack.enter_context(house(data / "server", steps))
            here = stack.enter_context(surroundings())
            seat = Seat(here.environment, FOLDER)
            stack.callback(seat.close)
            agent_pictures(seat, made, data)
            owner_pictures(seat, made, data)
    except Failed as failure:
        sys.stdout.write(f"screenshots: failed: {failure}\n")
        return 1
    for path in sorted(FOLDER.glob("*.png")):
        steps.say(str(path.relative_to(ROOT)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
