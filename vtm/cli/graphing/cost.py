"""`vtm graph cost`."""

from math import isnan
from typing import Any

import click

from vtm.app.analysing import analysed, flaws
from vtm.cli.answering import Way, answering
from vtm.cli.budgeting import budgeting, cut
from vtm.errors import ExitCode
from vtm.graph.cost import RETENTION, Extras
from vtm.graph.readiness import Readiness
from vtm.queries.graph_cost import Model, Question, cost_estimate

_MOST = 1e9


class _Number(click.FloatRange):
    """A number in a range, as click has it, but never one that is none."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        found = super().convert(value, param, ctx)
        return self.fail(f"{value!r} is not a number.", param, ctx) if isnan(found) else found


_AMOUNT = _Number(0, _MOST)


@click.command()
@click.option(
    "--model",
    type=click.Choice([each.value for each in Model]),
    default=Model.RETRIES.value,
    help="With two more tries and the price of giving up (default), or scope times impact.",
)
@click.option("--propagate", is_flag=True, help="Risky parents make their dependents less likely to succeed.")
@click.option(
    "--retention",
    type=_Number(0, 1),
    metavar="R",
    help=f"With --propagate: part of the chance that is left where a parent fails; {RETENTION} if not set.",
)
@click.option("--all", "everything", is_flag=True, help="Count completed and abandoned tasks, too.")
@click.option("--value-rate", type=_AMOUNT, metavar="N", help="Simple model: what a unit of cost is worth.")
@click.option("--fallback-cost", type=_AMOUNT, metavar="N", help="Simple model: what failing costs.")
@click.option(
    "--retries", type=click.IntRange(0, 1000), metavar="N", help="Simple model: how often to try again."
)
@click.option("--time-lost", type=_AMOUNT, metavar="N", help="Simple model: what trying again costs.")
@budgeting
@answering()
def command(
    way: Way,
    model: str,
    propagate: bool,
    retention: float | None,
    everything: bool,
    budget: int | None,
    **extras: float | None,
) -> ExitCode:
    """Estimate what the remaining tasks will cost.

    Costs are in units of one try at a task of the smallest scope.

    Example:
      vtm graph cost
      vtm graph cost --propagate --json
      vtm graph cost --model simple --time-lost 5
    """
    if retention is not None and not propagate:
        raise click.UsageError("--retention is for --propagate.")
    if model != Model.SIMPLE and any(each is not None for each in extras.values()):
        names = ", ".join(f"--{name.replace('_', '-')}" for name in extras)
        raise click.UsageError(f"{names} are for --model simple.")
    kept = RETENTION if retention is None else retention
    question = Question(Model(model), propagate, kept, everything, Extras(**extras))
    backlog = analysed(way.app)
    found = flaws(way.app, backlog, "risk", "scope", "impact")
    answer = cost_estimate(backlog, Readiness(backlog), question, found)
    way.show(cut(answer, budget, "tasks"))
    return ExitCode.OK
