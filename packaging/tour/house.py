"""The demo's server: a real process on a free port, with sample tickets, two agents and an owner."""

import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

from stage.process import end, wait_until
from sync.server.admin.opening import FILE_NAME
from sync.server.house import House as ServerHouse
from tour.steps import Failed, Steps

ROOT = Path(__file__).resolve().parent.parent.parent
SAMPLE = ROOT / "resources" / "sample"
AGENT, COLLEAGUE, OWNER = "Marta K.", "Tom B.", "Dana O."
GRANTS = {
    AGENT: ("Mortgage", "Credit card", "Bank account or service"),
    COLLEAGUE: ("Credit reporting", "Debt collection", "IT 4", "IT 5"),
}
MINE, THEIRS = "Mortgage", "Credit reporting"
_START_SECONDS = 30.0


class House:
    """The data folder, and the server on it once it is started."""

    def __init__(self, data: Path) -> None:
        """Take a folder; what is in it from an earlier demo is used again."""
        self._data = data
        self._port = 0
        self._process: subprocess.Popen[bytes] | None = None
        self.address = ""
        self.password = self._kept_password()

    def furnish(self, steps: Steps) -> None:
        """Make the database, import the sample, add people; nothing is doubled by a second time."""
        with steps.step("the server's database is there"):
            self.run("init")
            self.run("setting", "site_name", "learn.example help")
        for name in ("complaints", "it-tickets"):
            with steps.step(f"sample tickets of {name}.csv are imported"):
                steps.say(self.run("import", str(SAMPLE / f"{name}.csv"), "--shift-dates").splitlines()[0])
        with steps.step("the answers of faq.md are taken in"):
            steps.say(self.run("faq", "import", str(SAMPLE / "faq.md")).strip())
        with steps.step(f"{AGENT}, {COLLEAGUE} and the owner {OWNER} may sign in"):
            server = ServerHouse.open(self._data / FILE_NAME)
            known = {row["name"] for row in server.people.all()}
            for name in {AGENT, COLLEAGUE, OWNER} - known:
                server.people.add(name, self.password, is_owner=name == OWNER)
            for name, categories in GRANTS.items():
                for category in categories:
                    server.grants.grant(server.people.find(name)["id"], server.grants.find_category(category)["id"])
            server.close()

    def run(self, *arguments: str) -> str:
        """Run a command of deskbell-server; returns what it printed. Raises Failed."""
        command = [sys.executable, "-m", "sync.server", *arguments, "--data", str(self._data)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise Failed(f"deskbell-server {arguments[0]} said: {done.stderr.strip()}")
        return done.stdout

    def start(self) -> None:
        """Answer again, at the same address as before. Raises Failed."""
        log = self._data / "serve.log"
        command = [sys.executable, "-m", "sync.server", "serve", "--port", str(self._port), "--data", str(self._data)]
        with log.open("wb") as output:
            self._process = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT)
        if not wait_until(lambda: b"\n" in log.read_bytes(), self._process, _START_SECONDS):
            raise Failed(f"the server did not start: {log.read_text(errors='replace').strip()[-500:]}")
        self.address = log.read_text().split()[-1]
        self._port = int(self.address.rpartition(":")[2])

    def stop(self) -> None:
        """Gone, as a network is gone."""
        if self._process is not None:
            end(self._process)
            self._process = None

    def _kept_password(self) -> str:
        kept = self._data / "demo-password"
        if not kept.exists():
            self._data.mkdir(parents=True, exist_ok=True)
            kept.touch(mode=0o600)
            kept.write_text(secrets.token_urlsafe(12))
        return kept.read_text()


@contextmanager
def house(data: Path, steps: Steps) -> Iterator[House]:
    """A furnished house that answers until the block ends."""
    began = monotonic()
    made = House(data)
    made.furnish(steps)
    try:
        with steps.step("the server answers"):
            made.start()
        steps.say(f"{monotonic() - began:.1f} s from nothing to a server with tickets")
        yield made
    finally:
        made.stop()
