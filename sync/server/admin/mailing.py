"""Outgoing mail and its templates, by command."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from sync.domain.errors import Rejected
from sync.server.admin.opening import password, with_house
from sync.server.admin.saying import say
from sync.server.audit import ADMINISTRATOR, Deed
from sync.server.house import House
from sync.server.ledger import Setting
from sync.server.mail import templates
from sync.server.mail.sending import PASSWORD

_SHOWN = 100


@click.group()
def mail() -> None:
    """Outgoing mail: where to and from whom are the settings mail.smtp and mail.from."""


@mail.command("password")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@with_house
def mail_password(house: House, password_stdin: bool) -> None:
    """Set the password for the mail server; it is kept locked with a key that does not stand in the database."""
    sealed = house.secrets.seal(password(password_stdin))
    database = house.parts.database

    def work() -> None:
        database.run(Setting.delete().where(Setting.name == PASSWORD))
        database.insert(Setting, [{"name": PASSWORD, "value": sealed}])
        house.parts.audit.record(Deed.SETTING_CHANGED, ADMINISTRATOR, "mail password", {})

    database.write(work)


@mail.command("from")
@click.argument("category_name", metavar="CATEGORY")
@click.argument("sender")
@with_house
def mail_from(house: House, category_name: str, sender: str) -> None:
    """Give a category its own sender, as in "Billing <billing@example.com>"; an empty one takes it away."""
    category_id = house.grants.find_category(category_name)["id"]

    def work() -> None:
        house.mail_out.set_sender(category_id, sender)
        house.parts.audit.record(Deed.SETTING_CHANGED, ADMINISTRATOR, "mail from", {"category": category_id})

    house.parts.database.write(work)


@mail.command("test")
@click.argument("address")
@with_house
def mail_test(house: House, address: str) -> None:
    """Hand over a short mail to ADDRESS now, to try the settings."""
    if not house.mail_out.is_on():
        raise Rejected("Set mail.smtp and mail.from first: `deskbell-server setting mail.smtp smtps://USER@HOST`")
    name = house.parts.settings.text("site_name") or "Help desk"
    house.sending.send_now(address, f"A test of {name}", "If you can read this, mail goes out.\n")
    say(f"The mail server has taken a mail to {address}.")


@mail.command("queue")
@with_house
def mail_queue(house: House) -> None:
    """The letters that wait: since when, tried how often, to whom, why they wait."""
    for letter in house.sending.waiting(_SHOWN):
        since = datetime.fromtimestamp(letter["created_at"] / 1000, UTC).strftime("%Y-%m-%d %H:%M")
        say(f"{since}\t{letter['attempts']}\t{letter['kind']}\t{letter['to_address']}\t{letter['detail'] or ''}")


@click.group()
def template() -> None:
    """The words of automatic mails, and the frame of replies."""


@template.command("list")
@with_house
def template_list(house: House) -> None:
    """Every template, and whether it is your own."""
    own = house.parts.database.read(house.mail_out.templates.changed)
    for name in sorted({*templates.SAMPLES, *own}):
        say(f"{name}\t{'own' if name in own else 'as shipped'}")


@template.command("show")
@click.argument("name")
@click.option("--sample", is_flag=True, help="As a mail with sample values, instead of the template itself.")
@with_house
def template_show(house: House, name: str, sample: bool) -> None:
    """Print a template, to be changed and given to `template set`."""
    text = house.parts.database.read(lambda: house.mail_out.templates.own(name)) or templates.shipped(name)
    if sample:
        subject, text = templates.check(name, text)
        say(f"Subject: {subject}")
    for line in text.rstrip("\n").split("\n"):
        say(line)


@template.command("set")
@click.argument("name")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@with_house
def template_set(house: House, name: str, file: Path) -> None:
    """Use your own words from FILE: first line `Subject: ...`, then the text (Jinja2). They are proved first."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise Rejected(f"{file} is no UTF-8 text. Save it as UTF-8.") from error

    def work() -> None:
        house.mail_out.templates.put(name, text)
        house.parts.audit.record(Deed.SETTING_CHANGED, ADMINISTRATOR, f"template {name}", {})

    house.parts.database.write(work)


@template.command("reset")
@click.argument("name")
@with_house
def template_reset(house: House, name: str) -> None:
    """Back to the words as shipped."""

    def work() -> None:
        house.mail_out.templates.reset(name)
        house.parts.audit.record(Deed.SETTING_CHANGED, ADMINISTRATOR, f"template {name}", {"reset": True})

    house.parts.database.write(work)
