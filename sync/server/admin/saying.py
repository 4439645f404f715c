"""What commands print: names and texts of others never act on the terminal."""

import click

from sync.domain.limits import in_sight


def say(text: object, *, err: bool = False) -> None:
    """One line; tabs separate columns, every other unseen character is spelled out."""
    click.echo("\t".join(in_sight(part) for part in str(text).split("\t")), err=err)
