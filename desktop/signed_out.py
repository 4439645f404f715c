"""While nobody is signed in: the sign-in page, a tray icon that says so, and answers to other starts."""

from PySide6.QtCore import QObject, Signal

from desktop.alerts.tray import Tray
from desktop.alerts.tray_face import Face, Look
from desktop.instance import Answer, Message
from desktop.translation import translate
from desktop.windows.sign_in import SignInWindow


class SignedOut(QObject):
    """quit_wanted(): by the tray's menu, or the page was closed."""

    quit_wanted = Signal()

    def __init__(self, page: SignInWindow) -> None:
        super().__init__(page)
        self._page = page
        self._shown = False
        self.tray = Tray()
        self.tray.show_face(Face(Look.ERROR))
        self.tray.offer_only(("raise", "quit"))
        self.tray.chosen.connect(self._chosen)
        page.gave_up.connect(self.quit_wanted)

    def ask(self, why: str) -> None:
        """Show page and icon; `why` is a sentence such as that the sign-in has ended, empty for none."""
        words = self.tr("Deskbell: signed out. Sign in again; nothing is lost.")
        self.tray.show_tooltip(words if why else self.tr("Deskbell: nobody is signed in."))
        if not self._shown:
            self._shown = True
            self.tray.start()
        self._page.ask(why)

    def hide(self) -> None:
        """Somebody is signed in, or the program ends."""
        self._page.hide()
        if self._shown:
            self._shown = False
            self.tray.stop()

    def handle(self, message: Message, answer: Answer) -> None:
        """What another start, or a command on a terminal, asks: only to be seen is granted."""
        if message.get("do") == "raise":
            self._raise()
            answer({"ok": True})
        else:
            answer({"ok": False, "sentence": self.tr("Nobody is signed in. Sign in first, then try again.")})

    def _chosen(self, name: str) -> None:
        if name == "quit":
            self.quit_wanted.emit()
        else:
            self._raise()

    def _raise(self) -> None:
        self._page.showNormal()
        self._page.raise_()
        self._page.activateWindow()


def why_signed_out(reason: str) -> str:
    """A sentence for the sign-in page; `reason` as the server gave it, empty where it gave none."""
    match reason:
        case "revoked":
            return translate("SignedOut", "This computer was signed out. Sign in again; nothing is lost.")
        case "passwordChanged":
            return translate("SignedOut", "Your password was changed. Sign in with the new one; nothing is lost.")
        case "deactivated":
            return translate("SignedOut", "Your account was closed. Ask your administrator; what you wrote is kept.")
        case "expired":
            return translate("SignedOut", "You were away for a long time. Sign in again; nothing is lost.")
        case _:
            return translate("SignedOut", "Your sign-in has ended. Sign in again; nothing is lost.")
