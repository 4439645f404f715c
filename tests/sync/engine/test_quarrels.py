"""Quarrels at random: whoever merges, deletes, moves or answers meanwhile, each word is in one place in the end."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest

from sync.domain.actions import CreateTicket, EditTicket, MergeTicket, PostMessage
from sync.domain.choices import Choice
from sync.domain.errors import Rejected
from sync.domain.records import MessageKind, Status
from tests.rigs.quarrel import Quarrel, quarrel

TICKETS = "SELECT id, status, assignee_id, category_id, merged_into_id, last_seq FROM ticket"
Move = Callable[["Walk"], object]


class Walk:
    """One scene with a list of everything that Ann wrote."""

    def __init__(self, q: Quarrel, random: Random) -> None:
        self.q, self.random = q, random
        self.written: list[str] = []
        self.deleted: set[str] = set()

    def visible(self) -> str | None:
        """A ticket that Ann sees."""
        rows = self.q.ann.reader._store.rows("SELECT id FROM ticket ORDER BY id")
        return str(self.random.choice(rows)[0]) if rows else None

    def stored(self) -> str | None:
        """A ticket of the server's."""
        rows = self.q.rows("SELECT id FROM ticket ORDER BY id")
        return str(self.random.choice(rows)["id"]) if rows else None

    def gone(self, text: str) -> int:
        """1 if these words arrived, and left with a ticket that the owner deleted."""
        return int(text in self.deleted)

    def words(self) -> str:
        """New ones."""
        self.written.append(f"Words number {len(self.written)}.")
        return self.written[-1]


def write(walk: Walk) -> None:
    ticket_id = walk.visible()
    detail = None if ticket_id is None else walk.q.ann.reader.ticket(ticket_id)
    if detail is None:
        return
    kind = walk.random.choice([MessageKind.REPLY, MessageKind.NOTE])
    then = walk.random.choice([None, None, Status.CLOSED])
    key, now, base = walk.q.ann.ids.client_key(), walk.q.clock.now_ms(), Status(str(detail.base["status"]))
    walk.q.ann.cache.put(
        PostMessage(key, detail.row.id, kind, walk.words(), now, (), detail.confirmed_seq, then, then and base)
    )


def edit(walk: Walk) -> None:
    ticket_id = walk.visible()
    detail = None if ticket_id is None else walk.q.ann.reader.ticket(ticket_id)
    if detail is None:
        return
    choices = {"status": "closed", "assigneeId": walk.q.ann_id, "categoryId": walk.q.third, "priority": "urgent"}
    name = walk.random.choice([*choices, "tags/red", "tags/blue"])
    value, base = choices.get(name, True), detail.base.get(name)
    walk.q.ann.cache.put(
        EditTicket(walk.q.ann.ids.client_key(), detail.row.id, {name: value}, {name: base}, walk.q.clock.now_ms())
    )


def take_down(walk: Walk) -> None:
    category = walk.random.choice([walk.q.first, walk.q.third])
    key, local = walk.q.ann.ids.client_key(), walk.q.ann.ids.new("t")
    walk.q.ann.cache.put(CreateTicket(key, local, category, "A call", walk.words(), walk.q.clock.now_ms(), "Cleo"))


def merge(walk: Walk) -> None:
    ticket_id, into_id = walk.visible(), walk.visible()
    if ticket_id is not None and into_id is not None and ticket_id != into_id:
        with suppress(Rejected):
            walk.q.ann.cache.put(MergeTicket(walk.q.ann.ids.client_key(), ticket_id, into_id, walk.q.clock.now_ms()))


def decide(walk: Walk) -> None:
    items = walk.q.ann.reader.undelivered()
    if items:
        item = walk.random.choice(items)
        choice = walk.random.choice([one for one in item.choices if one is not Choice.DISCARD] or [Choice.OPEN_TICKET])
        if choice is not Choice.EDIT:
            walk.q.ann.cache.resolve(item.client_key, choice, category_id=walk.q.third)


def meanwhile(walk: Walk) -> None:
    q, ticket_id, into_id = walk.q, walk.stored(), walk.stored()
    if ticket_id is None or into_id is None:
        return
    account = q.account(q.olga, str(q.row(ticket_id)["category_id"]))
    kind = walk.random.randrange(10)
    if kind == 0:
        before = {row["body_text"] for row in q.rows("SELECT body_text FROM message")}
        q.olga.delete_ticket(account, ticket_id)
        walk.deleted |= before - {row["body_text"] for row in q.rows("SELECT body_text FROM message")}
    elif kind < 4:
        q.by_owner(MergeTicket(q.ids.client_key(), ticket_id, into_id, 1) if ticket_id != into_id else None, account)
    elif kind < 6:
        q.by_owner(q.edit(ticket_id, categoryId=walk.random.choice([q.first, q.second, q.third])), account)
    elif kind == 6:
        q.office.answer(ticket_id, "Any news?")
    else:
        q.by_owner(q.reply(ticket_id, "An answer."), account)


def regrant(walk: Walk) -> None:
    grants, agent = walk.q.office.house.grants, walk.q.ann_id
    if not grants.revoke(agent, walk.q.first):
        grants.grant(agent, walk.q.first)


def meet(walk: Walk) -> None:
    walk.q.ann.wire.loses = walk.random.random() < 0.4
    walk.q.ann.sync()


MOVES: tuple[Move, ...] = (
    *(write,) * 6, *(edit,) * 3, take_down, *(merge,) * 3, *(decide,) * 3, *(meanwhile,) * 6, regrant, *(meet,) * 4,
)  # fmt: skip


def check(walk: Walk) -> None:
    """At rest: the server is sound, what Ann sees is what is stored, and her words are in one place each."""
    q, reader = walk.q, walk.q.ann.reader
    assert q.faults() == []
    assert reader.outbox() == []
    kept = [row.text for row in reader.undelivered()]
    for text in walk.written:
        here = sum(text in one for one in kept)
        posted = [one for one in q.places(text) if one != "held"]
        assert len(posted) + here + walk.gone(text) == 1, (text, posted, here)
    seen = {one.category_id for one in q.office.connector("Ann").access().accounts}
    stored = {row["id"]: row for row in q.rows(TICKETS) if row["category_id"] in seen}
    shown = {row[0]: row for row in reader._store.rows(TICKETS)}
    assert {one: tuple(row.values()) for one, row in stored.items()} == shown


@pytest.mark.parametrize("seed", range(8))
def test_each_word_is_in_one_place_in_the_end(seed: int, tmp_path: Path) -> None:
    random = Random(seed)
    with quarrel(tmp_path) as q:
        walk = Walk(q, random)
        for _ in range(40):
            random.choice(MOVES)(walk)
        q.ann.sync()
        check(walk)
