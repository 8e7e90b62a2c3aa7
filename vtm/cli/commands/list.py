"""`vtm list`."""

import click

from vtm.cli.answering import Way, answering
from vtm.cli.budgeting import budgeting
from vtm.cli.filtering import filtering
from vtm.errors import ExitCode
from vtm.graph.readiness import Readiness
from vtm.model.status import Risk, Status
from vtm.queries.budget import within
from vtm.queries.filters import Filters
from vtm.queries.listing import Sort, task_list


@click.command()
@click.option("--eligible", is_flag=True, help="Only tasks that can be taken up now, in order of selection.")
@click.option(
    "--status",
    "statuses",
    multiple=True,
    type=click.Choice([each.value for each in Status]),
    help="Only this status; repeatable.",
)
@click.option("--capability", default="", metavar="ID", help="Only tasks of this capability.")
@filtering
@click.option(
    "--sort",
    type=click.Choice([each.value for each in Sort]),
    default=Sort.ORDER.value,
    help="Order of the list.",
)
@click.option("--limit", type=click.IntRange(min=0), default=0, metavar="N", help="At most N tasks; 0: all.")
@budgeting
@answering()
def command(
    way: Way,
    eligible: bool,
    statuses: tuple[str, ...],
    capability: str,
    phase: str,
    slice_: str,
    risk: Risk | None,
    sort: str,
    limit: int,
    budget: int | None,
) -> ExitCode:
    """List tasks, one line each.

    Example:
      vtm list --eligible
      vtm list --status in-progress --status blocked --json
      vtm list --phase 1 --risk high --sort id
    """
    backlog = way.app.backlog
    filters = Filters(phase, slice_, risk, capability, frozenset(Status(each) for each in statuses))
    readiness = Readiness(backlog)
    answer = task_list(backlog, readiness, filters, eligible=eligible, sort=Sort(sort), limit=limit)
    way.show(within(answer, budget, ("tasks",)) if budget else answer)
    return ExitCode.OK
