"""Colours can be read, icons are drawn, the shipped typeface is the one that shows."""

import re
from collections.abc import Iterator
from dataclasses import fields
from itertools import product

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFontInfo, QImage, QPalette
from PySide6.QtWidgets import QApplication, QLabel

from desktop.commands import COMMANDS
from desktop.files import RESOURCES
from desktop.theme.appearance import Appearance, Choice
from desktop.theme.icons import Icons
from desktop.theme.palette import palette_of
from desktop.theme.tokens import DARK, LIGHT, Theme

_GROUNDS = ("bg", "surface", "select")
_WORDS = ("text", "us", "them", "overdue", "due", "sent", "pending", "needs", "offline")


@pytest.fixture
def appearance(qapp: QApplication) -> Iterator[Appearance]:
    appearance = Appearance(RESOURCES, qapp)
    yield appearance
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    appearance.choose(Choice.LIGHT)


def luminance(text: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    color = QColor(text)
    shares = (color.redF(), color.greenF(), color.blueF())
    parts = [one / 12.92 if one <= 0.04045 else float(((one + 0.055) / 1.055) ** 2.4) for one in shares]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("theme", "name"), list(product((LIGHT, DARK), (*_WORDS, "muted"))))
def test_words_can_be_read_on_every_ground(theme: Theme, name: str) -> None:
    grounds = [theme.value(ground) for ground in _GROUNDS]
    if name not in ("text", "muted"):
        grounds.append(theme.value(f"{name}_soft"))
    assert min(contrast(theme.value(name), ground) for ground in grounds) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_edges_focus_and_buttons_stand_out(theme: Theme) -> None:
    assert contrast(theme.edge, theme.surface) >= 3
    assert contrast(theme.focus, theme.surface) >= 3
    assert contrast(theme.on_accent, theme.accent) >= 4.5
    assert contrast(theme.on_note, theme.note) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_every_colour_is_one(theme: Theme) -> None:
    values = [getattr(theme, field.name) for field in fields(theme) if field.name not in ("name", "dark")]
    assert all(re.fullmatch("#[0-9a-f]{6}", value) for value in values)


def test_the_style_sheet_names_roles_only() -> None:
    text = re.sub(r"/\*.*?\*/", "", (RESOURCES / "style.qss").read_text(encoding="utf-8"), flags=re.S)
    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b|rgb\(", text)
    assert set(re.findall(r"palette\(([a-z-]+)\)", text)) <= {
        "window", "base", "alternate-base", "button", "text", "button-text", "placeholder-text", "mid", "dark",
        "accent", "bright-text", "highlight", "link-visited",
    }  # fmt: skip


def test_the_palette_follows_the_theme(appearance: Appearance, qapp: QApplication) -> None:
    for choice, theme in ((Choice.DARK, DARK), (Choice.LIGHT, LIGHT)):
        appearance.choose(choice)
        assert qapp.palette().color(QPalette.ColorRole.Window) == QColor(theme.bg)
        assert palette_of(theme).color(QPalette.ColorRole.Accent) == QColor(theme.accent)


def test_a_switch_is_told_and_repaints(appearance: Appearance) -> None:
    told: list[str] = []
    appearance.changed.connect(lambda: told.append(appearance.theme.name))
    appearance.choose(Choice.DARK)
    assert told == ["dark"]


def test_inter_is_what_shows_and_its_figures_are_equally_wide(appearance: Appearance, qapp: QApplication) -> None:
    appearance.choose(Choice.LIGHT)
    font = appearance.font(13)
    assert QFontInfo(font).family() == "Inter"
    label = QLabel()
    label.setFont(font)
    widths = {label.fontMetrics().horizontalAdvance(figure * 8) for figure in "0123456789"}
    assert len(widths) == 1


def test_bigger_text_makes_everything_bigger(appearance: Appearance) -> None:
    appearance.choose(Choice.LIGHT, scale=1.5)
    assert appearance.px(54) == 81
    assert appearance.font(12).pixelSize() == 18


def painted(image: QImage) -> int:
    return sum(image.pixelColor(x, y).alpha() > 0 for x in range(image.width()) for y in range(image.height()))


@pytest.mark.parametrize("name", sorted(path.stem for path in (RESOURCES / "icons").glob("*.svg")))
def test_each_icon_is_drawn_in_its_colour(name: str, qapp: QApplication) -> None:
    image = Icons(RESOURCES / "icons").pixmap(name, 16, "#ff0000", 2.0).toImage()
    assert (image.width(), image.height()) == (32, 32)
    assert painted(image) > 10
    pixels = [image.pixelColor(x, y) for x in range(32) for y in range(32)]
    inks = {pixel.name() for pixel in pixels if pixel.alpha() == 255}
    assert inks <= {"#ff0000"}


def test_a_cut_is_transparent(qapp: QApplication) -> None:
    image = Icons(RESOURCES / "icons").pixmap("turn-us", 24, "#0000ff").toImage()
    assert image.pixelColor(12, 5).alpha() == 255
    assert image.pixelColor(9, 14).alpha() < 128


def test_only_arrows_of_reading_turn_round(qapp: QApplication) -> None:
    icons = Icons(RESOURCES / "icons")
    reply, turned = (icons.pixmap("reply", 24, "#000000", 1.0, rtl).toImage() for rtl in (False, True))
    mirror = reply.flipped(Qt.Orientation.Horizontal)
    places = [(x, y) for x in range(24) for y in range(24)]
    alphas = [(mirror.pixelColor(x, y).alpha(), turned.pixelColor(x, y).alpha()) for x, y in places]
    assert max(abs(one - other) for one, other in alphas) < 60  # but for the smoothing at the edges
    assert reply != turned
    assert icons.pixmap("bell", 24, "#000000", 1.0, True).toImage() == icons.pixmap("bell", 24, "#000000").toImage()


def test_each_command_has_an_icon_that_is_there() -> None:
    assert {command.icon for command in COMMANDS} <= {path.stem for path in (RESOURCES / "icons").glob("*.svg")}
