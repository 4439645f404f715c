"""A private PostgreSQL server from the installed binaries, on a free loopback port."""

import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import mkdtemp

import psycopg
from psycopg import sql

from stage.process import NotReady, ProgramMissing, environment, running

_USER = "deskbell"
_STRATEGIES = 150_000  # from PostgreSQL 15 on a copy goes through the log, if it is not told otherwise
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
}
_QUICK = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "60",
    "shared_buffers": "32MB",
}
_QUICK_TO_PROVE = "md5"  # each test connects anew, and the password is long and random
_DURABLE = {
    "max_connections": "150",
    "shared_buffers": "256MB",
}


class Postgres:
    """A running server; each database has an address of its own."""

    def __init__(self, port: int, password: str) -> None:
        """Take the loopback port and the password of the only user."""
        self._port = port
        self._password = password
        self._own: psycopg.Connection | None = None

    def url(self, database: str) -> str:
        """Return the address of a database, postgresql://user:password@host:port/name."""
        return f"postgresql://{_USER}:{self._password}@127.0.0.1:{self._port}/{database}"

    def answers(self) -> bool:
        """Return whether a connection is accepted."""
        try:
            psycopg.connect(self.url("postgres"), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    @contextmanager
    def database(self, like: str = "template0") -> Iterator[str]:
        """Yield the address of a database, dropped afterwards with whoever is still in it.

        Empty, or a copy of the database at the address `like`, in which nobody may be.
        """
        name = f"deskbell_{secrets.token_hex(6)}"
        original = sql.Identifier(like.rpartition("/")[2])
        copied = sql.SQL("STRATEGY FILE_COPY" if self._connection().info.server_version >= _STRATEGIES else "")
        self._run(sql.SQL("CREATE DATABASE {} TEMPLATE {} {}").format(sql.Identifier(name), original, copied))
        try:
            yield self.url(name)
        finally:
            self._run(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def _run(self, statement: sql.Composed) -> None:
        """Run one statement outside a transaction."""
        self._connection().execute(statement)

    def _connection(self) -> psycopg.Connection:
        """Return the connection that makes and drops databases, opened once."""
        if self._own is None or self._own.closed:
            self._own = psycopg.connect(self.url("postgres"), autocommit=True)
        return self._own

    def close(self) -> None:
        """Hang up."""
        if self._own is not None:
            self._own.close()


def binaries() -> Path:
    """Return the folder of the newest installed server; raises ProgramMissing."""
    on_path = shutil.which("initdb")
    if on_path and shutil.which("postgres"):
        return Path(on_path).parent
    folders = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/postgres")]
    if not folders:
        raise ProgramMissing("the PostgreSQL server is not installed (Debian: apt-get install postgresql).")
    return max(folders, key=lambda folder: int(re.sub(r"\D", "", folder.parent.name) or 0))


@contextmanager
def postgres(*, durable: bool = False) -> Iterator[Postgres]:
    """Run a server whose data nobody keeps; raises ProgramMissing, NotReady.

    `durable`: it waits for the disk as one does that is relied upon.
    """
    initdb = binaries() / "initdb"
    with ExitStack() as stack:
        folder = Path(mkdtemp(prefix="deskbell-postgres-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        user = _unprivileged(folder)
        password = secrets.token_hex(12)
        _initialise(initdb, folder, password, user, "scram-sha-256" if durable else _QUICK_TO_PROVE)
        yield _started(stack, folder, password, user, _DURABLE if durable else _QUICK)


def _started(stack: ExitStack, folder: Path, password: str, user: str | None, manner: Mapping[str, str]) -> Postgres:
    """Start the server; tries three times, as another program may take the free port before we do."""
    for left in (2, 1, 0):
        port = _free_port()
        server = Postgres(port, password)
        try:
            stack.enter_context(_serving(folder, server, port, user, manner))
        except NotReady:
            if not left:
                raise
        else:
            stack.callback(server.close)
            return server
    raise NotReady("PostgreSQL did not start.")


def _unprivileged(folder: Path) -> str | None:
    """Give the folder to a user that PostgreSQL accepts (it refuses root); None: we are one ourselves."""
    if os.geteuid() != 0:
        return None
    for user in ("postgres", "nobody"):
        try:
            shutil.chown(folder, user)
        except LookupError:
            continue
        return user
    raise ProgramMissing("PostgreSQL refuses root, and no user postgres or nobody is here: run the tests as a user.")


def _initialise(initdb: Path, folder: Path, password: str, user: str | None, proof: str) -> None:
    """Make the cluster's files in folder/data; `proof`: how it is shown that the password is known."""
    secret = folder / "password"
    secret.write_text(password)
    if user:
        shutil.chown(secret, user)
    command = [
        str(initdb), "--pgdata", str(folder / "data"), "--username", _USER, "--pwfile", str(secret),
        "--auth", proof, "--encoding", "UTF8", "--locale", "C", "--no-sync",
    ]  # fmt: skip
    done = subprocess.run(
        command, env=environment(folder), capture_output=True, text=True, cwd=folder, user=user, check=False
    )
    if done.returncode:
        raise NotReady(f"initdb failed: {done.stderr.strip()[-800:]}")


@contextmanager
def _serving(folder: Path, server: Postgres, port: int, user: str | None, manner: Mapping[str, str]) -> Iterator[None]:
    """Run the server on the port until the block ends."""
    settings = [piece for name, value in {**_SETTINGS, **manner}.items() for piece in ("-c", f"{name}={value}")]
    command = [str(binaries() / "postgres"), "-D", str(folder / "data"), "-p", str(port), *settings]
    with running(
        command,
        server.answers,
        env=environment(folder),
        log=folder / "server.log",
        user=user,
        stop=signal.SIGINT,  # "fast": does not wait for clients
    ):
        yield


def _free_port() -> int:
    """Return a loopback port that is free at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
