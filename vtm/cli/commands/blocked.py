"""`vtm blocked`."""

import click

from vtm.cli.answering import Way, answering
from vtm.errors import ExitCode
from vtm.graph.readiness import Readiness
from vtm.queries.blocked import blocked_tasks


@click.command()
@answering()
def command(way: Way) -> ExitCode:
    """Show what cannot start, and what it waits for.

    Three lists: blocked by status; waiting for something that can still happen; stuck behind a cycle, an
    unknown id or an abandoned task. What waits for the worst blocker comes first.

    \b
    Example:
      vtm blocked
      vtm blocked --json
    """  # noqa: D301
    backlog = way.app.backlog
    way.show(blocked_tasks(backlog, Readiness(backlog)))
    return ExitCode.OK
