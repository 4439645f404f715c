"""The page "Alerts": what works here, chimes, quiet times."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.pages.settings_chimes import ChimesPart
from desktop.pages.settings_parts import Words
from desktop.pages.settings_quiet import QuietPart
from desktop.pages.settings_truths import TruthsPart
from desktop.theme import fonts
from desktop.theme.appearance import Appearance


class AlertsPage(QWidget):
    """Every change is saved at once."""

    def __init__(self, appearance: Appearance, truths: TruthsPart, chimes: ChimesPart, quiet: QuietPart) -> None:
        super().__init__()
        self.truths, self.chimes, self.quiet = truths, chimes, quiet
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 18, 28, 18)
        column.setSpacing(18)
        column.addWidget(Words(appearance, self.tr("Alerts"), 18, fonts.SEMI_BOLD))
        for part in (truths, chimes, quiet):
            column.addWidget(part)
        column.addStretch(1)
