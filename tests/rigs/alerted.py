"""People whose alerts go up in a window of their own, over a real server in this process."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from random import Random

from PySide6.QtWidgets import QApplication, QWidget

from desktop.alerts.alert_desk import AlertDesk, Person
from desktop.alerts.notifications.toast import Toast, Toasts
from desktop.reaching import Reaching
from tests.rigs.bureau import HandClock
from tests.rigs.office import Office, office_in_process
from tests.rigs.seat import Seat, seat_of


class Place:
    """A seat with its alerts, in a window; `ticket` is the one in view."""

    def __init__(self, seat: Seat, application: QApplication) -> None:
        self.seat = seat
        self.window = QWidget()
        self.window.resize(900, 600)
        self.ticket = ""
        me, access = seat.desk.reader.me() or "", seat.cache.access()
        is_owner = access is not None and access.is_owner
        self.alerts = AlertDesk(seat.desk, application, Person(me, is_owner), lambda: None)
        self.alerts.notifications.use_window(Toasts(seat.desk.appearance, self.window))
        self.reaching = Reaching(seat.desk, self.alerts, seat.connector.alerting, lambda: self.ticket, self.window)
        self.rang: list[object] = []
        self.alerts.alerts.rang.connect(self.rang.append)

    def told(self) -> list[str]:
        """What stands in the window."""
        return [toast.accessibleName() for toast in self.window.findChildren(Toast) if not toast.isHidden()]

    def close(self) -> None:
        self.reaching.stop()
        self.alerts.alerts.stop()
        self.alerts.notifications.stop()
        self.window.deleteLater()


@contextmanager
def billing_office(folder: Path, clock: HandClock) -> Iterator[Office]:
    """Ann covers Billing, so does Ben; Olga owns."""
    with office_in_process(folder, clock, Random(2)) as opened:
        billing = opened.category("Billing")
        for name in ("Ann", "Ben"):
            opened.agent(name, billing)
        opened.agent("Olga", is_owner=True)
        yield opened


@contextmanager
def places_of(office: Office, folder: Path, application: QApplication, *names: str) -> Iterator[dict[str, Place]]:
    """Theirs, by name."""
    with ExitStack() as stack:
        found = {}
        for name in names:
            seat = stack.enter_context(seat_of(office, name, folder, application))
            found[name] = Place(seat, application)
            stack.callback(found[name].close)
        yield found
