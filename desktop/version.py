"""The one version number, as the installed package states it."""

from importlib.metadata import PackageNotFoundError, version
from typing import Final


def _installed() -> str:
    try:
        return version("deskbell")
    except PackageNotFoundError:  # run straight from a checkout that was never installed
        return "checkout"


VERSION: Final = _installed()
