"""A private IMAP server from Debian's dovecot on free ports: with TLS, IDLE, and LMTP to hand mail over."""

from __future__ import annotations

import grp
import os
import pwd
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from smtplib import LMTP
from tempfile import mkdtemp

from stage.process import ProgramMissing, environment, running

USER, PASSWORD = "help@helpdesk.example", "a-secret-of-mailboxes"
_CONFIGURATION = """
protocols = imap lmtp
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
instance_name = deskbell-test
ssl = yes
ssl_cert = <{folder}/certificate.pem
ssl_key = <{folder}/key.pem
ssl_dh =
disable_plaintext_auth = no
auth_mechanisms = plain login
mail_location = maildir:{folder}/mail/%u
mailbox_list_index = yes
first_valid_uid = 1
default_internal_user = {internal}
default_internal_group = {internal_group}
default_login_user = {login}
submission_host = 127.0.0.1:1
lmtp_save_to_detail_mailbox = no
recipient_delimiter = +
auth_username_chars =
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={mail} gid={mail_group} home={folder}/mail/%u
}}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  process_min_avail = 1
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    port = {lmtp_port}
  }}
}}
namespace inbox {{
  inbox = yes
  separator = /
}}
"""


class Dovecot:
    """It runs. Mail for `USER`, with anything behind a +, comes into one mailbox."""

    def __init__(self, folder: Path, port: int, tls_port: int, lmtp_port: int) -> None:
        """Take where its files are, and its ports."""
        self.folder = folder
        self.port = port
        self.tls_port = tls_port
        self.lmtp_port = lmtp_port

    def deliver(self, mail: bytes, to: str = USER, sender: str = "someone@example.org") -> None:
        """Put a mail into the mailbox, as a mail server does."""
        with LMTP("127.0.0.1", self.lmtp_port) as line:
            line.sendmail(sender, [to], mail)

    def answers(self) -> bool:
        """Return whether both doors are open."""
        try:
            for port, greeting in ((self.port, b"* OK"), (self.lmtp_port, b"220")):
                with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
                    if not line.recv(4).startswith(greeting):
                        return False
        except OSError:
            return False
        return True


@contextmanager
def dovecot(certificate: bytes, key: bytes, at: tuple[Path, int, int, int] | None = None) -> Iterator[Dovecot]:
    """Run a server until the block ends; `at`: where an earlier one was, with what is in its mailbox.

    Raises ProgramMissing, NotReady.
    """
    program = shutil.which("dovecot", path=os.environ.get("PATH", "") + ":/usr/sbin")
    if program is None or not Path("/usr/lib/dovecot/imap").exists() or not Path("/usr/lib/dovecot/lmtp").exists():
        raise ProgramMissing("dovecot is not installed: run make test as root, or install it by hand.")
    folder = at[0] if at else Path(mkdtemp(prefix="deskbell-dovecot-"))
    ports = at[1:] if at else (_free_port(), _free_port(), _free_port())
    try:
        _prepare(folder, certificate, key, ports)
        server = Dovecot(folder, *ports)
        command = [program, "-F", "-c", str(folder / "dovecot.conf")]
        with running(command, server.answers, env=environment(folder), log=folder / "said"):
            yield server
    finally:
        if at is None:
            shutil.rmtree(folder, ignore_errors=True)


def _prepare(folder: Path, certificate: bytes, key: bytes, ports: tuple[int, int, int]) -> None:
    """Its files, for the users that it runs as; started by root it gives that up, else it stays who it is."""
    is_root = os.geteuid() == 0
    me = pwd.getpwuid(os.geteuid())
    internal = pwd.getpwnam("dovecot") if is_root else me
    login = pwd.getpwnam("dovenull") if is_root else me
    (folder / "certificate.pem").write_bytes(certificate)
    (folder / "key.pem").write_bytes(key)
    for name in ("run", "state", "mail"):
        (folder / name).mkdir(exist_ok=True)
    folder.chmod(0o755)
    os.chown(folder / "mail", internal.pw_uid, internal.pw_gid)
    words = {
        "folder": folder, "port": ports[0], "tls_port": ports[1], "lmtp_port": ports[2], "password": PASSWORD,
        "internal": internal.pw_name, "internal_group": _group(internal), "login": login.pw_name,
        "mail": internal.pw_uid, "mail_group": internal.pw_gid,
    }  # fmt: skip
    (folder / "dovecot.conf").write_text(_CONFIGURATION.format(**words))


def _group(user: pwd.struct_passwd) -> str:
    return grp.getgrgid(user.pw_gid).gr_name


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
