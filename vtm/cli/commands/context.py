"""`vtm context`."""

import click

from vtm.app.contexts import context_of
from vtm.cli.answering import Way, answering
from vtm.errors import ExitCode
from vtm.model.naming import task_named


@click.command()
@click.argument("task_id", metavar="TASK")
@click.option(
    "--budget",
    type=click.IntRange(min=1),
    metavar="N",
    help="At most N tokens, 4 characters each, in any form.",
)
@answering("md")
def command(way: Way, task_id: str, budget: int | None) -> ExitCode:
    """Show the documents that a task refers to.

    Those that fit into the budget are whole. Of the others there are the sections that name the task or one
    of its criteria, then those that name its capability, then those that share words with it; code blocks are
    never cut. What was left out is listed with its size. Text and md are the same Markdown.

    Example:
      vtm context AUTH--T03
      vtm context AUTH--T03 --budget 4000 --json
    """
    way.show(context_of(way.app, task_named(way.app.backlog, task_id), budget))
    return ExitCode.OK
