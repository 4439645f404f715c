"""Making the database and answering, by command."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import Any

import click

from sync.domain.errors import Rejected
from sync.server.admin.opening import with_new_house
from sync.server.admin.saying import say
from sync.server.app import build_app
from sync.server.asking.sites import Sites
from sync.server.house import House
from sync.server.roles import Role
from sync.server.serve import Binding, serve
from sync.server.supervisor import tell
from sync.server.web.pages import Pages
from sync.server.web.routes import PublicSide


@click.command()
@with_new_house
def init(house: House) -> None:
    """Make the database, or bring an older one up to date."""
    say(f"Ready: server {house.parts.database.read(house.parts.identity.server_id)}")


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="0: a free one.")
@click.option("--tls-cert", type=click.Path(path_type=Path))
@click.option("--tls-key", type=click.Path(path_type=Path))
@click.option("--behind-proxy", is_flag=True, help="A proxy in front does the TLS and says who calls.")
@click.option("--uds", type=click.Path(path_type=Path), help="Listen on this Unix socket instead of a port.")
@click.option("--fd", type=click.IntRange(0), help="Listen on this open socket: 3 with systemd's socket units.")
@click.option(
    "--role",
    type=click.Choice([one.value for one in Role]),
    default=Role.ALL.value,
    show_default=True,
    help="With PostgreSQL: stream processes carry only the event stream, API processes everything else.",
)
@with_new_house
def serve_command(house: House, role: str, **given: Any) -> None:
    """Answer until told to end; prints one line with the address once it answers."""
    binding = Binding(**given)
    binding.check()
    chosen = Role(role)
    if chosen is not Role.ALL and not house.parts.database.is_postgres:
        raise Rejected("A role needs several processes, and these need PostgreSQL. Leave --role out, or --database.")
    pages = Pages(
        lambda: house.parts.settings.text("site_name") or "Help desk", Sites(house.parts.settings).frame_ancestors
    )
    app = build_app(house, PublicSide(house, pages).routes(), role=chosen)
    serve(app, house, binding, partial(tell, os.environ))
