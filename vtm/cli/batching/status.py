"""`vtm batch status`."""

import click

from vtm.app.batches import seen
from vtm.cli.answering import Way, answering
from vtm.cli.budgeting import budgeting, cut
from vtm.errors import ExitCode


@click.command()
@click.argument("batch", metavar="ID")
@budgeting
@answering()
def command(way: Way, batch: str, budget: int | None) -> ExitCode:
    """Show a batch, and how each of its tasks stands.

    Example:
      vtm batch status B1
    """
    way.show(cut(seen(way.app, batch), budget, "tasks"))
    return ExitCode.OK
