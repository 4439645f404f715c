"""RFC 8620 section 7.3: the event source."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import requests

from sync.jmap.event_parser import Event, EventParser
from sync.jmap.feed import Extra
from tests.contract.jmap.rig import JSON, Rig, TypeCase
from tests.contract.jmap.toy import ToyHost


class Stream:
    """One open event stream, read as a client does."""

    def __init__(self, answer: requests.Response) -> None:
        self.answer = answer
        self.parser = EventParser()
        self._waiting: list[Event] = []
        self.ended = False

    def next(self) -> Event | None:
        """The next event, None at the end of the stream."""
        while not self._waiting:
            if not self._read():
                return None
        return self._waiting.pop(0)

    def opened(self) -> "Stream":
        """Read until the stream has told its id: from here on nothing is missed."""
        while not self.parser.last_event_id:
            assert self._read()
        return self

    def _read(self) -> bool:
        octets = self.answer.raw.read1(65536)
        self._waiting += self.parser.feed(octets)
        self.ended = not octets
        return bool(octets)


@contextmanager
def stream(
    rig: Rig, types: str = "*", close_after: str = "no", ping: str = "0", last: str | None = None
) -> Iterator[Stream]:
    """An event stream, by the Session's template."""
    address: str = rig.document()["eventSourceUrl"]
    for key, value in {"types": types, "closeafter": close_after, "ping": ping}.items():
        address = address.replace("{" + key + "}", value)
    headers = {} if last is None else {"Last-Event-ID": last}
    with rig.session.get(address, stream=True, timeout=30, headers=headers) as answer:
        assert answer.status_code == 200
        yield Stream(answer)


def changed(event: Event | None) -> dict[str, dict[str, str]]:
    """The states of a StateChange."""
    assert event is not None
    assert event.type == "state"
    data = json.loads(event.data)
    assert data["@type"] == "StateChange"
    found: dict[str, dict[str, str]] = data["changed"]
    return found


def test_the_stream_is_an_event_stream_that_no_proxy_holds_back(rig: Rig) -> None:
    """7.3 "via a text/event-stream resource"; 2 kB of comment come first."""
    with stream(rig) as opened:
        assert opened.answer.headers["content-type"].startswith("text/event-stream")
        assert opened.answer.headers["x-accel-buffering"] == "no"
        assert "no-store" in opened.answer.headers["cache-control"]
        first = opened.answer.raw.read1(65536)
        assert first.startswith(b":")
        assert len(first) > 2048


def test_a_change_is_pushed_with_the_state_that_get_gives(rig: Rig, case: TypeCase) -> None:
    """7.1 "the value is the state property that would currently be returned by a call to Foo/get"."""
    with stream(rig, case.name) as opened:
        opened.opened()
        case.create(rig, 1)
        notify(rig, case)
        event = opened.next()
        assert changed(event) == {case.account_id(rig): {case.name: case.state(rig)}}
        assert event is not None
        assert event.id


def notify(rig: Rig, case: TypeCase) -> None:
    """Hosts that do not notice by themselves (the toys) are told to look."""
    if rig.notice is not None:
        rig.notice(case.name)


def test_only_the_types_asked_for_are_pushed(rig: Rig, case: TypeCase) -> None:
    """7.3 "The server MUST only push changes for the types in this list."."""
    with stream(rig, "SomethingElse") as other, stream(rig, f"{case.name},Another") as opened:
        other.opened()
        opened.opened()
        case.create(rig, 1)
        notify(rig, case)
        assert changed(opened.next())
    with stream(rig, "SomethingElse", "state", last=other.parser.last_event_id) as again:
        again.opened()
        assert again.parser.last_event_id == other.parser.last_event_id


def test_a_stream_that_closes_after_a_state_closes(rig: Rig, case: TypeCase) -> None:
    """7.3 closeafter=state: "The server MUST end the HTTP response after pushing a state event."."""
    with stream(rig, case.name, "state") as opened:
        opened.opened()
        case.create(rig, 1)
        notify(rig, case)
        assert changed(opened.next())
        assert opened.next() is None


def test_what_was_missed_is_pushed_at_once(rig: Rig, case: TypeCase) -> None:
    """7.3 Last-Event-ID: "whether the client has missed some changes. If so, it SHOULD send these"."""
    with stream(rig, case.name) as opened:
        last = opened.opened().parser.last_event_id
    case.create(rig, 1)
    with stream(rig, case.name, "state", last=last) as again:
        assert changed(again.next()) == {case.account_id(rig): {case.name: case.state(rig)}}
        assert again.next() is None


def test_nothing_missed_nothing_pushed(rig: Rig, case: TypeCase) -> None:
    """7.3: with the id of the present state the next event is the next change."""
    case.create(rig, 1)
    with stream(rig, case.name) as opened:
        last = opened.opened().parser.last_event_id
    with stream(rig, case.name, last=last) as again:
        again.opened()
        case.create(rig, 2)
        notify(rig, case)
        assert changed(again.next()) == {case.account_id(rig): {case.name: case.state(rig)}}


def test_an_id_of_another_server_means_everything_was_missed(rig: Rig, case: TypeCase) -> None:
    """7.3: an id that says nothing is no error."""
    case.create(rig, 1)
    for last in ("nonsense", "s", "a", "sAAAA", "\u00ff", "x" * 4000):
        with stream(rig, case.name, "state", last=last.encode().decode("latin-1")) as opened:
            assert changed(opened.next())[case.account_id(rig)] == {case.name: case.state(rig)}


def test_wrong_options_are_refused(rig: Rig) -> None:
    """7.3 "This MUST be either"; "This MUST be one of the following values"."""
    wrong = ("|no|0", "A,,B|no|0", "*|never|0", "*||0", "*|no|-1", "*|no|x", "*|no|")
    for types, close_after, ping in (one.split("|") for one in wrong):
        address = f"{rig.base}/jmap/events?types={types}&closeafter={close_after}&ping={ping}"
        answer = rig.session.get(address, timeout=30)
        assert answer.status_code == 400, address
        assert answer.headers["content-type"] == "application/problem+json"


def test_extra_events_reach_those_who_asked_for_their_type(toy_rig: Rig, toys: ToyHost) -> None:
    """A host may send events of its own beside StateChange, to streams whose `types` hold their type."""
    data: dict[str, JSON] = {"accountId": "A1", "rung": 1}
    with stream(toy_rig, "Bell") as bells, stream(toy_rig, "Todo", "state") as todos:
        bells.opened()
        todos.opened()
        toys.feed.publish({"A9": {"Bell": "s1"}}, [Extra("ring", "A9", "Bell", {"accountId": "A9"})])
        toys.feed.publish({"A1": {"Bell": "s2", "Todo": "s3"}}, [Extra("ring", "A1", "Bell", data)])
        ring = bells.next()
        assert ring is not None
        assert (ring.type, json.loads(ring.data)) == ("ring", data)
        assert changed(bells.next()) == {"A1": {"Bell": "s2"}}
        assert changed(todos.next()) == {"A1": {"Todo": "s3"}}
        assert todos.next() is None


def test_a_revoked_user_is_told_and_let_go(toy_rig: Rig, toys: ToyHost) -> None:
    """What is already waiting is sent, then the stream ends."""
    with stream(toy_rig) as opened:
        opened.opened()
        toys.feed.publish({"A1": {"Todo": "s5"}})
        toys.feed.end("bob")
        toys.feed.end("ann")
        assert changed(opened.next()) == {"A1": {"Todo": "s5"}}
        assert opened.next() is None
    assert len(toys.feed) == 0


def test_too_many_streams_of_one_user_are_refused(toy_rig: Rig, toys: ToyHost) -> None:
    """One sign-in cannot use up the server's connections; a stream that ended gives its place back."""
    address = f"{toy_rig.base}/jmap/events?types=*&closeafter=no&ping=0"
    with stream(toy_rig) as first, stream(toy_rig) as second, stream(toy_rig) as third:
        for opened in (first, second, third):
            opened.opened()
        answer = toy_rig.session.get(address, timeout=30)
        assert answer.status_code == 429
        assert answer.json()["limit"] == "maxConcurrentStreams"
        toys.feed.end("ann")
        for opened in (first, second, third):
            assert opened.next() is None
    with stream(toy_rig) as again:
        again.opened()


def test_a_grant_reaches_open_streams(toy_rig: Rig, toys: ToyHost) -> None:
    """After a regrant the stream sees exactly the new accounts."""
    with stream(toy_rig) as opened:
        opened.opened()
        toys.feed.regrant("ann", ["A7"])
        toys.feed.publish({"A1": {"Todo": "s5"}, "A7": {"Todo": "s6"}})
        assert changed(opened.next()) == {"A7": {"Todo": "s6"}}


def test_a_stopping_server_ends_every_stream_at_once(toy_rig: Rig, toys: ToyHost) -> None:
    """Also those that come while it stops."""
    with stream(toy_rig) as first:
        first.opened()
        toys.feed.end_all()
        assert first.next() is None
    with stream(toy_rig) as late:
        assert late.next() is None
