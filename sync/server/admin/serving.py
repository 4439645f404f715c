"""Making the database and answering, by command."""

from __future__ import annotations

import logging
from pathlib import Path

import click

from sync.server.admin.opening import with_new_house
from sync.server.app import build_app
from sync.server.house import House
from sync.server.serve import Binding, serve
from sync.server.web.pages import Pages
from sync.server.web.routes import PublicSide


@click.command()
@with_new_house
def init(house: House) -> None:
    """Make the database, or bring an older one up to date."""
    click.echo(f"Ready: server {house.parts.database.read(house.parts.identity.server_id)}")


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="0: a free one.")
@click.option("--tls-cert", type=click.Path(path_type=Path))
@click.option("--tls-key", type=click.Path(path_type=Path))
@click.option("--behind-proxy", is_flag=True, help="A proxy in front does the TLS and says who calls.")
@with_new_house
def serve_command(
    house: House, host: str, port: int, tls_cert: Path | None, tls_key: Path | None, behind_proxy: bool
) -> None:
    """Answer until told to end; prints one line with the address once it answers."""
    binding = Binding(host, port, tls_cert, tls_key, behind_proxy)
    binding.check()
    pages = Pages(lambda: house.parts.settings.text("site_name") or "Help desk")
    logging.getLogger("python_multipart").setLevel(logging.CRITICAL)  # each broken form of a stranger is no news
    serve(build_app(house, PublicSide(house, pages).routes()), house, binding)
