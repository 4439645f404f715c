"""Incidents at our own server, as a workstation keeps them: once each, and never over somebody else's words."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from sync.domain.errors import Rejected
from sync.domain.incidents import Incident
from sync.domain.times import HOUR_MS
from tests.rigs.office import Office, office_in_process


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with office_in_process(tmp_path) as opened:
        opened.agent("Ann", opened.category("Billing"))
        yield opened


def test_an_incident_is_opened_once_and_changed_on_its_base(office: Office) -> None:
    connector = office.connector("Ann")
    connector.access()
    kept, now = connector.incidents(), office.clock.now_ms()
    wanted = Incident("", "Downloads fail", now, eta=now + HOUR_MS, is_public=True)
    incident_id = kept.open_incident("key-of-the-test", wanted)
    assert kept.open_incident("key-of-the-test", wanted) == incident_id
    base = replace(wanted, id=incident_id, keeper_id=office.house.people.find("Ann")["id"])
    kept.change_incident(base, replace(base, eta=now + 2 * HOUR_MS))
    kept.change_incident(base, base)  # nothing differs: nothing is asked
    with pytest.raises(Rejected, match="Somebody else changed"):
        kept.change_incident(base, replace(base, eta=now + 3 * HOUR_MS))
    with pytest.raises(Rejected, match="no title"):
        kept.change_incident(base, replace(base, title=" "))
    with pytest.raises(Rejected, match="not there any more"):
        kept.change_incident(replace(base, id="i" + "0" * 32), replace(base, title="Other"))


def test_a_note_is_added_once(office: Office) -> None:
    connector = office.connector("Ann")
    connector.access()
    kept = connector.incidents()
    incident_id = kept.open_incident("key-of-the-test", Incident("", "Downloads fail", office.clock.now_ms()))
    first = kept.add_note("key-of-a-note", incident_id, "Disk full")
    assert kept.add_note("key-of-a-note", incident_id, "Disk full") == first
    with pytest.raises(Rejected, match="no such incident"):
        kept.add_note("key-of-another", "i" + "0" * 32, "Disk full")
