"""`vtm edit`."""

import os
from pathlib import Path

import click

from vtm.app.editing import edit, read_start
from vtm.cli.answering import Way, answering
from vtm.errors import ExitCode
from vtm.runners.editor import edit_file


@click.command()
@click.argument("task", metavar="TASK")
@click.option("--from", "start", metavar="FILE", help="Begin with this text, which was refused before.")
@answering()
def command(way: Way, task: str, start: str | None) -> ExitCode:
    """Edit the declaration of one task in VISUAL or EDITOR.

    The editor shows the task alone: its Markdown file, or its object in the manifest. What it saves is taken
    if the backlog has no error with it that it does not have now. Exit code 1: it has; all stays as it was,
    and the text is kept in a file.

    Example:
      vtm edit AUTH--T03
    """
    text = read_start(way.folder, start) if start is not None else None

    def editor(file: Path) -> None:
        edit_file(os.environ.get("VISUAL") or os.environ.get("EDITOR") or "", file)

    answer = edit(way.app, task, editor, start=text)
    way.show(answer)
    return ExitCode.OK if answer.ok else ExitCode.NO
