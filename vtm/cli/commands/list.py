"""`vtm list`."""

import click

from vtm.cli.answering import Way, answering
from vtm.cli.filtering import filtering
from vtm.errors import ExitCode
from vtm.graph.readiness import Readiness
from vtm.model.status import Risk, Status
from vtm.queries.filters import Filters
from vtm.queries.listing import Sort, task_list


@click.command()
@click.option("--eligible", is_flag=True, help="Only tasks that can be taken up now, in order of selection.")
@click.option(
    "--status",
    "statuses",
    multiple=True,
    type=click.Choice(list(Status)),
    help="Only this status; repeatable.",
)
@click.option("--capability", default="", metavar="ID", help="Only tasks of this capability.")
@filtering
@click.option("--sort", type=click.Choice(list(Sort)), default=Sort.ORDER, help="Order of the list.")
@click.option("--limit", type=click.IntRange(min=0), default=0, metavar="N", help="At most N tasks; 0: all.")
@answering()
def command(
    way: Way,
    eligible: bool,
    statuses: tuple[Status, ...],
    capability: str,
    phase: str,
    slice_: str,
    risk: Risk | None,
    sort: Sort,
    limit: int,
) -> ExitCode:
    """List tasks, one line each.

    \b
    Example:
      vtm list --eligible
      vtm list --status in-progress --status blocked --json
      vtm list --phase 1 --risk high --sort id
    """  # noqa: D301
    backlog = way.app.backlog
    filters = Filters(phase, slice_, risk, capability, frozenset(map(Status, statuses)))
    readiness = Readiness(backlog)
    way.show(task_list(backlog, readiness, filters, eligible=eligible, sort=Sort(sort), limit=limit))
    return ExitCode.OK
