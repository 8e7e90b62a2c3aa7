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
    """Plan what is left: what can be done side by side, in which order, and how long it takes.

    A group is what starts at the same moment. Its tasks neither depend on each other nor conflict, and their
    file scopes share no path; a High task and one that says `parallel: false` run alone. What has the most
    minutes behind it goes first, where `vtm next` goes by risk.

    Side by side is planned only if every selected task declares `parallel` and `conflicts_with`.

    Example:
      vtm plan
      vtm plan --slice 1.2 --mode parallel
      vtm plan --mode parallel --max 2 --json
    """
    answer = planned(way.app, Filters(phase, slice_, risk), Mode(mode), places)
    way.show(cut(answer, budget, "groups", "unplanned"))
    return ExitCode.OK
