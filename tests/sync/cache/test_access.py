"""What a person may no longer see leaves, with every byte; what they wrote stays."""

import shutil
from pathlib import Path

import pytest

from sync.cache.rows import Sort, View
from sync.connectors.port import Access
from sync.domain.errors import Incompatible, StorageFull
from tests.rigs.fed_cache import BILLING, DOWNLOADS, FedCache, access, account, arrival, message, requester, ticket

MARK = "Zanzibar"


def secret(desk: FedCache, others: int) -> str:
    """A ticket of Billing full of the mark, beside so many of Downloads; its id."""
    desk.fill(*range(1, others + 1))
    of_it = ticket(99, categoryId=BILLING, subject=f"{MARK} invoice", requesterId=f"r{9:032x}", tags={MARK: True})
    rows = {
        "Category": [{"id": BILLING, "name": "Billing"}],
        "Requester": [requester(9, name=f"Eve {MARK}", email=f"eve@{MARK}.example")],
        "Ticket": [of_it],
        "Message": [message(99, bodyText=f"About {MARK}", authorId=f"r{9:032x}")],
        "TicketArrival": [arrival(9, 99)],
    }
    desk.page(rows, of=account(BILLING))
    while desk.cache.index_some(100):
        pass
    assert len(desk.reader.search(MARK, 5)) == 1
    assert MARK.encode() in desk.bytes()
    return str(of_it["id"])


@pytest.mark.parametrize("others", [0, 40])
def test_a_revoked_category_leaves_no_byte(bare: FedCache, others: int) -> None:
    secret(bare, others)
    bare.cache.keep_blob(account(BILLING), "b1", iter([MARK.encode() * 3000]))
    kept = bare.cache.keep_blob(account(DOWNLOADS), "b2", iter([b"another"]))
    assert bare.cache.save_access(access(DOWNLOADS)).everything
    assert MARK.lower().encode() not in bare.bytes().lower()
    assert (bare.cache.blob("b1"), kept) == (None, 7)
    assert len(bare.reader.ticket_ids(View("all"), Sort())) == others
    while bare.cache.index_some(100):
        pass
    assert bare.cache.mend_index()
    assert len(bare.reader.search("stuck", 100)) == others


def test_a_revoked_ticket_with_own_words_keeps_only_those(bare: FedCache) -> None:
    here = secret(bare, 3)
    bare.cache.put(bare.note(here, "My own words"))
    bare.cache.save_draft(here, "reply", "A draft of mine")
    failed = bare.note(here, "Failed words")
    bare.cache.put(failed)
    bare.refused(failed.client_key)
    bare.cache.save_access(access(DOWNLOADS))
    assert MARK.lower().encode() not in bare.bytes().lower()
    assert len(bare.reader.outbox()) == len(bare.reader.drafts()) == 1
    assert {row.text for row in bare.reader.undelivered()} == {"Failed words", "A draft of mine"}
    assert bare.reader.undelivered()[0].ticket_subject is None


def test_signing_out_for_good_empties_all(bare: FedCache) -> None:
    here = secret(bare, 3)
    bare.cache.put(bare.note(here, "My own words"))
    bare.cache.clear()
    assert MARK.lower().encode() not in bare.bytes().lower()
    assert b"stuck" not in bare.bytes()
    assert bare.reader.counts().awaiting == 0
    assert len(bare.reader.outbox()) == 1


def test_an_answer_for_another_person_purges_nothing(desk: FedCache) -> None:
    desk.fill(1)
    other = Access("server", "g-other", "Eve", False, (), "a1", 0)
    with pytest.raises(Incompatible, match="another person"):
        desk.cache.save_access(other)
    assert desk.reader.counts().awaiting == 1
    kept = desk.cache.access()
    assert kept is not None
    assert {one.id for one in kept.accounts} == {one.id for one in access(DOWNLOADS, BILLING).accounts}


def test_a_raised_epoch_loads_anew_and_sends_what_waits(desk: FedCache) -> None:
    desk.fill(1)
    reply = desk.reply(1)
    desk.cache.put(reply)
    desk.cache.save_access(access(DOWNLOADS, epoch=2))
    assert desk.cache.cursor(account(DOWNLOADS, 2)) is None
    desk.page({"Ticket": [ticket(1)], "Message": [message(1)]}, of=account(DOWNLOADS, 2), replace=True)
    assert [one.account_id for one in desk.cache.batch(5, 10_000)] == [account(DOWNLOADS, 2)]
    assert len(desk.reader.thread(ticket(1)["id"])) == 2


def test_the_same_answer_again_changes_nothing(desk: FedCache) -> None:
    desk.fill(1)
    assert not desk.cache.save_access(access(DOWNLOADS, BILLING))


def test_an_owner_is_alerted_for_what_he_follows_and_is_granted(desk: FedCache) -> None:
    desk.cache.save_access(access(DOWNLOADS, BILLING, is_owner=True))
    desk.page({"Ticket": [ticket(1)]})
    desk.page({"Ticket": [ticket(2, categoryId=BILLING)]}, of=account(BILLING))
    assert desk.reader.counts().awaiting == 2
    desk.cache.follow([BILLING])
    counts = desk.reader.counts()
    assert (counts.awaiting, counts.by_category[DOWNLOADS]) == (1, (1, 0))
    assert len(desk.reader.ticket_ids(View("awaiting"), Sort())) == 1
    assert len(desk.reader.ticket_ids(View("awaiting", DOWNLOADS), Sort())) == 1
    assert [one.alerted for one in desk.reader.categories()] == [True, False]
    desk.page({"CategoryGrant": [{"id": "w1", "categoryId": DOWNLOADS, "accountId": account(DOWNLOADS)}]}, of="P1-1")
    assert desk.reader.counts().awaiting == 2
    desk.cache.follow([])
    assert [row.category_id for row in desk.reader.awaiting_rows()] == [DOWNLOADS]
    desk.cache.follow(None)
    assert [row.number for row in desk.reader.awaiting_rows()] == [2, 1]
    assert [row.number for row in desk.reader.awaiting_rows([DOWNLOADS])] == [1]


def test_the_files_of_a_ticket_that_left_leave_with_it(bare: FedCache) -> None:
    here = secret(bare, 1)
    file = {"blobId": "b1", "name": "x", "type": "text/plain", "size": 9}
    bare.page({"Message": [message(98, 99, bodyText="See the file", attachments=[file])]}, of=account(BILLING))
    bare.cache.keep_blob(account(DOWNLOADS), "b1", iter([b"Timbuktu" * 3000]))
    bare.page({}, {"Ticket": [here]}, of=account(BILLING))
    assert bare.cache.blob("b1") is None
    assert b"Timbuktu" not in bare.bytes()


def test_the_files_of_an_account_leave_under_whatever_name_they_were_kept(bare: FedCache) -> None:
    secret(bare, 1)
    file = {"blobId": "b1", "name": "x", "type": "text/plain", "size": 9}
    bare.page({"Message": [message(98, 99, bodyText="See the file", attachments=[file])]}, of=account(BILLING))
    bare.cache.keep_blob(account(DOWNLOADS), "b1", iter([b"Timbuktu" * 3000]))
    bare.cache.save_access(access(DOWNLOADS))
    assert bare.cache.blob("b1") is None


def test_words_that_were_sent_to_what_was_taken_away_leave_the_side_journal_too(bare: FedCache) -> None:
    here = secret(bare, 3)
    sent, merely_drafted = bare.note(here, "Tombouctou was sent"), "Tombouctou was a draft"
    bare.cache.put(sent)
    bare.cache.batch(5, 10_000)
    bare.applied(sent.client_key, message=f"m{98:032x}")
    bare.page({"Message": [message(98, 99, seq=2, kind="note", bodyText=sent.body_text)]}, of=account(BILLING))
    bare.cache.save_draft(here, "note", merely_drafted)
    bare.cache.drop_draft(here, "note")
    bare.cache.put(bare.note(here, "My own words"))
    bare.cache.save_draft(here, "reply", "A draft of mine")
    assert bare.bytes().count(b"Tombouctou") > 2
    bare.cache.save_access(access(DOWNLOADS))
    bare.cache.wipe()
    assert b"Tombouctou" not in bare.bytes()
    bare.reopen()
    assert b"Tombouctou" not in bare.bytes()
    assert [row.text for row in bare.reader.undelivered()] == ["A draft of mine"]
    assert [row.action for row in bare.reader.outbox() if row.action.client_key != sent.client_key] != []


@pytest.mark.parametrize("how", ["crash", "wipe", "close"])
def test_the_side_journal_of_what_was_taken_away_is_written_anew_later_if_it_must(
    bare: FedCache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """The disk was full, or the power went off, just after the account had left the tables."""
    here = secret(bare, 3)
    bare.cache.save_draft(here, "note", "Tombouctou")
    bare.cache.drop_draft(here, "note")

    def full(*_: object) -> None:
        raise StorageFull("The disk is full.")

    with monkeypatch.context() as patched:
        patched.setattr(bare.cache._journal, "replace", full)
        bare.cache.save_access(access(DOWNLOADS))
    assert b"Tombouctou" in bare.bytes()
    if how == "crash":
        shutil.copytree(bare.folder, tmp_path / "after")
        after = FedCache(tmp_path / "after", bare.clock, None)
        assert b"Tombouctou" not in after.bytes()
        after.close()
    elif how == "wipe":
        bare.cache.wipe()
    else:
        bare.close()
    assert (b"Tombouctou" in bare.bytes()) == (how == "crash")
