"""The schema's steps, refusals of what is from the future, settings."""

from pathlib import Path

import pytest
from peewee import IntegrityError

from sync.domain.errors import Corrupt, Incompatible, Offline, Rejected, StorageFull
from sync.server.database import Database
from sync.server.house import House
from sync.server.migrations import STEPS, migrate
from sync.server.settings import SETTINGS
from sync.server.tables import MODELS
from tests.rigs.bureau import Bureau


@pytest.fixture(params=["sqlite", "postgres"])
def server_database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database: here it is about the schema itself."""
    if request.param == "sqlite":
        return str(tmp_path / "server.sqlite")
    return str(request.getfixturevalue("fresh_postgres_url"))


def test_the_schema_is_made_once_and_holds_every_column(server_database: str) -> None:
    database = Database.open(server_database)
    try:
        assert migrate(database) == migrate(database) == len(STEPS)
        assert database.read(lambda: [database.rows(model.select()) for model in MODELS]) == [[] for _ in MODELS]
    finally:
        database.close()


def test_a_database_from_the_future_is_refused_untouched(server_database: str) -> None:
    House.open(server_database).close()
    database = Database.open(server_database)
    database.write(lambda: database.execute("INSERT INTO schema_step (number) VALUES (99)"))
    database.close()

    with pytest.raises(Incompatible, match="newer"):
        House.open(server_database)

    steps = database.read(lambda: database.select("SELECT number FROM schema_step ORDER BY number"))
    database.close()
    assert [one[0] for one in steps] == [*range(1, len(STEPS) + 1), 99]


def test_a_step_that_fails_leaves_the_schema_as_it_was(server_database: str) -> None:
    database = Database.open(server_database)

    def bad(into: Database) -> None:
        into.execute("CREATE TABLE half (a BIGINT)")
        raise ZeroDivisionError

    migrate(database)
    with pytest.raises(ZeroDivisionError):
        migrate(database, (*STEPS, bad))

    assert migrate(database) == len(STEPS)
    assert "half" not in database.read(database.base.get_tables)
    database.close()


def test_postgres_compiles_no_query_of_ours(fresh_postgres_url: str) -> None:
    database = Database.open(fresh_postgres_url)
    try:
        assert database.read(lambda: database.select("SHOW jit")) == [("off",)]
        assert database.read(lambda: database.select("SHOW jit")) == [("off",)]  # from the pool
    finally:
        database.close()


@pytest.mark.parametrize("address", ["mysql://somewhere/db", ":memory:", "http://x"])
def test_other_addresses_are_refused_with_a_sentence(address: str) -> None:
    with pytest.raises(Incompatible, match="postgresql://"):
        Database.open(address)


def test_what_cannot_be_opened_is_said_in_a_sentence(tmp_path: Path) -> None:
    odd = tmp_path / "odd.sqlite"
    odd.write_bytes(b"no database at all, but long enough to be taken for one" * 100)

    with pytest.raises(Corrupt, match="damaged"):
        House.open(odd)
    with pytest.raises(Offline, match="does not answer"):
        House.open(tmp_path / "no" / "such" / "folder" / "x.sqlite")
    with pytest.raises(Offline, match="does not answer"):
        House.open("postgresql://nobody@127.0.0.1:1/nothing")


def test_a_full_disk_is_said_to_be_full(tmp_path: Path) -> None:
    database = Database.open(tmp_path / "small.sqlite")
    migrate(database)

    def work() -> None:
        database.base.execute_sql("PRAGMA max_page_count = 1")
        database.execute("INSERT INTO setting (name, value) VALUES ('x', ?)", ("y" * 1_000_000,))

    with pytest.raises(StorageFull, match="Make room"):
        database.write(work)
    database.close()


def test_what_is_unique_is_unique_on_every_database(desk: Bureau, billing: str) -> None:
    with pytest.raises(Rejected, match="already"):
        desk.house.grants.add_category(" BILLING ")
    desk.agent("Ann")
    with pytest.raises(Rejected, match="already"):
        desk.agent("ann")
    database = desk.house.parts.database
    sql = "INSERT INTO category SELECT * FROM category"
    with pytest.raises(IntegrityError):
        database.write(lambda: database.execute(sql))


def test_settings_have_defaults_are_set_and_go_back(desk: Bureau) -> None:
    settings = desk.house.parts.settings

    assert settings.number("form.per_hour") == SETTINGS["form.per_hour"].default
    settings.put("form.per_hour", " 7 ")
    settings.put("public_url", "https://help.example.org/")
    assert settings.number("form.per_hour") == 7
    assert settings.everything()["public_url"] == "https://help.example.org"
    settings.put("form.per_hour", "")
    assert settings.everything()["form.per_hour"] == SETTINGS["form.per_hour"].default


@pytest.mark.parametrize(
    ("name", "text"), [("form.per_hour", "many"), ("form.per_hour", "0"), ("form.per_hour", "-1"), ("no.such", "1")]
)
def test_a_wrong_setting_is_refused_with_a_sentence(desk: Bureau, name: str, text: str) -> None:
    with pytest.raises(Rejected, match=name):
        desk.house.parts.settings.put(name, text)


def test_the_public_url_stands_in_the_session(desk: Bureau) -> None:
    desk.agent("Ann")
    ann = desk.caller("Ann")
    assert ann.document()["apiUrl"] == "http://testserver/jmap/api"

    desk.house.parts.settings.put("public_url", "https://help.example.org/desk")

    assert ann.document()["apiUrl"] == "https://help.example.org/desk/jmap/api"
