"""`vtm batch list`."""

from typing import Any

import click

from vtm.app.batches import all_batches, seen
from vtm.cli.answering import Way, answering
from vtm.cli.budgeting import budgeting, cut
from vtm.errors import ExitCode
from vtm.model.batch import Mark


class _Marks(click.ParamType[Any]):
    """How tasks of a batch stand, with commas between them; `O` and `i` mean what they say in their case."""

    name = "marks"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> frozenset[Mark]:
        """Read marks."""
        if isinstance(value, frozenset):
            return value
        names = [each.strip() for each in str(value).split(",")]
        for each in names:
            if each not in set(Mark):
                self.fail(f"{each!r} is none of {', '.join(Mark)}.", param, ctx)
        return frozenset(map(Mark, names))


@click.command()
@click.option("--batch", default="", metavar="ID", help="Tasks of this batch; without it, all batches.")
@click.option(
    "--status",
    "marks",
    type=_Marks(),
    default=frozenset(),
    metavar="O,i,…",
    help="Only tasks that stand so: O, i, I, Q, blocked, abandoned, gone.",
)
@budgeting
@answering()
def command(way: Way, batch: str, marks: frozenset[Mark], budget: int | None) -> ExitCode:
    """List the tasks of a batch, or all batches.

    Example:
      vtm batch list
      vtm batch list --batch B1 --status O,i
    """
    if marks and not batch:
        raise click.UsageError("--status is for tasks of one batch; say which with --batch ID.")
    if batch:
        way.show(cut(seen(way.app, batch, marks), budget, "tasks"))
    else:
        way.show(cut(all_batches(way.app), budget, "batches"))
    return ExitCode.OK
