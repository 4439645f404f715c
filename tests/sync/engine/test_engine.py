"""The loop on a real cache and the real server in this process; only the network between them is told what to do."""

import io
import itertools
import random
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests
from requests.adapters import BaseAdapter, HTTPAdapter
from urllib3 import HTTPResponse

from sync.cache.cache import Cache
from sync.cache.rows import Sort, View
from sync.connectors.central import CentralConnector
from sync.connectors.port import ArrivalHint, StateHint
from sync.domain.actions import EditTicket, PostMessage
from sync.domain.errors import SearchDamaged
from sync.domain.ids import IdFactory
from sync.domain.records import ArrivalKind, Attachment, MessageKind, Priority, TicketArrival
from sync.domain.times import DAY_MS
from sync.engine.engine import Engine, Nudge
from sync.engine.reports import Arrived, ClockWrong, NotDelivered, Report
from sync.engine.status import Condition
from tests.rigs.office import Office, office_in_process


class Wire(BaseAdapter):
    """Counts requests; `forge` may answer in the server's place or raise."""

    def __init__(self, inner: BaseAdapter) -> None:
        super().__init__()
        self._inner = inner
        self.paths: list[str] = []
        self.forge: Callable[[requests.PreparedRequest], requests.Response | None] = lambda _: None

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """One request."""
        self.paths.append(request.path_url)
        forged = self.forge(request)
        return self._inner.send(request, *args, **kwargs) if forged is None else forged

    def close(self) -> None:
        """Nothing of its own."""


@dataclass
class Desk:
    """A workstation whose parts a test can reach."""

    office: Office
    clock: Any
    wire: Wire
    cache: Cache
    connector: CentralConnector
    engine: Engine
    category: str
    agent_id: str
    reports: list[Report] = field(default_factory=list)

    def run(self, nudge: Nudge = Nudge.TIMER) -> float:
        """Step until the engine wants to wait; the seconds."""
        for _ in range(100):
            wait = self.engine.step(nudge).wait_seconds
            nudge = Nudge.TIMER
            if wait > 0:
                return wait
        raise AssertionError("the engine does not come to rest")

    def ids(self) -> IdFactory:
        """For client keys."""
        return IdFactory(self.clock)

    def tickets(self) -> int:
        """How many the cache shows."""
        reader = self.cache.reader()
        try:
            return len(reader.ticket_ids(View("all"), Sort()))
        finally:
            reader.close()

    def arrived(self) -> list[Arrived]:
        """What was told of arrivals."""
        return [one for one in self.reports if isinstance(one, Arrived)]

    def condition(self) -> Condition:
        """The engine's condition."""
        return self.engine.status.condition

    def account_id(self) -> str:
        """The category's account."""
        access = self.cache.access()
        assert access is not None
        return next(one.id for one in access.accounts if one.category_id == self.category)


@pytest.fixture
def desk(tmp_path: Path, clock: Any) -> Iterator[Desk]:
    """Ann's workstation; three tickets wait in her only category."""
    with office_in_process(tmp_path, clock, random.Random(5)) as office:
        category = office.category("First")
        agent_id = office.agent("Ann", category)
        for number in range(3):
            office.file(category, f"Ticket {number}")
        assert office.transport is not None
        wire = Wire(office.transport)
        cache = Cache.open(tmp_path / "Ann", None, clock, IdFactory(clock))
        connector = CentralConnector(office.session(office.token("Ann"), wire))
        made: list[Report] = []
        engine = Engine(cache, connector, clock, random.Random(1), made.append)
        yield Desk(office, clock, wire, cache, connector, engine, category, agent_id, made)
        cache.close()


def _no_network(_: requests.PreparedRequest) -> None:
    raise requests.ConnectionError("gone")


def _answers(
    status: int, body: bytes = b"{}", headers: dict[str, str] | None = None
) -> Callable[..., requests.Response]:
    def forge(request: requests.PreparedRequest) -> requests.Response:
        raw = HTTPResponse(
            body=io.BytesIO(body),
            headers={"Content-Type": "application/json", **(headers or {})},
            status=status,
            preload_content=False,
        )
        return HTTPAdapter().build_response(request, raw)

    return forge


def test_from_nothing_to_online_without_a_sound(desk: Desk) -> None:
    assert desk.condition() is Condition.OFFLINE
    wait = desk.run()
    assert desk.condition() is Condition.ONLINE
    assert desk.tickets() == 3
    assert 15 <= wait <= 30
    assert desk.arrived() == []
    assert desk.engine.status.loading is None


def test_an_idle_round_is_one_request_and_no_write(desk: Desk, tmp_path: Path) -> None:
    wait = desk.run()
    watcher = sqlite3.connect(tmp_path / "Ann" / "cache.db")
    before = watcher.execute("PRAGMA data_version").fetchone()
    for _ in range(3):
        desk.clock.pass_(wait + 0.01)
        asked = len(desk.wire.paths)
        wait = desk.run()
        assert desk.wire.paths[asked:] == ["/jmap/api"]
    assert watcher.execute("PRAGMA data_version").fetchone() == before
    watcher.close()


def test_an_idle_engine_mends_a_damaged_search_within_a_week(desk: Desk) -> None:
    desk.run()
    desk.cache._store.execute("DELETE FROM message_text_data WHERE id > 10")
    reader = desk.cache.reader()
    with pytest.raises(SearchDamaged):
        reader.search("help ", 5)
    desk.clock.pass_(8 * DAY_MS / 1000)
    desk.run()
    assert len(reader.search("help ", 5)) == 3
    reader.close()


def test_with_push_the_sanity_poll_is_rare(desk: Desk) -> None:
    desk.run()
    desk.engine.on_push(True)
    assert 150 <= desk.run() <= 450


def test_a_hint_rings_at_once_and_its_row_does_not_ring_again(desk: Desk) -> None:
    desk.run()
    filed = desk.office.file(desk.category, "New")
    arrival = TicketArrival("a1", filed.ticket.id, filed.message_id, ArrivalKind.NEW, Priority.NORMAL, None, 0)
    rows = desk.office.house.parts.database
    (arrival_id,) = rows.read(lambda: rows.select("SELECT id FROM arrival ORDER BY id DESC"))[0]
    hint = ArrivalHint(desk.account_id(), TicketArrival(arrival_id, *_rest(arrival)))
    for _ in range(2):
        desk.engine.on_hint(hint)
        desk.run()
    told = desk.arrived()
    assert [(one.digest, [notice.arrival.ticket_id for notice in one.notices]) for one in told] == [
        (False, [filed.ticket.id])
    ]
    assert desk.tickets() == 4


def test_a_hint_rings_while_the_loop_is_busy(desk: Desk) -> None:
    desk.run()
    arrival = TicketArrival("a1", "t1", "m1", ArrivalKind.NEW, Priority.NORMAL, None, 0)
    mine = TicketArrival("a2", "t1", "m2", ArrivalKind.NEW, Priority.NORMAL, desk.agent_id, 0)
    for one in (arrival, mine):
        desk.engine.on_hint(ArrivalHint(desk.account_id(), one))
    assert [notice.arrival for one in desk.arrived() for notice in one.notices] == [arrival]


def _rest(arrival: TicketArrival) -> tuple[Any, ...]:
    return (arrival.ticket_id, arrival.message_id, arrival.kind, arrival.priority, arrival.by_agent_id, arrival.at)


def test_without_push_rows_ring_one_by_one(desk: Desk) -> None:
    wait = desk.run()
    for number in range(2):
        desk.office.file(desk.category, f"New {number}")
        desk.clock.pass_(wait + 0.01)
        wait = desk.run()
    assert [(one.digest, len(one.notices)) for one in desk.arrived()] == [(False, 1), (False, 1)]


def test_what_came_while_the_machine_slept_is_one_digest(desk: Desk) -> None:
    desk.run()
    for number in range(4):
        desk.office.file(desk.category, f"New {number}")
    desk.clock.sleep(3600)
    desk.run()
    assert [(one.digest, len(one.notices)) for one in desk.arrived()] == [(True, 4)]


def test_what_came_while_offline_for_long_is_one_digest(desk: Desk) -> None:
    wait = desk.run()
    desk.wire.forge = _no_network
    for _ in range(8):
        desk.clock.pass_(wait + 0.01)
        wait = desk.run()
    assert desk.condition() is Condition.OFFLINE
    for number in range(3):
        desk.office.file(desk.category, f"New {number}")
    desk.wire.forge = lambda _: None
    desk.run(Nudge.CLICK)
    assert [(one.digest, len(one.notices)) for one in desk.arrived()] == [(True, 3)]


def test_what_a_crash_kept_from_being_told_is_one_digest_after_it(desk: Desk) -> None:
    wait = desk.run()
    for number in range(2):
        desk.office.file(desk.category, f"New {number}")
    desk.clock.pass_(wait + 0.01)

    def power_off(_: Report) -> None:
        raise KeyboardInterrupt

    for _ in range(2):
        desk.engine = Engine(desk.cache, desk.connector, desk.clock, random.Random(1), power_off)
        with pytest.raises(KeyboardInterrupt):
            desk.run()
    desk.engine = Engine(desk.cache, desk.connector, desk.clock, random.Random(1), desk.reports.append)
    desk.run()
    desk.run(Nudge.CLICK)
    assert [(one.digest, len(one.notices)) for one in desk.arrived()] == [(True, 2)]


def test_what_was_sent_before_a_crash_and_changed_nothing_is_not_shown_for_ever(desk: Desk) -> None:
    desk.run()
    reader = desk.cache.reader()
    (ticket, *_) = reader.ticket_rows(reader.ticket_ids(View("all"), Sort()))
    desk.clock.pass_(60.0)
    where = {"categoryId": desk.category}
    edit = EditTicket(desk.ids().client_key(), ticket.id, where, where, desk.clock.now_ms())
    desk.cache.put(edit)
    desk.cache.settle(desk.connector.send(desk.cache.batch(1, 1000)))
    assert desk.cache.awaited() == [desk.account_id()]
    desk.engine = Engine(desk.cache, desk.connector, desk.clock, random.Random(1), desk.reports.append)
    desk.run()
    assert desk.cache.awaited() == []
    assert [one.updated_at for one in reader.ticket_rows([ticket.key])] == [ticket.updated_at]
    reader.close()


def test_a_hint_that_was_marked_and_not_told_is_told_after_the_crash(desk: Desk) -> None:
    desk.run()
    arrival = TicketArrival("a1", "t1", "m1", ArrivalKind.NEW, Priority.NORMAL, None, 0)
    assert desk.cache.mark_rung(desk.account_id(), arrival)
    desk.engine = Engine(desk.cache, desk.connector, desk.clock, random.Random(1), desk.reports.append)
    desk.run()
    assert [(one.digest, one.notices[0].arrival) for one in desk.arrived()] == [(True, arrival)]
    assert desk.cache.unrung() == []


def test_a_grant_brings_tickets_without_a_sound_and_a_revoke_takes_them(desk: Desk) -> None:
    desk.run()
    second = desk.office.category("Second")
    desk.office.file(second, "Old")
    desk.office.house.grants.grant(desk.agent_id, second)
    desk.run(Nudge.CLICK)
    assert desk.tickets() == 4
    assert desk.arrived() == []
    desk.office.house.grants.revoke(desk.agent_id, second)
    desk.run(Nudge.CLICK)
    assert desk.tickets() == 3


def test_a_grant_found_by_a_poll_is_copied_at_once(desk: Desk) -> None:
    wait = desk.run()
    second = desk.office.category("Second")
    desk.office.file(second, "Old")
    desk.office.house.grants.grant(desk.agent_id, second)
    desk.clock.pass_(wait + 0.01)
    desk.run()
    assert desk.tickets() == 4


def test_a_hint_of_an_unknown_account_makes_it_ask_who_it_is(desk: Desk) -> None:
    desk.run()
    asked = len(desk.wire.paths)
    desk.engine.on_hint(StateHint(frozenset({"C" + "0" * 32 + "-1"})))
    desk.run()
    assert desk.wire.paths[asked] == "/.well-known/jmap"


@pytest.mark.parametrize(
    ("forge", "condition"),
    [
        (_answers(401), Condition.SIGNED_OUT),
        (_answers(500), Condition.OFFLINE),
        (_answers(200, b"<html>", {"Content-Type": "text/html"}), Condition.OFFLINE),
        (_answers(200, b'{"hello": "world"}'), Condition.INCOMPATIBLE),
        (_no_network, Condition.OFFLINE),
    ],
    ids=["401", "500", "portal", "other JSON", "no network"],
)
def test_no_wrong_answer_deletes_anything(desk: Desk, forge: Any, condition: Condition) -> None:
    desk.run()
    desk.wire.forge = forge
    desk.run(Nudge.CLICK)
    assert desk.condition() is condition
    assert desk.engine.status.sentence
    assert desk.tickets() == 3
    desk.wire.forge = lambda _: None
    desk.run(Nudge.SIGNED_IN)
    assert desk.condition() is Condition.ONLINE


def test_a_refused_sign_in_is_not_tried_again_by_itself(desk: Desk) -> None:
    desk.run()
    desk.wire.forge = _answers(401)
    assert desk.run(Nudge.CLICK) == 3600
    asked = len(desk.wire.paths)
    desk.clock.pass_(3600)
    assert desk.run() == 3600
    assert len(desk.wire.paths) == asked


def test_one_session_that_lacks_an_account_purges_nothing(desk: Desk) -> None:
    desk.run()
    desk.office.house.grants.revoke(desk.agent_id, desk.category)
    sessions = itertools.count()

    def granted_again(request: requests.PreparedRequest) -> None:
        if request.path_url == "/.well-known/jmap" and next(sessions) == 1:
            desk.office.house.grants.grant(desk.agent_id, desk.category)

    desk.wire.forge = granted_again
    desk.run(Nudge.CLICK)
    assert next(sessions) >= 2
    assert desk.tickets() == 3
    assert [one.body_text for one in _thread_of_first(desk)] == ["Please help."]


def _thread_of_first(desk: Desk) -> list[Any]:
    reader = desk.cache.reader()
    try:
        (row, *_) = reader.ticket_rows(reader.ticket_ids(View("all"), Sort()))
        return list(reader.thread(row.id))
    finally:
        reader.close()


def test_failures_are_waited_for_and_a_click_does_not_wait(desk: Desk) -> None:
    desk.run()
    desk.wire.forge = _no_network
    wait = desk.run(Nudge.CLICK)
    asked = len(desk.wire.paths)
    desk.run()
    assert len(desk.wire.paths) == asked
    desk.run(Nudge.CLICK)
    assert len(desk.wire.paths) > asked
    assert 0 < wait <= 2


def test_a_click_does_not_override_the_servers_wish(desk: Desk) -> None:
    desk.run()
    desk.wire.forge = _answers(503, headers={"Retry-After": "50"})
    assert desk.run(Nudge.CLICK) >= 50
    asked = len(desk.wire.paths)
    assert 0 < desk.run(Nudge.CLICK) <= 50
    assert len(desk.wire.paths) == asked


def test_a_lost_answer_is_asked_again_and_posts_once(desk: Desk) -> None:
    desk.run()
    reader = desk.cache.reader()
    (row, *_) = reader.ticket_rows(reader.ticket_ids(View("all"), Sort()))
    ids = desk.ids()
    desk.cache.put(PostMessage(ids.client_key(), row.id, MessageKind.NOTE, "once only", desk.clock.now_ms()))

    def lose_the_answer(request: requests.PreparedRequest) -> None:
        desk.wire.forge = lambda _: None
        desk.office.transport.send(request, timeout=30)  # type: ignore[union-attr]  # there is one in process
        raise requests.ReadTimeout("lost")

    desk.wire.forge = lose_the_answer
    wait = desk.run(Nudge.ACTION)
    assert [one.state.value for one in reader.outbox()] == ["savedHere"]
    desk.clock.pass_(wait + 0.01)
    desk.run()
    assert reader.outbox() == []
    assert [one.body_text for one in reader.thread(row.id)] == ["Please help.", "once only"]
    reader.close()


def test_files_go_before_their_words_and_only_once(desk: Desk) -> None:
    desk.run()
    reader = desk.cache.reader()
    (row, *_) = reader.ticket_rows(reader.ticket_ids(View("all"), Sort()))
    file: Attachment = desk.cache.attach_bytes(b"hello" * 1000, "text/plain", "hello.txt")
    note = PostMessage(desk.ids().client_key(), row.id, MessageKind.NOTE, "see", desk.clock.now_ms(), (file,))
    desk.cache.put(note)
    lost = itertools.count()

    def lose_the_message(request: requests.PreparedRequest) -> None:
        if request.path_url == "/jmap/api" and next(lost) == 0:
            raise requests.ConnectionError("lost")

    desk.wire.forge = lose_the_message
    wait = desk.run(Nudge.ACTION)
    desk.clock.pass_(wait + 0.01)
    desk.run()
    assert sum("/upload/" in path for path in desk.wire.paths) == 1
    posted = reader.thread(row.id)[-1]
    assert (posted.body_text, posted.state.value, posted.attachments[0].size) == ("see", "sent", 5000)
    assert posted.attachments[0].blob_id != file.blob_id
    reader.close()


def test_words_for_a_revoked_category_are_kept_and_told(desk: Desk) -> None:
    desk.run()
    reader = desk.cache.reader()
    (row, *_) = reader.ticket_rows(reader.ticket_ids(View("all"), Sort()))
    desk.cache.put(PostMessage(desk.ids().client_key(), row.id, MessageKind.NOTE, "kept", desk.clock.now_ms()))
    desk.office.house.grants.revoke(desk.agent_id, desk.category)
    desk.run(Nudge.CLICK)
    assert [one.text for one in reader.undelivered()] == ["kept"]
    assert [outcome.reason for one in desk.reports if isinstance(one, NotDelivered) for outcome in one.outcomes] == [
        "accountNotFound"
    ]
    assert desk.tickets() == 0
    reader.close()


def test_a_wrong_clock_is_told_once(desk: Desk, tmp_path: Path) -> None:
    fast = type(desk.clock)(desk.clock.wall_ms + 7 * 60_000)
    cache = Cache.open(tmp_path / "Fast", None, fast, IdFactory(fast))
    connector = CentralConnector(desk.office.session(desk.office.token("Ann")))
    reports: list[Report] = []
    engine = Engine(cache, connector, fast, random.Random(1), reports.append)
    for nudge in (Nudge.TIMER, Nudge.CLICK):
        engine.step(nudge)
    (told,) = [one for one in reports if isinstance(one, ClockWrong)]
    assert told.offset_ms == pytest.approx(7 * 60_000, abs=1000)
    assert "7 minutes ahead" in told.sentence
    cache.close()


def test_a_held_reply_goes_at_its_time_and_not_before(desk: Desk) -> None:
    desk.run()
    desk.engine.on_push(True)
    desk.run()
    reader = desk.cache.reader()
    ticket = reader.ticket_rows(list(reader.ticket_ids(View("all"), Sort())))[0]
    now = desk.clock.now_ms()
    reply = PostMessage(desk.ids().client_key(), ticket.id, MessageKind.REPLY, "Turn it off and on.", now, base_seq=1)
    desk.cache.put(reply, hold_ms=10_000)
    wait = desk.run(Nudge.ACTION)
    assert 9.9 <= wait <= 10.0
    assert [one.client_key for one in reader.outbox()] == [reply.client_key]
    desk.clock.pass_(wait)
    assert desk.run() > 100
    assert reader.outbox() == []
    assert [one.body_text for one in reader.thread(ticket.id)][-1] == "Turn it off and on."
    reader.close()
