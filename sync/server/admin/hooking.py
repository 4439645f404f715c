"""Webhooks of other systems, by command."""

from __future__ import annotations

import click

from sync.server.admin.opening import with_house
from sync.server.admin.saying import say
from sync.server.house import House


@click.group()
def hook() -> None:
    """Webhooks: other systems tell of payments, cash-outs, upgrades, rewards (POST /hooks/NAME)."""


@hook.command("add")
@click.argument("name")
@click.option("--category", "category_name", help="Where its tickets are opened.")
@click.option("--opens", multiple=True, metavar="TYPE", help="Events of this type open a ticket; * means every one.")
@with_house
def hook_add(house: House, name: str, category_name: str | None, opens: tuple[str, ...]) -> None:
    """Let a system tell of events; prints the secret that it signs with, once."""
    category_id = None if category_name is None else house.grants.find_category(category_name)["id"]
    say(house.hooks.add(name, category_id, opens))


@hook.command("list")
@with_house
def hook_list(house: House) -> None:
    """Every hook, and which events of it open a ticket."""
    for row in house.hooks.all():
        say(f"{row['name']}\t{', '.join(row['opens'])}")


@hook.command("remove")
@click.argument("name")
@with_house
def hook_remove(house: House, name: str) -> None:
    """Take nothing more from it; what it told stays."""
    house.hooks.remove(name)


@hook.command("secret")
@click.argument("name")
@with_house
def hook_secret(house: House, name: str) -> None:
    """Give it another secret, which is printed once; the old one counts no more."""
    say(house.hooks.new_secret(name))
