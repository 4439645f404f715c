"""One server and one agent's workstation in a folder: opened, used, killed and opened again."""

import random
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from requests.adapters import BaseAdapter

from sync.cache.cache import Cache
from sync.cache.reader import Reader
from sync.cache.recovery import recover
from sync.cache.rows import MessageState, Sort, View
from sync.connectors.central import CentralConnector
from sync.connectors.port import Routed
from sync.domain.actions import Action, PostMessage, words_of
from sync.domain.clock import Clock
from sync.domain.errors import Corrupt, SearchDamaged, WrongKey
from sync.domain.ids import IdFactory
from sync.domain.records import MessageKind
from sync.engine.engine import Engine, Nudge
from sync.jmap.limits import Limits
from sync.server.app import build_app
from sync.server.check import faults
from sync.server.house import House
from tests.rigs.office import Office, quick_hasher
from tests.simulation.clocks import SimClock
from tests.simulation.inline import InlineAdapter, no_threads

KEY: Final = bytes(range(32))
ANN, BEN, OLGA = "Ann", "Ben", "Olga"
SERVER: Final = "server.sqlite"
_ALL, _NEWEST = View("all"), Sort("created")
_ROUNDS: Final = 400
_SMALL: Final = Limits(max_objects_in_get=20)
_POSTED: Final = ("SELECT body_text FROM message", "SELECT text FROM quick_note")
_HELD: Final = "SELECT body_text FROM held_message"
_MEMORY: Final = Path("/dev/shm")  # noqa: S108  # where it is there, ten thousand copies cost no disk


class LostError(AssertionError):
    """Something that was acknowledged is not there, is there twice, or is not the same everywhere."""


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder in memory where the system has such a place."""
    folder = Path(tempfile.mkdtemp(prefix="deskbell-faults-", dir=_MEMORY if _MEMORY.is_dir() else None))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Ear:
    """Hears a word when it is acknowledged."""

    def hear(self, word: str) -> None:
        """It was said to be saved."""


@dataclass
class Scene:
    """Use `opened`. `ear` hears each text once it was said to be safe. `known`: ids by name, and Ann's token.

    `address`: a database other than a file in `folder`; `place`, `key`: an account's folder made elsewhere.
    """

    folder: Path
    clock: Clock = field(default_factory=SimClock)
    seed: int = 1
    ear: Ear = field(default_factory=Ear)
    known: dict[str, str] = field(default_factory=dict)
    address: str | None = None
    key: bytes = KEY
    place: Path | None = None
    count: int = 0

    @contextmanager
    def opened(self, mended: bool = False, met: bool = False) -> Iterator["Scene"]:
        """The server answers and the workstation runs; all is closed in order at the end.

        `mended`: a damaged cache is set aside first, as the desktop does it; `met`: the damage was met at work.
        """
        with ExitStack() as stack:
            stack.enter_context(no_threads())
            self.randomness = random.Random(self.seed)
            self.ids = IdFactory(self.clock, self.randomness)
            house = House.open(self.address or self.folder / SERVER, self.clock, self.randomness, quick_hasher())
            stack.callback(house.close)
            via: BaseAdapter = InlineAdapter(build_app(house, limits=_SMALL))
            self.office = Office(house, "http://127.0.0.1", self.clock, self.ids.client_key, via)
            if "token" not in self.known:
                self._furnish()
            self.cache = self._cache(self.desk, mended, met)
            stack.callback(self.cache.close)
            self.reader: Reader = self.cache.reader()
            stack.callback(self.reader.close)
            self.engine = self._engine(self.cache)
            yield self

    @property
    def desk(self) -> Path:
        """The workstation's folder."""
        return self.place or self.folder / "desk"

    def _cache(self, folder: Path, mended: bool, met: bool) -> Cache:
        if met:
            return recover(folder, self.key, self.clock, self.ids)
        try:
            return Cache.open(folder, self.key, self.clock, self.ids)
        except WrongKey:
            raise
        except Corrupt:
            if not mended:
                raise
            return recover(folder, self.key, self.clock, self.ids)

    def _engine(self, cache: Cache) -> Engine:
        connector = CentralConnector(self.office.session(self.known["token"]))
        return Engine(cache, connector, self.clock, self.randomness, lambda _report: None)

    def _furnish(self) -> None:
        office = self.office
        for name in ("First", "Second"):
            self.known[name] = office.category(name)
        self.known[ANN] = office.agent(ANN, self.known["First"], self.known["Second"])
        self.known[BEN] = office.agent(BEN, self.known["First"])
        self.known[OLGA] = office.agent(OLGA, is_owner=True)
        self.known["token"] = office.token(ANN)

    # what happens

    def word(self) -> str:
        """A text that occurs nowhere else. Its number comes from the time too, so that a second life has others."""
        self.count += 1
        return f"word{self.count:04d}x{self.randomness.getrandbits(32):08x}"

    def ticket(self, category: str, subject: str = "Stuck") -> str:
        """A requester files one; the id."""
        word = self.word()
        filed = self.office.file(self.known[category], subject, word, "bob@shop.example")
        self.ear.hear(word)
        return filed.ticket.id

    def answer(self, ticket_id: str) -> None:
        """The requester writes again."""
        word = self.word()
        self.office.answer(ticket_id, word)
        self.ear.hear(word)

    def colleague_replies(self, ticket_id: str) -> None:
        """Somebody else answers first."""
        word = self.word()
        colleague = self.office.connector(BEN)
        (account,) = (one for one in colleague.access().accounts if one.category_id == self.known["First"])
        key, now = self.ids.client_key(), self.clock.now_ms()
        reply = PostMessage(key, ticket_id, MessageKind.REPLY, word, now, base_seq=99)
        colleague.send([Routed(reply, account.id)])
        self.ear.hear(word)

    def put(self, action: Action, **more: Any) -> None:
        """The agent saves something."""
        self.cache.put(action, **more)
        words = words_of(action)
        if words is not None:
            self.ear.hear(words.text.rpartition("\n")[2])

    def sync(self, nudge: Nudge = Nudge.CLICK) -> None:
        """The engine works until it wants to wait. Raises LostError if it never does."""
        for _ in range(_ROUNDS):
            if self.engine.step(nudge).wait_seconds > 0.0:
                return
            nudge = Nudge.TIMER
        raise LostError("the engine does not come to rest")

    def search(self, words: str) -> int:
        """As one types; a damaged index is begun anew, as the desktop does it."""
        while self.cache.index_some(1000):
            pass
        try:
            return len(self.reader.search(words, 10))
        except SearchDamaged:
            self.cache.mend_index()
            while self.cache.index_some(1000):
                pass
            return len(self.reader.search(words, 10))

    # what must hold

    def converge(self, acknowledged: set[str]) -> None:
        """Sync, then compare: each text once, the cache as a new workstation's. Raises LostError."""
        for _ in range(3):
            self.sync()
        complaints = list(faults(self.office.house.parts.database))
        if complaints:
            raise LostError(f"the server's database: {complaints[0]}")
        self._each_once(acknowledged)
        mine = told(self.reader)
        with scratch() as folder:
            fresh = Cache.open(folder / "fresh", KEY, self.clock, IdFactory(self.clock, random.Random(0)))
            try:
                self._fill(fresh)
                reader = fresh.reader()
                theirs = told(reader)
                reader.close()
            finally:
                fresh.close()
        if mine != theirs:
            different = [name for name in theirs if mine.get(name) != theirs[name]] + [*set(mine) - set(theirs)]
            raise LostError(f"the cache is another than the server's: {different[:3]}")

    def _fill(self, cache: Cache) -> None:
        engine = self._engine(cache)
        for _ in range(_ROUNDS):
            if engine.step(Nudge.CLICK).wait_seconds > 0.0:
                return

    def _each_once(self, acknowledged: set[str]) -> None:
        database = self.office.house.parts.database
        posted = [one for sql in _POSTED for (one,) in _read(database, sql)]
        held = [one for (one,) in _read(database, _HELD)]
        kept = list(self.kept())
        left = self.reader.outbox()
        if left:
            raise LostError(f"this stays in the outbox: {left[0].action}")
        for text in acknowledged.union(posted):
            places = posted.count(text) + max(held.count(text), kept.count(text))  # held for the author, and shown
            if places != 1 and text.startswith("word"):
                raise LostError(f"{text} is in {places} places")

    def kept(self) -> Iterator[str]:
        """The texts that the workstation keeps for their author."""
        for row in self.reader.outbox():
            words = words_of(row.action)
            if words is not None:
                yield words.text.rpartition("\n")[2]
        for item in [*self.reader.undelivered(), *self.reader.discarded()]:
            yield item.text.rpartition("\n")[2]
        for draft in self.reader.drafts():
            yield draft.text


def _read(database: Any, sql: str) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = database.read(lambda: database.select(sql))
    return found


def told(reader: Reader) -> dict[str, object]:
    """All that a workstation shows of the server's, by name; what is its own (row keys, news, drafts) left out."""
    counts = reader.counts()
    awaiting = {category: figures[0] for category, figures in counts.by_category.items()}
    found: dict[str, object] = {"counts": (counts.awaiting, awaiting, counts.mine, counts.unassigned, counts.waiting)}
    for row in reader.ticket_rows(reader.ticket_ids(_ALL, _NEWEST)):
        found[f"row {row.number}"] = replace(row, key=0, is_new=False, draft=False, needs_you=False)
        thread = [one for one in reader.thread(row.id) if one.state is MessageState.SENT]
        found[f"thread {row.number}"] = [(one.id, one.seq, one.body_text) for one in thread]
    found["notes"] = [one.text for one in reader.quick_notes()]
    return found
