"""Memory of a process, where the system tells (Linux)."""

from pathlib import Path


def peak_mb(pid: int) -> float:
    """The most that it ever held, in MB."""
    return _field(Path(f"/proc/{pid}/status"), "VmHWM:") / 1024


def private_kb(pid: int) -> float:
    """What it alone holds now, in kB."""
    rollup = Path(f"/proc/{pid}/smaps_rollup")
    return sum(_field(rollup, name) for name in ("Private_Clean:", "Private_Dirty:"))


def _field(path: Path, name: str) -> float:
    if not path.exists():
        return 0.0
    return next((float(line.split()[1]) for line in path.read_text().splitlines() if line.startswith(name)), 0.0)
