"""What is left of a requester who was erased: no word, in no table of the server and in no file of a workstation."""

from pathlib import Path
from typing import Final

from sync.server.tables import MODELS
from tests.simulation.always import BrokenError
from tests.simulation.bytes_left import ASIDE
from tests.simulation.facts import CANARY, words_in
from tests.simulation.station import Station
from tests.simulation.world import World

_TABLES: Final = tuple(sorted(str(one._meta.table_name) for one in MODELS))
_THEIRS: Final = """
SELECT m.body_text FROM message m JOIN ticket t ON t.id = m.ticket_id WHERE t.requester_id = ? OR m.author_id = ?
UNION ALL SELECT subject FROM ticket WHERE requester_id = ?
UNION ALL SELECT name || ' ' || COALESCE(email, '') FROM requester WHERE id = ?
"""


def theirs(world: World, requester_id: str) -> set[str]:
    """The words that stand in a requester's tickets and in what they wrote elsewhere, and their name. A title of an
    incident is the team's, wherever it is told."""
    team = words_in(world.server.column("SELECT title FROM incident"))
    return set(words_in(world.server.column(_THEIRS, *[requester_id] * 4))) - set(team)


def everywhere(world: World) -> set[str]:
    """Every word in every table of the server."""
    return {word for table in _TABLES for word in _words_of(world, table)}


def nothing_is_left(world: World) -> None:
    """At the server: nothing but what an agent wrote, who may have said it again since."""
    if not world.erased:
        return
    for table in _TABLES:
        left = (_words_of(world, table) & world.erased) - set(world.ledger.saved)
        if left:
            raise BrokenError(f"the server's table {table} still holds {sorted(left)[0]}, which was erased")


def no_byte_is_left(world: World, station: Station) -> None:
    """In the files of a workstation: nothing but its agent's own words. What was damaged is set aside as it is."""
    gone = world.erased - world.ledger.of(station.name) - world.on_the_server()
    for path in _files(station.folder) if gone else ():
        left = {str(one, "ascii") for one in CANARY.findall(path.read_bytes())} & gone
        if left:
            raise BrokenError(f"{station.name}'s {path.name} still holds {sorted(left)[0]}, which was erased")


def _files(folder: Path) -> list[Path]:
    return sorted(one for one in folder.rglob("*") if one.is_file() and not one.name.startswith(ASIDE))


def _words_of(world: World, table: str) -> set[str]:
    rows = world.server.rows(f"SELECT * FROM {table}")  # noqa: S608  # our own tables
    texts = [value if isinstance(value, bytes | memoryview) else str(value).encode() for row in rows for value in row]
    return {str(one, "ascii") for text in texts for one in CANARY.findall(bytes(text))}
