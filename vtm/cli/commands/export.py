"""`vtm export`."""

import click

from vtm.app.exchange_files import write_files
from vtm.app.exporting import export_tasks
from vtm.cli.answering import Way, answering, terminal
from vtm.errors import ExitCode
from vtm.queries.exported import Exported, sentences
from vtm.rendering.plain import json_text, many_lines


@click.command()
@click.argument("name", metavar="FORMAT")
@click.argument("path", required=False)
@answering()
def command(way: Way, name: str, path: str | None) -> ExitCode:
    """Give the tasks, with where they stand, to another tool.

    FORMAT is backlog-md, beads, csv, spec-kit, taskmaster, taskwarrior or vtm-cli. Without PATH it goes to
    standard output; PATH must not be there yet. What the format cannot hold is said, and so are task files
    that cannot be read. Exit code 1: these are all there is.

    Example:
      vtm export csv > backlog.csv
      vtm export beads issues.jsonl
    """
    export = export_tasks(way.app, name)
    code = ExitCode.OK if export.tasks or not export.unreadable else ExitCode.NO
    if path is not None:
        write_files(export.form, export.files, way.folder / path, path)
        told = export.left_out, export.unreadable
        way.show(Exported(name, path, len(export.files), export.tasks, *told))
        return code
    if export.form.folders:
        raise click.UsageError(f"{name} is a folder of files: name the PATH that it is to have.")
    text = export.files[0].data.decode()
    if text.startswith(("{", "[")):
        text = json_text(text)
    elif terminal().interactive:
        text = many_lines(text)
    way.write(text.removesuffix("\n"))
    way.tell(sentences(name, export.left_out, export.unreadable))
    return code
