"""What the program does not load."""

import subprocess
import sys


def test_the_desktop_does_not_load_the_database_driver_of_the_server() -> None:
    script = "import desktop.__main__, sys; print(*(name for name in sys.modules if name.startswith('psycopg_')))"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert loaded.strip() == ""
