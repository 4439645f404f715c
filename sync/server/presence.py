"""Who looks at a ticket, who types in it: leases in this process's memory, told to the streams (ARCHITECTURE 3.6)."""

import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import orjson

from sync.domain.clock import Clock
from sync.domain.presence import LEASE_MS, TYPING_MS, Doing
from sync.domain.protocol import PRESENCE, PRESENCE_EVENT
from sync.domain.times import to_utc_date
from sync.jmap.feed import Extra

MOST_DEVICES: Final = 8
"""Leases of one agent; a further one takes the place of the one that ends first."""
CROWD: Final = 200
"""With more streams than these, news go out together at each sweep: they never stand in the way of an alert."""
_WORTH_TELLING_S: Final = 1.0
_LONGEST_PAYLOAD: Final = 2_000

Key = TypeVar("Key")
Place = tuple[str, str, str]
"""Account, ticket, agent: what the world sees as one, on however many devices."""


@dataclass(frozen=True, slots=True)
class Lease:
    """One device's; the times are seconds of the board's own clock."""

    place: Place
    typing_until: float
    until: float

    def doing(self, now: float) -> Doing:
        """Typing ends before the lease does."""
        return Doing.TYPING if now < self.typing_until else Doing.LOOKING


@dataclass(frozen=True, slots=True)
class Told:
    """What the streams know of a place, and the event that told it."""

    doing: Doing
    until: float
    extra: Extra


class Leases:
    """One a device, found by device, place and agent."""

    def __init__(self) -> None:
        self.by_device: dict[str, Lease] = {}
        self._at: defaultdict[Place, set[str]] = defaultdict(set)
        self._of: defaultdict[str, set[str]] = defaultdict(set)

    def put(self, device: str, lease: Lease) -> None:
        """The device must have none."""
        self.by_device[device] = lease
        self._at[lease.place].add(device)
        self._of[lease.place[2]].add(device)

    def pop(self, device: str) -> Lease | None:
        """The lease that was the device's."""
        lease = self.by_device.pop(device, None)
        if lease is not None:
            _forget(self._at, lease.place, device)
            _forget(self._of, lease.place[2], device)
        return lease

    def at(self, place: Place) -> list[Lease]:
        """All at one place."""
        return [self.by_device[device] for device in self._at.get(place, ())]

    def of(self, agent_id: str) -> dict[str, Lease]:
        """An agent's, by device."""
        return {device: self.by_device[device] for device in self._of.get(agent_id, ())}


class Board:
    """Holds at most one lease a device. Safe from any thread; nothing here waits.

    `tell` gets what the streams of this process shall hear. With several processes `on_publish` is called with each
    deed of this one, for the others to `take_in`.
    """

    def __init__(self, clock: Clock, tell: Callable[[Sequence[Extra]], None]) -> None:
        self._clock = clock
        self._tell = tell
        self._lock = threading.Lock()
        self._leases = Leases()
        self._told: defaultdict[str, dict[Place, Told]] = defaultdict(dict)
        self._waiting: dict[Place, Extra] = {}
        self._streams: Counter[str] = Counter()
        self._listening = 0
        self.on_publish: Callable[[bytes], None] = _nobody

    def say(self, agent_id: str, device: str, account_id: str, ticket_id: str, doing: Doing) -> int:
        """This device's lease from now on; until when it holds, in ms UTC."""
        self._put(device, (account_id, ticket_id, agent_id), LEASE_MS, TYPING_MS if doing is Doing.TYPING else 0)
        self.on_publish(_payload(device, (account_id, ticket_id, agent_id), doing))
        return self._clock.now_ms() + LEASE_MS

    def leave(self, device: str) -> None:
        """It looks at nothing any more. Told to other processes in any case: its lease may be known to them only."""
        self._drop([device])
        self.on_publish(_payload(device, None, None))

    def keep(self, agent_id: str, accounts: Collection[str]) -> None:
        """The agent may see these accounts only: leases in others end now."""
        with self._lock:
            held = self._leases.of(agent_id)
        self._end(device for device, lease in held.items() if lease.place[0] not in accounts)

    def stream_began(self, device: str) -> None:
        """The device listens."""
        with self._lock:
            self._streams[device] += 1
            self._listening += 1

    def stream_ended(self, device: str) -> None:
        """With its last stream a device is gone."""
        with self._lock:
            self._streams[device] -= 1
            self._listening -= 1
            gone = self._streams[device] <= 0
            if gone:
                del self._streams[device]
        if gone:
            self._end([device])

    def standing(self, accounts: Collection[str]) -> list[Extra]:
        """Who is where in these accounts: what a fresh stream hears first."""
        with self._lock:
            return [told.extra for account_id in accounts for told in self._told.get(account_id, {}).values()]

    def sweep(self) -> None:
        """Tell what ended by itself, and what waited for its turn; call each second."""
        with self._lock:
            now = self._clock.monotonic()
            for device in [device for device, lease in self._leases.by_device.items() if lease.until <= now]:
                self._leases.pop(device)
            every = (one for of_account in self._told.values() for one in of_account.items())
            self._say_what_changed([place for place, told in every if told.doing is Doing.TYPING or told.until <= now])
            waiting, self._waiting = self._waiting, {}
            if waiting:
                self._tell(list(waiting.values()))

    def take_in(self, payload: bytes) -> None:
        """A deed of another process; one that cannot be read is dropped."""
        read = _read(payload)
        if read is None:
            return
        device, place, left_ms, typing_ms = read
        if place is None:
            self._drop([device])
        else:
            self._put(device, place, left_ms, typing_ms)

    def __len__(self) -> int:
        """How many leases are held."""
        return len(self._leases.by_device)

    def _put(self, device: str, place: Place, left_ms: int, typing_ms: int) -> None:
        with self._lock:
            now = self._clock.monotonic()
            concerned = [self._leases.pop(device)]
            mine = self._leases.of(place[2])
            if len(mine) >= MOST_DEVICES:
                concerned.append(self._leases.pop(min(mine, key=lambda one: mine[one].until)))
            lease = Lease(place, now + typing_ms / 1000, now + left_ms / 1000)
            self._leases.put(device, lease)
            self._say_what_changed(one.place for one in (*concerned, lease) if one is not None)

    def _end(self, devices: Iterable[str]) -> None:
        for device in self._drop(devices):
            self.on_publish(_payload(device, None, None))

    def _drop(self, devices: Iterable[str]) -> list[str]:
        with self._lock:
            ended = {device: lease for device in devices if (lease := self._leases.pop(device)) is not None}
            self._say_what_changed(lease.place for lease in ended.values())
            return list(ended)

    def _say_what_changed(self, places: Iterable[Place]) -> None:
        """Under the lock, so that the streams hear it in the order in which it happened."""
        news = {place: extra for place in dict.fromkeys(places) if (extra := self._news_of(place)) is not None}
        if self._listening > CROWD:
            self._waiting.update(news)
        elif news:
            self._tell(list(news.values()))

    def _news_of(self, place: Place) -> Extra | None:
        """What is to be told of a place, noted as told; None: nothing."""
        now, told = self._clock.monotonic(), self._told[place[0]]
        leases, before = self._leases.at(place), told.get(place)
        if not leases:
            told.pop(place, None)
            if not told:
                del self._told[place[0]]
            return None if before is None else self._extra(place, None, now)
        doing = Doing.TYPING if any(lease.doing(now) is Doing.TYPING for lease in leases) else Doing.LOOKING
        until = max(lease.until for lease in leases)
        if before is not None and before.doing is doing and abs(until - before.until) < _WORTH_TELLING_S:
            return None
        told[place] = Told(doing, until, self._extra(place, doing, until))
        return told[place].extra

    def _extra(self, place: Place, doing: Doing | None, until: float) -> Extra:
        account_id, ticket_id, agent_id = place
        left = max(0, round((until - self._clock.monotonic()) * 1000))
        data = {
            "accountId": account_id,
            "ticketId": ticket_id,
            "agentId": agent_id,
            "doing": None if doing is None else doing.value,
            "until": to_utc_date(self._clock.now_ms() + left),
            "leftMs": left,
        }
        return Extra(PRESENCE_EVENT, account_id, PRESENCE, data, replaces="/".join(place))


def _forget(index: defaultdict[Key, set[str]], key: Key, device: str) -> None:
    index[key].discard(device)
    if not index[key]:
        del index[key]


def _payload(device: str, place: Place | None, doing: Doing | None) -> bytes:
    typing_ms = TYPING_MS if doing is Doing.TYPING else 0
    return orjson.dumps({"device": device, "place": place, "leftMs": LEASE_MS, "typingMs": typing_ms})


def _read(payload: bytes) -> tuple[str, Place | None, int, int] | None:
    if len(payload) > _LONGEST_PAYLOAD:
        return None
    try:
        value: Any = orjson.loads(payload)
        device, place = value["device"], value["place"]
        left, typing = int(value["leftMs"]), int(value["typingMs"])
    except (ValueError, KeyError, TypeError):
        return None
    if not isinstance(device, str) or not (0 <= typing <= TYPING_MS and 0 < left <= LEASE_MS):
        return None
    if place is None:
        return device, None, left, typing
    if not (isinstance(place, list) and len(place) == 3 and all(isinstance(one, str) for one in place)):
        return None
    return device, (place[0], place[1], place[2]), left, typing


def _nobody(_payload: bytes) -> None:
    """There is no other process."""
