"""`vtm migrate`."""

import click

from vtm.app.migrating import migrate
from vtm.cli.answering import Way, answering
from vtm.errors import ExitCode


@click.command()
@click.option("--apply/--dry-run", help="Write it; without this, it is only shown.")
@answering()
def command(way: Way, apply: bool) -> ExitCode:
    """Write an older state file in the present form.

    Variants of status, time and number, hashes in other spellings, a list of entries, and criteria of which
    only the rest was recorded. Keys that vtm does not know stay as they are.

    Example:
      vtm migrate
      vtm migrate --apply
    """
    answer, notices = migrate(way.app, apply=apply)
    way.tell(notices)
    way.show(answer)
    return ExitCode.OK
