"""`vtm read`."""

import click

from vtm.app.reading import read_for
from vtm.cli.answering import Way, answering
from vtm.errors import ExitCode
from vtm.model.naming import task_named


@click.command()
@click.argument("task_id", metavar="TASK")
@click.argument("files", metavar="[FILE...]", nargs=-1)
@click.option("--dry-run", is_flag=True, help="Show what would be read; remember nothing.")
@answering()
def command(way: Way, task_id: str, files: tuple[str, ...], dry_run: bool) -> ExitCode:
    """Record that context files of a task were read.

    A receipt is for what is in a file now. Without FILE it is all of them: the specs, ADRs and guides that
    the task names.

    Example:
      vtm read AUTH--T02
      vtm read AUTH--T02 docs/specs/shop.md
    """
    task = task_named(way.app.backlog, task_id)
    way.show(read_for(way.app, task, way.folder, files, dry_run=dry_run))
    return ExitCode.OK
