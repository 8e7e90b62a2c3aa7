"""`vtm blocked`."""

import click

from vtm.cli.answering import Way, answering
from vtm.cli.budgeting import budgeting
from vtm.errors import ExitCode
from vtm.graph.readiness import Readiness
from vtm.queries.blocked import blocked_tasks
from vtm.queries.budget import within


@click.command()
@budgeting
@answering()
def command(way: Way, budget: int | None) -> ExitCode:
    """Show what cannot start, and what it waits for.

    Three lists: blocked by status; waiting for something that can still happen; stuck behind a cycle, an
    unknown id or an abandoned task. What waits for the worst blocker comes first.

    Example:
      vtm blocked
      vtm blocked --json
    """
    backlog = way.app.backlog
    answer = blocked_tasks(backlog, Readiness(backlog))
    way.show(within(answer, budget, ("blocked", "waiting", "stuck")) if budget else answer)
    return ExitCode.OK
