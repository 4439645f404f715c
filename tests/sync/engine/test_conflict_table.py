"""The conflict table (ARCHITECTURE 4), cell by cell: what was done offline meets what happened at the server."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from sync.domain.actions import Action, CreateTicket, EditTicket, MergeTicket, PostMessage
from sync.domain.choices import Choice
from sync.domain.records import MessageKind, Status
from sync.domain.times import DAY_MS
from tests.rigs.quarrel import Quarrel, quarrel

WORDS = "Turn it off and on."

SENDS = (Choice.SEND_ANYWAY, Choice.EDIT, Choice.AS_NOTE, Choice.OPEN_TICKET, Choice.DISCARD)
FOLLOWS = (Choice.FOLLOW_UP, Choice.AS_NOTE, Choice.OPEN_TICKET, Choice.DISCARD)
ON_MERGED = (Choice.SEND_ON_MERGED, Choice.EDIT, Choice.AS_NOTE, Choice.OPEN_TICKET, Choice.DISCARD)
MINE = (Choice.APPLY_MINE, Choice.OPEN_TICKET, Choice.DISCARD)
LOOK = (Choice.OPEN_TICKET, Choice.DISCARD)
DROP = (Choice.DISCARD,)
ELSEWHERE = (Choice.OTHER_CATEGORY, Choice.DISCARD)


def _message(q: Quarrel, kind: MessageKind, then: Status | None = None) -> PostMessage:
    base = None if then is None else Status.NEW
    key, now = q.ann.ids.client_key(), q.clock.now_ms()
    return PostMessage(key, q.ticket, kind, WORDS, now, base_seq=1, then_status=then, base_status=base)


def _edit(q: Quarrel, name: str, value: str | bool | None, base: str | None) -> EditTicket:
    return EditTicket(q.ann.ids.client_key(), q.ticket, {name: value}, {name: base}, q.clock.now_ms())


def _create(q: Quarrel) -> CreateTicket:
    key, local = q.ann.ids.client_key(), q.ann.ids.new("t")
    return CreateTicket(key, local, q.first, "A call", WORDS, q.clock.now_ms(), "Cleo")


LOCAL: dict[str, Callable[[Quarrel], Action]] = {
    "note": lambda q: _message(q, MessageKind.NOTE),
    "reply": lambda q: _message(q, MessageKind.REPLY),
    "reply+close": lambda q: _message(q, MessageKind.REPLY, Status.CLOSED),
    "note+close": lambda q: _message(q, MessageKind.NOTE, Status.CLOSED),
    "close": lambda q: _edit(q, "status", "closed", "new"),
    "wait": lambda q: _edit(q, "status", "waiting", "new"),
    "take": lambda q: _edit(q, "assigneeId", q.ann_id, None),
    "urgent": lambda q: _edit(q, "priority", "urgent", "normal"),
    "move": lambda q: _edit(q, "categoryId", q.third, q.first),
    "tag": lambda q: _edit(q, "tags/red", True, None),
    "link": lambda q: _edit(q, f"links/{q.other}", True, None),
    "merge": lambda q: MergeTicket(q.ann.ids.client_key(), q.ticket, q.other, q.clock.now_ms()),
    "new": _create,
}


def _closed_long_ago(q: Quarrel) -> None:
    q.deed(q.edit(q.ticket, status="closed"))
    q.clock.advance(15 * DAY_MS)


MEANWHILE: dict[str, Callable[[Quarrel], object]] = {
    "nothing": lambda q: q.clock.advance(1),
    "answered": lambda q: q.deed(q.reply(q.ticket, "Ben's answer")),
    "asked": lambda q: q.office.answer(q.ticket, "Any news?"),
    "waiting": lambda q: q.deed(q.edit(q.ticket, status="waiting")),
    "taken": lambda q: q.deed(q.edit(q.ticket, assigneeId=q.ben_id)),
    "given to Ann": lambda q: q.deed(q.edit(q.ticket, assigneeId=q.ann_id)),
    "high": lambda q: q.deed(q.edit(q.ticket, priority="high")),
    "urgent too": lambda q: q.deed(q.edit(q.ticket, priority="urgent")),
    "tagged": lambda q: q.deed(q.edit(q.ticket, tags__blue=True)),
    "closed": lambda q: q.deed(q.edit(q.ticket, status="closed")),
    "closed long": _closed_long_ago,
    "merged": lambda q: q.deed(q.merge(q.ticket, q.other)),
    "merged away": lambda q: q.deed(q.merge(q.ticket, q.stranger)),
    "crossed": lambda q: q.deed(q.merge(q.other, q.ticket)),
    "target merged": lambda q: q.deed(q.merge(q.other, q.stranger)),
    "target deleted": lambda q: q.delete(q.other),
    "deleted": lambda q: q.delete(q.ticket),
    "revoked": lambda q: q.office.house.grants.revoke(q.ann_id, q.first),
    "moved out": lambda q: q.deed(q.edit(q.ticket, categoryId=q.second)),
    "moved in": lambda q: q.deed(q.edit(q.ticket, categoryId=q.third)),
}


@dataclass(frozen=True)
class Cell:
    """`places`: where the words are in the end. `server`: what the server's ticket T (or M, "M.tags") must say.
    `item`: kind, reason and choices of the item in Undelivered, which the person is told of; None: there is none."""

    local: str
    meanwhile: str
    places: tuple[str, ...] = ()
    server: tuple[tuple[str, object], ...] = ()
    item: tuple[str, str, tuple[Choice, ...]] | None = None

    def __str__(self) -> str:
        return f"{self.local}, {self.meanwhile}"


def _is(**said: object) -> tuple[tuple[str, object], ...]:
    return tuple(said.items())


NOTE = (
    Cell("note", "nothing", ("note@T",), _is(status="new")),
    Cell("note", "answered", ("note@T",), _is(status="waiting")),
    Cell("note", "closed", ("note@T",), _is(status="closed")),
    Cell("note", "closed long", ("note@T",), _is(status="closed")),
    Cell("note", "merged", ("note@M",), _is(status="closed")),
    Cell("note", "deleted", ("held",), item=("note", "notFound", DROP)),
    Cell("note", "revoked", ("held",), item=("note", "accountNotFound", DROP)),
    Cell("note", "moved out", ("held",), item=("note", "notFound", DROP)),
    Cell("note", "moved in", ("note@T",)),
    Cell("note+close", "merged", ("note@M",), _is(status="closed", M_status="new")),
)
REPLY = (
    Cell("reply", "nothing", ("reply@T",), _is(status="waiting")),
    Cell("reply", "asked", ("reply@T",), _is(status="waiting")),
    Cell("reply", "answered", (), _is(status="waiting"), ("reply", "overtaken", SENDS)),
    Cell("reply", "closed", ("reply@T",), _is(status="waiting", closed_at=None)),
    Cell("reply", "closed long", (), _is(status="closed"), ("reply", "closed", FOLLOWS)),
    Cell("reply", "merged", (), _is(status="closed"), ("reply", "merged", ON_MERGED)),
    Cell("reply", "deleted", ("held",), item=("reply", "notFound", DROP)),
    Cell("reply", "revoked", ("held",), _is(status="new"), ("reply", "accountNotFound", DROP)),
    Cell("reply", "moved out", ("held",), _is(status="new"), ("reply", "notFound", DROP)),
    Cell("reply", "moved in", ("reply@T",), _is(status="waiting")),
    Cell("reply+close", "nothing", ("reply@T",), _is(status="closed")),
    Cell("reply+close", "waiting", ("reply@T",), _is(status="waiting"), ("edit", "stateMismatch", MINE)),
    Cell("reply+close", "closed", ("reply@T",), _is(status="waiting"), ("edit", "stateMismatch", MINE)),
    Cell("reply+close", "answered", (), _is(status="waiting"), ("reply", "overtaken", SENDS)),
    Cell("reply+close", "closed long", (), _is(status="closed"), ("reply", "closed", FOLLOWS)),
    Cell("reply+close", "merged", (), _is(status="closed"), ("reply", "merged", ON_MERGED)),
    Cell("reply+close", "deleted", ("held",), item=("reply", "notFound", DROP)),
    Cell("reply+close", "revoked", ("held",), _is(status="new"), ("reply", "accountNotFound", DROP)),
)
EDIT = (
    Cell("close", "nothing", server=_is(status="closed")),
    Cell("close", "waiting", server=_is(status="waiting"), item=("edit", "stateMismatch", MINE)),
    Cell("close", "closed", server=_is(status="closed")),
    Cell("close", "merged", server=_is(status="closed", M_status="new")),
    Cell("wait", "nothing", server=_is(status="waiting")),
    Cell("wait", "closed", server=_is(status="closed"), item=("edit", "stateMismatch", MINE)),
    Cell("wait", "merged", server=_is(status="closed", M_status="new"), item=("edit", "merged", LOOK)),
    Cell("close", "deleted", item=("edit", "notFound", DROP)),
    Cell("close", "revoked", server=_is(status="new"), item=("edit", "accountNotFound", DROP)),
    Cell("close", "moved in", server=_is(status="closed")),
    Cell("take", "nothing", server=_is(assignee_id="ann")),
    Cell("take", "taken", server=_is(assignee_id="ben"), item=("edit", "stateMismatch", MINE)),
    Cell("take", "given to Ann", server=_is(assignee_id="ann")),
    Cell("take", "closed", server=_is(assignee_id="ann", status="closed")),
    Cell("take", "merged", server=_is(assignee_id=None, M_assignee_id=None), item=("edit", "merged", LOOK)),
    Cell("take", "deleted", item=("edit", "notFound", DROP)),
    Cell("take", "revoked", server=_is(assignee_id=None), item=("edit", "accountNotFound", DROP)),
    Cell("urgent", "nothing", server=_is(priority="urgent")),
    Cell("urgent", "high", server=_is(priority="high"), item=("edit", "stateMismatch", MINE)),
    Cell("urgent", "urgent too", server=_is(priority="urgent")),
    Cell("urgent", "closed", server=_is(priority="urgent", status="closed")),
    Cell("urgent", "merged", server=_is(priority="normal"), item=("edit", "merged", LOOK)),
    Cell("urgent", "deleted", item=("edit", "notFound", DROP)),
    Cell("urgent", "moved out", server=_is(priority="normal"), item=("edit", "notFound", DROP)),
    Cell("move", "nothing", server=_is(category_id="third")),
    Cell("move", "moved in", server=_is(category_id="third")),
    Cell("move", "moved out", server=_is(category_id="second"), item=("edit", "notFound", DROP)),
    Cell("move", "closed", server=_is(category_id="third", status="closed")),
    Cell("move", "merged", server=_is(category_id="first"), item=("edit", "merged", LOOK)),
    Cell("move", "deleted", item=("edit", "notFound", DROP)),
)
TAGS = (
    Cell("tag", "nothing", server=_is(tags={"red"})),
    Cell("tag", "tagged", server=_is(tags={"red", "blue"})),
    Cell("tag", "closed", server=_is(tags={"red"}, status="closed")),
    Cell("tag", "merged", server=_is(tags=set(), M_tags={"red"})),
    Cell("tag", "deleted"),
    Cell("tag", "revoked", server=_is(tags=set())),
    Cell("tag", "moved in", server=_is(tags={"red"})),
)
LINKS = (
    Cell("link", "nothing", server=_is(links={"M"}, M_links={"T"})),
    Cell("link", "closed", server=_is(links={"M"}, M_links={"T"}, status="closed")),
    Cell("link", "merged", server=_is(links=set(), M_links=set())),
    Cell("link", "merged away", server=_is(links=set(), M_links={"S"})),
    Cell("link", "target merged", server=_is(links={"S"}, M_links=set())),
    Cell("link", "target deleted", server=_is(links=set()), item=("edit", "invalidProperties", MINE)),
    Cell("link", "deleted", server=_is(M_links=set())),
    Cell("link", "revoked", server=_is(links=set(), M_links=set())),
    Cell("link", "moved in", server=_is(links={"M"}, M_links={"T"})),
)
MERGE = (
    Cell("merge", "nothing", server=_is(status="closed", merged_into_id="M", M_status="new")),
    Cell("merge", "tagged", server=_is(merged_into_id="M", M_tags={"blue"})),
    Cell("merge", "closed", server=_is(status="closed", merged_into_id="M")),
    Cell("merge", "merged", server=_is(merged_into_id="M")),
    Cell("merge", "merged away", server=_is(merged_into_id="S"), item=("merge", "merged", LOOK)),
    Cell("merge", "crossed", server=_is(merged_into_id=None, M_merged_into_id="T", status="new")),
    Cell("merge", "target merged", server=_is(merged_into_id="S")),
    Cell(
        "merge", "target deleted", server=_is(merged_into_id=None, status="new"),
        item=("merge", "invalidProperties", (Choice.SEND_ANYWAY, *LOOK)),
    ),
    Cell("merge", "deleted", item=("merge", "notFound", DROP)),
    Cell("merge", "revoked", server=_is(merged_into_id=None, status="new"), item=("merge", "accountNotFound", DROP)),
    Cell(
        "merge", "moved in", server=_is(merged_into_id=None, status="new"),
        item=("merge", "invalidProperties", (Choice.SEND_ANYWAY, *LOOK)),
    ),
)  # fmt: skip
NEW = (
    Cell("new", "nothing", ("inbound@new",)),
    Cell("new", "revoked", item=("ticket", "accountNotFound", ELSEWHERE)),
)
CELLS = (*NOTE, *REPLY, *EDIT, *TAGS, *LINKS, *MERGE, *NEW)
ON_POSTGRES = ("merged", "deleted", "merged away", "crossed", "moved in")


def _databases(cell: Cell) -> list[str]:
    return ["sqlite", "postgres"] if cell.meanwhile in ON_POSTGRES else ["sqlite"]


@pytest.fixture
def q(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Quarrel]:
    """The scene, over the database that the test asks for."""
    address = request.getfixturevalue("server_postgres_url") if request.param == "postgres" else None
    with quarrel(tmp_path, address) as opened:
        yield opened


def _check(q: Quarrel, cell: Cell) -> None:
    reader = q.ann.reader
    assert q.places(WORDS) == sorted(cell.places)
    for name, value in cell.server:
        whose, name = (q.other, name.removeprefix("M_")) if name.startswith("M_") else (q.ticket, name)
        assert _plain(q, q.row(whose)[name], name) == value, name
    found = [(row.kind, row.reason, row.choices) for row in reader.undelivered()]
    assert found == ([] if cell.item is None else [cell.item])
    assert reader.counts().undelivered == len(found)
    assert reader.outbox() == []
    assert q.faults() == []
    assert bool(q.ann.told()) == (cell.item is not None)
    for ticket_id in (q.ticket, q.other):
        _shown_as_stored(q, ticket_id)


def _plain(q: Quarrel, value: object, name: str) -> object:
    if name == "tags":
        return set(str(value).strip("[]").replace('"', "").split(",")) - {""}
    if name == "links":
        return {str(_plain(q, one, "")) for one in json.loads(str(value))}
    names = {
        q.ann_id: "ann", q.ben_id: "ben", q.first: "first", q.second: "second", q.third: "third", q.ticket: "T",
        q.other: "M", q.stranger: "S",
    }  # fmt: skip
    return names.get(str(value), value)


def _shown_as_stored(q: Quarrel, ticket_id: str) -> None:
    detail = q.ann.reader.ticket(ticket_id)
    stored = q.rows("SELECT * FROM ticket WHERE id = ?", ticket_id)
    sees = {one.category_id for one in q.office.connector("Ann").access().accounts}
    if not stored or stored[0]["category_id"] not in sees:
        assert detail is None
        return
    assert detail is not None
    shown = (detail.row.status.value, detail.row.assignee_id, detail.row.priority.value, detail.merged_into_id)
    assert shown == tuple(stored[0][name] for name in ("status", "assignee_id", "priority", "merged_into_id"))
    assert set(detail.row.tags) == _plain(q, stored[0]["tags"], "tags")
    assert set(detail.links) == set(json.loads(stored[0]["links"]))
    assert detail.row.category_id == stored[0]["category_id"]


@pytest.mark.parametrize(
    ("cell", "q"),
    [(cell, name) for cell in CELLS for name in _databases(cell)],
    ids=str,
    indirect=["q"],
)
def test_a_cell_of_the_table(cell: Cell, q: Quarrel) -> None:
    q.ann.cache.put(LOCAL[cell.local](q))
    MEANWHILE[cell.meanwhile](q)
    q.ann.sync()
    _check(q, cell)
    q.ann.sync()
    _check(q, cell)


@pytest.mark.parametrize("q", ["sqlite"], indirect=True)
@pytest.mark.parametrize("cell", [*NOTE, *REPLY, *MERGE[:6], NEW[0]], ids=str)
def test_the_same_when_the_servers_answer_is_lost(cell: Cell, q: Quarrel) -> None:
    q.ann.cache.put(LOCAL[cell.local](q))
    MEANWHILE[cell.meanwhile](q)
    q.ann.wire.loses = True
    q.ann.sync()
    assert not q.ann.wire.loses
    _check(q, cell)


def test_every_cell_stands_once() -> None:
    assert len({(cell.local, cell.meanwhile) for cell in CELLS}) == len(CELLS)
    assert {cell.local for cell in CELLS} == set(LOCAL)
    assert {cell.meanwhile for cell in CELLS} == set(MEANWHILE)
