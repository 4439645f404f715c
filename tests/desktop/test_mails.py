"""Whether the server mails replies reaches the workstation, and a server that never says so does."""

from pathlib import Path
from typing import Any

import orjson
import pytest
from PySide6.QtWidgets import QApplication

from sync.connectors.central.accounts import access_of
from sync.domain.protocol import CAPABILITY, MAILS
from sync.jmap.service import read_session
from tests.rigs.bureau import bureau
from tests.rigs.office import office_in_process
from tests.rigs.seat import seat_of


def test_a_workstation_knows_whether_the_server_mails(tmp_path: Path, qapp: QApplication) -> None:
    with office_in_process(tmp_path) as office:
        office.agent("Ann", office.category("Billing"))
        settings = office.house.parts.settings
        with seat_of(office, "Ann", tmp_path, qapp) as seat:
            assert not seat.desk.reader.mails()
            settings.put("mail.smtp", "smtp://help@mail.example:587")
            seat.sync()
            assert not seat.desk.reader.mails()
            settings.put("mail.from", "Help desk <support@help.example>")
            seat.sync()
            assert seat.desk.reader.mails()
            settings.put("mail.smtp", "")
            seat.sync()
            assert not seat.desk.reader.mails()


@pytest.mark.parametrize(("said", "mails"), [({}, True), ({MAILS: True}, True), ({MAILS: False}, False)])
def test_a_server_that_does_not_say_mails(tmp_path: Path, said: dict[str, Any], mails: bool) -> None:
    with bureau(str(tmp_path / "server.sqlite")) as desk:
        desk.agent("Ann", desk.house.grants.add_category("Billing"))
        document = desk.caller("Ann").document()
        ours = document["capabilities"][CAPABILITY]
        assert ours.pop(MAILS) is False
        ours.update(said)
        assert access_of(read_session(orjson.dumps(document)), "help.example").mails is mails
