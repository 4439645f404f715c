"""What one process commits is told by another, whatever breaks between them."""

import signal
from concurrent.futures import ThreadPoolExecutor

import psycopg
import requests

from sync.connectors.central import CentralConnector
from sync.connectors.port import Alive, ArrivalHint, PresenceHint
from sync.domain.presence import Doing
from sync.engine.status import Condition
from sync.server.house import House
from tests.rigs.fleet import Member
from tests.rigs.terminal import process
from tests.sync.server.fleet.conftest import Hall, Opened, session, token_of

SPOILED = ("-m", "tests.rigs.spoiled_serve")


def _spoil(member: Member, how: str) -> None:
    """The same process with a planted fault."""
    member.end()
    member.program, member.extra = SPOILED, {"SPOILED": how}
    member.start()


def _cut_telegraphs(hall: Hall) -> int:
    """Cut every connection by which processes tell each other; how many there were."""
    with psycopg.connect(hall.database, autocommit=True) as connection:
        sql = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'deskbell telegraph'"
        return len(connection.execute(sql).fetchall())


def test_a_ticket_filed_at_one_process_rings_at_another(opened: Opened) -> None:
    hall = opened(api=1, stream=1)
    hall.rings_once(*[hall.file(f"Call {number}") for number in range(5)])
    assert requests.get(f"{hall.fleet.address}/jmap/nothing", timeout=30).status_code == 404


def test_cut_connections_between_the_processes_cost_no_alert(opened: Opened) -> None:
    hall = opened(api=1, stream=1)
    cut, filed = 0, []
    for number in range(4):
        cut += _cut_telegraphs(hall)
        filed.append(hall.file(f"Call {number}"))
    assert cut >= 2
    hall.rings_once(*filed)


def test_a_database_that_throws_everybody_out_is_met_again(opened: Opened) -> None:
    hall = opened(api=1, stream=1)
    hall.rings_once(hall.file("Before"))
    with psycopg.connect(hall.database, autocommit=True) as connection:
        sql = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = %s"
        assert connection.execute(sql, (connection.info.dbname,)).fetchall()
    hall.rings_once(hall.file("After"))


def test_who_is_told_nothing_looks(opened: Opened) -> None:
    hall = opened(api=1, stream=1)
    _spoil(hall.fleet.api[0], "mute")
    hall.rings_once(hall.file("Told by nobody"), hall.file("Nor this"))


def test_a_process_killed_between_its_commit_and_the_telling_costs_no_alert(opened: Opened) -> None:
    hall = opened(api=2, stream=1)
    first, second = hall.fleet.api
    _spoil(first, "dies")
    assert second.end() == 0
    with ThreadPoolExecutor(1) as pool:
        filed = pool.submit(hall.file, "Committed, then killed")
        assert first.gone() == -signal.SIGKILL
        second.start()
        hall.rings_once(filed.result())
    assert _subjects(hall) == ["Committed, then killed"]


def test_presence_passes_between_processes_and_a_command_ends_streams(opened: Opened) -> None:
    hall = opened(api=1, stream=1)
    ticket = hall.file("Looked at")
    second = CentralConnector(session(hall.fleet.address, token_of(hall.fleet.address, "Marta")))
    stream = second.listen()
    assert next(stream) == Alive()
    hall.tom.tell_presence(hall.account, ticket, Doing.TYPING)
    hint = next(one for one in stream if isinstance(one, PresenceHint))
    assert (hint.account_id, hint.ticket_id, hint.doing) == (hall.account, ticket, Doing.TYPING)
    assert process("agent", "deactivate", "Marta", "--database", hall.database).code == 0
    assert not any(isinstance(one, ArrivalHint) for one in stream)
    hall.marta.wait(lambda: hall.marta.condition is Condition.SIGNED_OUT)


def _subjects(hall: Hall) -> list[str]:
    house = House.open(hall.database)
    try:
        return [
            str(one[0])
            for one in house.parts.database.read(lambda: house.parts.database.select("SELECT subject FROM ticket"))
        ]
    finally:
        house.close()
