"""In a language that puts every text in brackets no window shows a bare word, except people's own."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QCoreApplication, QObject, Qt, QTranslator
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from desktop.alerts.alert_desk import AlertDesk, Person
from desktop.alerts.alert_windows import About, AlertWindows
from tests.rigs.faq import NEW
from tests.rigs.frame import DRAWN, Frame
from tests.rigs.incidents import NEUTRAL
from tests.rigs.incidents import WORDS as INCIDENT_WORDS
from tests.rigs.intake import STOCK
from tests.rigs.windows import WINDOWS
from tests.rigs.world import CATEGORIES, ME, World

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.qt_log_ignore("PulseAudioService|This plugin does not support", extend=True)
OURS = ("Deskbell", "Inter", "helpdesk.example.com", "MIT", "SIL Open Font License")  # names that no language changes
PEOPLES = (
    *OURS, *CATEGORIES, *(one[1] for one in DRAWN), *(one[2] for one in DRAWN), "Marta K.", "Tom B.", "Aiko S.", "MK",
    "bundle", "mirror", "download-log.txt", "learn.example", "ines.r@mail.example",
    "Please help.", "desk-7", "Agent", NEW, STOCK,
    *NEUTRAL, *(one.strip() for one in INCIDENT_WORDS if one.strip()),
)  # fmt: skip
KEYS = re.compile(r"\b(Ctrl|Shift|Alt|Esc|Enter|Return|Del|Space|Tab|F\d+|Up|Down|Left|Right|[A-Z])\b")


class Brackets(QTranslator):
    """[Every text] so; keeps what it was asked for."""

    def __init__(self, parent: QApplication) -> None:
        super().__init__(parent)
        self.asked: set[tuple[str, str]] = set()

    def translate(self, context: str, text: str, note: str | None = None, n: int = -1) -> str:
        del note, n
        self.asked.add((context, text))
        return f"[{text}]"

    def isEmpty(self) -> bool:
        return False


@pytest.fixture
def brackets(qapp: QApplication) -> Iterator[Brackets]:
    translator = Brackets(qapp)
    QCoreApplication.installTranslator(translator)
    yield translator
    QCoreApplication.removeTranslator(translator)


@pytest.fixture
def frame(brackets: Brackets, world: World) -> Iterator[Frame]:
    """The main window, made in that language."""
    frame = Frame(world)
    yield frame
    frame.close()


def bare(text: str) -> str:
    """What of a text stands in no brackets and is nobody's own."""
    before = ""
    while before != text:
        before, text = text, re.sub(r"\[[^\[\]]*\]", " ", text)
    for own in sorted(PEOPLES, key=len, reverse=True):
        text = text.replace(own, "")
    return "".join(re.findall(r"[^\W\d_]{2,}", KEYS.sub("", text)))


def texts(widget: QWidget) -> Iterator[str]:
    yield from (widget.toolTip(), widget.accessibleName(), widget.accessibleDescription(), widget.windowTitle())
    if isinstance(widget, QLabel | QAbstractButton):
        yield widget.text()
    if isinstance(widget, QLineEdit | QPlainTextEdit):
        yield widget.placeholderText()
    if isinstance(widget, QComboBox):
        yield from (widget.itemText(number) for number in range(widget.count()))
    if isinstance(widget, QMenu):
        yield from (action.text() for action in widget.actions())


def found(window: QWidget) -> list[str]:
    return [
        f"{type(widget).__name__}: {text}"
        for widget in (window, *window.findChildren(QWidget))
        for text in texts(widget)
        if bare(text)
    ]


@pytest.mark.parametrize("name", WINDOWS)
def test_no_bare_words(name: str, frame: Frame, qtbot: QtBot) -> None:
    window = WINDOWS[name](frame)
    if window is not frame.window:
        qtbot.addWidget(window)
        window.show()
    assert found(window) == []


def test_no_bare_words_in_the_settings_and_the_tray(frame: Frame, qapp: QApplication) -> None:
    alerts = AlertDesk(frame.desk, qapp, Person(ME, is_owner=True), lambda: None)
    about = About("Marta K.", "", "", Path("/"), "", "0.1.0")
    windows = AlertWindows(frame.desk, alerts, about, frame.window)
    windows.open_settings("")
    assert windows.settings is not None
    assert found(windows.settings) == []
    assert [title for title in alerts.tray.menu_titles() if bare(title)] == []
    windows.settings.close()
    alerts.stop()


def test_rows_are_spoken_in_the_language(frame: Frame) -> None:
    row = frame.parts.model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert not bare(row), row


def test_bare_words_are_found(frame: Frame) -> None:
    frame.window.tool_bar.search.setPlaceholderText("Look for")
    assert found(frame.window) == ["SearchField: Look for"]


def made_of(base: type) -> Iterator[type]:
    """Every class that is derived from it."""
    derived: list[type] = base.__subclasses__()
    for one in derived:
        yield one
        yield from made_of(one)


@pytest.fixture(scope="session")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> set[tuple[str, str]]:
    """(context, text) of all that the translation tool reads out of the source, as a translator is handed it."""
    folder = tmp_path_factory.mktemp("texts")
    tool = Path(sys.executable).with_name("pyside6-lupdate")
    if not tool.exists():
        pytest.skip(f"{tool.name} is missing: it comes with PySide6-Essentials")
    sources, texts = folder / "sources.lst", folder / "texts.ts"
    sources.write_text("\n".join(str(one) for one in sorted((ROOT / "desktop").rglob("*.py"))), encoding="utf-8")
    subprocess.run([tool, f"@{sources}", "-ts", texts], check=True, capture_output=True, timeout=120)
    contexts = ElementTree.parse(texts).getroot().iter("context")  # noqa: S314  # written by the tool just now
    return {
        (context.findtext("name") or "", message.findtext("source") or "")
        for context in contexts
        for message in context.iter("message")
    }


@pytest.mark.parametrize("name", WINDOWS)
def test_the_tool_knows_each_text(
    name: str, frame: Frame, brackets: Brackets, extracted: set[tuple[str, str]], qtbot: QtBot
) -> None:
    window = WINDOWS[name](frame)
    if window is not frame.window:
        qtbot.addWidget(window)
        window.show()
    ours = {context for context, _text in extracted}
    asked = {(context, text) for context, text in brackets.asked if context in ours or not context.startswith("Q")}
    family = {one.__name__: [base.__name__ for base in one.__mro__] for one in made_of(QObject)}
    unknown = [
        (context, text)
        for context, text in sorted(asked - extracted)  # `tr` looks in the class, then in those it was made from
        if not any((base, text) in extracted for base in family.get(context, ()))
    ]
    assert unknown == []
