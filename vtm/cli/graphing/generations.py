"""`vtm graph generations`."""

import click

from vtm.app.analysing import analysed, flaws
from vtm.cli.answering import Way, answering
from vtm.cli.budgeting import budgeting, cut
from vtm.errors import ExitCode
from vtm.graph.readiness import Readiness
from vtm.queries.graph_order import task_generations


@click.command()
@budgeting
@answering()
def command(way: Way, budget: int | None) -> ExitCode:
    """List tasks by their longest chain of dependencies.

    Tasks of one generation do not depend on each other.

    Example:
      vtm graph generations
    """
    backlog = analysed(way.app)
    answer = task_generations(backlog, Readiness(backlog), flaws(way.app, backlog))
    way.show(cut(answer, budget, "generations"))
    return ExitCode.OK
