"""`vtm graph order`."""

import click

from vtm.app.analysing import analysed, flaws
from vtm.cli.answering import Way, answering
from vtm.cli.budgeting import budgeting, cut
from vtm.errors import ExitCode
from vtm.graph.readiness import Readiness
from vtm.queries.graph_order import task_order


@click.command()
@budgeting
@answering()
def command(way: Way, budget: int | None) -> ExitCode:
    """List all tasks in an order in which they can be done.

    Of tasks that are free at the same time, the one declared first comes first.

    Example:
      vtm graph order
      vtm graph order --json --budget 2000
    """
    backlog = analysed(way.app)
    answer = task_order(backlog, Readiness(backlog), flaws(way.app, backlog))
    way.show(cut(answer, budget, "tasks"))
    return ExitCode.OK
