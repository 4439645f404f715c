"""Old mails become tickets: threads rebuilt, own mails as replies, each once, whatever stops it in between."""

from __future__ import annotations

import mailbox
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from sync.domain.errors import Rejected
from sync.domain.times import DAY_MS
from sync.server.check import faults
from sync.server.house import House
from sync.server.importing.mail_folders import MailFolder
from sync.server.importing.mails import Archive, MailImporter, MailReport
from tests.rigs.bureau import NOON, QUICK_HASHER, Bureau
from tests.rigs.mails.natures import NATURES
from tests.rigs.mails.programs import PROGRAMS
from tests.rigs.mails.ugly import UGLY

OWN = "support@desk.example"
Mail = tuple[str, str, str, str, str]
"""Message-ID, what it refers to, from, the day of September 2026, its words."""
THREAD: Sequence[Mail] = (
    ("1@a", "", "Eve <eve@mail.example>", "01", "My printer burns."),
    ("2@d", "1@a", f"Desk <{OWN}>", "02", "Put it out."),
    ("3@a", "1@a 2@d", "Eve <eve@mail.example>", "03", "It is out.\nFrom now on I am careful."),
    ("4@b", "", "Tom <tom@mail.example>", "04", "Another matter."),
    ("6@c", "5@gone", "Ida <ida@mail.example>", "06", "First that is left of a thread."),
    ("7@d", "5@gone", f"Desk <{OWN}>", "07", "Second that is left."),
    ("8@d", "", f"Desk <{OWN}>", "08", "We write first."),
)


def octets(mail: Mail) -> bytes:
    name, refers, sender, day, words = mail
    to = "Kim <kim@mail.example>" if OWN in sender else OWN
    head = [f"From: {sender}", f"To: {to}", f"Message-ID: <{name}>", f"Subject: {words.splitlines()[0][:12]}"]
    head += [f"Date: {day} Sep 2026 10:00:00 +0000"]
    if refers:
        head += ["References: " + " ".join(f"<{one}>" for one in refers.split())]
    return ("\r\n".join(head) + "\r\n\r\n" + words + "\r\n").encode()


def mbox_of(path: Path, mails: Sequence[Mail]) -> Path:
    box = mailbox.mbox(path)
    for one in mails:
        box.add(octets(one).replace(b"\r\n", b"\n"))
    box.close()
    return path


def maildir_of(path: Path, mails: Sequence[Mail]) -> Path:
    box = mailbox.Maildir(path)
    for one in mails:
        box.add(octets(one))
    box.close()
    return path


def take(desk: Bureau, category_id: str, path: Path, open_since: int = NOON + DAY_MS) -> MailReport:
    """As the command does it."""
    house = desk.house
    account = house.parts.database.read(lambda: house.parts.accounts.of_category(category_id))
    assert account is not None
    archive = Archive(account, frozenset({OWN}), open_since)
    importer = MailImporter(house.parts, house.intake, house.ticketing, house.blobs, archive)
    folder = MailFolder(path, desk.clock.now_ms())
    try:
        return importer.run(folder.mails(), lambda _: None, lambda: None)
    finally:
        folder.close()


def rows(desk: Bureau, sql: str) -> list[tuple[object, ...]]:
    database = desk.house.parts.database
    return database.read(lambda: database.select(sql))


THREADS = (
    "SELECT t.number, r.email, m.kind, m.body_text FROM ticket t JOIN message m ON m.ticket_id = t.id "
    "JOIN requester r ON r.id = t.requester_id ORDER BY t.number, m.seq"
)
AS_THEY_WERE = [
    (1, "eve@mail.example", "inbound", "My printer burns."),
    (1, "eve@mail.example", "reply", "Put it out."),
    (1, "eve@mail.example", "inbound", "It is out.\nFrom now on I am careful."),
    (2, "tom@mail.example", "inbound", "Another matter."),
    (3, "ida@mail.example", "inbound", "First that is left of a thread."),
    (3, "ida@mail.example", "reply", "Second that is left."),
    (4, "kim@mail.example", "reply", "We write first."),
]


@pytest.mark.parametrize("kind", [mbox_of, maildir_of])
def test_threads_are_rebuilt_whatever_the_order_in_the_folder(
    desk: Bureau, billing: str, tmp_path: Path, kind: Callable[[Path, Sequence[Mail]], Path]
) -> None:
    path = kind(tmp_path / "box", tuple(reversed(THREAD)))
    report = take(desk, billing, path)
    assert (report.tickets, report.inbound, report.replies, report.there) == (4, 4, 3, 0)
    assert rows(desk, THREADS) == AS_THEY_WERE
    assert rows(desk, "SELECT DISTINCT status, channel FROM ticket") == [("closed", "import")]
    assert rows(desk, "SELECT COUNT(*) FROM arrival") == [(0,)]
    assert rows(desk, "SELECT COUNT(*) FROM letter") == [(0,)]
    assert rows(desk, "SELECT COUNT(*) FROM message WHERE original_blob_id IS NULL") == [(0,)]
    assert faults(desk.house.parts.database) == []

    again = take(desk, billing, path)
    assert (again.tickets, again.inbound, again.replies, again.there) == (0, 0, 0, 7)
    assert rows(desk, THREADS) == AS_THEY_WERE


def test_young_threads_stay_as_they_were_left(desk: Bureau, billing: str, tmp_path: Path) -> None:
    desk.clock.now = 1_788_950_000_000  # 9 September 2026
    take(desk, billing, mbox_of(tmp_path / "box", THREAD), desk.clock.now - 3 * DAY_MS - DAY_MS // 2)
    found = rows(desk, "SELECT number, status, awaiting FROM ticket ORDER BY number")
    assert found == [
        (1, "closed", None),
        (2, "closed", None),
        (3, "waiting", "requester"),
        (4, "waiting", "requester"),
    ]


def test_a_second_folder_goes_on_with_the_threads_of_the_first(desk: Bureau, billing: str, tmp_path: Path) -> None:
    take(desk, billing, mbox_of(tmp_path / "inbox", [one for one in THREAD if OWN not in one[2]]))
    report = take(desk, billing, mbox_of(tmp_path / "sent", [one for one in THREAD if OWN in one[2]]))
    assert (report.tickets, report.replies) == (1, 3)
    found = rows(
        desk, "SELECT t.number, m.kind FROM ticket t JOIN message m ON m.ticket_id = t.id ORDER BY m.posted_at"
    )
    assert found == [
        (1, "inbound"),
        (1, "reply"),
        (1, "inbound"),
        (2, "inbound"),
        (3, "inbound"),
        (3, "reply"),
        (4, "reply"),
    ]
    assert faults(desk.house.parts.database) == []


def test_a_mail_that_goes_on_later_finds_its_thread(desk: Bureau, billing: str, tmp_path: Path) -> None:
    take(desk, billing, mbox_of(tmp_path / "box", THREAD))
    later = octets(("9@a", "1@a 3@a", "Eve <eve@mail.example>", "09", "It burns again."))
    desk.clock.now = 1_788_950_000_000  # 9 September 2026
    taken = desk.house.mail_in.take_in(later, billing)
    sql = "SELECT t.id, t.status FROM ticket t WHERE t.number = 1"
    assert rows(desk, sql) == [(taken.ticket_id, "open")]


def test_every_ugly_mail_is_taken(desk: Bureau, billing: str, tmp_path: Path) -> None:
    box = mailbox.Maildir(tmp_path / "box")
    mails = [one.raw for one in (*PROGRAMS, *UGLY, *NATURES)]
    for one in mails:
        box.add(one)
    box.close()
    report = take(desk, billing, tmp_path / "box")
    assert report.skipped == []
    assert report.inbound + report.replies + report.traces + report.there == len(mails)
    assert faults(desk.house.parts.database) == []


def test_what_is_no_folder_of_mails_is_said(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text("Dear diary")
    (tmp_path / "folder").mkdir()
    with pytest.raises(Rejected, match="no mbox"):
        MailFolder(tmp_path / "x.txt", NOON)
    with pytest.raises(Rejected, match="no Maildir"):
        MailFolder(tmp_path / "folder", NOON)


def test_an_import_that_is_killed_again_and_again_is_finished_by_repeating_it(tmp_path: Path) -> None:
    mails = [
        (f"{n}@a", f"{n - 1}@a" if n % 3 else "", "Eve <eve@mail.example>", f"{n // 10 + 1:02}", f"Words {n}")
        for n in range(240)
    ]
    mbox_of(tmp_path / "box", mails)
    data = tmp_path / "server.sqlite"
    House.open(str(data), hasher=QUICK_HASHER).close()
    words = ["import-mail", str(tmp_path / "box"), "--category", "Old", "--database", f"sqlite:///{data}"]
    command = [sys.executable, "-m", "sync.server", *words]
    for wanted in (1, 120):
        running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=dict(os.environ))
        house = House.open(str(data), hasher=QUICK_HASHER)
        try:
            database = house.parts.database
            while running.poll() is None:
                [(count,)] = database.read(lambda: database.select("SELECT COUNT(*) FROM message"))  # noqa: B023
                if count >= wanted:
                    running.kill()
                    break
            running.wait()
            assert faults(database) == []
        finally:
            house.close()
    subprocess.run(command, check=True, capture_output=True)
    house = House.open(str(data), hasher=QUICK_HASHER)
    try:
        database = house.parts.database
        sql = "SELECT COUNT(*), COUNT(DISTINCT body_text), COUNT(DISTINCT ticket_id) FROM message"
        assert database.read(lambda: database.select(sql)) == [(240, 240, 80)]
        assert faults(database) == []
    finally:
        house.close()
