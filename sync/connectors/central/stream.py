"""The event stream: hints until it ends, a stall noticed within 40 seconds, ended from another thread at once."""

import socket
import threading
from collections.abc import Iterator
from typing import Any, Final

import orjson
import requests
import urllib3

from sync.connectors.faults import foreign_page, unreachable
from sync.connectors.port import Alive, ArrivalHint, ComeBack, Hint, PresenceHint, StateHint
from sync.connectors.session import Session, media_type_of
from sync.domain.errors import Offline
from sync.domain.presence import Doing
from sync.domain.protocol import ARRIVAL_EVENT, PRESENCE_EVENT
from sync.domain.records import ArrivalKind, Priority, TicketArrival
from sync.domain.times import from_utc_date
from sync.jmap.client import MalformedError
from sync.jmap.event_parser import Event, EventParser, EventTooLargeError
from sync.jmap.service import read_state_change

FIRST_BYTE_S: Final = 5.0
SILENCE_S: Final = 40.0
PIECE: Final = 65_536
HEADERS: Final = {"Accept": "text/event-stream", "Accept-Encoding": "identity", "Cache-Control": "no-store"}


class Stream:
    """One connection at a time. Remembers the last event id, so that a new one hears what it missed.

    The first byte must come within `first_byte_s`, each further one within `silence_s` seconds.
    """

    def __init__(self, session: Session, first_byte_s: float = FIRST_BYTE_S, silence_s: float = SILENCE_S) -> None:
        self._session = session
        self._first_byte_s = first_byte_s
        self._silence_s = silence_s
        self._lock = threading.Lock()
        self._response: requests.Response | None = None
        self._hung_up = False
        self._last_event_id = ""

    def listen(self, url: str) -> Iterator[Hint]:
        """Hints; Alive first, as soon as a byte has come, and at each ping. Ends when the server ends it or after
        `hang_up`. Raises Offline when it breaks, also where a proxy holds the bytes back."""
        headers = dict(HEADERS)
        if self._last_event_id:
            headers["Last-Event-ID"] = self._last_event_id
        response = self._session.open(url, self._first_byte_s, headers)
        with self._lock:
            if self._hung_up:
                self._hung_up = False
                response.close()
                return
            self._response = response
        try:
            if media_type_of(response) != "text/event-stream":
                raise foreign_page(self._session.host)
            yield from self._hints(response)
        except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            if not self._was_hung_up():
                raise self._broken(error) from error
        finally:
            with self._lock:
                self._response, self._hung_up = None, False
            response.close()

    def hang_up(self) -> None:
        """End the running `listen`, or the next one."""
        with self._lock:
            self._hung_up = True
            connection = None if self._response is None else socket_of(self._response)
        if connection is not None:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                return  # it was closed already: that is what was wanted

    def _was_hung_up(self) -> bool:
        with self._lock:
            return self._hung_up

    def _hints(self, response: requests.Response) -> Iterator[Hint]:
        parser = EventParser(self._last_event_id)
        raw: Any = response.raw
        awake = False
        while octets := raw.read1(PIECE):
            if not awake:
                awake = True
                connection = socket_of(response)
                if connection is not None:
                    connection.settimeout(self._silence_s)
            yield Alive()
            before = max(parser.retries, 1)
            for event in parser.feed(octets):
                hint = hint_of(event)
                if hint is not None:
                    yield hint
            if parser.retries > before and parser.retry_ms is not None:
                yield ComeBack(parser.retry_ms / 1000)
            self._last_event_id = parser.last_event_id

    def _broken(self, error: Exception) -> Offline:
        if isinstance(error, EventTooLargeError | MalformedError):
            return Offline(f"The live connection to {self._session.host} arrived damaged.")
        return unreachable(self._session.host, error)


def hint_of(event: Event) -> Hint | None:
    """What an event says; None for one that we do not know. Raises ValueError for a malformed one."""
    if event.type == "state":
        return StateHint(frozenset(read_state_change(event.data)))
    if event.type == ARRIVAL_EVENT:
        value = orjson.loads(event.data)
        try:
            return ArrivalHint(value["accountId"], arrival_of(value["arrival"]))
        except (KeyError, TypeError) as error:
            raise MalformedError("The arrival is incomplete.") from error
    if event.type == PRESENCE_EVENT:
        return presence_of(orjson.loads(event.data))
    return None


def presence_of(value: Any) -> PresenceHint:
    """A presence event in wire form as a hint. Raises MalformedError."""
    try:
        doing = None if value["doing"] is None else Doing(value["doing"])
        left_s = int(value["leftMs"]) / 1000
        return PresenceHint(str(value["accountId"]), str(value["ticketId"]), str(value["agentId"]), doing, left_s)
    except (KeyError, TypeError) as error:
        raise MalformedError("The presence event is incomplete.") from error


def arrival_of(row: Any) -> TicketArrival:
    """A TicketArrival in wire form as a record."""
    return TicketArrival(
        id=row["id"],
        ticket_id=row["ticketId"],
        message_id=row.get("messageId"),
        kind=ArrivalKind(row["kind"]),
        priority=Priority(row["priority"]),
        by_agent_id=row.get("byAgentId"),
        at=from_utc_date(row["at"]),
        for_agent_id=row.get("forAgentId"),
    )


def socket_of(response: requests.Response) -> socket.socket | None:
    """The socket under an answer that is being read; None where there is none (a test in process)."""
    file: Any = response.raw
    for name in ("_fp", "fp", "raw", "_sock"):
        file = getattr(file, name, None)
    return file if isinstance(file, socket.socket) else None
