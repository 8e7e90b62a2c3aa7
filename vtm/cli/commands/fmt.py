"""`vtm fmt`."""

import click

from vtm.app.formatting import chosen, format_files
from vtm.cli.answering import Way, answering
from vtm.errors import ExitCode


@click.command()
@click.argument("paths", nargs=-1)
@click.option("--check", is_flag=True, help="Only list the files that would change.")
@answering()
def command(way: Way, paths: tuple[str, ...], check: bool) -> ExitCode:
    """Put the front matter of task files in one order.

    The order is id, title or name, status, times, dependencies, risk, scope, impact, level, then the rest as
    found. Comments move with their key; no other byte changes. PATHS are files and folders; without any, all
    task files are meant.
    Exit code 1: with --check, a file would change; or one cannot be put in order safely, and stays as it is.

    Example:
      vtm fmt --check
      vtm fmt
    """
    answer = format_files(way.app, chosen(way.app, way.folder, paths), check=check)
    way.show(answer)
    return ExitCode.OK if answer.ok else ExitCode.NO
