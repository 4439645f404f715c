"""A server that was set back to an older backup: own words that it lost wait for their author, nobody else's do."""

from dataclasses import replace
from typing import Any

from sync.cache.rows import Sort, View
from sync.domain.actions import AttachQuickNote, PostMessage, SaveQuickNote
from sync.domain.choices import Choice
from sync.domain.times import to_utc_date
from tests.rigs.fed_cache import (
    BILLING,
    DOWNLOADS,
    ME,
    OVERSIGHT,
    PERSONAL,
    START,
    TEAM,
    FedCache,
    access,
    account,
    message,
    requester,
    ticket,
)

AGAIN = account(DOWNLOADS, 2)
NOT_MINE = "g" + "9" * 32


def _mine(number: int, of: int, **more: Any) -> dict[str, Any]:
    row = {
        "kind": "note",
        "authorId": ME,
        "clientKey": f"key-{number:06}",
        "seq": number,
        "bodyText": f"Words {number}",
    }
    return message(number, of, **{**row, **more})


def _copied_again(desk: FedCache, *messages: dict[str, Any], tickets: tuple[int, ...] = (1,)) -> int:
    """The new copy of Downloads; how many words were found missing."""
    desk.cache.save_access(access(DOWNLOADS, BILLING, epoch=2))
    rows = {
        "Requester": [requester()],
        "Ticket": [ticket(one) for one in tickets],
        "Message": [*(message(one) for one in tickets), *messages],
    }
    return desk.page(rows, of=AGAIN, replace=True).beyond


def _waiting(desk: FedCache) -> dict[str, str]:
    return {row.text: row.reason for row in desk.reader.undelivered()}


def test_what_the_backup_lacks_of_mine_waits_and_what_it_holds_is_shown(desk: FedCache) -> None:
    desk.fill(1, 2)
    desk.page({"Message": [_mine(11, 1), _mine(12, 1, kind="reply"), _mine(13, 2), _mine(14, 1, authorId=NOT_MINE)]})
    assert _copied_again(desk, _mine(11, 1)) == 2
    assert _waiting(desk) == {"Words 12": "restored", "Words 13": "restoredUnseen"}
    assert [row.body_text for row in desk.reader.thread(ticket(1)["id"])] == [
        message(1)["bodyText"], "Words 11", "Words 12",
    ]  # fmt: skip
    assert desk.reader.ticket(ticket(2)["id"]) is None
    desk.reopen()
    assert set(_waiting(desk)) == {"Words 12", "Words 13"}


def test_words_on_a_ticket_out_of_sight_are_there_after_all_where_it_turns_up(desk: FedCache) -> None:
    desk.fill(1, 2)
    desk.page({"Message": [_mine(13, 2)]})
    _copied_again(desk)
    assert _waiting(desk) == {"Words 13": "restoredUnseen"}
    assert "kept" in desk.reader.undelivered()[0].sentence
    moved = ticket(2, categoryId=BILLING)
    desk.page({"Ticket": [moved], "Message": [message(2), _mine(13, 2)]}, of=account(BILLING, 2), replace=True)
    assert _waiting(desk) == {}


def test_until_the_new_copy_is_whole_the_old_one_is_shown(desk: FedCache) -> None:
    desk.fill(1, 2)
    desk.cache.save_access(access(DOWNLOADS, BILLING, epoch=2))
    assert len(desk.reader.ticket_ids(View("all"), Sort("updated"))) == 2
    assert desk.cache.cursor(AGAIN) is None
    assert set(desk.cache.incomplete()) == {AGAIN, account(BILLING, 2)}
    desk.page({"Requester": [requester()], "Ticket": [ticket(1)]}, of=AGAIN, replace=True, more=True)
    assert len(desk.reader.ticket_ids(View("all"), Sort("updated"))) == 2
    desk.page({"Message": [message(1)]}, of=AGAIN)
    assert len(desk.reader.ticket_ids(View("all"), Sort("updated"))) == 1


def test_a_copy_for_another_reason_loses_only_what_the_server_let_go(desk: FedCache) -> None:
    desk.fill(1)
    desk.page({"Message": [_mine(11, 1)]})
    applied = desk.page({"Ticket": [ticket(1)], "Message": [message(1)]}, replace=True)
    assert (applied.beyond, _waiting(desk)) == (0, {})


def test_a_category_that_was_revoked_as_well_leaves_with_everything(desk: FedCache) -> None:
    desk.fill(1)
    desk.page({"Message": [_mine(11, 1)]})
    desk.cache.save_access(access(BILLING, epoch=2))
    assert desk.reader.ticket_ids(View("all"), Sort("updated")).tolist() == []
    assert _waiting(desk) == {}


def test_words_of_which_the_row_had_not_come_back_are_sent_again(desk: FedCache) -> None:
    desk.fill(1)
    note = desk.note(ticket(1)["id"])
    desk.cache.put(note)
    [sent] = desk.cache.batch(10, 100_000)
    desk.applied(sent.action.client_key, message="m" + "f" * 32)
    assert desk.cache.batch(10, 100_000) == []
    assert _copied_again(desk) == 0
    assert [one.action for one in desk.cache.batch(10, 100_000)] == [note]
    assert _waiting(desk) == {}


def test_files_of_what_the_backup_lacks_are_here_and_go_again_with_the_words(desk: FedCache) -> None:
    """They had been uploaded: only the server had words and file, and this workstation."""
    desk.fill(1)
    file = desk.cache.attach_bytes(b"a picture", "image/png", "printer.png")
    note = replace(desk.note(ticket(1)["id"]), attachments=(file,))
    desk.cache.put(note)
    assert desk.cache.uploaded(note.client_key, file.blob_id, "bgiven", account(DOWNLOADS)) is not None
    desk.cache.batch(10, 100_000)
    desk.applied(note.client_key, message=_mine(11, 1)["id"])
    sent = [{"blobId": "bgiven", "name": "printer.png", "type": "image/png", "size": 9}]
    desk.page({"Message": [_mine(11, 1, clientKey=note.client_key, attachments=sent)]})
    assert not desk.reader.outbox()
    assert _copied_again(desk) == 1
    [item] = desk.reader.undelivered()
    desk.cache.resolve(item.client_key, Choice.SEND_ANYWAY)
    [again] = desk.cache.batch(10, 100_000)
    assert isinstance(again.action, PostMessage)
    [kept] = again.action.attachments
    assert desk.cache.is_local(kept.blob_id)
    assert b"".join(desk.cache.blob(kept.blob_id) or ()) == b"a picture"


def test_quick_notes_are_sent_again_and_held_words_wait_here(desk: FedCache) -> None:
    desk.fill(1)
    personal = "P1-2"
    note = {"id": "q1", "text": "Ring him", "createdAt": to_utc_date(START), "ticketId": None, "clientKey": "key-q1"}
    kept = {
        "id": "h1", "clientKey": "key-h1", "ticketId": ticket(1)["id"], "kind": "reply", "bodyText": "Held words",
        "composedAt": to_utc_date(START), "reason": "notFound",
    }  # fmt: skip
    desk.page({"QuickNote": [note], "HeldMessage": [kept]}, of=PERSONAL)
    said = access(DOWNLOADS, BILLING)
    new = tuple(one if one.id != PERSONAL else type(one)(personal, one.kind, one.name) for one in said.accounts)
    desk.cache.save_access(type(said)("server", ME, "Ann", False, new, "a2", START))
    assert desk.page({}, of=personal, replace=True).beyond == 1
    assert _waiting(desk) == {"Held words": "restored"}
    assert [one.text for one in desk.reader.quick_notes()] == ["Ring him"]
    assert [one.action.client_key for one in desk.cache.batch(10, 100_000)] == ["key-q1"]
    assert {OVERSIGHT, TEAM}.isdisjoint(desk.cache.incomplete())


def test_a_quick_note_that_was_attached_is_attached_again_and_not_doubled(desk: FedCache) -> None:
    """The backup has the quick note, and not the note in the thread; which of the two accounts comes first is open."""
    desk.fill(1)
    quick = {"id": "q1", "text": "Ring him", "createdAt": to_utc_date(START), "ticketId": None, "clientKey": "key-q1"}
    desk.page({"QuickNote": [quick]}, of=PERSONAL)
    attach = AttachQuickNote("key-000011", "q1", ticket(1)["id"], "Ring him", START)
    desk.cache.put(attach)
    desk.cache.batch(10, 100_000)
    note = _mine(11, 1, bodyText="Ring him")
    desk.applied(attach.client_key, message=note["id"])
    desk.page({"Message": [note]})
    desk.page({}, of=PERSONAL)
    assert (desk.reader.outbox(), desk.reader.quick_notes()) == ([], [])
    desk.reopen()
    assert _copied_again(desk) == 0
    assert _waiting(desk) == {}
    [again] = desk.cache.batch(10, 100_000)
    assert isinstance(again.action, AttachQuickNote)
    assert replace(again.action, at=START) == attach
    assert [row.body_text for row in desk.reader.thread(ticket(1)["id"])] == [message(1)["bodyText"], "Ring him"]


def test_what_was_attached_is_forgotten_with_its_category(desk: FedCache) -> None:
    desk.fill(1)
    attach = AttachQuickNote("key-000011", "q1", ticket(1)["id"], "Ring him", START)
    desk.cache.put(attach)
    desk.cache.batch(10, 100_000)
    desk.applied(attach.client_key, message=_mine(11, 1)["id"])
    desk.page({"Message": [_mine(11, 1)]})
    store = desk.cache._store
    assert store.value("SELECT count(*) FROM attached") == 1
    desk.cache.save_access(access(BILLING))
    assert store.value("SELECT count(*) FROM attached") == 0


def test_a_server_set_back_before_the_first_copy_was_begun(desk: FedCache) -> None:
    """A note that it had, and has no more, is sent again, although nothing of its account had come down."""
    desk.cache.save_access(access(DOWNLOADS))
    note = SaveQuickNote(desk.ids.client_key(), "Ring him", START)
    desk.cache.put(note)
    desk.cache.batch(10, 100_000)
    desk.applied(note.client_key, note="q1")
    said = access(DOWNLOADS)
    new = tuple(replace(one, id="P1-2") if one.id == PERSONAL else one for one in said.accounts)
    desk.cache.save_access(replace(said, accounts=new))
    desk.page({}, of="P1-2", replace=True)
    desk.page({}, of="P1-2")
    assert [one.text for one in desk.reader.quick_notes()] == ["Ring him"]
    assert [one.action for one in desk.cache.batch(10, 100_000)] == [note]
