"""The files of words that could not be delivered: as safe as the words, at the author's workstations and the server."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.domain.actions import CreateTicket, PostMessage
from sync.domain.choices import Choice
from sync.domain.records import Attachment, MessageKind
from sync.domain.times import DAY_MS
from sync.server.audit import ADMINISTRATOR
from sync.server.personal.erasing import Erasing
from tests.rigs.quarrel import Quarrel, Workstation, quarrel

WORDS = "Here is the picture."
PICTURE = b"a picture of the printer"


@pytest.fixture
def q(tmp_path: Path, server_address: str | None) -> Iterator[Quarrel]:
    """The scene."""
    with quarrel(tmp_path, server_address) as opened:
        yield opened


@pytest.fixture(params=["sqlite", "postgres"])
def server_address(request: pytest.FixtureRequest) -> str | None:
    """Both databases."""
    return None if request.param == "sqlite" else str(request.getfixturevalue("fresh_postgres_url"))


def reply(q: Quarrel) -> str:
    """Ann's, with a picture, not sent yet."""
    file = q.ann.cache.attach_bytes(PICTURE, "image/png", "printer.png")
    key = q.ann.ids.client_key()
    q.ann.cache.put(PostMessage(key, q.ticket, MessageKind.REPLY, WORDS, q.clock.now_ms(), (file,), 1))
    return key


def days_later(q: Quarrel, days: int = 3) -> None:
    """What nothing refers to has left the server."""
    q.clock.advance(days * DAY_MS)
    q.office.house.blobs.forget_unused()


def posted(q: Quarrel) -> list[bytes]:
    """The octets of every file that went with the words to their ticket, or to another."""
    sql = "SELECT u.blob_id FROM blob_use u JOIN message m ON m.id = u.message_id WHERE m.body_text = ?"
    return [b"".join(q.office.house.blobs.octets(row["blob_id"])) for row in q.rows(sql, WORDS)]


def sees(q: Quarrel, agent_id: str, blob_id: str) -> bool:
    """Whether the agent may read the file in their own account."""
    parts, files = q.office.house.parts, q.office.house.files
    return parts.database.read(lambda: files.is_visible(parts.accounts.of_agent(agent_id), agent_id, blob_id))


def names(files: tuple[Attachment, ...]) -> list[str]:
    return [one.name for one in files]


def files_of(station: Workstation) -> list[str]:
    """Of the only item of Undelivered."""
    action = station.item().action
    assert isinstance(action, PostMessage | CreateTicket)
    return names(action.attachments)


def test_words_decided_about_long_after_go_with_their_files(q: Quarrel) -> None:
    key = reply(q)
    q.deed(q.reply(q.ticket, "Ben's answer"))
    q.ann.sync()
    assert q.ann.item().reason == "overtaken"
    days_later(q)
    q.ann.cache.resolve(key, Choice.SEND_ANYWAY)
    q.ann.sync()
    assert posted(q) == [PICTURE]


def test_files_of_own_words_stay_here_when_their_category_goes(q: Quarrel) -> None:
    key = reply(q)
    q.deed(q.reply(q.ticket, "Ben's answer"))
    q.ann.sync()
    q.office.house.grants.revoke(q.ann_id, q.first)
    q.ann.sync()
    days_later(q)
    q.office.house.grants.grant(q.ann_id, q.first)
    q.ann.sync()
    q.ann.cache.resolve(key, q.ann.item().choices[0])
    q.ann.sync()
    assert posted(q) == [PICTURE]


def test_what_is_held_at_the_server_is_held_with_its_files(q: Quarrel, second: Workstation) -> None:
    key = reply(q)
    q.office.house.grants.revoke(q.ann_id, q.first)
    q.ann.sync()
    assert q.places(WORDS) == ["held"]
    days_later(q)
    second.sync()
    assert files_of(second) == files_of(q.ann) == ["printer.png"]
    q.office.house.grants.grant(q.ann_id, q.first)
    second.sync()
    second.cache.resolve(key, Choice.SEND_ANYWAY)
    second.sync()
    assert (q.places(WORDS), posted(q)) == (["reply@T"], [PICTURE])
    assert q.faults() == []


def test_a_new_ticket_that_is_held_keeps_its_files(q: Quarrel, second: Workstation) -> None:
    file = q.ann.cache.attach_bytes(PICTURE, "image/png", "printer.png")
    key, local = q.ann.ids.client_key(), q.ann.ids.new("t")
    made = CreateTicket(key, local, q.first, "A call", WORDS, q.clock.now_ms(), "Cleo", attachments=(file,))
    q.ann.cache.put(made)
    q.office.house.grants.revoke(q.ann_id, q.first)
    q.ann.sync()
    days_later(q)
    second.sync()
    assert files_of(second) == files_of(q.ann) == ["printer.png"]
    q.ann.cache.resolve(key, Choice.OTHER_CATEGORY, category_id=q.third)
    q.ann.sync()
    assert posted(q) == [PICTURE]


def test_held_files_are_their_authors_alone_and_leave_with_the_words(q: Quarrel) -> None:
    key = reply(q)
    q.office.house.grants.revoke(q.ann_id, q.first)
    q.ann.sync()
    [held] = q.rows("SELECT blob_id FROM blob_use u JOIN held_message h ON h.id = u.message_id")
    days_later(q)
    assert [sees(q, agent_id, held["blob_id"]) for agent_id in (q.ann_id, q.ben_id)] == [True, False]
    q.ann.cache.discard(key)
    q.ann.sync()
    days_later(q)
    assert q.rows("SELECT id FROM blob") == []
    q.ann.cache.take_back(key)
    q.office.house.grants.grant(q.ann_id, q.first)
    q.ann.sync()
    q.ann.cache.resolve(key, Choice.SEND_ANYWAY)
    q.ann.sync()
    assert posted(q) == [PICTURE]


def test_a_file_that_the_server_lost_does_not_keep_the_words_from_being_held(q: Quarrel) -> None:
    gone = Attachment("bgone", "gone.png", "image/png", 3)
    file = q.ann.cache.attach_bytes(PICTURE, "image/png", "printer.png")
    post = PostMessage(q.ann.ids.client_key(), q.ticket, MessageKind.REPLY, WORDS, q.clock.now_ms(), (gone, file), 1)
    q.ann.cache.put(post)
    q.office.house.grants.revoke(q.ann_id, q.first)
    q.ann.wire.loses = True
    q.ann.sync()
    assert q.places(WORDS) == ["held"]
    [row] = q.rows("SELECT attachments FROM held_message")
    assert "printer.png" in row["attachments"]
    assert "gone.png" not in row["attachments"]
    assert q.ann.item().reason in ("notFound", "accountNotFound")


def test_held_files_of_an_erased_requester_are_erased(q: Quarrel) -> None:
    reply(q)
    q.office.house.grants.revoke(q.ann_id, q.first)
    q.ann.sync()
    assert q.rows("SELECT id FROM blob") != []
    parts, ticketing = q.office.house.parts, q.office.house.ticketing
    parts.journal.write(lambda: Erasing(parts, ticketing).erase("bob@shop.example", ADMINISTRATOR))
    for table in ("blob", "blob_chunk", "blob_use", "held_message"):
        assert q.rows(f"SELECT * FROM {table}") == []  # noqa: S608  # our own tables
