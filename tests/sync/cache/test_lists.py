"""Lists and counts: one truth, always by an index."""

from typing import get_args

import pytest

from sync.cache.rows import Sort, SortName, View, ViewName
from sync.cache.views import COUNTS, keys_query
from tests.rigs.fed_cache import BILLING, DOWNLOADS, ME, TEAM, FedCache, account, arrival, message, requester, ticket

VIEWS, SORTS = get_args(ViewName), get_args(SortName)


@pytest.fixture
def mixed(desk: FedCache) -> FedCache:
    """Tickets of each state in two categories."""
    desk.fill()
    desk.page({"Agent": [{"id": ME, "name": "Ann"}, {"id": "g2", "name": "Zoe"}]}, of=TEAM)
    rows = [
        ticket(1),
        ticket(2, assigneeId=ME, priority="urgent", subject="a small one"),
        ticket(3, status="waiting", awaiting="requester", assigneeId="g2"),
        ticket(4, status="closed", awaiting=None, awaitingSince=None),
        ticket(5, status="new", subject="Zebra"),
    ]
    desk.page({"Requester": [requester()], "Ticket": rows, "TicketArrival": [arrival(1, 5), arrival(2, 4)]})
    desk.page({"Ticket": [ticket(6, categoryId=BILLING)]}, of=account(BILLING))
    return desk


def numbers(desk: FedCache, view: View, sort: Sort | None = None) -> list[int | None]:
    """The tickets of a view, by number, in order."""
    return [row.number for row in desk.reader.ticket_rows(desk.reader.ticket_ids(view, sort or Sort()))]


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        (View("awaiting"), [6, 5, 2, 1]),
        (View("awaiting", BILLING), [6]),
        (View("mine"), [2]),
        (View("unassigned"), [6, 5, 1]),
        (View("waiting"), [3]),
        (View("new"), [5]),
        (View("closed"), [4]),
        (View("all"), [6, 5, 2, 1, 3, 4]),
        (View("all", DOWNLOADS), [5, 2, 1, 3, 4]),
    ],
)
def test_a_view_holds_its_tickets_most_in_need_first(mixed: FedCache, view: View, expected: list[int]) -> None:
    assert numbers(mixed, view) == expected
    keys = mixed.reader.ticket_ids(View("all"), Sort())
    assert mixed.reader.holds(view, keys) == set(mixed.reader.ticket_ids(view, Sort()))


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        (Sort("updated", descending=True), [1, 2, 3, 4, 5]),
        (Sort("created"), [5, 4, 3, 2, 1]),
        (Sort("number"), [1, 2, 3, 4, 5]),
        (Sort("subject"), [2, 1, 3, 4, 5]),
        (Sort("status"), [5, 1, 2, 3, 4]),
        (Sort("priority", descending=True), [2, 5, 4, 3, 1]),
        (Sort("assignee", descending=True), [3, 2, 5, 4, 1]),
        (Sort("requester"), [1, 2, 3, 4, 5]),
        (Sort("category"), [1, 2, 3, 4, 5]),
    ],
)
def test_each_order(mixed: FedCache, sort: Sort, expected: list[int]) -> None:
    assert numbers(mixed, View("all", DOWNLOADS), sort) == expected


def test_badge_list_and_side_bar_agree(mixed: FedCache) -> None:
    counts = mixed.reader.counts()
    for name in ("awaiting", "new", "mine", "unassigned", "waiting"):
        assert getattr(counts, name) == len(numbers(mixed, View(name))), name
    assert sum(row.awaiting for row in mixed.reader.categories()) == counts.awaiting == 4
    assert [(row.name, row.awaiting, row.new) for row in mixed.reader.categories()] == [
        ("Billing", 1, 0),
        ("Downloads", 3, 1),
    ]
    assert counts.as_of == mixed.clock.now


@pytest.mark.parametrize("view", [View(name) for name in VIEWS] + [View(name, DOWNLOADS) for name in VIEWS])
@pytest.mark.parametrize("sort", SORTS)
def test_every_list_is_read_by_an_index(mixed: FedCache, view: View, sort: SortName) -> None:
    store = mixed.reader._store
    plan = [
        row[3]
        for row in store.rows(
            f"EXPLAIN QUERY PLAN {keys_query(view, Sort(sort))}", {"me": ME, "category": view.category_id}
        )
    ]
    own = [step for step in plan if " t " in f"{step} "]
    if view.name != "all" or view.category_id:
        assert not [step for step in own if step.startswith("SCAN t") and "INDEX" not in step], plan
    if sort in ("mostInNeed", "updated", "created", "number") and view == View("all"):
        assert not [step for step in plan if "TEMP B-TREE" in step], plan
        assert [step for step in own if "COVERING INDEX" in step], plan
    if sort == "updated" and view in (View("closed"), View("all", DOWNLOADS)):
        assert not [step for step in plan if "TEMP B-TREE FOR ORDER" in step], plan


def test_counts_scan_no_table(mixed: FedCache) -> None:
    plan = [row[3] for row in mixed.reader._store.rows(f"EXPLAIN QUERY PLAN {COUNTS}", {"me": ME})]
    assert not [step for step in plan if step.startswith("SCAN t ") and "INDEX" not in step], plan


def test_a_thread_with_a_merged_ticket_shows_both_by_time(mixed: FedCache) -> None:
    texts = [message(30, 1), message(20, 4, id="m-b"), message(10, 1, id="m-c", seq=2)]
    mixed.page({"Ticket": [ticket(4, status="closed", mergedIntoId=ticket(1)["id"])], "Message": texts})
    assert [row.id for row in mixed.reader.thread(ticket(1)["id"])] == [message(30)["id"], "m-b", "m-c"]


def test_names_in_a_thread_and_earlier_tickets(mixed: FedCache) -> None:
    mixed.page({"Message": [message(30, 1), message(10, 1, id="m-c", seq=2, kind="reply", authorId="g2")]})
    mixed.cache.put(mixed.note(ticket(1)["id"]))
    rows = mixed.reader.thread(ticket(1)["id"])
    assert [(row.author_name, row.is_mine) for row in rows] == [("Bob Smith", False), ("Zoe", False), ("Ann", True)]
    assert [row.number for row in mixed.reader.earlier_tickets(requester()["id"], 3)] == [1, 2, 3]
    found = mixed.reader.requester(requester()["id"])
    assert found is not None
    assert found.email == "bob@shop.example"
    assert [one.name for one in mixed.reader.agents()] == ["Ann", "Zoe"]
