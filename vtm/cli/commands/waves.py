"""`vtm waves`."""

import click

from vtm.app.planning import in_waves
from vtm.cli.answering import Way, answering
from vtm.cli.budgeting import budgeting, cut
from vtm.cli.filtering import filtering
from vtm.errors import ExitCode
from vtm.model.status import Risk
from vtm.queries.filters import Filters

_COUNT = click.IntRange(min=1)


@click.command()
@filtering
@click.option(
    "--size",
    type=_COUNT,
    metavar="N",
    help="At most N tasks in a wave; [parallel] wave if not set, and never more than wip_limit.",
)
@click.option(
    "--max",
    "most",
    type=_COUNT,
    metavar="N",
    help="What --size must not exceed; [parallel] wave_max if not set.",
)
@budgeting
@answering()
def command(
    way: Way,
    phase: str,
    slice_: str,
    risk: Risk | None,
    size: int | None,
    most: int | None,
    budget: int | None,
) -> ExitCode:
    """Plan waves of tasks that are launched together.

    For who launches a whole wave and waits for it. The same tasks may share a wave as a group of
    `vtm plan --mode parallel`.

    Example:
      vtm waves
      vtm waves --slice 1.2 --size 2 --json
    """
    answer = in_waves(way.app, Filters(phase, slice_, risk), size, most)
    way.show(cut(answer, budget, "waves", "unplanned"))
    return ExitCode.OK
