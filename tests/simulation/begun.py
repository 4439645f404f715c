"""Words for the whole team, begun on a page: they stay there, under one key, until the server has taken them."""

from collections.abc import Callable
from dataclasses import dataclass

from sync.connectors.central import CentralConnector
from sync.domain.errors import DeskbellError, Rejected
from tests.simulation.station import Station

Send = Callable[[CentralConnector, str], object]


@dataclass
class Begun:
    """`send` brings it up under a key. `life`: of the server that said it has it; None: none has. `refused`: the last
    answer was that it cannot be taken."""

    station: str
    table: str
    text: str
    key: str
    send: Send
    life: int | None = None
    refused: bool = False

    def save(self, station: Station, life: int) -> None:
        """Press the button; again with the same key, if need be."""
        try:
            self.send(station.connector, self.key)
            self.life = life
        except Rejected:
            self.refused = True
        except DeskbellError:
            self.refused = False
        station.note(f"{self.station} saves {self.table}: {self.life} {self.refused}")
