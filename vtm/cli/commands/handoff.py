"""`vtm handoff`."""

import click

from vtm.app.handing_over import handoff_of, written
from vtm.cli.answering import Way, answering
from vtm.cli.named_input import read_named
from vtm.cli.recording import recording
from vtm.errors import ExitCode
from vtm.model.facts import Caller


@click.command()
@click.argument("task_id", metavar="TASK")
@click.option("--write", "file", metavar="FILE", help="Keep the hand-over in FILE; - is standard input.")
@recording
@answering()
def command(way: Way, task_id: str, file: str | None, caller: Caller, dry_run: bool) -> ExitCode:
    """Hand a task over to whoever goes on.

    Shown is what is done, which files were changed, what is next, what has to stay as it is and how tests
    ended: as state, journal and branch have it, and as it was last written down. The branch is that of the
    task where a worktree has it checked out, else that of the worktree you are in. FILE is JSON with lists
    of texts: done, files, next, constraints, tests; it may stand in other text. It is kept in the journal.

    Example:
      vtm handoff AUTH--T02
      vtm handoff AUTH--T02 --write handoff.json
    """
    if file is None:
        way.show(way.ask(lambda app: handoff_of(app, task_id)))
        return ExitCode.OK
    name, text = read_named(way.folder, file)
    answer = written(way.app, task_id, text, caller, source=name, dry_run=dry_run, tell=way.tell)
    way.show(answer)
    return ExitCode.OK
