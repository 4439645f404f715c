"""`make demo`: the whole product at work; in front of you where there is a display, else by itself."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from stage.surroundings import display_here, surroundings
from tour.house import AGENT, COLLEAGUE, OWNER, ROOT, House, house
from tour.seat import Seat
from tour.steps import Failed, Steps
from tour.unattended import Tour

OUTPUT = Path(os.environ.get("DEMO_OUTPUT") or ROOT / "demo-output")


@contextmanager
def data_folder(around: Mapping[str, str]) -> Iterator[Path]:
    """DEMO_DATA keeps its folder; else one for this time only."""
    kept = around.get("DEMO_DATA")
    if kept:
        yield Path(kept).resolve()
        return
    with TemporaryDirectory(prefix="deskbell-demo-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def attended(made: House, data: Path, steps: Steps) -> int:
    """Open the desktop for one agent, and wait until it is closed."""
    steps.say(f"The form: {made.address}/")
    steps.say(f"Signed in: {AGENT}; others: {COLLEAGUE}, {OWNER}; the password of each: {made.password}")
    steps.say(f"Another desktop: .venv/bin/deskbell --data FOLDER --server {made.address}")
    command = [sys.executable, "-m", "desktop", "--data", str(data / "desktop"), "--server", made.address]
    command += ["--name", AGENT, "--password-stdin", "--this-run-only"]
    try:
        return subprocess.run(command, cwd=ROOT, input=made.password + "\n", text=True, check=False).returncode
    except KeyboardInterrupt:  # the desktop was asked too, and has ended in order
        return 0


def unattended(made: House, data: Path, steps: Steps) -> None:
    """Go through everything on a private desktop. Raises Failed."""
    with ExitStack() as stack:
        here = stack.enter_context(surroundings())
        for sentence in here.lacking:
            steps.say(sentence)
        recorder = stack.enter_context(here.card.record()) if here.card is not None else None
        seat = Seat(here.environment, OUTPUT)
        try:
            Tour(steps, made, here, seat, data).go(recorder)
        finally:
            seat.close()


def main() -> int:
    """Exit code 0 and `demo: ok`, or what failed and 1."""
    steps = Steps()
    by_itself = os.environ.get("DEMO_UNATTENDED") == "1" or not display_here(os.environ)
    try:
        with data_folder(os.environ) as data, house(data / "server", steps) as made:
            if not by_itself:
                return attended(made, data, steps)
            unattended(made, data, steps)
    except Failed as failure:
        sys.stdout.write(f"demo: failed: {failure}\n")
        return 1
    sys.stdout.write(f"Pictures: {OUTPUT}\ndemo: ok\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
