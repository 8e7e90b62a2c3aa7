"""`vtm report-back`."""

import click

from vtm.app.reporting_back import reported
from vtm.cli.answering import Way, answering
from vtm.cli.named_input import read_named
from vtm.cli.recording import recording
from vtm.errors import ExitCode
from vtm.model.facts import Caller


@click.command()
@click.argument("file", metavar="FILE")
@recording
@answering()
def command(way: Way, file: str, caller: Caller, dry_run: bool) -> ExitCode:
    """Take the report of a worker, as far as it is right.

    FILE is its JSON, or text with that in it; - reads standard input. What the branch of the task has changed
    is compared with it: in the worktree that has it checked out, else in the one you are in. A task that is
    reported as completed has to meet all that `vtm complete` asks for. Exit code 1: it does not; criteria
    that are met are recorded, and what is missing is named.

    Example:
      vtm report-back report.json
      vtm report-back report.json --epoch 2 --dry-run
    """
    name, text = read_named(way.folder, file)
    answer = reported(way.app, text, caller, name=name, dry_run=dry_run, tell=way.tell)
    way.show(answer)
    return ExitCode.OK if answer.ok else ExitCode.NO
