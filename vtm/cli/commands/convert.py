"""`vtm convert`."""

from typing import Any

import click

from vtm.app.converting import converted
from vtm.cli.answering import Way, answering
from vtm.errors import ExitCode


@click.command()
@click.argument("to", type=click.Choice(["manifest", "markdown"]), metavar="manifest|markdown")
@click.option("--apply/--dry-run", help="Write it; without this, it is only shown.")
@click.option("--remove", is_flag=True, help="Then remove the old files, or empty the manifest's list.")
@answering()
def command(way: Way, to: Any, apply: bool, remove: bool) -> ExitCode:
    """Move all tasks to the manifest, or to Markdown files.

    Nothing is lost: what the other form has no place for is kept in it under x_manifest or x_markdown, and
    moves back with the task. All tasks are moved, or none. Without --remove, the old ones stay, too.
    Exit code 1: some cannot be converted, and nothing was written.

    Example:
      vtm convert markdown
      vtm convert markdown --apply --remove
    """
    answer = converted(way.app, to, apply=apply, remove=remove)
    way.show(answer)
    return ExitCode.OK if answer.ok else ExitCode.NO
