"""From arrivals to what rings and what is shown: the policy of the alerts, pure (PRODUCT A3 to A5, A8)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace

from sync.domain.alerting import AlertSettings, Chime, ChimeChoice
from sync.domain.records import ArrivalKind, Priority
from sync.domain.times import MINUTE_MS

STORM_WINDOW_MS = 30_000
STORM_FROM = 4
CHIME_GAP_MS = 2_000
STORM_CHIME_GAP_MS = 30_000
MANY = "many"
DIGEST = "digest"


@dataclass(frozen=True, slots=True)
class Ringing:
    """One arrival as the policy needs it; `at` is when this workstation learned of it (ms UTC).

    `is_personal`: meant for this agent alone, whatever categories alert them.
    """

    ticket_id: str
    kind: ArrivalKind
    priority: Priority
    category_id: str
    by_agent_id: str | None
    at: int
    is_personal: bool = False


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the policy is told of the moment.

    `alerted` are the categories whose arrivals alert this agent (seeing is not being alerted: ARCHITECTURE 3.12).
    `in_view` is the ticket on the screen, only while its window is the active one. `local_minute` counts 0 to 1439.
    """

    now: int
    local_minute: int
    own_id: str
    alerted: Collection[str]
    in_view: str | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """One notification. `key` is what a later one of the same key replaces: a ticket's id, `MANY` or `DIGEST`."""

    key: str
    ticket_ids: tuple[str, ...]
    kind: ArrivalKind
    urgent: bool = False
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do now: ring, show, and take from the screen what a later notice covers."""

    ring: ChimeChoice | None = None
    show: tuple[Notice, ...] = ()
    close: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Memory:
    """What the policy keeps from one decision to the next.

    `recent` are the arrivals within the storm's window, `storm` the tickets of the storm under way; `held` what
    waits for the end of a quiet time; `unhandled` maps urgent tickets to when they ring again.
    """

    last_ring: int | None = None
    recent: tuple[Ringing, ...] = ()
    storm: tuple[str, ...] = ()
    held: tuple[Ringing, ...] = ()
    owed: ChimeChoice | None = None
    unhandled: tuple[tuple[Ringing, int], ...] = field(default=())

    @property
    def waits(self) -> bool:
        """Whether a later `tick` may have something to do."""
        return bool(self.held or self.unhandled or self.owed)


def arrived(
    memory: Memory, settings: AlertSettings, around: Surroundings, arrivals: Iterable[Ringing], digest: bool = False
) -> tuple[Memory, Decision]:
    """Arrivals came; `digest` marks what came while the machine slept or the agent was signed out."""
    meant = [one for one in arrivals if _concerns(one, settings, around)]
    if not meant:
        return memory, Decision()
    loud = [one for one in meant if not _must_wait(one, settings, around)]
    memory = replace(
        memory,
        held=memory.held + tuple(one for one in meant if one not in loud),
        unhandled=_watched(memory, settings, meant, around.now),
    )
    if not loud:
        return memory, Decision()
    if digest:
        return _ring(memory, settings, around.now, loud, (_together(DIGEST, loud),))
    return _show(memory, settings, around.now, loud)


def tick(
    memory: Memory, settings: AlertSettings, around: Surroundings, handled: Collection[str] = ()
) -> tuple[Memory, Decision]:
    """Time passed: the end of a quiet time tells what was held, and tickets that nobody has handled ring again."""
    memory = forget(memory, handled)
    quiet = settings.quiet_at(around.now, around.local_minute)
    if memory.held and not quiet:
        held, memory = memory.held, replace(memory, held=())
        return _ring(memory, settings, around.now, list(held), (_together(DIGEST, held),))
    due = [one for one, at in memory.unhandled if at <= around.now and settings.repeat]
    due = [one for one in due if not _must_wait(one, settings, around) and one.ticket_id != around.in_view]
    if due:
        later = around.now + settings.repeat_ms
        unhandled = tuple((one, later if one in due else at) for one, at in memory.unhandled)
        notice = _together(due[0].ticket_id if len(due) == 1 else MANY, due)
        return _ring(replace(memory, unhandled=unhandled), settings, around.now, due, (replace(notice, repeated=True),))
    if memory.owed is not None and _may_ring(memory, around.now):
        return replace(memory, owed=None, last_ring=around.now), Decision(ring=memory.owed)
    return memory, Decision()


def forget(memory: Memory, ticket_ids: Collection[str]) -> Memory:
    """Somebody handled these tickets: they neither ring again nor stand in a digest."""
    if not ticket_ids:
        return memory
    return replace(
        memory,
        held=tuple(one for one in memory.held if one.ticket_id not in ticket_ids),
        unhandled=tuple(pair for pair in memory.unhandled if pair[0].ticket_id not in ticket_ids),
    )


def _concerns(one: Ringing, settings: AlertSettings, around: Surroundings) -> bool:
    own = one.by_agent_id is not None and one.by_agent_id == around.own_id
    looking = settings.silent_in_view and one.ticket_id == around.in_view
    return (one.is_personal or one.category_id in around.alerted) and not own and not looking


def _must_wait(one: Ringing, settings: AlertSettings, around: Surroundings) -> bool:
    anyway = one.priority is Priority.URGENT and settings.urgent_rings_anyway
    return settings.quiet_at(around.now, around.local_minute) and not anyway


def _watched(
    memory: Memory, settings: AlertSettings, meant: list[Ringing], now: int
) -> tuple[tuple[Ringing, int], ...]:
    """The urgent tickets to ring again for; one that rings anew waits its full time again."""
    urgent = {one.ticket_id: one for one in meant if one.priority is Priority.URGENT}
    kept = tuple(pair for pair in memory.unhandled if pair[0].ticket_id not in urgent)
    return kept + tuple((one, now + settings.repeat_ms) for one in urgent.values())


def _show(memory: Memory, settings: AlertSettings, now: int, loud: list[Ringing]) -> tuple[Memory, Decision]:
    """One notice for each ticket, until a storm makes them one."""
    recent = tuple(one for one in memory.recent if now - one.at < STORM_WINDOW_MS) + tuple(
        replace(one, at=now) for one in loud
    )
    if len({one.ticket_id for one in recent}) < STORM_FROM:
        notices = tuple(_together(one.ticket_id, [one]) for one in {one.ticket_id: one for one in loud}.values())
        return _ring(replace(memory, recent=recent, storm=()), settings, now, loud, notices)
    under_way = bool(memory.storm)
    covered = memory.storm if under_way else tuple(one.ticket_id for one in recent)
    storm = tuple(dict.fromkeys(covered + tuple(one.ticket_id for one in loud)))
    before = () if under_way else tuple(dict.fromkeys(one.ticket_id for one in memory.recent))
    notice = Notice(MANY, storm, loud[-1].kind, any(one.priority is Priority.URGENT for one in loud))
    memory, decision = _ring(replace(memory, recent=recent, storm=storm), settings, now, loud, (notice,))
    return memory, replace(decision, close=before)


def _together(key: str, some: Iterable[Ringing]) -> Notice:
    listed = list(some)
    urgent = any(one.priority is Priority.URGENT for one in listed)
    return Notice(key, tuple(dict.fromkeys(one.ticket_id for one in listed)), listed[-1].kind, urgent)


def _ring(
    memory: Memory, settings: AlertSettings, now: int, loud: list[Ringing], notices: tuple[Notice, ...]
) -> tuple[Memory, Decision]:
    """One chime for all of them, that of the most pressing; too soon after the last, an urgent one is owed."""
    first = max(loud, key=lambda one: list(Priority).index(one.priority))
    choice = settings.choice(first.kind, first.category_id, first.priority)
    if choice.chime is Chime.SILENT or choice.volume == 0:
        return memory, Decision(show=notices)
    if _may_ring(memory, now):
        return replace(memory, last_ring=now, owed=None), Decision(choice, notices)
    owed = choice if first.priority is Priority.URGENT else memory.owed
    return replace(memory, owed=owed), Decision(show=notices)


def _may_ring(memory: Memory, now: int) -> bool:
    """Whether the last chime is long enough ago; a clock that was set back never silences for longer."""
    if memory.last_ring is None or now < memory.last_ring:
        return True
    return now - memory.last_ring >= _gap_ms(memory)


def _gap_ms(memory: Memory) -> int:
    """The least time between two chimes; many messages of one ticket are a storm to the ear too."""
    return STORM_CHIME_GAP_MS if len(memory.recent) >= STORM_FROM else CHIME_GAP_MS


def next_tick_ms(memory: Memory, settings: AlertSettings, now: int) -> int | None:
    """How long until `tick` may have something to do (ms); None for never."""
    if not memory.waits:
        return None
    times = [MINUTE_MS]
    if memory.owed is not None and memory.last_ring is not None:
        times.append(memory.last_ring + _gap_ms(memory) - now)
    if settings.repeat:
        times += [at - now for _, at in memory.unhandled]
    return max(250, min(times))
