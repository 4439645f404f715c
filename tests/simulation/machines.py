"""What workstations and their networks suffer."""

from pathlib import Path
from typing import Final

from sync.cache.folder import CACHE
from sync.domain.times import DAY_MS, HOUR_MS
from sync.engine.engine import Nudge
from tests.simulation.requesters import file_in
from tests.simulation.station import Station
from tests.simulation.world import World

_STATEMENTS: Final = 140
_NEVER: Final = 1_000_000
_SLEEPS: Final = (1.0, 45.0, 3600.0, 3600.0, 43_200.0, 259_200.0)
_SKEWS: Final = (0, HOUR_MS, -HOUR_MS, 5 * 365 * DAY_MS, -5 * 365 * DAY_MS)


def sync(world: World, station: Station) -> None:
    """The engine's timer."""
    station.sync()


def sync_now(world: World, station: Station) -> None:
    """Somebody presses the button, or signs in again."""
    nudge = world.random.choice((Nudge.CLICK, Nudge.SIGNED_IN))
    if nudge is Nudge.SIGNED_IN and station.network.online and station.name not in world.away:
        world.sign_in(station)
    station.sync(nudge)


def offline(world: World, station: Station) -> None:
    """The network goes."""
    station.lose_stream()
    station.network.online = False


def online(world: World, station: Station) -> None:
    """The network comes."""
    station.network.online = True
    station.sync(Nudge.CLICK)


def stream(world: World, station: Station) -> None:
    """The live stream begins or breaks."""
    if station.streaming and world.random.random() < 0.4:
        station.lose_stream()
    else:
        station.connect()


def kill(world: World, station: Station) -> None:
    """A workstation restarts without being asked."""
    station.kill()


def die(world: World, station: Station) -> None:
    """The power goes off in the middle of a round."""
    station.sync_and_die(world.random.randint(0, _STATEMENTS))


def die_waiting(world: World, station: Station) -> None:
    """The power goes off while a request is on its way, mostly one that brings something up."""
    station.network.online = True
    station.sync_and_die_waiting(world.random.randint(1, 3), world.random.random() < 0.5)


def die_hearing(world: World, station: Station) -> None:
    """The power goes off just when something arrived."""
    visible = sorted(station.visible())
    if visible:
        file_in(world, world.random.choice(visible))
    station.network.online = True
    telling = world.random.random() < 0.6
    station.sync_and_die(_NEVER if telling else world.random.randint(0, _STATEMENTS), telling)


def sleep(world: World, station: Station) -> None:
    """A machine sleeps, for a second or for days."""
    station.lose_stream()
    seconds = world.random.choice(_SLEEPS)
    world.clock.pass_(seconds)
    station.clock.slept_s += seconds


def set_clock(world: World, station: Station) -> None:
    """A workstation's clock jumps by an hour or five years, or is set right."""
    station.clock.jump(world.random.choice(_SKEWS))
    for saved in world.ledger.saved.values():
        if saved.station == station.name:
            saved.not_before = None


def disk(world: World, station: Station) -> None:
    """The disk is full; or there is room again."""
    station.fill_disk(world.random.random() < 0.6)


def damage(world: World, station: Station) -> None:
    """After a power cut the cache's file is not what it was; sometimes the words' journal is torn too."""
    kind = world.random.choice(("head", "cut", "gone"))
    world.note(f"{station.name}'s cache: {kind}")
    share = world.random.random()
    station.kill(lambda folder: _spoil(folder / CACHE, kind, share))
    station.may_start_anew()
    station.renewed = True


def _spoil(file: Path, kind: str, share: float) -> None:
    log = file.with_name(file.name + "-wal")
    if kind == "gone":
        file.unlink()
    elif kind == "head":
        with file.open("r+b") as out:
            out.write(b"\0" * 512)
    else:
        with file.open("r+b") as out:
            out.truncate(1 + int(511 * share))
    log.unlink(missing_ok=True)
