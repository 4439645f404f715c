"""Who leads among several processes keeps nobody from anything else."""

from sync.server.audit import ADMINISTRATOR, Deed
from sync.server.leadership import leadership_of
from tests.rigs.bureau import Bureau


def test_one_leads_and_the_others_work_on(desk: Bureau) -> None:
    database = desk.house.parts.database
    lead, other = leadership_of(database), leadership_of(database)
    assert lead.held()
    assert other.held() is not database.is_postgres
    try:

        def work() -> None:
            if database.is_postgres:
                database.execute("SET LOCAL lock_timeout = '20s'")  # a failure instead of a wait for ever
            desk.house.parts.audit.record(Deed.BACKUP, ADMINISTRATOR, "x", {})

        database.write(work)
    finally:
        lead.give_up()
        other.give_up()
    assert other.held()
    other.give_up()
