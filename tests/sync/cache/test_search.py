"""Tickets are found by any word, number, requester or tag; the newest first; whatever is typed."""

import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync.cache.upkeep import CHECK_EVERY_MS
from sync.domain.errors import Interrupted, SearchDamaged
from tests.rigs.fed_cache import BILLING, DOWNLOADS, FedCache, account, message, requester, ticket


@pytest.fixture
def filled(desk: FedCache) -> FedCache:
    """Four tickets that differ in what they can be found by."""
    desk.fill()
    eve = requester(2, name="Ève O'Neill", email="eve@post.example")
    rows = [
        ticket(11, subject="Invoice missing", tags={"vip": True, "late": True}),
        ticket(
            12, subject="Cannot download", requesterId=eve["id"], status="closed", awaiting=None, awaitingSince=None
        ),
        ticket(13, subject="Straße gesperrt: Zürich"),
    ]
    texts = [
        message(11, bodyText="Where is my receipt for the printer?"),
        message(12, bodyText="The printer driver will not download, error 0x8007"),
        message(13, bodyText="طابعة لا تعمل 🖨️ printers"),
        message(14, 11, seq=2, kind="event", bodyText='{"what":"status"}'),
    ]
    desk.page({"Requester": [requester(), eve], "Ticket": rows, "Message": texts})
    desk.page(
        {"Ticket": [ticket(14, categoryId=BILLING, subject="Refund")], "Message": [message(14, id="m-14")]},
        of=account(BILLING),
    )
    desk.page({"Category": [{"id": BILLING, "name": "Billing"}]}, of=account(BILLING))
    return desk


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("printer", [11, 12, 13]),
        ("PRINT", [11, 12, 13]),
        ("printer ", [11, 12]),
        ('"printer driver"', [12]),
        ('"driver printer"', []),
        ("receipt invoice", [11]),
        ("zurich", [13]),
        ("strasse", []),
        ("straße", [13]),
        ("طابعة", [13]),
        ("eve", [12]),
        ("from:eve", [12]),
        ("from:oneill", []),
        ("from:o'neill download", [12]),
        ("from:eve@post.example", [12]),
        ("tag:vip", [11]),
        ("vip", [11]),
        ("status:closed", [12]),
        ("printer status:op", [11]),
        ("category:bill", [14]),
        ("printer category:Downloads", [11, 12]),
        ("category:100%", []),
        ("12", [12]),
        ("#13", [13]),
        ("0x8007", [12]),
        ("status printer", []),
        ("from:", []),
        ("", []),
        ('"', []),
        ("printer before:2020", []),
        ("printer after:2020-01", [11, 12]),
        ("status:open before:2020", []),
        ("status:open after:2020", [11, 13, 14]),
    ],
)
def test_what_is_typed_finds(filled: FedCache, text: str, found: list[int]) -> None:
    assert [row.number for row in filled.reader.search(text, 10)] == found


def test_the_limit_and_the_order_by_rank(filled: FedCache) -> None:
    assert [row.number for row in filled.reader.search("printer", 1)] == [11]
    assert {row.number for row in filled.reader.search("printer", 9, newest_first=False)} == {11, 12, 13}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200, deadline=None)
@given(text=st.text(max_size=30) | st.text('"*:()-^ abANDORNEAR{}+\\', max_size=30))
def test_nothing_typed_is_a_syntax_error(filled: FedCache, text: str) -> None:
    filled.reader.search(text, 5)


def test_words_written_here_are_found_until_they_leave(filled: FedCache) -> None:
    note = filled.note(ticket(11)["id"], "Checked the warehouse")
    filled.cache.put(note)
    assert [row.number for row in filled.reader.search("wareh", 5)] == [11]
    filled.cache.take_back(note.client_key)
    assert filled.reader.search("wareh", 5) == []
    assert filled.cache.mend_index()


def test_a_renamed_requester_and_subject_are_found_by_the_new_name(filled: FedCache) -> None:
    filled.page({"Requester": [requester(2, name="Mallory")]})
    filled.page({"Ticket": [ticket(13, subject="Bridge closed")]})
    assert [row.number for row in filled.reader.search("mallory", 5)] == [12]
    assert filled.reader.search("eve", 5) == []
    assert [row.number for row in filled.reader.search("bridge", 5)] == [13]
    assert filled.reader.search("zurich", 5) == []
    filled.page({}, {"Requester": [requester(2)["id"]], "Message": [message(12)["id"]]})
    assert filled.reader.search("mallory", 5) == []
    assert filled.cache.mend_index()


def test_a_long_backlog_is_indexed_in_slices_and_merged(desk: FedCache) -> None:
    desk.fill()
    many = range(1, 400)
    desk.page({"Ticket": [ticket(n) for n in many], "Message": [message(n) for n in many]})
    assert desk.reader.unindexed() == 399
    assert desk.cache.index_some(100)
    assert [row.number for row in desk.reader.search("stuck", 3)] == [1, 2, 3]
    assert len(desk.reader.search("stuck", 1000)) == 100
    while desk.cache.index_some(100):
        pass
    assert desk.reader.unindexed() == 0
    assert len(desk.reader.search("stuck", 1000)) == 399
    assert not desk.cache.index_some(100)
    assert desk.cache.mend_index()


def test_an_index_that_went_wrong_is_begun_anew(filled: FedCache) -> None:
    filled.cache._store.execute("DELETE FROM message_text_data WHERE id > 10")
    with pytest.raises(SearchDamaged):
        filled.reader.search("printer ", 5)
    assert not filled.cache.mend_index()
    while filled.cache.index_some(100):
        pass
    assert [row.number for row in filled.reader.search("printer ", 5)] == [11, 12]


def test_once_a_week_a_damaged_index_is_found_without_anybody_searching(filled: FedCache) -> None:
    assert not filled.cache.check_index()
    filled.cache._store.execute("DELETE FROM message_text_data WHERE id > 10")
    filled.clock.now += CHECK_EVERY_MS - 1
    assert not filled.cache.check_index()
    filled.clock.now += 1
    assert filled.cache.check_index()
    while filled.cache.index_some(100):
        pass
    assert [row.number for row in filled.reader.search("printer ", 5)] == [11, 12]
    filled.clock.now += CHECK_EVERY_MS
    assert not filled.cache.check_index()


def test_a_damaged_index_does_not_stop_what_comes_or_is_written(filled: FedCache) -> None:
    filled.cache._store.execute("DELETE FROM message_text_data WHERE id > 10")
    filled.page({"Ticket": [ticket(11, subject="Bill missing")], "Message": [message(40, 11, seq=3)]})
    filled.cache._store.execute("DELETE FROM message_text_data WHERE id > 10")
    filled.cache.put(filled.note(ticket(12)["id"], "Checked the warehouse"))
    filled.cache.mend_index()
    while filled.cache.index_some(100):
        pass
    assert filled.cache.mend_index()
    assert [row.number for row in filled.reader.search("warehouse", 5)] == [12]
    assert [row.number for row in filled.reader.search("bill", 5)] == [11]


def test_another_thread_stops_a_search(desk: FedCache) -> None:
    desk.fill()
    reader = desk.cache.reader()
    entered, stop = threading.Event(), threading.Event()

    def interrupting() -> None:
        entered.wait(10)
        while not stop.is_set():
            reader.interrupt()

    def slow() -> int:
        entered.set()
        return 1

    reader._store._connection.create_function("slow", 0, slow)
    thread = threading.Thread(target=interrupting)
    thread.start()
    try:
        with pytest.raises(Interrupted):
            reader._store.rows(
                "WITH RECURSIVE n(i) AS (SELECT slow() UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
            )
    finally:
        stop.set()
        thread.join()
    assert reader.search("stuck", 1) == []
    reader.close()


def test_a_moved_ticket_is_found_in_its_new_category(filled: FedCache) -> None:
    filled.page({"Ticket": [ticket(11, categoryId=BILLING)]}, of=account(BILLING))
    filled.page({"Requester": [requester()]}, of=account(BILLING))
    filled.page({}, {"Ticket": [ticket(11)["id"]]}, of=account(DOWNLOADS))
    assert [row.number for row in filled.reader.search("receipt category:billing", 5)] == [11]
    assert filled.cache.mend_index()


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("eve", ["Ève O'Neill"]),
        ("o'neill ev", ["Ève O'Neill"]),
        ("post.ex", ["Ève O'Neill"]),
        ("printer", []),
        ("", []),
    ],
)
def test_requesters_are_known_by_the_beginnings_of_their_words(filled: FedCache, typed: str, names: list[str]) -> None:
    assert [one.name for one in filled.reader.known_requesters(typed, 5)] == names


def test_each_requester_is_proposed_once_and_never_too_many(filled: FedCache) -> None:
    everybody = filled.reader.known_requesters("example", 5)
    assert len({one.id for one in everybody}) == len(everybody) == 2
    assert len(filled.reader.known_requesters("example", 1)) == 1


def test_tags_in_use_stand_once_and_in_order(filled: FedCache) -> None:
    filled.page({"Ticket": [ticket(15, tags={"vip": True, "a": True})]})
    assert filled.reader.tags() == ["a", "late", "vip"]
