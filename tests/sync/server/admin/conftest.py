"""An administrator's terminal, over a made database of either kind."""

from pathlib import Path

import pytest

from tests.rigs.terminal import Terminal


@pytest.fixture(params=["sqlite", "postgres"])
def terminal(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Terminal:
    """Commands say where the database is: --data or --database."""
    if request.param == "sqlite":
        place = ["--data", str(tmp_path / "house")]
    else:
        place = ["--database", str(request.getfixturevalue("fresh_postgres_url"))]
    typed = Terminal(capsys, monkeypatch, place)
    typed.does("init")
    return typed
