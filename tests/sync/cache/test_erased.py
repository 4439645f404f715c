"""What the server erased at a requester's wish leaves the workstation too, with every byte."""

from __future__ import annotations

import pytest

from tests.rigs.fed_cache import DOWNLOADS, FedCache, account, message, requester, ticket

MARK = "Zanzibar"
FILE = {"blobId": "b1", "name": f"{MARK}.txt", "type": "text/plain", "size": 9}


@pytest.mark.parametrize("others", [2, 60])
def test_erased_words_leave_no_byte_and_the_ticket_stays(bare: FedCache, others: int) -> None:
    bare.fill(*range(1, others + 1))
    asker = f"r{9:032x}"
    rows = {
        "Requester": [requester(9, name=f"Eve {MARK}", email=f"eve@{MARK}.example", phone=f"{MARK} 1")],
        "Ticket": [ticket(99, subject=f"{MARK} invoice", requesterId=asker, tags={MARK: True}, resolution=MARK)],
        "Message": [
            message(99, bodyText=f"About {MARK}", authorId=asker, attachments=[FILE], originalBlobId="b2"),
            message(98, 99, seq=2, kind="note", bodyText=f"{MARK} called"),
        ],
    }
    bare.page(rows)
    while bare.cache.index_some(100):
        pass
    for blob_id in ("b1", "b2"):
        bare.cache.keep_blob(account(DOWNLOADS), blob_id, iter([f"file of {MARK} ".encode() * 3000]))
    assert len(bare.reader.search(MARK, 5)) == 1
    assert MARK.encode() in bare.bytes()

    erased = {
        "Requester": [requester(9, name="Erased requester", email=None, phone=None)],
        "Ticket": [ticket(99, subject="Erased", requesterId=asker, tags={}, status="closed", awaiting=None)],
        "Message": [
            message(99, bodyText="Erased", authorId=asker, originalBlobId=None),
            message(98, 99, seq=2, kind="note", bodyText="Erased"),
        ],
    }
    bare.page(erased)
    while bare.cache.index_some(100):
        pass
    assert [row.body_text for row in bare.reader.thread(f"t{99:032x}")] == ["Erased"] * 2
    assert (bare.cache.blob("b1"), bare.cache.blob("b2")) == (None, None)
    bare.cache.wipe()
    assert MARK.lower().encode() not in bare.bytes().lower()
    assert bare.reader.search(MARK, 5) == []
    assert len(bare.reader.search("stuck", 100)) == others
