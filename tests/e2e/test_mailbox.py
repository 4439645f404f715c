"""A mailbox that a server process reads: its agent is rung, and a process that is killed loses and doubles nothing."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from stage.process import ProgramMissing
from sync.server.house import House
from tests.rigs.imap_server import ImapHouse, imap_house, until
from tests.rigs.office import office_of_its_own, quick_hasher
from tests.rigs.workstation import workstation

MAILS = 40


@pytest.fixture
def imap(tmp_path: Path) -> Iterator[ImapHouse]:
    try:
        with imap_house(tmp_path) as house:
            yield house
    except ProgramMissing as missing:
        pytest.skip(str(missing))


def mail(number: int, more: str = "") -> bytes:
    head = f"From: ada@example.org\r\nSubject: Mail {number}\r\nMessage-ID: <{number}@mail.example>\r\n{more}"
    return f"{head}\r\nWords {number}\r\n".encode()


@contextmanager
def serving(path: Path) -> Iterator["subprocess.Popen[str]"]:
    server = subprocess.Popen(
        [sys.executable, "-m", "sync.server", "serve", "--port", "0"],
        env={**os.environ, "DESKBELL_DATABASE": str(path)},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout is not None
        assert server.stdout.readline()
        yield server
    finally:
        server.terminate()
        server.communicate(timeout=30)


def test_mail_rings_at_the_agents_workstation_and_its_answer_goes_on(imap: ImapHouse, tmp_path: Path) -> None:
    (tmp_path / "server").mkdir()
    with office_of_its_own(tmp_path / "server") as office:
        category = office.category("Billing")
        office.agent("Ann", category)
        imap.introduce(office.house, category)
        with workstation(tmp_path / "ann", office.address, office.token("Ann")) as ann:
            ann.online()
            imap.server.deliver(mail(1))
            ann.wait(lambda: sum(ann.rung.values()) == 1)
            imap.server.deliver(mail(2, "In-Reply-To: <1@mail.example>\r\n"))
            ann.wait(lambda: sum(ann.rung.values()) == 2)
            [ticket_id] = ann.rung
            ann.wait(lambda: len(ann.reader.thread(ticket_id)) == 2)
            rows = ann.reader.thread(ticket_id)
            assert [one.body_text for one in rows] == ["Words 1", "Words 2"]
            assert all(one.original_blob_id for one in rows)


def test_a_process_that_is_killed_in_the_middle_takes_every_mail_in_once(imap: ImapHouse, tmp_path: Path) -> None:
    for number in range(MAILS):
        imap.server.deliver(mail(number))
    path = tmp_path / "server.sqlite"
    house = House.open(path, hasher=quick_hasher())
    try:
        imap.introduce(house, house.grants.add_category("Billing"), done_folder="Done")
        database = house.parts.database

        def subjects() -> list[str]:
            return [str(one[0]) for one in database.read(lambda: database.select("SELECT subject FROM ticket"))]

        def has(count: int) -> bool:
            return len(subjects()) >= count

        for share in (5, 15, 25):
            with serving(path) as server:
                until(partial(has, share))
                os.kill(server.pid, signal.SIGKILL)
        with serving(path):
            until(partial(has, MAILS))
            until(lambda: house.mailboxes.find("Support").next_uid == MAILS + 1)
        assert sorted(subjects()) == sorted(f"Mail {number}" for number in range(MAILS))
        with imap.client() as client:
            client.select_folder("Done")
            assert len(client.search()) == MAILS
    finally:
        house.close()
