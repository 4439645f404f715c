"""A private mail server from Debian's exim4 on free ports: with TLS and sign-in, every mail into one folder."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

from stage.process import ProgramMissing, environment, running

USER, PASSWORD = "helpdesk", "a secret of mail"
_USERS = ("Debian-exim", "nobody")
_CONFIGURATION = """
primary_hostname = localhost
spool_directory = {folder}/spool
log_file_path = {folder}/log-%s
pid_file_path = {folder}/exim.pid
local_interfaces = 127.0.0.1
tls_advertise_hosts = *
tls_certificate = {folder}/certificate.pem
tls_privatekey = {folder}/key.pem
tls_on_connect_ports = {tls_port}
smtputf8_advertise_hosts = *
keep_environment =
host_lookup =
rfc1413_hosts =
deliver_drop_privilege = true
{identity}
message_size_limit = 3M
smtp_accept_max = 50
smtp_accept_queue_per_connection = 0
acl_smtp_rcpt = recipient
acl_smtp_data = accept

begin acl
recipient:
  defer  condition = ${{if exists{{{folder}/defer}}}}
         message = Too busy, come back later
  deny   local_parts = nobody
         message = There is no such person here
  accept authenticated = *
  accept condition = ${{if exists{{{folder}/open}}}}
  deny   message = Sign in first

begin routers
lost:
  driver = redirect
  local_parts = lost
  allow_fail
  data = :fail: The mailbox is gone
{handed_on}
kept:
  driver = accept
  transport = kept

begin transports
kept:
  driver = appendfile
  maildir_format
  directory = {folder}/mail
  envelope_to_add
  create_directory
handed_on:
  driver = smtp
  hosts = 127.0.0.1
  hosts_override
  allow_localhost
  port = {hand_on_port}
  protocol = {hand_on_protocol}
  hosts_avoid_tls = *

begin retry
* * F,1h,1s

begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${{if and{{{{eq{{$auth2}}{{{user}}}}}{{eq{{$auth3}}{{{password}}}}}}}}}
  server_set_id = $auth2
  server_advertise_condition = ${{if def:tls_in_cipher}}
"""
_IDENTITY = "exim_user = {user}\nexim_group = {group}"  # it runs for its own user and for root only
_HANDED_ON = """
handed_on:
  driver = manualroute
  local_parts = {handed_on_for}
  route_list = * 127.0.0.1
  self = send
  transport = handed_on
"""


class Exim:
    """A running mail server. `port` offers STARTTLS, `tls_port` begins with TLS; both want USER and PASSWORD."""

    def __init__(self, folder: Path, port: int, tls_port: int) -> None:
        """Take where its files are, and its ports."""
        self._folder = folder
        self.port = port
        self.tls_port = tls_port

    def mails(self) -> list[bytes]:
        """Return every mail that was delivered into the folder, the oldest first."""
        found = [*(self._folder / "mail").glob("new/*")]
        return [one.read_bytes() for one in sorted(found, key=lambda one: (one.stat().st_mtime_ns, one.name))]

    def defer(self, *, yes: bool) -> None:
        """Put every mail off with a 4yz from now on, or no longer."""
        self._mark("defer", yes)

    def open_to_all(self) -> None:
        """Take mail without a sign-in from now on."""
        self._mark("open", True)

    def answers(self) -> bool:
        """Return whether a connection is greeted."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=5) as line:
                return line.recv(3) == b"220"
        except OSError:
            return False

    def _mark(self, name: str, there: bool) -> None:
        if there:
            (self._folder / name).touch()
        else:
            (self._folder / name).unlink(missing_ok=True)


@contextmanager
def exim(
    certificate: bytes,
    key: bytes,
    hand_on: int | None = None,
    protocol: str = "lmtp",
    ports: tuple[int, int] | None = None,
    hand_on_for: str = "^support.*",
) -> Iterator[Exim]:
    """Run a mail server until the block ends. Mail for the local parts `hand_on_for` goes on to the port `hand_on`.

    Raises ProgramMissing, NotReady.
    """
    program = shutil.which("exim4", path=os.environ.get("PATH", "") + ":/usr/sbin")
    if program is None:
        raise ProgramMissing("exim4 is not installed: run make test as root, or install it by hand.")
    folder = Path(mkdtemp(prefix="deskbell-exim-"))
    port, tls_port = ports or (_free_port(), _free_port())
    try:
        user = _prepare(folder, certificate, key, _configuration(folder, tls_port, hand_on, protocol, hand_on_for))
        server = Exim(folder, port, tls_port)
        listening = f"127.0.0.1.{port} : 127.0.0.1.{tls_port}"
        command = [program, "-C", str(folder / "exim.conf"), "-bdf", "-q1s", "-oX", listening]
        with running(command, server.answers, env=environment(folder), log=folder / "said", user=user, seconds=30):
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _configuration(folder: Path, tls_port: int, hand_on: int | None, protocol: str, hand_on_for: str) -> str:
    return _CONFIGURATION.format(
        folder=folder,
        identity="" if os.geteuid() == 0 else _IDENTITY.format(user=os.geteuid(), group=os.getegid()),
        tls_port=tls_port,
        handed_on="" if hand_on is None else _HANDED_ON.format(handed_on_for=hand_on_for),
        hand_on_port=hand_on or 1,
        hand_on_protocol=protocol,
        user=USER,
        password=PASSWORD,
    )


def _prepare(folder: Path, certificate: bytes, key: bytes, configuration: str) -> str | None:
    """Write its files for the user that it shall run as; root may not, so another one then."""
    (folder / "certificate.pem").write_bytes(certificate)
    (folder / "key.pem").write_bytes(key)
    (folder / "exim.conf").write_text(configuration)
    (folder / "spool").mkdir()
    if os.geteuid() != 0:
        return None
    user = next(one for one in _USERS if one in {entry.pw_name for entry in pwd.getpwall()})
    for path in (folder, *folder.rglob("*")):
        shutil.chown(path, user)
    folder.chmod(0o755)
    return user


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
