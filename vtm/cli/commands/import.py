"""`vtm import`."""  # noqa: N999  named like the command

import click

from vtm.app.exchange_files import format_of, input_files, not_taken
from vtm.app.importing import Wish, import_tasks
from vtm.cli.answering import Way, answering
from vtm.cli.budgeting import budgeting, cut
from vtm.cli.stdin import STDIN, read_stdin
from vtm.errors import ExitCode
from vtm.exchange.reading import File


@click.command(name="import")
@click.argument("name", metavar="FORMAT")
@click.argument("path")
@click.option("--apply/--dry-run", help="Write it; without this, it is only shown.")
@click.option("--prefix", metavar="P", default="", help="Put P in front of every id that comes in.")
@click.option("--strict", is_flag=True, help="Exit code 1 also where only a part cannot be read.")
@budgeting
@answering()
def command(
    way: Way, name: str, path: str, apply: bool, prefix: str, strict: bool, budget: int | None
) -> ExitCode:
    """Take over the tasks of another tool.

    FORMAT is backlog-md, beads, csv, spec-kit, taskmaster, taskwarrior or vtm-cli. PATH is a file or folder
    of it; - reads standard input. What vtm has no place for is kept, and an export gives it back.
    Exit code 1: nothing can be read, or an id is taken already.

    Example:
      vtm import beads .beads/issues.jsonl
      vtm import beads .beads/issues.jsonl --prefix bd/ --apply
    """
    form = format_of(name)
    if path == "-" and form.folders:
        raise click.UsageError(f"{name} is a folder, and cannot come from standard input.")
    files = [File(STDIN, read_stdin())] if path == "-" else input_files(form, way.folder, path)
    shown = STDIN if path == "-" else path
    answer, notices = import_tasks(way.app, Wish(name, shown, prefix, strict, apply), files)
    way.show(cut(answer, budget, "tasks"))
    way.tell([*not_taken(form, way.folder, path), *notices])
    return ExitCode.OK if answer.ok else ExitCode.NO
