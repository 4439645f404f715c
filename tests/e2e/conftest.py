"""What the tests of whole programs share: patience, for these run several processes at once."""

from tests.rigs.patience import qtbot

__all__ = ["qtbot"]
