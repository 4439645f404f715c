"""Categories, agents, grants and sign-ins, by command."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from sync.domain.errors import Rejected
from sync.server.admin.opening import password, with_house
from sync.server.admin.saying import say
from sync.server.house import House


@click.group()
def category() -> None:
    """Categories: what access is granted by."""


@category.command("add")
@click.argument("name")
@click.option(
    "--limit-minutes", type=click.IntRange(1), default=120, show_default=True, help="May await the team so long."
)
@with_house
def category_add(house: House, name: str, limit_minutes: int) -> None:
    """Add a category; prints its id."""
    say(house.grants.add_category(name, limit_minutes * 60_000))


@category.command("list")
@with_house
def category_list(house: House) -> None:
    """Every category: id, name, limit in minutes."""
    for row in house.grants.categories():
        say(f"{row['id']}\t{row['name']}\t{row['limit_ms'] // 60_000}")


@category.command("limit")
@click.argument("name")
@click.argument("minutes", type=click.IntRange(1))
@with_house
def category_limit(house: House, name: str, minutes: int) -> None:
    """Set how long tickets of a category may await the team."""
    house.grants.set_limit(house.grants.find_category(name)["id"], minutes * 60_000)


@category.command("describe")
@click.argument("name")
@click.argument("sentence")
@with_house
def category_describe(house: House, name: str, sentence: str) -> None:
    """Say in a sentence what belongs into a category; the form shows it. An empty one takes it away."""
    house.grants.describe_category(house.grants.find_category(name)["id"], sentence)


@click.group()
def agent() -> None:
    """Agents: who may sign in."""


@agent.command("add")
@click.argument("name")
@click.option("--owner", is_flag=True, help="Sees every category, and the spot-checks.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@with_house
def agent_add(house: House, name: str, owner: bool, password_stdin: bool) -> None:
    """Add an agent; prints the id."""
    say(house.people.add(name, password(password_stdin), is_owner=owner))


@agent.command("list")
@with_house
def agent_list(house: House) -> None:
    """Every agent: id, name, role."""
    for row in house.people.all():
        role = "owner" if row["is_owner"] else "agent"
        say(f"{row['id']}\t{row['name']}\t{role if row['is_active'] else 'deactivated'}")


@agent.command("password")
@click.argument("name")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@with_house
def agent_password(house: House, name: str, password_stdin: bool) -> None:
    """Set a new password; every device of the agent is signed out."""
    found = house.people.find(name)
    house.people.set_password(found["id"], password(password_stdin))


@agent.command("deactivate")
@click.argument("name")
@click.option("--reassign-to", metavar="AGENT", help="Who gets the open tickets, where they see them; none: nobody.")
@with_house
def agent_deactivate(house: House, name: str, reassign_to: str | None) -> None:
    """An agent leaves: devices signed out, grants gone, open tickets passed on. What they wrote stays."""
    heir = None if reassign_to is None else house.people.find(reassign_to)["id"]
    house.people.deactivate(house.people.find(name)["id"], heir)


@agent.command("reactivate")
@click.argument("name")
@with_house
def agent_reactivate(house: House, name: str) -> None:
    """An agent who left comes back, with the old password and without grants."""
    house.people.reactivate(house.people.find(name)["id"])


@agent.command("owner")
@click.argument("name")
@click.option("--no", "no_longer", is_flag=True, help="An owner no longer.")
@with_house
def agent_owner(house: House, name: str, no_longer: bool) -> None:
    """Make an agent an owner, who sees every category and keeps people and categories."""
    house.people.set_owner(house.people.find(name)["id"], not no_longer)


@click.command()
@click.argument("agent_name", metavar="AGENT")
@click.argument("category_name", metavar="CATEGORY")
@click.option("--second-line", is_flag=True, help="Alert them only where nobody of the first line was reached.")
@with_house
def grant(house: House, agent_name: str, category_name: str, second_line: bool) -> None:
    """Let an agent see a category; again, without or with --second-line, to change when it alerts them."""
    agent_id, category_id = house.people.find(agent_name)["id"], house.grants.find_category(category_name)["id"]
    given = house.grants.grant(agent_id, category_id, second_line=second_line)
    placed = not given and house.grants.place(agent_id, category_id, second_line=second_line)
    line = f", in the {'second' if second_line else 'first'} line now" if placed else ""
    line = ", in the second line" if given and second_line else line
    say(f"{agent_name} {'is' if given else 'was already'} granted {category_name}{line}.")


@click.command()
@click.argument("agent_name", metavar="AGENT")
@click.argument("category_name", metavar="CATEGORY")
@with_house
def revoke(house: House, agent_name: str, category_name: str) -> None:
    """Take a category from an agent; their tickets there are unassigned."""
    taken = house.grants.revoke(house.people.find(agent_name)["id"], house.grants.find_category(category_name)["id"])
    ending = f"has no grant of {category_name} any more" if taken else f"had no grant of {category_name}"
    say(f"{agent_name} {ending}.")


@click.group()
def token() -> None:
    """Sign-ins: one token for each device."""


@token.command("list")
@click.argument("agent_name", metavar="[AGENT]", required=False)
@with_house
def token_list(house: House, agent_name: str | None) -> None:
    """Every sign-in, or those of an agent: id, agent, device, last used, ends."""
    names = {row["id"]: row["name"] for row in house.people.all()}
    agent_id = None if agent_name is None else house.people.find(agent_name)["id"]
    for row in house.sign_ins.all(agent_id):
        used, ends = _day(row["used_at"]), _day(row["expires_at"])
        say(f"{row['id']}\t{names.get(row['agent_id'], row['agent_id'])}\t{row['device']}\t{used}\t{ends}")


@token.command("revoke")
@click.argument("token_id", metavar="TOKEN_ID")
@with_house
def token_revoke(house: House, token_id: str) -> None:
    """End a sign-in: its device is signed out, nothing on it is lost."""
    if not house.sign_ins.revoke(token_id):
        raise Rejected(f"There is no sign-in {token_id}. `deskbell-server token list` shows them.", "notFound")


def _day(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).strftime("%Y-%m-%d %H:%M")
