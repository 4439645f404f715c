"""A page of whoever stands in between says nothing about what the server did at an earlier try."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from requests.adapters import BaseAdapter, HTTPAdapter
from urllib3 import HTTPResponse

from sync.connectors.port import StateHint
from sync.domain.actions import Action, CreateTicket, PostMessage
from sync.domain.records import MessageKind
from sync.engine.engine import Nudge
from sync.engine.upward import TRIES
from tests.rigs.quarrel import Quarrel, quarrel

WORDS = "She called about the invoice."
PAGES = pytest.mark.parametrize(
    ("status", "kind"), [(404, "application/json"), (413, "text/html"), (400, "application/json")]
)


class Between(BaseAdapter):
    """What it does to requests that would change something: it loses one, or its answer, and gives pages instead.

    `asked`: whether one that only asks is given a page too.
    """

    def __init__(self, inner: BaseAdapter) -> None:
        super().__init__()
        self._inner = inner
        self.loses = self.drops = False
        self.pages: list[tuple[int, str]] = []
        self.asked: Callable[[], bool] | None = None

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """One request."""
        changes = b"/set" in (request.body or b"")
        if not changes and self.asked is not None and self.asked():
            return page(request, 413, "text/html")
        if changes and self.drops:
            self.drops = False
            raise requests.ReadTimeout("the request was lost")
        if changes and self.pages and not self.loses:
            return page(request, *self.pages.pop())
        answer = self._inner.send(request, *args, **kwargs)
        if changes and self.loses:
            self.loses = False
            raise requests.ReadTimeout("the answer was lost")
        return answer

    def close(self) -> None:
        """Nothing of its own."""


def page(request: requests.PreparedRequest, status: int, kind: str) -> requests.Response:
    """What the server never gave."""
    raw = HTTPResponse(io.BytesIO(b"{}"), {"Content-Type": kind}, status, preload_content=False)
    return HTTPAdapter().build_response(request, raw)


@pytest.fixture
def q(tmp_path: Path) -> Iterator[Quarrel]:
    """Ann, online."""
    with quarrel(tmp_path) as scene:
        yield scene


@pytest.fixture
def between(q: Quarrel) -> Between:
    """What stands between her and the server."""
    assert q.office.transport is not None
    made = Between(q.office.transport)
    for scheme in ("https://", "http://"):
        q.ann.engine._connector._session._session.mount(scheme, made)  # type: ignore[attr-defined]  # the port hides it
    return made


def ticket(q: Quarrel) -> CreateTicket:
    return CreateTicket(q.ann.ids.client_key(), q.ann.ids.new("t"), q.first, "A call", WORDS, q.clock.now_ms(), "Cleo")


def note(q: Quarrel) -> PostMessage:
    return PostMessage(q.ann.ids.client_key(), q.ticket, MessageKind.NOTE, WORDS, q.clock.now_ms())


def step(q: Quarrel) -> None:
    """Until it wants to wait."""
    for _ in range(100):
        if q.ann.engine.step(Nudge.CLICK).wait_seconds > 0:
            return
    raise AssertionError("it does not come to rest")


def out_of_sight(q: Quarrel) -> None:
    """The ticket with her words goes to a category that she does not see."""
    [row] = q.rows("SELECT ticket_id FROM message WHERE body_text = ?", WORDS)
    q.by_owner(q.edit(row["ticket_id"], categoryId=q.second), q.account(q.olga, q.first))


@PAGES
@pytest.mark.parametrize("made", [ticket, note])
def test_words_that_the_server_has_are_not_said_to_be_undelivered(
    q: Quarrel, between: Between, made: Callable[[Quarrel], Action], status: int, kind: str
) -> None:
    """The answer was lost, the next try was turned away, and the ticket is not to be seen any more."""
    q.ann.cache.put(made(q))
    between.loses, between.pages = True, [(status, kind)]
    step(q)
    out_of_sight(q)
    q.ann.sync()
    assert q.places(WORDS) in (["note@T"], ["inbound@new"])
    assert not between.pages
    assert q.ann.reader.undelivered() == []
    assert q.ann.reader.outbox() == []
    assert q.ann.told() == []


def test_a_refused_look_does_not_undo_what_was_answered(q: Quarrel, between: Between) -> None:
    """Of two actions one is done, the other in doubt; asking further is refused, and so is the next try."""
    done, doubtful = ticket(q), note(q)
    q.ann.cache.put(done)
    q.ann.cache.put(doubtful)
    q.by_owner(q.edit(q.ticket, categoryId=q.second), q.account(q.olga, q.first))

    def asked() -> bool:
        if not q.places(WORDS):
            return False
        between.asked, between.pages = None, [(413, "text/html")]
        out_of_sight(q)
        return True

    between.asked = asked
    q.ann.sync()
    q.ann.sync()
    assert between.asked is None
    assert q.places(WORDS) == ["held", "inbound@new"]
    assert [row.client_key for row in q.ann.reader.undelivered()] == [doubtful.client_key]


def test_a_first_try_that_is_turned_away_is_told_at_once(q: Quarrel, between: Between) -> None:
    q.ann.cache.put(note(q))
    between.pages = [(413, "text/html")]
    step(q)
    assert q.ann.item().reason == "tooLarge"
    assert q.places(WORDS) == []


def test_what_is_turned_away_for_ever_is_told_in_the_end_and_lets_the_others_go(q: Quarrel, between: Between) -> None:
    doubtful = note(q)
    q.ann.cache.put(doubtful)
    between.drops = True
    between.pages = [(413, "text/html")] * TRIES
    q.ann.sync()
    q.ann.sync()
    assert not between.pages
    assert q.ann.item().client_key == doubtful.client_key
    q.ann.cache.put(PostMessage(q.ann.ids.client_key(), q.other, MessageKind.NOTE, "Another.", q.clock.now_ms()))
    q.ann.sync()
    assert q.places("Another.") == ["note@M"]


def test_news_whose_page_was_turned_away_does_not_wait_for_the_sanity_poll(q: Quarrel, between: Between) -> None:
    """Twice refused; the live stream told of it, and would not again."""
    q.ann.sync()
    q.ann.engine.on_push(True)
    _by_itself(q)
    filed = q.office.file(q.first, "New").ticket.id
    q.ann.engine.on_hint(StateHint(frozenset({q.account(q.olga, q.first)})))
    turned_away: list[bool] = []

    def asked() -> bool:
        turned_away.append(True)
        return len(turned_away) % 2 == 1  # every second request, so that the loop comes to the page again

    between.asked = asked
    for _ in range(2):
        _by_itself(q)
        q.clock.advance(3_000)
    between.asked = None
    assert q.ann.reader.ticket(filed) is None
    for _ in range(3):
        q.clock.advance(11_000)
        _by_itself(q)
    assert q.ann.reader.ticket(filed) is not None


def _by_itself(q: Quarrel) -> None:
    """As its timer would, until it wants to wait."""
    while q.ann.engine.step().wait_seconds <= 0:
        pass
