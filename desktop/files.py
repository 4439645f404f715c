"""Where the shipped files lie, in a checkout, an installed package and a frozen program alike."""

from importlib.resources import files
from pathlib import Path
from typing import Final

RESOURCES: Final = Path(str(files("resources")))
