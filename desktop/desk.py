"""What every window, pane and page is handed: the things of this running program, made once in app.py."""

from dataclasses import dataclass

from desktop.bridge import Bridge
from desktop.intents import Intents
from desktop.lanes import AnyLanes
from desktop.models.moments import Moments
from desktop.settings import Settings
from desktop.theme.appearance import Appearance
from sync.cache.cache import Cache
from sync.cache.reader import Reader
from sync.domain.clock import Clock
from sync.domain.ids import IdFactory


@dataclass(frozen=True, slots=True)
class Desk:
    """`reader` is for the UI thread only; other threads ask `cache` for their own."""

    appearance: Appearance
    settings: Settings
    cache: Cache
    reader: Reader
    lanes: AnyLanes
    bridge: Bridge
    intents: Intents
    ids: IdFactory
    clock: Clock
    moments: Moments
