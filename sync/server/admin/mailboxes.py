"""Where mail comes from, by command: mailboxes that are read, addresses that mail is handed over for."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from sync.server.admin.opening import password, with_house
from sync.server.admin.saying import say
from sync.server.audit import ADMINISTRATOR, Deed
from sync.server.house import House
from sync.server.mail.mailboxes import Opening, Security


@click.group()
def mailbox() -> None:
    """Mail that comes in: mailboxes read by IMAP, and addresses for LMTP or SMTP (the setting mail.listen)."""


@mailbox.command("add")
@click.argument("name")
@click.option("--imap", "host", required=True, metavar="HOST", help="The mail server.")
@click.option("--user", "user_name", required=True, help="As whom to sign in; an e-mail address, as a rule.")
@click.option("--category", "category_name", required=True, help="Where new tickets stand.")
@click.option("--port", type=click.IntRange(1, 65535), help="Default: 993 with TLS, else 143.")
@click.option(
    "--security", type=click.Choice([one.value for one in Security]), default="tls", show_default=True,
    help="none: for a mail server on this machine only.",
)  # fmt: skip
@click.option("--folder", default="INBOX", show_default=True)
@click.option("--done-folder", help="Where mail is moved once it was taken in; none: it stays, marked as read.")
@click.option("--also-old", is_flag=True, help="Take in what is in the mailbox already, too.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@with_house
def mailbox_add(house: House, category_name: str, security: str, password_stdin: bool, **given: object) -> None:
    """Read a mailbox from now on. Its password is kept locked with a key that does not stand in the database."""
    category_id = house.grants.find_category(category_name)["id"]
    values: dict[str, object] = {**given, "category_id": category_id, "security": Security(security)}
    house.mailboxes.add(Opening(**values, password=password(password_stdin)))  # type: ignore[arg-type]  # click has checked them


@mailbox.command("list")
@with_house
def mailbox_list(house: House) -> None:
    """Every mailbox: name, user, server, category, when it was last reached, what troubles it."""
    names = {row["id"]: row["name"] for row in house.grants.categories()}
    for one in house.mailboxes.all():
        place = f"{one.user_name}\t{one.host}:{one.port}\t{names.get(one.category_id, one.category_id)}"
        state = "paused" if not one.enabled else f"reached {_time(one.seen_at)}" if one.seen_at else "not reached yet"
        trouble = f"since {_time(one.trouble_at)}: {one.trouble}" if one.trouble else ""
        say(f"{one.name}\t{place}\t{state}\t{trouble}")


@mailbox.command("remove")
@click.argument("name")
@with_house
def mailbox_remove(house: House, name: str) -> None:
    """Read a mailbox no longer; what is in it stays there."""
    house.mailboxes.remove(name)


@mailbox.command("pause")
@click.argument("name")
@with_house
def mailbox_pause(house: House, name: str) -> None:
    """Leave a mailbox alone until `resume`; what comes meanwhile is taken in then."""
    house.mailboxes.set_enabled(name, False)


@mailbox.command("resume")
@click.argument("name")
@with_house
def mailbox_resume(house: House, name: str) -> None:
    """Read a mailbox again."""
    house.mailboxes.set_enabled(name, True)


@mailbox.command("password")
@click.argument("name")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@with_house
def mailbox_password(house: House, name: str, password_stdin: bool) -> None:
    """Set a new password."""
    house.mailboxes.find(name)
    house.mailboxes.set_password(name, password(password_stdin))


@mailbox.group("address")
def address() -> None:
    """Addresses that mail is handed over for by LMTP or SMTP, each with its category."""


@address.command("add")
@click.argument("email", metavar="ADDRESS")
@click.option("--category", "category_name", required=True, help="Where new tickets stand.")
@with_house
def address_add(house: House, email: str, category_name: str) -> None:
    """Take mail for this address in; with anything behind a + as well."""
    category_id = house.grants.find_category(category_name)["id"]

    def work() -> None:
        added = house.mail_in.own.add(email, category_id)
        house.parts.audit.record(Deed.SETTING_CHANGED, ADMINISTRATOR, f"address {added}", {"category": category_id})

    house.parts.database.write(work)


@address.command("list")
@with_house
def address_list(house: House) -> None:
    """Every address and its category."""
    names = {row["id"]: row["name"] for row in house.grants.categories()}
    for row in house.mail_in.own.listed():
        say(f"{row['email_key']}\t{names.get(row['category_id'], row['category_id'])}")


@address.command("remove")
@click.argument("email", metavar="ADDRESS")
@with_house
def address_remove(house: House, email: str) -> None:
    """Take mail for this address no longer."""

    def work() -> None:
        house.mail_in.own.remove(email)
        house.parts.audit.record(Deed.SETTING_CHANGED, ADMINISTRATOR, f"address {email}", {"removed": True})

    house.parts.database.write(work)


def _time(ms: int | None) -> str:
    return "" if ms is None else datetime.fromtimestamp(ms / 1000, UTC).strftime("%Y-%m-%d %H:%M")
