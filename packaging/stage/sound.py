"""A sound card that nobody hears (PulseAudio's null sink) and a recorder on it."""

import socket
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import Popen
from tempfile import TemporaryDirectory

from stage import pitch
from stage.process import environment, running, wait_until

RATE = 48_000
_SINK = "deskbell"


class Recorder:
    """A recording under way."""

    def __init__(self, file: Path, process: "Popen[bytes]") -> None:
        """Take the growing file of raw samples and the program that writes it."""
        self._file = file
        self._process = process

    def position(self) -> int:
        """Return how many samples are recorded by now."""
        return self._file.stat().st_size // 2

    def amplitude(self, hertz: float, since: int = 0) -> float:
        """Return how loud the pitch is on average since that sample, 0 to 1."""
        return pitch.amplitude(self._samples(since), RATE, hertz)

    def wait_for(self, hertz: float, *, since: int = 0, least: float = 0.02, seconds: float = 5.0) -> float | None:
        """Wait for the pitch; returns the seconds from sample `since` to it, None where it did not come."""
        wait_until(lambda: self.heard(hertz, since, least) is not None, self._process, seconds)
        return self.heard(hertz, since, least)

    def heard(self, hertz: float, since: int = 0, least: float = 0.02) -> float | None:
        """Return the seconds from sample `since` to the pitch in what is recorded by now, or None."""
        return pitch.first_heard(self._samples(since), RATE, hertz, least)

    def loudest(self, hertz: "list[float]", since: int = 0) -> float:
        """Return that one of the pitches that is the loudest."""
        samples = self._samples(since)
        return max(hertz, key=lambda one: pitch.amplitude(samples, RATE, one))

    def _samples(self, since: int) -> "array[int]":
        """Return what is recorded from that sample on."""
        with self._file.open("rb") as file:
            file.seek(since * 2)
            return pitch.samples_of(file.read())


class NullSink:
    """A running sound server whose only card is silent."""

    def __init__(self, folder: Path) -> None:
        """Take the server's own runtime folder."""
        self._folder = folder

    @property
    def server(self) -> str:
        """Return the address for PULSE_SERVER."""
        return f"unix:{self._folder / 'pulse' / 'native'}"

    def environment(self) -> dict[str, str]:
        """Return the variables that send a program's sound here."""
        return {"PULSE_SERVER": self.server, "XDG_RUNTIME_DIR": str(self._folder)}

    @contextmanager
    def record(self) -> Iterator[Recorder]:
        """Record what the card plays while the block runs; raises ProgramMissing, NotReady."""
        with TemporaryDirectory(prefix="deskbell-recording-") as name:
            file = Path(name) / "sound.raw"
            command = [
                "parec", "--raw", f"--device={_SINK}.monitor", "--format=s16le", f"--rate={RATE}",
                "--channels=1", "--latency-msec=10", str(file),
            ]  # fmt: skip
            with running(
                command,
                lambda: file.exists() and file.stat().st_size > 0,
                env=environment(Path(name), **self.environment()),
                log=Path(name) / "parec.log",
            ) as process:
                yield Recorder(file, process)


def _answers(path: Path) -> bool:
    """Return whether a program listens on the socket."""
    with socket.socket(socket.AF_UNIX) as knock:
        return knock.connect_ex(str(path)) == 0


@contextmanager
def null_sink() -> Iterator[NullSink]:
    """Run a sound server of its own; raises ProgramMissing, NotReady."""
    with TemporaryDirectory(prefix="deskbell-sound-") as name:
        folder = Path(name)
        command = [
            "pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--disable-shm=yes",
            "--load=module-native-protocol-unix", f"--load=module-null-sink sink_name={_SINK} rate={RATE}",
        ]  # fmt: skip
        with running(
            command,
            lambda: _answers(folder / "pulse" / "native"),
            env=environment(folder, XDG_RUNTIME_DIR=name),
            log=folder / "pulseaudio.log",
        ):
            yield NullSink(folder)
