"""`vtm plan`."""

import click

from vtm.app.planning import planned
from vtm.cli.answering import Way, answering
from vtm.cli.budgeting import budgeting, cut
from vtm.cli.filtering import filtering
from vtm.errors import ExitCode
from vtm.model.status import Risk
from vtm.queries.filters import Filters
from vtm.queries.planning import Mode


@click.command()
@filtering
@click.option(
    "--mode",
    type=click.Choice([each.value for each in Mode]),
    default=Mode.SEQUENTIAL.value,
    help="One after another (default), or side by side what may be.",
)
@click.option(
    "--max",
    "places",
    type=click.IntRange(min=1),
    metavar="N",
    help="At most N tasks at once, with --mode parallel; [parallel] max if not set.",
)
@budgeting
@answering()
def command(
    way: Way, phase: str, slice_: str, risk: Risk | None, mode: str, places: int | None, budget: int | None
) -> ExitCode:
    """Plan what can be done side by side, and how long it takes.

    One after another, tasks come in the order of `vtm next`. Side by side, a group is what starts at the same
    moment, and what has the most minutes behind it goes first: tasks of a group neither depend on each other
    nor conflict, and their file scopes share no path; a High task and one that says `parallel: false` run
    alone. That is planned only if every selected task declares `parallel` and `conflicts_with`.

    Tasks in progress hold their places and files. Estimates are those of [estimate]; from five completed
    tasks of a size on, it is the median of what they took, as the journal has it.

    Example:
      vtm plan
      vtm plan --slice 1.2 --mode parallel
      vtm plan --mode parallel --max 2 --json
    """
    answer = planned(way.app, Filters(phase, slice_, risk), Mode(mode), places)
    way.show(cut(answer, budget, "groups", "unplanned"))
    return ExitCode.OK
