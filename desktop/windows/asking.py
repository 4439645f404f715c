"""The few questions before there is a window: no keyring, a passphrase, a lost key."""

from pathlib import Path

from PySide6.QtWidgets import QInputDialog, QLineEdit, QMessageBox

from desktop.models.plain_tip import plain_tip
from desktop.secrets import MemoryVault, PassphraseVault, Vault
from desktop.translation import translate


def ask_about_keyring(data: Path, sentence: str) -> Vault | None:
    """A passphrase, this run only, or not at all (None)."""
    box = QMessageBox(QMessageBox.Icon.Question, "Deskbell", plain_tip(sentence))
    box.setInformativeText(translate("Asking", "With a passphrase your tickets stay readable here without a network."))
    passphrase = box.addButton(translate("Asking", "Choose a passphrase"), QMessageBox.ButtonRole.AcceptRole)
    memory = box.addButton(translate("Asking", "Keep nothing here"), QMessageBox.ButtonRole.DestructiveRole)
    box.addButton(translate("Asking", "Quit"), QMessageBox.ButtonRole.RejectRole)
    box.exec()
    if box.clickedButton() is passphrase:
        return ask_passphrase(data, "", new=True)
    return MemoryVault() if box.clickedButton() is memory else None


def ask_passphrase(data: Path, sentence: str, new: bool = False) -> Vault | None:
    """None if the person gave up."""
    ask = translate("Asking", "Choose a passphrase for this computer's tickets. It cannot be recovered.")
    label = sentence or (ask if new else translate("Asking", "Passphrase of this computer's tickets"))
    text, given = QInputDialog.getText(None, "Deskbell", label, QLineEdit.EchoMode.Password)
    return PassphraseVault(data, text) if given and text else None


def ask_about_lost_key() -> bool:
    """Whether to begin anew beside the unreadable cache."""
    words = translate("Asking", "The key to this computer's tickets is not in the keyring.")
    box = QMessageBox(QMessageBox.Icon.Warning, "Deskbell", words)
    box.setInformativeText(
        translate(
            "Asking",
            "Unlock or restore the keyring and start again. "
            "Or begin anew: the tickets are loaded again, the unreadable files are kept aside.",
        )
    )
    anew = box.addButton(translate("Asking", "Begin anew"), QMessageBox.ButtonRole.DestructiveRole)
    box.addButton(translate("Asking", "Quit"), QMessageBox.ButtonRole.RejectRole)
    box.exec()
    return box.clickedButton() is anew


def say_and_quit(sentence: str) -> None:
    """Nothing more can be done now."""
    QMessageBox.critical(None, "Deskbell", plain_tip(sentence))
