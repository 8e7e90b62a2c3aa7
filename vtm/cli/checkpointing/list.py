"""`vtm checkpoint list`."""

import click

from vtm.app.checkpoints import checkpoints
from vtm.app.going_back import unfinished
from vtm.cli.answering import Way, answering
from vtm.errors import ExitCode
from vtm.queries.checkpoint import checkpoint_list


@click.command()
@answering()
def command(way: Way) -> ExitCode:
    """List all checkpoints.

    One whose tag was moved or deleted by hand is damaged: what to do about it stands with it.

    Example:
      vtm checkpoint list
      vtm checkpoint list --json
    """
    way.show(checkpoint_list(checkpoints(way.app), unfinished(way.app)))
    return ExitCode.OK
