"""`vtm graph show`."""

import click

from vtm.app.analysing import analysed
from vtm.cli.answering import Way, answering
from vtm.errors import ExitCode
from vtm.graph.readiness import Readiness
from vtm.model.naming import task_named
from vtm.queries.graph_view import graph_view
from vtm.rendering.text.graph_show import dot, mermaid


@click.command()
@click.argument("task_id", metavar="[TASK]", default="")
@answering("dot", "mermaid")
def command(way: Way, task_id: str) -> ExitCode:
    """Show all tasks, or what TASK hangs together with.

    That is everything TASK depends on and everything that depends on it.

    Example:
      vtm graph show
      vtm graph show AUTH--T02 --format dot | dot -Tsvg > graph.svg
    """
    backlog = analysed(way.app)
    around = task_named(backlog, task_id) if task_id else None
    view = graph_view(backlog, Readiness(backlog), around)
    drawings = {"dot": dot, "mermaid": mermaid}
    if way.format in drawings:
        way.write(drawings[way.format](view))
    else:
        way.show(view)
    return ExitCode.OK
