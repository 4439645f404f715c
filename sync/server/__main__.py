"""The command deskbell-server."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from sync.domain.errors import DeskbellError
from sync.server.app import build_app
from sync.server.house import House
from sync.server.serve import Binding, serve

FILE_NAME = "deskbell.sqlite"


def _house(context: click.Context) -> House:
    data: Path = context.obj["data"]
    address = context.obj["database"] or os.environ.get("DESKBELL_DATABASE")
    if address is None:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        address = str(data / FILE_NAME)
    house = House.open(address)
    context.call_on_close(house.close)
    return house


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))


@click.group()
@click.option("--data", type=click.Path(path_type=Path), default=Path("deskbell-data"), help="Folder of the database.")
@click.option("--database", help="Address of the database instead: postgresql://...")
@click.pass_context
def cli(context: click.Context, data: Path, database: str | None) -> None:
    """Deskbell's central server."""
    context.obj = {"data": data, "database": database}


@cli.command()
@click.pass_context
def init(context: click.Context) -> None:
    """Make the database."""
    _house(context)


@cli.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8080, show_default=True, help="0: a free one.")
@click.option("--tls-cert", type=click.Path(path_type=Path))
@click.option("--tls-key", type=click.Path(path_type=Path))
@click.option("--behind-proxy", is_flag=True, help="A proxy in front does the TLS and says who calls.")
@click.pass_context
def serve_command(
    context: click.Context, host: str, port: int, tls_cert: Path | None, tls_key: Path | None, behind_proxy: bool
) -> None:
    """Answer until told to end."""
    binding = Binding(host, port, tls_cert, tls_key, behind_proxy)
    binding.check()
    house = _house(context)
    serve(build_app(house), house, binding)


@cli.group()
def agent() -> None:
    """Agents."""


@agent.command("add")
@click.argument("name")
@click.option("--owner", is_flag=True, help="Sees every category, and the spot-checks.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@click.pass_context
def agent_add(context: click.Context, name: str, owner: bool, password_stdin: bool) -> None:
    """Add an agent."""
    _house(context).people.add(name, _password(password_stdin), is_owner=owner)


@cli.group()
def category() -> None:
    """Categories."""


@category.command("add")
@click.argument("name")
@click.pass_context
def category_add(context: click.Context, name: str) -> None:
    """Add a category."""
    _house(context).grants.add_category(name)


@cli.command()
@click.argument("agent_name")
@click.argument("category_name")
@click.pass_context
def grant(context: click.Context, agent_name: str, category_name: str) -> None:
    """Let an agent see a category."""
    house = _house(context)
    house.grants.grant(house.people.find(agent_name)["id"], house.grants.find_category(category_name)["id"])


@cli.command()
@click.argument("agent_name")
@click.argument("category_name")
@click.pass_context
def revoke(context: click.Context, agent_name: str, category_name: str) -> None:
    """Take a category from an agent."""
    house = _house(context)
    house.grants.revoke(house.people.find(agent_name)["id"], house.grants.find_category(category_name)["id"])


def main() -> None:
    """Exit code 0, or a sentence on stderr and 2."""
    try:
        cli.main(prog_name="deskbell-server", standalone_mode=False)
    except click.exceptions.Exit as end:
        sys.exit(end.exit_code)
    except click.ClickException as wrong:
        wrong.show()
        sys.exit(2)
    except click.Abort:
        sys.exit(2)
    except DeskbellError as error:
        click.echo(str(error), err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
