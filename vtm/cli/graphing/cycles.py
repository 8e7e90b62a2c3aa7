"""`vtm graph cycles`."""

import click

from vtm.app.analysing import analysed, flaws
from vtm.cli.answering import Way, answering
from vtm.cli.budgeting import budgeting, cut
from vtm.errors import ExitCode
from vtm.queries.graph_order import cycle_list


@click.command()
@budgeting
@answering()
def command(way: Way, budget: int | None) -> ExitCode:
    """Draw every cycle once, and say what stands behind it.

    Example:
      vtm graph cycles
    """
    backlog = analysed(way.app)
    answer = cycle_list(backlog, flaws(way.app, backlog))
    way.show(cut(answer, budget, "cycles"))
    return ExitCode.OK
