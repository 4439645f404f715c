"""FAQ entries on the workstation: read and found without a network, gone when they are gone at the server."""

from typing import Any

from sync.domain.faq import Status
from sync.domain.times import to_utc_date
from tests.rigs.fed_cache import BILLING, START, TEAM, FedCache, access


def entry(number: int, **changes: Any) -> dict[str, Any]:
    row = {
        "id": f"f{number:032x}", "question": f"Question {number}", "answer": f"Answer {number} in *words*",
        "categoryIds": {BILLING: True}, "language": "en", "status": "published", "slug": f"question-{number}",
        "authorId": None, "updatedAt": to_utc_date(START + number * 1000), "shown": 10, "opened": 4, "answered": 2,
    }  # fmt: skip
    return {**row, **changes}


def test_entries_are_read_whole_and_found_by_parts_of_words(desk: FedCache) -> None:
    desk.cache.save_access(access(BILLING))
    applied = desk.page({"FaqEntry": [entry(1), entry(2, status="draft", answer="Ünlike the others")]}, of=TEAM)
    assert applied.changes.faq or applied.changes.everything
    heads = desk.reader.faq_heads()
    assert [one.question for one in heads] == ["Question 2", "Question 1"]
    assert (heads[0].status, heads[1].category_ids, heads[1].answered) == (Status.DRAFT, frozenset({BILLING}), 2)
    assert [one.question for one in desk.reader.faq_heads("üNLIKE other")] == ["Question 2"]
    whole = desk.reader.faq_entry(heads[1].id)
    assert whole is not None
    assert (whole.head, whole.answer) == (heads[1], "Answer 1 in *words*")
    assert desk.reader.faq_entry("f0") is None


def test_what_changed_or_left_at_the_server_does_so_here(desk: FedCache) -> None:
    desk.cache.save_access(access(BILLING))
    desk.page({"FaqEntry": [entry(1), entry(2), entry(3)]}, of=TEAM, replace=True)
    changes = desk.page({"FaqEntry": [entry(1, answered=9)]}, {"FaqEntry": [entry(2)["id"]]}, of=TEAM).changes
    assert changes.faq
    assert {one.id: one.answered for one in desk.reader.faq_heads()} == {entry(1)["id"]: 9, entry(3)["id"]: 2}
    desk.page({"FaqEntry": [entry(3)]}, of=TEAM, replace=True)
    assert [one.id for one in desk.reader.faq_heads()] == [entry(3)["id"]]
