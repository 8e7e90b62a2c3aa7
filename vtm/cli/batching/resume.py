"""`vtm batch resume`."""

import click

from vtm.app.batches import resumed
from vtm.cli.answering import Way, answering
from vtm.cli.budgeting import budgeting, cut
from vtm.errors import ExitCode


@click.command()
@click.argument("batch", metavar="ID")
@budgeting
@answering()
def command(way: Way, batch: str, budget: int | None) -> ExitCode:
    """Show what is left to launch of a batch, in waves.

    That is what is O, and what is i and has lost its worker: the session that vtm started is gone, the lease
    is over, or nobody took one and nothing was heard for as long as one lasts.

    Example:
      vtm batch resume B1
    """
    way.show(cut(resumed(way.app, batch), budget, "waves", "waiting"))
    return ExitCode.OK
