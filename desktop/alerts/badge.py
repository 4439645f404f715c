"""The count on the task bar."""

from PySide6.QtGui import QGuiApplication


class Badge:
    """Sends the count where it is another than the last; the desktop never says whether it shows it."""

    def __init__(self, application: QGuiApplication) -> None:
        self._application = application
        self._shown: int | None = None

    def show(self, count: int) -> None:
        """0 takes it away."""
        if count != self._shown:
            self._shown = count
            self._application.setBadgeNumber(count)

    def show_for_test(self, count: int) -> None:
        """Send a number for the eye; the next `show` puts the true one back."""
        self._shown = None
        self._application.setBadgeNumber(count)
