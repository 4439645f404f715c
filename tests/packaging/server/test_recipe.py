"""The installation recipe: units that systemd accepts, a proxy that serves, container files that name what exists."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests
import trustme

from stage.process import ProgramMissing, environment, running
from sync.connectors.central import CentralConnector, CentralSignIn
from sync.connectors.port import Alive
from sync.connectors.session import Session
from sync.domain.clock import SystemClock
from sync.domain.ids import IdFactory
from sync.server.admin.cli import cli
from sync.server.house import House
from tests.rigs.fleet import RECIPE, Fleet, fleet, free_port, nginx
from tests.rigs.office import PASSWORD, quick_hasher

ROOT = RECIPE.parents[1]
UNITS = sorted(
    path.name for path in (RECIPE / "systemd").glob("*.*") if path.suffix in (".service", ".timer", ".target")
)
PROGRAM = "/opt/deskbell/bin/deskbell-server"


def _known(words: list[str]) -> None:
    """Fails for a command or an option that the program does not have."""
    command = cli.commands[words[0]]
    with command.make_context(words[0], words[1:], obj={"environment": {}}, resilient_parsing=False):
        pass


def test_systemd_accepts_the_units(tmp_path: Path, needs: Callable[[str], str]) -> None:
    analyze = needs("systemd-analyze")
    if os.geteuid() != 0 and not Path("/run/systemd").is_dir():
        pytest.skip("systemd does not run here, and only root may verify units then")
    there = shutil.which("true")
    for name in UNITS:
        text = (RECIPE / "systemd" / name).read_text()
        (tmp_path / name.replace("@.", "@1.")).write_text(text.replace(PROGRAM, str(there)))
    units = [str(path) for path in sorted(tmp_path.iterdir())]
    done = subprocess.run([analyze, "verify", "--man=no", *units], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_units_start_the_program_with_options_that_it_has() -> None:
    started = []
    for path in (RECIPE / "systemd").glob("*.service"):
        [line] = re.findall(rf"^ExecStart=.*?{PROGRAM} (.*)$", path.read_text(), re.MULTILINE)
        words = line.replace("%i", "1").rstrip("'").split()
        started.append(words[0])
        _known([words[0], "file"] if words[0] == "backup" else words)
    assert sorted(started) == ["backup", "serve", "serve"]


def test_the_units_keep_the_program_in() -> None:
    for path in (RECIPE / "systemd").glob("*.service"):
        text = path.read_text()
        for line in ("ProtectSystem=strict", "NoNewPrivileges=yes", "CapabilityBoundingSet=", "User=deskbell"):
            assert f"\n{line}\n" in text, (path.name, line)


@pytest.fixture
def processes(fresh_postgres_url: str, tmp_path: Path) -> Iterator[Fleet]:
    """Two API processes and a stream process, with Ann in the house."""
    house = House.open(fresh_postgres_url, hasher=quick_hasher())
    house.grants.grant(house.people.add("Ann", PASSWORD), house.grants.add_category("Billing"))
    house.close()
    try:
        with fleet(tmp_path, fresh_postgres_url, api=2, stream=1) as opened:
            yield opened
    except ProgramMissing as missing:
        pytest.skip(str(missing))


@pytest.fixture
def site(processes: Fleet, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """The whole site file behind its certificate: the address, and the file of the authority."""
    authority = trustme.CA()
    certificate = authority.issue_cert("127.0.0.1")
    (tmp_path / "fullchain.pem").write_bytes(b"".join(one.bytes() for one in certificate.cert_chain_pems))
    certificate.private_key_pem.write_to_path(tmp_path / "private.pem")
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    plain, secure = free_port(), free_port()
    text = re.sub(r"\n +listen \[::\].*", "", (RECIPE / "nginx" / "deskbell.conf").read_text())
    for old, new in (
        ("include /etc/nginx/deskbell/upstreams.conf", f"include {tmp_path}/upstreams.conf"),
        ("/etc/nginx/deskbell/", f"{RECIPE}/nginx/"),
        ("/etc/ssl/deskbell/", f"{tmp_path}/"),
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("listen 443 ssl", f"listen 127.0.0.1:{secure} ssl"),
    ):
        assert old in text
        text = text.replace(old, new)
    with running(
        nginx(tmp_path, "site", text),
        lambda: _redirects(plain),
        env=environment(tmp_path),
        log=tmp_path / "site.log",
    ):
        yield f"https://127.0.0.1:{secure}", str(tmp_path / "authority.pem")


def _redirects(port: int) -> bool:
    try:
        answer = requests.get(f"http://127.0.0.1:{port}/t/x", allow_redirects=False, timeout=30)
    except requests.ConnectionError:
        return False
    return answer.headers["location"] == "https://127.0.0.1/t/x"


def test_nginx_accepts_the_site(site: tuple[str, str], tmp_path: Path) -> None:
    done = subprocess.run([*nginx(tmp_path, "site"), "-t"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "[warn]" not in done.stderr


def test_a_workstation_works_through_the_site(site: tuple[str, str]) -> None:
    address, authority = site
    clock = SystemClock()
    sessions = [Session(address, None, clock, IdFactory(clock).client_key, ca_file=authority)]
    token = CentralSignIn(sessions[0]).sign_in("Ann", PASSWORD, "test")
    connector = CentralConnector(Session(address, token, clock, IdFactory(clock).client_key, ca_file=authority))
    account = next(one for one in connector.access().accounts if one.category_id is not None)
    octets = bytes(range(256)) * 8000
    blob = connector.store_blob(account.id, iter([octets]), len(octets), "application/octet-stream")
    assert b"".join(connector.fetch_blob(account.id, blob, "file.bin")) == octets
    stream = connector.listen()
    assert next(stream) == Alive()
    connector.hang_up()
    assert list(stream) == []


def test_strangers_are_slowed_and_watchers_are_let_in(site: tuple[str, str]) -> None:
    address, authority = site
    with requests.Session() as browser:
        browser.verify, browser.trust_env = authority, False
        assert browser.get(f"{address}/readyz", timeout=30).status_code == 200
        answers = [browser.get(f"{address}/", timeout=30).status_code for _ in range(120)]
        assert answers[:20] == [200] * 20
        assert answers[-1] == 429
        assert browser.get(f"{address}/.well-known/jmap", timeout=30).status_code == 401


def test_the_container_is_built_from_what_exists() -> None:
    text = (RECIPE / "container" / "Containerfile").read_text()
    copied = [word for line in re.findall(r"^COPY (?!--from)(.*) \S+$", text, re.MULTILINE) for word in line.split()]
    assert copied
    assert [word for word in copied if not (ROOT / word).exists()] == []
    assert re.search(r"^USER (?!root)\w+$", text, re.MULTILINE)
    [words] = re.findall(r'^CMD \[(".*)\]$', text, re.MULTILINE)
    _known(re.findall(r'"([^"]*)"', words))


def test_the_compose_file_names_what_exists() -> None:
    folder = RECIPE / "container"
    text = (folder / "compose.yaml").read_text()
    mounted = re.findall(r"^ +- (\.[^:]*):", text, re.MULTILINE)
    assert len(mounted) == 6
    assert [name for name in mounted if name != "./tls" and not (folder / name).is_file()] == []
    commands = re.findall(r"^    command: \[(.*)\]$", text, re.MULTILINE)
    assert len(commands) == 4
    for words in commands:
        _known(re.findall(r'"([^"]*)"', words))
    upstreams = (folder / "upstreams.conf").read_text()
    assert set(re.findall(r"server ([\w-]+):8080", upstreams)) == set(
        re.findall(r"^  ((?:api|stream)-\d):", text, re.M)
    )


def test_images_are_named_without_a_registry() -> None:
    text = "".join(path.read_text() for path in (RECIPE / "container").iterdir())
    images = re.findall(r"^(?:FROM|    image:) (\S+)", text, re.MULTILINE)
    assert images
    assert [one for one in images if "/" in one] == []
