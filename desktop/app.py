"""The composition root: makes every part of the desktop once, and takes it apart in order."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QSysInfo, QTemporaryDir
from PySide6.QtWidgets import QApplication

from desktop.beginning import Beginning, Stay
from desktop.collection import Collection
from desktop.files import RESOURCES
from desktop.instance import Answer, Message, RunningInstance
from desktop.lanes import Home, WorkLane
from desktop.locked import Locked
from desktop.opening import FOLDER, Found, find, folder_of, open_cache, set_aside
from desktop.run import Run
from desktop.secrets import (
    KeyringVault,
    MemoryVault,
    NoKeyring,
    PassphraseVault,
    Secrets,
    Vault,
    has_passphrase,
    with_token,
)
from desktop.settings import Settings
from desktop.signed_out import SignedOut, why_signed_out
from desktop.signing_in import SignedIn, sign_in, welcome_back
from desktop.staying import Staying, loads_again
from desktop.theme.appearance import Appearance
from desktop.windows.asking import ask_about_keyring, ask_about_lost_key, ask_passphrase, say_and_quit
from desktop.windows.sign_in import SignInWindow
from sync.cache.cache import Cache
from sync.connectors.central.sign_in import CentralSignIn
from sync.connectors.session import Session
from sync.domain.clock import Clock
from sync.domain.errors import Denied, DeskbellError, WrongKey
from sync.domain.ids import IdFactory


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line said. `data` exists. `vault` None: the keyring, or what the person chooses."""

    data: Path
    server: str = ""
    name: str = ""
    password: str = ""
    vault: Vault | None = None
    hidden: bool = False
    ca_file: str | None = None


class Program(QObject):
    """From the start to the end of the process; one signed-in run after the other."""

    def __init__(self, application: QApplication, options: Options, clock: Clock, ids: IdFactory) -> None:
        super().__init__()
        self._collection = Collection(self)
        self._application = application
        self._options = options
        self._clock = clock
        self._ids = ids
        self._settings = Settings(options.data)
        self._appearance = Appearance(RESOURCES, application)
        self._home = Home()
        self._lane = WorkLane("program", self._home)
        self._vault: Vault = options.vault or _usual_vault(options.data)
        self._kept: Secrets | None = None
        self._fleeting = QTemporaryDir()
        begin = Beginning(
            application, self._appearance, self._settings, self.session, options.data, clock, ids, self.damaged
        )
        self._staying = Staying(begin, options.hidden)
        self._staying.ended.connect(self._ended)
        self.sign_in = SignInWindow(self._appearance, self._settings, self._lane, self.session)
        self.instance = RunningInstance(options.data, self.handle)
        self.sign_in.signed_in.connect(self._signed_in)
        self.signed_out = SignedOut(self.sign_in)
        self.signed_out.quit_wanted.connect(self.quit)
        self._settings.changed.connect(lambda name: self._dress() if name.startswith("appearance/") else None)
        self._dress()

    @property
    def run(self) -> Run | None:
        """While somebody is signed in and sees their tickets."""
        return self._staying.run

    @property
    def locked(self) -> Locked | None:
        """While somebody is signed in and their tickets are locked."""
        return self._staying.locked

    def start(self) -> bool:
        """False if this data folder's program runs already; the caller speaks to that one then."""
        if not self.instance.start():
            return False
        self._application.setQuitOnLastWindowClosed(False)
        self._find()
        return True

    def session(self, address: str, token: str | None) -> Session:
        """Requests to a server, with or without a sign-in."""
        return Session(address, token, self._clock, self._ids.client_key, self._options.ca_file)

    def quit(self) -> None:
        """In order; words first."""
        self._staying.stop()
        self.signed_out.hide()
        self.instance.close()
        self._lane.close()
        self._home.close()
        self._fleeting.remove()
        self._application.quit()

    def _place(self) -> Path:
        """Where tickets are kept: the data folder, or a folder that ends with this run."""
        fleeting = isinstance(self._vault, MemoryVault) and self._vault.fleeting
        return Path(self._fleeting.path()) if fleeting else self._options.data

    def _find(self, damaged: bool = False) -> None:
        data, folder, vault = self._place(), self._settings.text(FOLDER), self._vault
        work = partial(find, data, folder, vault, self._clock, self._ids, damaged)
        self._lane.run(work, self._found, self._not_found)

    def _found(self, found: Found) -> None:
        self._kept = found.kept
        if found.cache is not None and found.kept.token is not None:
            self._go_on(found.cache, self._settings.server, found.kept.token, found.recovered)
        elif self._options.name and self._options.password:
            options = self._options
            device = QSysInfo.machineHostName()
            work = partial(sign_in, self.session, options.server, options.name, options.password, device)
            self._lane.run(work, self._signed_in, lambda error: self._ask(str(error)))
        else:
            self._ask("")

    def _go_on(self, cache: Cache, address: str, token: str, recovered: bool) -> None:
        """A cache made anew has to be told first who is signed in."""

        def failed(error: DeskbellError) -> None:
            cache.close()
            self._ask(f"{loads_again()} {error}")

        work = partial(welcome_back, self.session, address, token, cache, self._settings.text(FOLDER))
        self._lane.run(work, lambda _none: self._begin(cache, address, token, recovered), failed)

    def _not_found(self, error: DeskbellError) -> None:
        match error:
            case NoKeyring():
                self._vault_chosen(ask_about_keyring(self._options.data, str(error)))
            case Denied():
                self._vault_chosen(ask_passphrase(self._options.data, str(error) if self._asked_before() else ""))
            case WrongKey() if ask_about_lost_key():
                set_aside(self._options.data, self._settings, self._clock.now_ms())
                self._find()
            case WrongKey():
                self.quit()
            case _:
                say_and_quit(str(error))
                self.quit()

    def _asked_before(self) -> bool:
        return isinstance(self._vault, PassphraseVault) and self._vault.was_asked

    def _vault_chosen(self, vault: Vault | None) -> None:
        if vault is None:
            self.quit()
        else:
            self._vault = vault
            self._find()

    def _ask(self, why: str) -> None:
        self.sign_in.put(self._options.server, self._options.name)
        self.signed_out.ask(why)

    def _signed_in(self, answer: SignedIn) -> None:
        if self._kept is None:
            return
        self._kept = kept = with_token(self._kept, answer.token)
        folder = folder_of(answer.access)
        self._settings.put("account/server", answer.address)
        self._settings.put("account/name", answer.name)
        self._settings.put(FOLDER, folder)

        def work() -> tuple[Cache, bool]:
            self._vault.save(kept)
            cache, recovered = open_cache(self._place() / folder, kept.cache_key, self._clock, self._ids)
            cache.save_access(answer.access)
            return cache, recovered

        def done(opened: tuple[Cache, bool]) -> None:
            self.signed_out.hide()
            self._begin(opened[0], answer.address, answer.token, opened[1])

        self._lane.run(work, done, self._not_found)

    def _begin(self, cache: Cache, address: str, token: str, recovered: bool) -> None:
        access = cache.access()
        if access is None:  # the sign-in was never finished
            cache.close()
            self._ask("")
            return
        self._staying.begin(Stay(cache, access, address, token, recovered), self._vault)

    def _ended(self, why: str) -> None:
        if why == "quit":
            self.quit()
        elif why == "signOut":
            self._sign_out()
        elif why == "locked":
            self._staying.stop_for_now()
            self._find()
        else:
            self._signed_out()

    def _signed_out(self) -> None:
        """By the server, which may have said why."""
        if self._staying.here is not None:
            reason = self._staying.status.reason if self._staying.status is not None else ""
            self._forget_token()
            self._ask(why_signed_out(reason))

    def _sign_out(self) -> None:
        token, address = self._kept.token if self._kept is not None else None, self._settings.server
        self._forget_token()
        if token is not None:
            session = self.session(address, token)
            self._lane.run(CentralSignIn(session).sign_out, None, lambda _error: None)
        self._ask("")

    def _forget_token(self) -> None:
        self._staying.stop()
        if self._kept is not None:
            self._kept = kept = with_token(self._kept, None)
            self._lane.run(lambda: self._vault.save(kept), None, lambda _error: None)

    def damaged(self) -> None:
        """The cache of the run turned out to be damaged, whoever met it."""
        if self._staying.here is not None:
            self._staying.stop()
            self._find(damaged=True)

    def handle(self, message: Message, answer: Answer) -> None:
        """What another start, or a command on a terminal, asks."""
        (self._staying.here or self.signed_out).handle(message, answer)

    def _dress(self) -> None:
        settings = self._settings
        self._appearance.choose(settings.theme, settings.text_scale, settings.compact)


def _usual_vault(data: Path) -> Vault:
    return PassphraseVault(data, "") if has_passphrase(data) else KeyringVault(data)
