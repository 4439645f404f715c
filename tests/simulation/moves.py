"""What may happen in a step, with how often it comes, in proportion."""

from collections.abc import Mapping
from typing import Final

from tests.simulation import administrators, agents, machines, requesters
from tests.simulation.world import Move

_OF_REQUESTERS: Final[Mapping[Move, int]] = {requesters.file: 8, requesters.answer: 6}
_OF_AGENTS: Final[Mapping[Move, int]] = {
    agents.note_: 9,
    agents.note_and_die: 2,
    agents.reply: 11,
    agents.take_back: 4,
    agents.draft: 3,
    agents.edit: 10,
    agents.move: 4,
    agents.merge: 4,
    agents.delete: 1,
    agents.with_file: 4,
    agents.open_file: 6,
    agents.create: 5,
    agents.quick: 5,
    agents.attach: 4,
    agents.read: 3,
    agents.decide: 4,
}
_OF_ADMINISTRATORS: Final[Mapping[Move, int]] = {
    administrators.grant: 3,
    administrators.revoke: 3,
    administrators.ambush: 4,
    administrators.deactivate: 1,
    administrators.new_password: 1,
    administrators.prune: 1,
    administrators.long_absence: 2,
}
_OF_BACKUPS: Final[Mapping[Move, int]] = {administrators.back_up: 1, administrators.restore: 1}
_OF_MACHINES: Final[Mapping[Move, int]] = {
    machines.sync: 20,
    machines.sync_now: 8,
    machines.offline: 6,
    machines.online: 10,
    machines.stream: 8,
    machines.kill: 2,
    machines.die: 3,
    machines.die_waiting: 3,
    machines.die_hearing: 3,
    machines.sleep: 2,
    machines.set_clock: 2,
    machines.disk: 2,
    machines.damage: 1,
}

ON_ANY_DATABASE: Final[Mapping[Move, int]] = {**_OF_REQUESTERS, **_OF_AGENTS, **_OF_ADMINISTRATORS, **_OF_MACHINES}
"""Without what is done with SQLite's files only."""
MOVES: Final[Mapping[Move, int]] = {**ON_ANY_DATABASE, **_OF_BACKUPS}
FATES: Final = frozenset(move.__name__ for move in (*_OF_ADMINISTRATORS, *_OF_BACKUPS, *_OF_MACHINES)) - {
    "sync", "sync_now", "online", "kill", "die", "die_hearing", "die_waiting"
}  # fmt: skip
"""Those that count among the faults; power cuts are counted apart."""
