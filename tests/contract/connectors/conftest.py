"""The kinds of server that a connector is tried against."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rigs.office import Office, office_in_process, office_of_its_own


@pytest.fixture(params=["in process", "on a port"])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    """A helpdesk, in this process and as a real process."""
    make = office_in_process if request.param == "in process" else office_of_its_own
    with make(tmp_path) as made:
        yield made
