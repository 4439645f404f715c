"""Whatever strangers write stands on the screen as they wrote it: no label, tool tip or notice takes it for markup."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QAbstractItemModel, QAbstractTableModel, Qt
from PySide6.QtGui import Qt as QtGuiNames
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QAbstractItemView, QLabel, QMessageBox, QTextEdit, QWidget
from pytestqt.qtbot import QtBot

from desktop.alerts.wording import note_of
from desktop.models.plain_tip import plain_tip
from sync.domain.file_names import NAME_MAX, harmless_name
from sync.domain.records import ArrivalKind
from sync.domain.ringing import Notice
from tests.rigs.frame import Frame
from tests.rigs.hostile import FILE_NAMES, MARK, TEXTS
from tests.rigs.windows import WINDOWS
from tests.rigs.world import TOM

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
OPEN = 4187
SHIELD = plain_tip("<b>").partition("&")[0]


def _line(text: str) -> str:
    """As the server stores a line."""
    return " ".join(text.split())


def _poison(frame: Frame, text: str) -> None:
    """The open ticket and everything around it is called so."""
    world, ticket, line = frame.world, frame.tickets[OPEN], _line(text)
    with world.together():
        _tell_of_it(frame, text, line)
    world.desk.intents.note(ticket, text)
    world.desk.intents.quick_note(text)


def _tell_of_it(frame: Frame, text: str, line: str) -> None:
    """As the server does."""
    world, ticket = frame.world, frame.tickets[OPEN]
    files = [
        {"blobId": f"b{n}", "name": name, "type": "text/plain", "size": 9} for n, name in enumerate(FILE_NAMES[:4])
    ]
    world.change(ticket, subject=line, tags={line[:90]: True, f"{line[:80]} 2": True}, site=line)
    person = {"id": world.requester_of(ticket), "name": line, "email": line, "phone": line}
    world.page(world.account_ids["Downloads"], {"Requester": [{**person, "createdAt": "2024-05-02T09:00:00Z"}]})
    world.message(ticket, "inbound", text, files=files)
    world.message(ticket, "reply", text, TOM)
    world.message(ticket, "note", text, TOM)
    for name, category in world.category_ids.items():
        called = {"id": category, "name": f"{name} {line}", "agentIds": [TOM], "limitMs": 60_000}
        world.page(world.account_ids[name], {"Category": [called]})
    world.page("T" + "0" * 32 + "-1", {"Agent": [{"id": TOM, "name": line, "isOwner": False}]})


def _rich(text: str) -> bool:
    """Whether Qt would take it for markup that a stranger wrote."""
    return MARK in text and bool(QtGuiNames.mightBeRichText(text)) and not text.startswith(SHIELD)


def _interpreted(window: QWidget) -> Iterator[str]:
    """Where words are taken for markup."""
    for widget in (window, *window.findChildren(QWidget)):
        where = f"{type(widget).__name__} in {type(widget.parentWidget()).__name__}"
        if isinstance(widget, QLabel) and _rich(widget.text()) and widget.textFormat() != Qt.TextFormat.PlainText:
            yield f"{where}: text"
        if isinstance(widget, QMessageBox) and _rich(widget.text()):
            yield f"{where}: question"
        if isinstance(widget, QTextEdit) and "<img" in widget.toHtml():
            yield f"{where}: document"
        if _rich(widget.toolTip()):
            yield f"{where}: tool tip"
        if isinstance(widget, QAbstractItemView) and widget.model() is not None:
            yield from (f"{where}: {one}" for one in _tips(widget.model()))


def _tips(model: QAbstractItemModel) -> Iterator[str]:
    columns = model.columnCount() if isinstance(model, QAbstractTableModel) else 1
    for row in range(min(model.rowCount(), 50)):
        for column in range(columns):
            tip = model.index(row, column).data(Qt.ItemDataRole.ToolTipRole)
            if isinstance(tip, str) and _rich(tip):
                yield f"tool tip of cell {row}, {column}"
    for orientation, count in (
        (Qt.Orientation.Horizontal, columns),
        (Qt.Orientation.Vertical, model.rowCount()),
    ):
        for section in range(min(count, 50)):
            tip = model.headerData(section, orientation, Qt.ItemDataRole.ToolTipRole)
            if isinstance(tip, str) and _rich(tip):
                yield f"tool tip of heading {section}"


@pytest.mark.parametrize("name", WINDOWS)
def test_no_window_takes_a_strangers_words_for_markup(name: str, frame: Frame, qtbot: QtBot) -> None:
    window = WINDOWS[name](frame)
    if window is not frame.window:
        qtbot.addWidget(window)
        window.show()
    found: set[str] = set()
    for text in TEXTS:
        _poison(frame, text)
        found.update(_interpreted(window))
    assert found == set()


def test_a_label_that_would_be_fooled_is_found(qtbot: QtBot) -> None:
    label = QLabel(TEXTS[0])
    qtbot.addWidget(label)
    label.setToolTip(TEXTS[0])

    assert len(list(_interpreted(label))) == 2


@pytest.mark.parametrize("text", TEXTS)
def test_a_tip_shows_what_was_written(text: str) -> None:
    tip = QTextDocument()
    tip.setHtml(plain_tip(text)) if plain_tip(text) != text else tip.setPlainText(text)

    assert tip.toPlainText().replace("\n", "") == text.replace("\r", "").replace("\n", "")
    assert plain_tip("Plain words, 3 < 4") == "Plain words, 3 < 4"


@pytest.mark.parametrize("text", TEXTS)
def test_a_notice_says_the_words_as_they_are(text: str) -> None:
    category = _line(text)
    one = note_of(Notice("t1", ("t1",), ArrivalKind.NEW), None, {category: 1})
    many = note_of(Notice("x", ("t1", "t2"), ArrivalKind.NEW), None, {category: 2})

    assert category in one.title
    assert category in many.body


@pytest.mark.parametrize("name", FILE_NAMES)
def test_a_file_is_saved_under_a_harmless_name(name: str) -> None:
    kept = harmless_name(name)

    assert kept.isprintable()
    assert 0 < len(kept) <= NAME_MAX
    assert not set(kept) & set('/\\:<>"|?*\u202e')
    assert kept.strip(". ") == kept
    assert kept.partition(".")[0].strip().lower() not in ("con", "aux", "nul", "prn")
