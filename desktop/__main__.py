"""`deskbell`: the desktop, and what a terminal may ask of it."""

import gc
import random
import signal
import sys
from pathlib import Path

import click
from platformdirs import user_data_path
from PySide6.QtCore import QCoreApplication, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QMessageBox

from desktop import crash, display, lean, self_test, spot_check_cli, translation  # noqa: F401  # lean acts by being imported
from desktop.app import Options, Program
from desktop.files import RESOURCES
from desktop.instance import ask_running
from desktop.models.moments import Moments
from desktop.opening import FOLDER, find
from desktop.secrets import KeyringVault, MemoryVault, PassphraseVault, Vault, has_passphrase
from desktop.settings import Settings
from desktop.version import VERSION
from sync.cache.cache import Cache
from sync.domain.actions import SaveQuickNote
from sync.domain.clock import SystemClock
from sync.domain.errors import Corrupt, Denied, DeskbellError
from sync.domain.ids import IdFactory

_CANNOT = 2


@click.group(invoke_without_command=True)
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), help="Folder for settings, tickets and log.")
@click.option("--server", default="", help="Address of the central server.")
@click.option("--name", default="", help="Sign in with this name; the password comes with --password-stdin.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@click.option("--this-run-only", is_flag=True, help="Keep key and sign-in in memory only.")
@click.option("--ca-file", type=click.Path(exists=True, dir_okay=False), help="Certificates to trust.")
@click.option("--hidden", is_flag=True, help="Begin in the tray, where there is one.")
@click.option("--self-test", "test", is_flag=True, help="Test sound, notification, tray and count, and say what works.")
@click.version_option(VERSION, prog_name="deskbell")
@click.pass_context
def main(
    context: click.Context,
    data: Path | None,
    server: str,
    name: str,
    password_stdin: bool,
    this_run_only: bool,
    ca_file: str | None,
    hidden: bool,
    test: bool,
) -> None:
    """Deskbell: rings for the tickets that are yours, and answers them, without a network too."""
    folder = data if data is not None else user_data_path("deskbell", appauthor=False)
    folder.mkdir(parents=True, exist_ok=True)
    context.obj = folder
    if context.invoked_subcommand is not None:
        return
    password = sys.stdin.readline().rstrip("\n") if password_stdin else ""
    vault: Vault | None = MemoryVault() if this_run_only else None
    sys.exit(_run(Options(folder, server, name, password, vault, hidden, ca_file), test))


@main.command()
@click.argument("text", nargs=-1, required=True)
@click.pass_obj
def note(folder: Path, text: tuple[str, ...]) -> None:
    """Jot down a quick note; no ticket and no network are needed."""
    words = " ".join(text)
    application = QCoreApplication.instance() or QCoreApplication(sys.argv[:1])
    answer = ask_running(folder, {"do": "note", "text": words})
    if answer is None:
        try:
            _note_straight(folder, words)
        except DeskbellError as error:
            _end(str(error))
    elif not answer.get("ok"):
        _end(str(answer.get("sentence") or "The note was not saved. Try again in the program."))
    click.echo("Saved on this computer.")
    del application


@main.command("spot-check")
@click.pass_obj
def spot_check(folder: Path) -> None:
    """Who waits too long? Exit code 0: nobody, 1: somebody, 2: cannot tell."""
    application = QCoreApplication.instance() or QCoreApplication(sys.argv[:1])
    code = spot_check_cli.run(folder, lambda: _open(folder), SystemClock(), Moments())
    del application
    sys.exit(code)


def _note_straight(folder: Path, words: str) -> None:
    clock = SystemClock()
    ids = IdFactory(clock, random.SystemRandom())
    cache = _open(folder)
    try:
        cache.put(SaveQuickNote(ids.client_key(), words, clock.now_ms()))
    except ValueError as error:
        raise Denied("There is nothing in this note. Write something after “note”.") from error
    finally:
        cache.close()


def _open(folder: Path) -> Cache:
    """The cache of the person who is signed in here, with no program running on it."""
    clock = SystemClock()
    ids = IdFactory(clock, random.SystemRandom())
    vault: Vault = KeyringVault(folder)
    if has_passphrase(folder):
        passphrase = click.prompt("Passphrase of this computer's tickets", hide_input=True, err=True)
        vault = PassphraseVault(folder, passphrase)
    cache = find(folder, Settings(folder).text(FOLDER), vault, clock, ids).cache
    if cache is None:
        raise Denied("Nobody is signed in here. Start Deskbell and sign in first.")
    return cache


def _run(options: Options, test: bool) -> int:
    sentence = display.objection()
    if sentence is not None:
        click.echo(sentence, err=True)
        return _CANNOT
    gc.freeze()  # modules live as long as the program: no pass over the garbage need look at them
    QCoreApplication.setApplicationName("deskbell")  # letters only: the count on the task bar goes by it
    QGuiApplication.setApplicationDisplayName("Deskbell")
    QGuiApplication.setDesktopFileName("deskbell")
    application = QApplication(sys.argv[:1])
    kept = translation.install(application, RESOURCES / "translations")
    if test:
        return self_test.run(application)
    crash.start_log(options.data / "log")
    clock = SystemClock()
    program = Program(application, options, clock, IdFactory(clock, random.SystemRandom()))
    crash.catch_bugs(lambda kind: _show_bug(program, kind))
    if not program.start():
        if ask_running(options.data, {"do": "raise"}) is not None:
            return 0
        click.echo("Deskbell is running already but does not answer. End it, then start it again.", err=True)
        return _CANNOT
    ticking = _quit_on_signals(program)
    code = application.exec()
    del kept, ticking
    return code


def _quit_on_signals(program: Program) -> QTimer:
    """Ctrl+C and the session's end quit in order; the timer lets Python see the signal."""
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, lambda *_: program.quit())
    ticking = QTimer(program, interval=200)
    ticking.timeout.connect(lambda: None)
    ticking.start()
    return ticking


def _show_bug(program: Program, kind: str) -> None:
    """Once in a while is enough: the log has them all. A damaged cache is no bug, and is mended."""
    if kind == Corrupt.__name__:
        program.damaged()
    elif QApplication.activeModalWidget() is None:
        box = QMessageBox(QMessageBox.Icon.Warning, "Deskbell", translation.translate("Crash", "Something went wrong."))
        words = translation.translate("Crash", "Deskbell goes on; what you saved is safe. The log names it: {kind}.")
        box.setInformativeText(words.format(kind=kind))
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()


def _end(sentence: str) -> None:
    click.echo(sentence, err=True)
    sys.exit(_CANNOT)


if __name__ == "__main__":
    main()
