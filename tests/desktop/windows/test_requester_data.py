"""What is kept of a requester, on a real server: saved as a file, erased once the address is typed; owners only."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from desktop.deeds import Deeds
from desktop.windows.requester_data import RequesterDataWindow
from sync.connectors.intake_keeping import IntakeKeeping
from sync.domain.actions import PostMessage
from sync.domain.records import MessageKind, Requester
from sync.engine.status import Condition
from tests.rigs.frame import Frame, say_status
from tests.rigs.office import Office, office_in_process
from tests.rigs.seat import seat_of

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
EMAIL = "bob@mail.example"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with office_in_process(tmp_path) as opened:
        opened.agent("Ann", opened.category("Billing"))
        opened.agent("Olga", is_owner=True)
        opened.file(opened.house.grants.add_category("Repairs"), "Invoice", "Secret words", EMAIL)
        yield opened


@contextmanager
def shown(office: Office, name: str, folder: Path, application: QApplication) -> Iterator[RequesterDataWindow]:
    """The window at that person's desk."""
    database = office.house.parts.database
    [(requester_id, name_there)] = database.read(lambda: database.select("SELECT id, name FROM requester"))
    with seat_of(office, name, folder, application) as seat:
        parent = QWidget()
        deeds: Deeds[IntakeKeeping] = Deeds(seat.desk, seat.connector.intake, "Nobody answers.", parent)
        asker = Requester(str(requester_id), str(name_there), EMAIL)
        window = RequesterDataWindow(seat.desk, deeds, seat.connector.fetch_blob, asker, parent)
        window.open()
        yield window
        window.close()
        parent.deleteLater()


def texts(office: Office) -> list[str]:
    database = office.house.parts.database
    return [
        str(one[0]) for one in database.read(lambda: database.select("SELECT body_text FROM message WHERE seq = 1"))
    ]


def test_everything_is_saved_as_one_file(office: Office, tmp_path: Path, qapp: QApplication) -> None:
    with shown(office, "Olga", tmp_path, qapp) as window:
        window.export_to(tmp_path / "out.zip")
        with zipfile.ZipFile(tmp_path / "out.zip") as archive:
            assert "Secret words" in archive.read("messages.jsonl").decode()
        assert "Saved: out.zip" in window.notice.words
        assert list(tmp_path.glob("*.part")) == []


def test_it_is_erased_only_once_the_address_is_typed(office: Office, tmp_path: Path, qapp: QApplication) -> None:
    with shown(office, "Olga", tmp_path, qapp) as window:
        QTest.keyClicks(window.typed, "bob@mail")
        assert not window.erase.isEnabled()
        window.typed.returnPressed.emit()
        assert texts(office) == ["Secret words"]
        QTest.keyClicks(window.typed, ".EXAMPLE")
        assert window.erase.isEnabled()
        window.erase.click()
        assert texts(office) == ["Erased at the requester's wish."]
        assert window.notice.words.startswith("Erased, in tickets: 1.")
        assert not window.erase.isEnabled()


def test_no_byte_of_it_is_left_at_a_workstation_that_asks_again(
    office: Office, tmp_path: Path, qapp: QApplication
) -> None:
    (tmp_path / "ann").mkdir()
    repairs = office.house.parts.database.read(
        lambda: office.house.parts.database.select("SELECT category_id FROM ticket")
    )
    office.agent("Ben", str(repairs[0][0]))
    with seat_of(office, "Ben", tmp_path / "ann", qapp) as ben:
        [(ticket_id,)] = office.house.parts.database.read(
            lambda: office.house.parts.database.select("SELECT id FROM ticket")
        )
        key, now = ben.desk.ids.client_key(), ben.desk.clock.now_ms()
        ben.cache.put(PostMessage(key, str(ticket_id), MessageKind.REPLY, "My secret words", now, base_seq=1))
        ben.sync()
        while ben.cache.index_some(100):
            pass

        def octets() -> bytes:
            return b"".join(one.read_bytes() for one in (tmp_path / "ann").rglob("*") if one.is_file()).lower()

        assert b"secret words" in octets()
        assert EMAIL.encode() in octets()
        with shown(office, "Olga", tmp_path, qapp) as window:
            window.typed.setText(EMAIL)
            window.erase.click()
        ben.sync()
        while ben.cache.index_some(100):
            pass
        ben.cache.wipe()
        assert b"secret words" not in octets()
        assert EMAIL.encode() not in octets()
        assert b"invoice" not in octets()


def test_whoever_is_no_owner_is_refused_with_a_sentence(office: Office, tmp_path: Path, qapp: QApplication) -> None:
    with shown(office, "Ann", tmp_path, qapp) as window:
        window.typed.setText(EMAIL)
        window.erase.click()
        assert window.notice.words.startswith("Only owners may hand out or erase")
        window.export_to(tmp_path / "out.zip")
        assert window.notice.words.startswith("Only owners may hand out or erase")
        assert not (tmp_path / "out.zip").exists()
        assert texts(office) == ["Secret words"]


def test_the_command_opens_it_and_offline_says_why_not(frame: Frame) -> None:
    frame.open(4187)
    frame.run("requester_data")
    window = frame.parts.requesters.window
    assert window is not None
    assert "Ines R." in window.windowTitle()
    window.close()
    frame.parts.requesters.window = None
    say_status(frame.world, Condition.OFFLINE)
    frame.run("requester_data")
    assert frame.parts.requesters.window is None
    assert "out of reach" in frame.window.notice.words
