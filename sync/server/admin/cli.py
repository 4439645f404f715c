"""All commands under one name; every failure is a sentence on stderr and exit code 2."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

import click
import peewee

from sync.domain.errors import DeskbellError
from sync.server.admin import auditing, closings, exporting, hooking, mailing, people, serving, upkeep
from sync.server.admin.faq import faq
from sync.server.admin.importing import import_file
from sync.server.admin.mail_importing import import_mail
from sync.server.admin.mailboxes import mailbox
from sync.server.admin.opening import with_options
from sync.server.admin.requesters import requester
from sync.server.admin.saying import say


@click.group()
@with_options
@click.pass_context
def cli(context: click.Context, data: Path | None, database: str | None) -> None:
    """Deskbell's central server.

    --data and --database stand before or after the command. Without them DESKBELL_DATABASE counts, then the folder
    deskbell-data.
    """
    context.obj.update(data=data, database=database)


for command in (
    serving.init,
    serving.serve_command,
    people.category,
    people.agent,
    people.grant,
    people.revoke,
    people.token,
    closings.closing,
    upkeep.setting,
    import_file,
    import_mail,
    exporting.export_everything,
    exporting.import_export,
    upkeep.backup,
    upkeep.restore,
    upkeep.raise_epoch,
    upkeep.check,
    auditing.audit,
    faq,
    mailing.mail,
    mailbox,
    mailing.template,
    hooking.hook,
    requester,
):
    cli.add_command(command)


def run(environment: Mapping[str, str]) -> None:
    """Run the command line of this process."""
    os.umask(0o077)  # what this command writes is for its own user only
    try:
        cli.main(prog_name="deskbell-server", standalone_mode=False, obj={"environment": environment})
    except click.exceptions.Exit as end:
        sys.exit(end.exit_code)
    except click.ClickException as wrong:
        wrong.show()
        sys.exit(2)
    except click.Abort:
        _end("Stopped.")
    except DeskbellError as error:
        _end(str(error))
    except OSError as error:
        _end(f"{error.filename or 'A file'} cannot be used: {error.strerror or error}.")
    except peewee.OperationalError as error:
        _end(f"The database cannot be used: {str(error).strip()}. Is its address right, and is it running?")
    except peewee.DatabaseError as error:
        _end(f"The database cannot be read: {str(error).strip()}. Is this a file of deskbell-server?")


def _end(sentence: str) -> None:
    say(sentence, err=True)
    sys.exit(2)
