"""`vtm commit-msg`."""

import click

from vtm.cli.answering import Way, answering
from vtm.errors import ExitCode
from vtm.model.naming import criteria_named, task_named
from vtm.queries.commit_scaffold import commit_scaffold


@click.command()
@click.argument("task_id", metavar="TASK")
@click.argument("criterion", metavar="AC")
@answering()
def command(way: Way, task_id: str, criterion: str) -> ExitCode:
    """Print the message of the commit that meets a criterion.

    One line of at most 72 characters, and the whole text of the criterion below. AC may be the end of its id.

    Example:
      vtm commit-msg AUTH--T03 AC01
      vtm commit-msg AUTH--T03 AC01 | git commit -F -
    """
    backlog = way.app.backlog
    task = task_named(backlog, task_id)
    (named,) = criteria_named(backlog, task, [criterion])
    way.show(commit_scaffold(task, next(each for each in task.acceptance_criteria if each.id == named)))
    return ExitCode.OK
