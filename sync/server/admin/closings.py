"""Closings, by command: when nobody works for a reason of the house's own."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import click

from sync.domain.closings import Closing
from sync.server.admin.opening import with_house
from sync.server.admin.saying import say
from sync.server.house import House

_DAY = "%Y-%m-%d"
_WHEN = click.DateTime([_DAY, "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"])


@click.group()
def closing() -> None:
    """Closings: announced once, shown to requesters, and counted in the answer that they may expect."""


@closing.command("add")
@click.argument("name")
@click.option("--from", "first", type=_WHEN, required=True, help="The first day, or the moment at which it begins.")
@click.option("--to", "last", type=_WHEN, required=True, help="The last day, or the moment at which it ends.")
@click.option("--category", "categories", multiple=True, help="For this category only; may be given again.")
@click.option("--notice", default="", help="What requesters read besides.")
@with_house
def closing_add(
    house: House, name: str, first: datetime, last: datetime, categories: tuple[str, ...], notice: str
) -> None:
    """Announce a closing, in the house's time zone; prints its id. A day as the end counts whole."""
    zone = house.expecting.hours().zone
    ends = last + timedelta(days=1) if last.hour == last.minute == 0 else last
    among = frozenset(house.grants.find_category(one)["id"] for one in categories)
    say(house.closings.add(Closing("", name, _ms(first, zone), _ms(ends, zone), among, notice)).id)


@closing.command("list")
@with_house
def closing_list(house: House) -> None:
    """Every closing: id, from, to, categories, name."""
    zone = house.expecting.hours().zone
    names = {row["id"]: row["name"] for row in house.grants.categories()}
    for one in house.closings.all():
        among = ", ".join(sorted(names.get(category, category) for category in one.category_ids)) or "all"
        say(f"{one.id}\t{_shown(one.starts_at, zone)}\t{_shown(one.ends_at, zone)}\t{among}\t{one.name}")


@closing.command("remove")
@click.argument("closing_id", metavar="ID")
@with_house
def closing_remove(house: House, closing_id: str) -> None:
    """Take a closing back."""
    house.closings.remove(closing_id)


def _ms(moment: datetime, zone: ZoneInfo) -> int:
    return round(moment.replace(tzinfo=zone).timestamp()) * 1000


def _shown(at: int, zone: ZoneInfo) -> str:
    return f"{datetime.fromtimestamp(at / 1000, zone):%Y-%m-%d %H:%M}"
