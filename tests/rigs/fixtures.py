"""The real things as fixtures: PostgreSQL, a screen, a bus, notifications, a tray, a sound card."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import TypeVar

import pytest

from stage import bus, notifications, postgres, screen, sound
from stage.process import ProgramMissing, environment, found
from sync.server.database import Database
from sync.server.migrations import migrate
from tests.rigs import browser as browsers
from tests.rigs import mail_server, sni

T = TypeVar("T")


@contextmanager
def _or_skip(rig: AbstractContextManager[T]) -> Iterator[T]:
    """Run the rig, or skip where its program is not installed."""
    with ExitStack() as stack:
        try:
            value = stack.enter_context(rig)
        except ProgramMissing as missing:
            pytest.skip(str(missing))
        yield value


@pytest.fixture(scope="session")
def needs() -> Callable[[str], str]:
    """Return needs("xdotool"): the program's full path, or the test is skipped with the reason."""

    def path_of(program: str) -> str:
        try:
            return found(program)
        except ProgramMissing as missing:
            pytest.skip(str(missing))

    return path_of


@pytest.fixture(scope="session", name="postgres")
def _postgres() -> Iterator[postgres.Postgres]:
    """A private server for the whole run (one for each pytest-xdist worker)."""
    with _or_skip(postgres.postgres()) as server:
        yield server


@pytest.fixture
def fresh_postgres_url(postgres: postgres.Postgres) -> Iterator[str]:
    """The address of an empty database."""
    with postgres.database() as url:
        yield url


@pytest.fixture(scope="session")
def _schema_on_postgres(postgres: postgres.Postgres) -> Iterator[str]:
    """A database with the server's schema and nothing in it, made once."""
    with postgres.database() as url:
        database = Database.open(url)
        try:
            migrate(database)
        finally:
            database.close()
        yield url


@pytest.fixture
def server_postgres_url(postgres: postgres.Postgres, _schema_on_postgres: str) -> Iterator[str]:
    """The address of a database for a server that is opened in it: with its schema, which it would make first."""
    with postgres.database(like=_schema_on_postgres) as url:
        yield url


@pytest.fixture(scope="session")
def _schema_on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the server's schema and nothing in it, made once."""
    file = tmp_path_factory.mktemp("schema") / "server.sqlite"
    database = Database.open(file)
    try:
        migrate(database)
    finally:
        database.close()
    return file


@pytest.fixture
def server_sqlite_path(tmp_path: Path, _schema_on_sqlite: Path) -> str:
    """The path of a file for a server that is opened in it: with its schema, which it would make first."""
    return str(shutil.copyfile(_schema_on_sqlite, tmp_path / "server.sqlite"))


@pytest.fixture
def post(tmp_path: Path) -> Iterator[mail_server.Post]:
    """A mail server that takes letters."""
    folder = tmp_path / "post"
    folder.mkdir()
    with _or_skip(mail_server.post_office(folder)) as office:
        yield office


@pytest.fixture(scope="session")
def browser_of_the_run() -> Iterator[browsers.Browser]:
    """One for the whole run: it is dear to start."""
    with _or_skip(browsers.browser()) as started:
        yield started


@pytest.fixture
def browser(browser_of_the_run: browsers.Browser) -> browsers.Browser:
    """A browser as at its beginning. Mark the test with `pytest.mark.xdist_group("browser")`: one worker has it."""
    browser_of_the_run.fresh()
    return browser_of_the_run


@pytest.fixture
def xvfb() -> Iterator[str]:
    """A new display's name, such as ":5"."""
    with _or_skip(screen.virtual_screen()) as display:
        yield display


@pytest.fixture
def session_bus() -> Iterator[str]:
    """A new session bus's address."""
    with _or_skip(bus.session_bus()) as address:
        yield address


@pytest.fixture
def notification_daemon(xvfb: str, session_bus: str) -> Iterator[notifications.NotificationDaemon]:
    """A notification daemon on `xvfb` and `session_bus`."""
    with _or_skip(notifications.notification_daemon(xvfb, session_bus)) as daemon:
        yield daemon


@pytest.fixture
def tray_host(xvfb: str) -> Iterator[None]:
    """A tray (XEmbed) on `xvfb`."""
    with _or_skip(screen.tray_host(xvfb)):
        yield


@pytest.fixture
def sni_host(session_bus: str) -> Iterator[sni.SniHost]:
    """A tray (StatusNotifierItem) on `session_bus`."""
    with sni.sni_host(session_bus) as host:
        yield host


@pytest.fixture
def null_sink() -> Iterator[sound.NullSink]:
    """A sound server whose only card is silent and can be recorded."""
    with _or_skip(sound.null_sink()) as card:
        yield card


@pytest.fixture
def stage_environment(
    xvfb: str,
    session_bus: str,
    notification_daemon: notifications.NotificationDaemon,
    tray_host: None,
    null_sink: sound.NullSink,
    tmp_path: Path,
) -> dict[str, str]:
    """The environment of a program that shall see the whole private desktop; HOME is an empty folder."""
    home = tmp_path / "home"
    home.mkdir()
    return environment(
        home,
        DISPLAY=xvfb,
        DBUS_SESSION_BUS_ADDRESS=session_bus,
        QT_QPA_PLATFORM="xcb",
        **null_sink.environment(),
    )
