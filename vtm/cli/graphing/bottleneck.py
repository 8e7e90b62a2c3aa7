"""`vtm graph bottleneck`."""

from time import monotonic

import click

from vtm.app.analysing import analysed, flaws
from vtm.cli.answering import Way, answering
from vtm.cli.budgeting import budgeting, cut
from vtm.errors import ExitCode, WrongUsageError
from vtm.graph.betweenness import EXACT_UP_TO
from vtm.graph.readiness import Readiness
from vtm.queries.graph_bottleneck import bottlenecks

_SLOW = 2000
"""From how many tasks on it is worth saying how long it took."""


@click.command()
@click.option("--force", is_flag=True, help=f"Answer for more than {EXACT_UP_TO} tasks, too.")
@budgeting
@answering()
def command(way: Way, force: bool, budget: int | None) -> ExitCode:
    """List tasks by how much of the backlog leads over them.

    The score is the betweenness of a task, from 0 to 1. The time grows with tasks times dependencies.

    Example:
      vtm graph bottleneck
      vtm graph bottleneck --json --budget 500
    """
    backlog = analysed(way.app)
    count = len(backlog.tasks)
    if count > EXACT_UP_TO and not force:
        raise WrongUsageError(
            f"{count} tasks: the time grows with tasks times dependencies, and this would take very long",
            code="TOO-MANY-TASKS",
            fix="use `vtm graph critical`, or add --force and wait",
        )
    began = monotonic()
    answer = bottlenecks(backlog, Readiness(backlog), flaws(way.app, backlog))
    if count >= _SLOW:
        way.tell([f"{count} tasks took {monotonic() - began:.1f} s"])
    way.show(cut(answer, budget, "tasks"))
    return ExitCode.OK
