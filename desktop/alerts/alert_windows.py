"""Opens the settings and the spot-check, each once, filled with what the alerts know."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QDialog, QWidget

from desktop.alerts.alert_desk import AlertDesk
from desktop.desk import Desk
from desktop.pages.settings_alerts import AlertsPage
from desktop.pages.settings_check import CheckPage
from desktop.pages.settings_chimes import ChimesPart
from desktop.pages.settings_general import AboutPage, AccountPage, AppearancePage, ComputerPage, KeysPage, WritingPage
from desktop.pages.settings_password import ChangePassword, PasswordPart
from desktop.pages.settings_quiet import QuietPart
from desktop.pages.settings_truths import TruthsPart
from desktop.windows.settings import SettingsWindow
from desktop.windows.spot_check import SpotCheckWindow
from sync.cache.changes import Changes
from sync.cache.rows import CategoryRow
from sync.domain.people import UnreachedAlert
from sync.domain.records import Agent, SpotCheck
from sync.domain.spot_check import Report
from sync.engine.status import Condition


@dataclass(frozen=True, slots=True)
class About:
    """What the pages "Account", "This computer" and "About" say."""

    name: str
    server: str
    device: str
    data: Path
    encrypted: str
    version: str
    change_password: ChangePassword | None = None


class AlertWindows(QObject):
    """wanted(str): sign_out or keys. open_ticket(str): chosen in the spot-check."""

    wanted = Signal(str)
    open_ticket = Signal(str)

    def __init__(self, desk: Desk, alerts: AlertDesk, about: About, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self._alerts = alerts
        self._about = about
        self._parent = parent
        self.settings: SettingsWindow | None = None
        self.spot_check: SpotCheckWindow | None = None
        alerts.checks.checked.connect(self._checked)
        alerts.checks.unknown.connect(self._not_told)
        desk.bridge.changed.connect(self._changed)

    def open_settings(self, page: str = "") -> None:
        """The window, at that page (account, alerts, keys, appearance, check, computer, about)."""
        if self.settings is None:
            self.settings = SettingsWindow(self._desk.appearance, self._desk.settings, self._pages(), self._parent)
            self.settings.destroyed.connect(self._settings_gone)
        if page:
            self.settings.open_page(page)
        _to_the_front(self.settings)

    def open_spot_check(self) -> None:
        """The window, with a check made now."""
        if self.spot_check is None:
            window = SpotCheckWindow(self._desk.appearance, self._desk.moments, self._parent)
            window.opened.connect(self.open_ticket)
            window.assigned.connect(self._desk.intents.assign)
            window.check_asked.connect(self._alerts.checks.check_now)
            self.spot_check = window
        _to_the_front(self.spot_check)
        self._alerts.checks.check_now()

    @Slot()
    def _settings_gone(self) -> None:
        self.settings = None

    @Slot(str)
    def _not_told(self, sentence: str) -> None:
        if self.spot_check is not None:
            self.spot_check.show_unknown(sentence)

    @Slot(object)
    def _changed(self, changes: Changes) -> None:
        """A category may have left: what is shown is checked again."""
        if changes.everything and self.spot_check is not None and self.spot_check.isVisible():
            self._alerts.checks.check_now()

    @Slot(object)
    def _checked(self, report: Report) -> None:
        if self.spot_check is None:
            return
        midnight = datetime.fromtimestamp(report.at / 1000, UTC).astimezone().replace(hour=0, minute=0, second=0)
        start = int(midnight.timestamp()) * 1000

        def work() -> tuple[list[SpotCheck], list[Agent], list[CategoryRow], list[UnreachedAlert]]:
            reader = self._desk.cache.reader()
            try:
                return reader.spot_checks(start), reader.agents(), reader.categories(), reader.unreached(start)
            finally:
                reader.close()

        self._desk.lanes.cache.run(work, lambda found: self._show(report, *found))

    def _show(
        self,
        report: Report,
        checks: list[SpotCheck],
        agents: list[Agent],
        seen: list[CategoryRow],
        unreached: list[UnreachedAlert],
    ) -> None:
        if self.spot_check is None:
            return
        alerted = {category.id for category in seen if category.alerted}
        mine = [one for one in unreached if one.category_id in alerted]
        self.spot_check.show_unreached(sum(1 for one in mine if one.reached_at is None), len(mine))
        status = self._desk.bridge.status
        online = status is not None and status.condition is Condition.ONLINE
        followed = len(alerted)
        timer = self._alerts.checks
        self.spot_check.set_agents(agents)
        self.spot_check.show_report(report, checks, timer.choices.minutes, timer.next_at, followed, online)

    def _pages(self) -> list[tuple[str, str, str, QWidget]]:
        desk, look, about = self._desk, self._desk.appearance, self._about
        owner = self._alerts.person.is_owner
        categories = desk.reader.categories()
        role = self.tr("owner") if owner else self.tr("agent")
        change = about.change_password
        password = None if change is None else PasswordPart(look, desk.lanes.chores, change)
        account = AccountPage(look, about.name, role, about.server, about.device, password)
        account.sign_out.connect(lambda: self.wanted.emit("sign_out"))
        keys = KeysPage(look, desk.settings)
        keys.show_keys.connect(lambda: self.wanted.emit("keys"))
        alerts = AlertsPage(
            look,
            TruthsPart(look, self._alerts.truths, desk.moments, desk.clock),
            ChimesPart(look, self._alerts.preferences, self._alerts.chimes, categories, owner),
            QuietPart(look, self._alerts.preferences, desk.moments, desk.clock),
        )
        check = CheckPage(look, desk.settings, categories) if owner else None
        pages: list[tuple[str, str, str, QWidget | None]] = [
            ("account", "user", self.tr("Account"), account),
            ("alerts", "bell", self.tr("Alerts"), alerts),
            ("writing", "reply", self.tr("Writing"), WritingPage(look, desk.settings)),
            ("keys", "keyboard", self.tr("Keys"), keys),
            ("appearance", "theme", self.tr("Appearance"), AppearancePage(look, desk.settings)),
            ("check", "spot-check", self.tr("Spot-check"), check),
            ("computer", "saved-here", self.tr("This computer"), ComputerPage(look, about.data, about.encrypted)),
            ("about", "info", self.tr("About"), AboutPage(look, about.version)),
        ]
        return [(name, icon, words, page) for name, icon, words, page in pages if page is not None]


def _to_the_front(window: QDialog) -> None:
    window.show()
    window.raise_()
    window.activateWindow()
