"""`vtm graph risk-path`."""

import click

from vtm.app.analysing import analysed, flaws
from vtm.cli.answering import Way, answering
from vtm.cli.budgeting import budgeting, cut
from vtm.errors import ExitCode
from vtm.graph.readiness import Readiness
from vtm.queries.graph_chain import risk_path


@click.command()
@budgeting
@answering()
def command(way: Way, budget: int | None) -> ExitCode:
    """Show the chain of dependencies that carries most risk.

    The risk of a task is the probability that it fails times the weight of its impact.

    Example:
      vtm graph risk-path
    """
    backlog = analysed(way.app)
    answer = risk_path(backlog, Readiness(backlog), flaws(way.app, backlog, "risk", "impact"))
    way.show(cut(answer, budget, "tasks"))
    return ExitCode.OK
