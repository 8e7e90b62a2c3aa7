"""`vtm graph critical`."""

import click

from vtm.app.analysing import analysed, flaws
from vtm.cli.answering import Way, answering
from vtm.cli.budgeting import budgeting, cut
from vtm.errors import ExitCode
from vtm.graph.readiness import Readiness
from vtm.queries.graph_chain import By, critical_path


@click.command()
@click.option(
    "--by",
    type=click.Choice([each.value for each in By]),
    default=By.COUNT.value,
    help="What makes a chain long: its tasks (default), or their minutes as [estimate] has them.",
)
@budgeting
@answering()
def command(way: Way, by: str, budget: int | None) -> ExitCode:
    """Show the longest chain of dependencies.

    Example:
      vtm graph critical
      vtm graph critical --by estimate
    """
    backlog = analysed(way.app)
    estimate = way.app.settings.estimate
    answer = critical_path(backlog, Readiness(backlog), estimate, By(by), flaws(way.app, backlog))
    way.show(cut(answer, budget, "tasks"))
    return ExitCode.OK
