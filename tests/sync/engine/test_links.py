"""Links over categories: whoever sees both tickets finds them; whose cache holds one has no byte of the other."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rigs.quarrel import Quarrel, quarrel


@pytest.fixture(params=["sqlite", "postgres"])
def q(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Quarrel]:
    """The scene, over both databases."""
    address = request.getfixturevalue("server_postgres_url") if request.param == "postgres" else None
    with quarrel(tmp_path, address) as opened:
        yield opened


def octets(q: Quarrel) -> bytes:
    """All that Ann's workstation has on its disk; her cache has no key here."""
    q.ann.cache.wipe()
    return b"".join(one.read_bytes() for one in sorted((q.folder / "Ann").rglob("*")) if one.is_file())


def links(q: Quarrel, ticket_id: str) -> set[str]:
    detail = q.ann.reader.ticket(ticket_id)
    assert detail is not None
    return set(detail.links)


def test_the_cache_of_whoever_sees_one_of_them_has_no_byte_of_the_other(q: Quarrel) -> None:
    hidden = q.office.file(q.second, "Hidden", "Elsewhere.", "eve@shop.example").ticket.id
    q.deed(q.edit(q.ticket, **{f"links__{hidden}": True}))
    q.ann.sync()
    [token] = links(q, q.ticket)
    assert q.ann.reader.unseen({token}) == {token}
    assert '"what":"link"' in "".join(row.body_text for row in q.ann.reader.thread(q.ticket))
    assert hidden[1:].encode() not in octets(q)
    q.office.house.grants.grant(q.ann_id, q.second)
    q.ann.sync()
    assert (links(q, q.ticket), links(q, hidden)) == ({hidden}, {q.ticket})
    q.office.house.grants.revoke(q.ann_id, q.second)
    q.ann.sync()
    assert links(q, q.ticket) == {token}
    assert hidden[1:].encode() not in octets(q)


def test_what_moved_out_of_sight_is_linked_still_and_known_no_more(q: Quarrel) -> None:
    q.deed(q.edit(q.ticket, **{f"links__{q.other}": True}))
    q.ann.sync()
    assert links(q, q.ticket) == {q.other}
    q.deed(q.edit(q.other, categoryId=q.second))
    q.ann.sync()
    assert len(links(q, q.ticket)) == 1
    assert q.ann.reader.unseen(links(q, q.ticket)) == links(q, q.ticket)
    assert q.other[1:].encode() not in octets(q)


def test_a_link_over_categories_that_was_made_offline_is_confirmed_without_a_question(q: Quarrel) -> None:
    far = q.office.file(q.third, "Far", "In the third category.", "eve@shop.example").ticket.id
    q.ann.sync()
    q.ann.cache.put(q.edit(q.ticket, **{f"links__{far}": True}))
    assert links(q, q.ticket) == {far}
    q.ann.wire.loses = True  # and the answer is lost once
    q.ann.sync()
    assert (links(q, q.ticket), links(q, far)) == ({far}, {q.ticket})
    q.ann.cache.put(q.edit(far, **{f"links__{q.ticket}": None}))
    assert (links(q, q.ticket), links(q, far)) == ({far}, set())
    q.ann.sync()
    assert links(q, q.ticket) == links(q, far) == set()
    assert (q.ann.reader.outbox(), q.ann.reader.undelivered(), q.ann.told()) == ([], [], [])
