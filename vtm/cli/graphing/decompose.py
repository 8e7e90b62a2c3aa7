"""`vtm graph decompose`."""

import click

from vtm.app.analysing import analysed, flaws
from vtm.cli.answering import Way, answering
from vtm.cli.budgeting import budgeting, cut
from vtm.errors import ExitCode
from vtm.graph.readiness import Readiness
from vtm.queries.graph_risk import decomposition


@click.command()
@budgeting
@answering()
def command(way: Way, budget: int | None) -> ExitCode:
    """List tasks that are too risky or too wide to stay whole.

    That is risk from high, and scope from broad or size L.

    Example:
      vtm graph decompose
    """
    backlog = analysed(way.app)
    found = flaws(way.app, backlog, "risk", "scope", dependencies=False)
    way.show(cut(decomposition(backlog, Readiness(backlog), found), budget, "tasks"))
    return ExitCode.OK
