"""`vtm log`."""

import click

from vtm.app.history import logged
from vtm.cli.answering import Way, answering
from vtm.errors import ExitCode


@click.command()
@click.argument("task_id", metavar="[TASK]", required=False)
@click.option("--limit", "-n", type=click.IntRange(min=1), metavar="N", help="Show the last N events only.")
@answering()
def command(way: Way, task_id: str | None, limit: int | None) -> ExitCode:
    """Show what has happened, to a task or at all.

    The last of it stands at the end.

    Example:
      vtm log AUTH--T01
      vtm log -n 20 --json
    """
    way.show(logged(way.app, task_id, limit))
    return ExitCode.OK
