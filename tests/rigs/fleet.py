"""Several server processes on one database, with a real proxy in front, as packaging/server sets them up."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import requests

from stage.process import environment, running

RECIPE = Path(__file__).parents[2] / "packaging" / "server"
_PATH = os.environ.get("PATH", "") + ":/usr/sbin"  # where Debian puts it, and where not everybody looks
SERVE = ("-m", "sync.server", "serve")


@dataclass
class Member:
    """One server process on a Unix socket. `program` is what Python runs in place of `-m sync.server serve`."""

    database: str
    role: str
    path: Path
    program: Sequence[str] = SERVE
    extra: Mapping[str, str] = field(default_factory=dict)
    process: "subprocess.Popen[str] | None" = None

    def start(self) -> None:
        """Returns once it answers."""
        command = [sys.executable, *self.program, "--role", self.role, "--behind-proxy", "--uds", str(self.path)]
        self.process = subprocess.Popen(
            command,
            env={**os.environ, "DESKBELL_DATABASE": self.database, **self.extra},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line == f"Deskbell answers at unix:{self.path}\n", line

    @property
    def pid(self) -> int:
        """Of the process that runs."""
        assert self.process is not None
        return self.process.pid

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Its exit code, once it is gone."""
        assert self.process is not None
        self.process.send_signal(how)
        return self.gone()

    def gone(self, seconds: float = 20.0) -> int:
        """Wait until it has ended by itself; the exit code."""
        assert self.process is not None
        self.process.communicate(timeout=seconds)
        return self.process.returncode

    def restart(self) -> None:
        """As a service manager does it: told to end, waited for, started again."""
        assert self.end() == 0
        self.start()


@dataclass
class Fleet:
    """The members, and the address of the proxy in front of them."""

    api: list[Member]
    stream: list[Member]
    address: str

    @property
    def members(self) -> list[Member]:
        """All of them."""
        return [*self.api, *self.stream]


@contextmanager
def fleet(folder: Path, database: str, api: int = 2, stream: int = 1) -> Iterator[Fleet]:
    """While the block runs. Raises ProgramMissing without nginx."""
    with ExitStack() as stack:
        members = [
            Member(database, role, folder / f"{role}-{number}.sock")
            for role, count in (("api", api), ("stream", stream))
            for number in range(1, count + 1)
        ]
        for one in members:
            stack.callback(_end, one)
            one.start()
        address = stack.enter_context(proxy(folder, members[:api], members[api:]))
        yield Fleet(members[:api], members[api:], address)


@contextmanager
def proxy(folder: Path, api: Sequence[Member], stream: Sequence[Member]) -> Iterator[str]:
    """nginx with the recipe's own files but for the places of sockets; its address."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    (folder / "upstreams.conf").write_text(
        _upstream("deskbell_api", api, "keepalive 32;") + _upstream("deskbell_stream", stream)
    )
    text = (
        f"include {folder}/upstreams.conf; include {RECIPE}/nginx/limits.conf;\n"
        f"server {{ listen 127.0.0.1:{port} backlog=4096; access_log off; include {RECIPE}/nginx/locations.conf; }}\n"
    )
    with running(
        nginx(folder, "front", text),
        lambda: _answers(address),
        env=environment(folder),
        log=folder / "front.log",
        stop=signal.SIGQUIT,
    ):
        yield address


def nginx(folder: Path, name: str, http: str | None = None) -> list[str]:
    """The command of an nginx that keeps everything in the folder; `http`: what it shall serve, None: as before."""
    configuration = folder / f"{name}.conf"
    if http is not None:
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        places = " ".join(f"{kind}_temp_path {folder}/{name}-{kind};" for kind in kinds)
        user = "user root;\n" if os.geteuid() == 0 else ""
        configuration.write_text(
            f"{user}daemon off; pid {folder}/{name}.pid; worker_processes 1;\n"
            f"events {{ worker_connections 4096; }}\nhttp {{\naccess_log off; {places}\n{http}\n}}\n"
        )
    program = shutil.which("nginx", path=_PATH) or "nginx"
    return [program, "-c", str(configuration), "-e", str(folder / f"{name}-error.log")]


def _upstream(name: str, members: Sequence[Member], more: str = "") -> str:
    servers = " ".join(f"server unix:{one.path} max_fails=0;" for one in members)
    return f"upstream {name} {{ least_conn; {servers} {more} }}\n"


def _answers(address: str) -> bool:
    try:
        return requests.get(f"{address}/readyz", timeout=30).status_code == 200
    except requests.ConnectionError:
        return False


def _end(member: Member) -> None:
    if member.process is not None and member.process.poll() is None:
        member.process.kill()
        member.process.communicate()
    elif member.process is not None and member.process.stdout is not None:
        member.process.stdout.close()


def free_port() -> int:
    """A loopback port that is free at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
