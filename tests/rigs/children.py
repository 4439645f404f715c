"""The programs that this test process has started and that still run."""

import os
from pathlib import Path


def children(program: str) -> set[int]:
    """Their process ids. A display's number says nothing of its server: another run may take it once it is free."""
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            number, rest = stat.read_text().split(" (", 1)
        except OSError:  # it has ended meanwhile
            continue
        name, fields = rest.rsplit(") ", 1)
        if name == program and int(fields.split()[1]) == os.getpid():
            found.add(int(number))
    return found
