"""Settings: what an administrator may change, each with its default, kept in the database as JSON."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import orjson

from sync.domain import calendar_words
from sync.domain.errors import Rejected
from sync.domain.sites import frame_ancestors
from sync.server.database import Database
from sync.server.ledger import Setting
from sync.server.mail import places as mail_places
from sync.server.mail.composing import parse_sender
from sync.server.mail.relay import parse_place

Value = int | str | None
SERVER_PREFIX: Final = "server."


@dataclass(frozen=True, slots=True)
class Known:
    """One setting: what it is when nobody has set it, and what it means in a line."""

    default: Value
    meaning: str
    least: int = 0
    check: Callable[[str], object] | None = None
    """Raises ValueError, or Rejected, with a sentence where a text cannot be used."""


SETTINGS: Final[dict[str, Known]] = {
    "public_url": Known(None, "The address under which people reach this server, for links; none: as they called it."),
    "site_name": Known("Help desk", "What the public pages call this house."),
    "form.per_hour": Known(20, "Tickets and answers that one address may send through the form in an hour.", 1),
    "form.files": Known(10, "Files that may come with one message of the form.", 0),
    "form.file_bytes": Known(25_000_000, "All files of one message of the form together, in bytes.", 1),
    "form.sites": Known(
        None, "Sites that a link with ?site= may name, as shop=The Example Shop, blog=Our Blog; none set: any name."
    ),
    "form.frame_ancestors": Known(
        None,
        "Addresses of the sites that may show the form in a frame, as https://shop.example; none set: no site.",
        check=frame_ancestors,
    ),
    "page.days_after_closing": Known(90, "Days after closing that a private link works; 0: for ever."),
    "page.reminder_hours": Known(4, "Working hours that must pass before a requester may say that they still wait.", 1),
    "calendar.zone": Known(
        None, "The time zone of the house, as Europe/Berlin; none: that of this machine.", check=calendar_words.zone
    ),
    "calendar.hours": Known(
        "Mo-Fr 09:00-17:00",
        "Working hours, as Mo-Fr 09:00-12:00 13:00-17:00; Sa 10:00-12:00.",
        check=calendar_words.hours,
    ),
    "calendar.country": Known(
        None, "Whose public holidays are kept, as DE or DE-BY; none: nobody's.", check=calendar_words.country
    ),
    "upload.bytes": Known(25_000_000, "The largest file that an agent may attach, in bytes.", 1),
    "upload.concurrent": Known(4, "Uploads that one agent may run at once.", 1),
    "upload.keep_hours": Known(24, "Hours that a file stays which nothing refers to.", 1),
    "request.bytes": Known(10_000_000, "The largest request of a workstation, in bytes.", 10_000),
    "request.concurrent": Known(8, "Requests that one agent may have running at once.", 1),
    "message.bytes": Known(4_000_000, "The longest message, in bytes of UTF-8.", 1_000),
    "reopen_days": Known(14, "Days after closing in which an answer opens the ticket again.", 0),
    "tombstone_days": Known(30, "Days that the server remembers what was destroyed.", 30),
    "arrival_days": Known(30, "Days that an arrival can be asked for.", 1),
    "receipt_days": Known(180, "Days that the refusal of an action is remembered.", 60),
    "alert.reach_s": Known(
        60, "Seconds after which an alert that reached nobody goes to the next in line, and to owners; 0: never."
    ),
    "token_days": Known(90, "Days without use after which a sign-in ends.", 1),
    "mail.smtp": Known(
        None,
        "Where mail is handed over: smtps://USER@HOST:465, or smtp://USER@HOST:587 with STARTTLS.",
        check=parse_place,
    ),
    "mail.from": Known(None, "From whom mail is, as in: Help desk <support@example.com>.", check=parse_sender),
    "mail.ca_file": Known(None, "Certificates to trust in the mail server's, where the system's are not enough."),
    "mail.listen": Known(
        None,
        "Where mail is taken in by LMTP or SMTP, as in lmtp://127.0.0.1:2424; several with commas.",
        check=mail_places.check,
    ),
    "mail.bytes": Known(40_000_000, "The largest mail that is taken in whole, in bytes.", 100_000),
    "mail.automatic_per_hour": Known(1, "Automatic mails that one address gets in an hour at most.", 1),
    "mail.give_up_hours": Known(120, "Hours that a mail is tried to be handed over.", 1),
    "access.confirm_hours": Known(72, "Hours that a workstation shows its tickets without this server's word.", 1),
    "faq.agents_publish": Known(1, "Whether every agent may publish FAQ entries; 0: owners only."),
    "faq.offers_per_hour": Known(
        600, "Looks for FAQ answers that one address may have in an hour, for each process.", 1
    ),
    "incident.agents_announce": Known(1, "Whether every agent may tell the public of an incident; 0: owners only."),
    "surge.announce": Known(1, "Whether the form and confirmations say that more people than usual ask; 0: no."),
    "audit.years": Known(0, "Years that the audit log is kept; 0: for ever.", 0),
    "sign_in.free_tries": Known(3, "Wrong passwords in a row before the next try has to wait.", 1),
    "sign_in.free_tries_of_address": Known(50, "The same, for all names from one address.", 1),
    "sign_in.longest_wait_s": Known(900, "The longest wait after wrong passwords, in seconds.", 1),
}


MAIL_NEEDS: Final = ("mail.smtp", "mail.from")
"""Without these nothing is mailed."""


class Settings:
    """Reads and writes settings. Every call is one look into the database, so a change counts at once."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.times_set = 0
        """How often this process has set something: what was looked up before holds no longer."""

    def number(self, name: str) -> int:
        """A setting that is a number."""
        value = self.get(name)
        if not isinstance(value, int):
            raise TypeError(f"{name} is no number")
        return value

    def text(self, name: str) -> str | None:
        """A setting that is a text, or None."""
        value = self.get(name)
        return None if value is None else str(value)

    def get(self, name: str) -> Value:
        """What is set, else the default. KeyError for a name that does not exist: our own mistake."""
        known = SETTINGS[name]
        rows = self._database.read(lambda: self._database.select("SELECT value FROM setting WHERE name = ?", (name,)))
        value: Value = orjson.loads(rows[0][0]) if rows else known.default
        return value

    def several(self, *names: str) -> dict[str, Value]:
        """As `get`, many with one look."""
        defaults = {name: SETTINGS[name].default for name in names}
        sql = f"SELECT name, value FROM setting WHERE name IN ({', '.join('?' * len(names))})"  # noqa: S608  # marks only
        rows = self._database.read(lambda: self._database.select(sql, names))
        return {**defaults, **{str(name): orjson.loads(value) for name, value in rows}}

    def mails(self) -> bool:
        """Whether the administrator has said where letters are handed over, and from whom they are."""
        return None not in self.several(*MAIL_NEEDS).values()

    def everything(self) -> dict[str, Value]:
        """All settings as they count now."""
        rows = self._database.read(lambda: self._database.rows(Setting.select()))
        stored: dict[str, Value] = {row["name"]: row["value"] for row in rows}
        return {name: stored.get(name, known.default) for name, known in SETTINGS.items()}

    def put(self, name: str, text: str) -> None:
        """Set from what somebody typed; an empty text goes back to the default. Raises Rejected."""
        known = SETTINGS.get(name)
        if known is None:
            raise Rejected(f"There is no setting {name}. Known are: {', '.join(SETTINGS)}.")
        value = _parsed(name, known, text.strip())

        def work() -> None:
            self._database.run(Setting.delete().where(Setting.name == name))
            if value is not None:
                self._database.insert(Setting, [{"name": name, "value": value}])

        self._database.write(work)
        self.times_set += 1


def _parsed(name: str, known: Known, text: str) -> Value:
    if not text:
        return None
    if known.default is None or isinstance(known.default, str):
        if known.check is not None:
            try:
                known.check(text)
            except ValueError as wrong:
                raise Rejected(str(wrong)) from wrong
        return text.rstrip("/")
    if not text.isascii() or not text.isdigit() or int(text) < known.least:
        raise Rejected(f"{name} must be a whole number of at least {known.least}.")
    return int(text)
