"""The FAQ, by command: taken in from a Markdown file, listed, written out."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from sync.domain.errors import Rejected
from sync.server.admin.opening import with_house
from sync.server.admin.saying import say
from sync.server.audit import ADMINISTRATOR, Deed
from sync.server.faq.entries import Draft
from sync.server.faq.file import read_entries, write_entries
from sync.server.house import House

_MOST_BYTES = 50_000_000


@click.group()
def faq() -> None:
    """The FAQ: questions that come again, with their answers."""


@faq.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_house
def faq_import(house: House, file: Path) -> None:
    """Take in FILE.md. A question that is there in that language gets the answer of the file.

    Each entry begins with "# Question"; then may come "categories: Billing, Refunds", "language: de" and
    "status: published" (else it is a draft); then an empty line and the answer in Markdown.
    """
    if file.stat().st_size > _MOST_BYTES:
        raise Rejected(f"{file} is larger than {_MOST_BYTES // 1_000_000} MB. Split it.")
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise Rejected(f"{file} is no UTF-8 text. Save it as UTF-8.") from error
    drafts = read_entries(text, lambda name: str(house.grants.find_category(name)["id"]))
    added, changed = house.parts.journal.write(partial(_take_in, house, drafts))
    say(f"{added} entries added, {changed} changed, {len(drafts) - added - changed} were there already.")


@faq.command("list")
@with_house
def faq_list(house: House) -> None:
    """Every entry: status, language, shown, opened, answered, address, question."""
    for row in house.faq.everything():
        counts = f"{row['shown']}\t{row['opened']}\t{row['answered']}"
        say(f"{row['status']}\t{row['language']}\t{counts}\t/faq/{row['slug']}\t{row['question']}")


@faq.command("export")
@with_house
def faq_export(house: House) -> None:
    """Print every entry as Markdown that `faq import` takes in again."""
    names = {row["id"]: row["name"] for row in house.grants.categories()}
    house.parts.audit.record(Deed.EXPORT, ADMINISTRATOR, "faq")
    for text in write_entries(house.faq.everything(), names):
        click.echo(text, nl=False)


def _take_in(house: House, drafts: list[Draft]) -> tuple[int, int]:
    """How many are new, how many are other than they were. Inside the transaction: all of them or none."""
    there = {(row["question"], row["language"]): row for row in house.faq.everything()}
    added = changed = 0
    for draft in drafts:
        checked = draft.checked()
        before = there.get((checked.question, checked.language))
        if before is None:
            house.faq.entries.add(checked, ADMINISTRATOR)
            added += 1
        else:
            after = house.faq.entries.change(before, checked, ADMINISTRATOR)
            changed += any(after[name] != before[name] for name in ("answer", "category_ids", "status"))
    return added, changed
