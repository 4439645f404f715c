"""The tray icon's states: which one holds, and that each is told apart by shape at 22 px."""

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from desktop.alerts.tray_face import Face, Look, face_of
from desktop.alerts.tray_icon import SIZES, icon_of, pixmap_of
from desktop.files import RESOURCES
from desktop.theme import fonts
from sync.engine.status import Condition

FACES = (
    Face(Look.IDLE),
    Face(Look.COUNT, 7),
    Face(Look.COUNT, 42),
    Face(Look.COUNT, 120),
    Face(Look.OFFLINE),
    Face(Look.OFFLINE, 7),
    Face(Look.DND),
    Face(Look.DND, 7),
    Face(Look.ERROR),
)


@pytest.mark.parametrize(
    ("condition", "awaiting", "quiet", "face"),
    [
        (Condition.SIGNED_OUT, 7, True, Face(Look.ERROR)),
        (Condition.INCOMPATIBLE, 7, False, Face(Look.ERROR)),
        (Condition.DISK_FULL, 7, False, Face(Look.ERROR)),
        (Condition.OFFLINE, 7, True, Face(Look.OFFLINE, 7)),
        (None, 0, False, Face(Look.OFFLINE)),
        (Condition.ONLINE, 7, True, Face(Look.DND, 7)),
        (Condition.DELAYED, 7, False, Face(Look.COUNT, 7)),
        (Condition.ONLINE, 0, False, Face(Look.IDLE)),
    ],
)
def test_the_first_state_that_holds_is_shown(
    condition: Condition | None, awaiting: int, quiet: bool, face: Face
) -> None:
    assert face_of(condition, awaiting, quiet) == face


def test_the_pill_holds_what_fits() -> None:
    assert Face(Look.COUNT, 99).digits(16) == "99"
    assert Face(Look.COUNT, 100).digits(16) == "9+"
    assert Face(Look.COUNT, 100).digits(22) == "99+"
    assert Face(Look.IDLE).digits(64) == ""


def test_the_icon_has_every_size_that_trays_ask_for(qapp: QApplication) -> None:
    del qapp
    assert {size.width() for size in icon_of(Face(Look.COUNT, 3)).availableSizes()} == set(SIZES)


def test_states_differ_by_shape_without_colour_at_22_px(qapp: QApplication) -> None:
    del qapp
    fonts.load_faces(RESOURCES / "fonts")
    shapes = [_grey(Face(face.look, face.count)) for face in FACES]
    for place, one in enumerate(shapes):
        for other in shapes[place + 1 :]:
            different = sum(abs(a - b) > 60 for a, b in zip(one, other, strict=True))
            assert different >= 12


def _grey(face: Face) -> list[int]:
    """The icon on a middle grey, in shades of grey."""
    image = pixmap_of(face, 22).toImage().convertToFormat(QImage.Format.Format_ARGB32)
    shades = []
    for y in range(22):
        for x in range(22):
            color = image.pixelColor(x, y)
            shade = 0.3 * color.red() + 0.59 * color.green() + 0.11 * color.blue()
            shades.append(round(shade * color.alphaF() + 128 * (1 - color.alphaF())))
    return shades
