"""`vtm git-merge`."""

import click

from vtm.app.merging import Asked, merge_state
from vtm.cli.answering import Way, answering
from vtm.errors import ExitCode


@click.command()
@click.argument("base", metavar="BASE")
@click.argument("ours", metavar="OURS")
@click.argument("theirs", metavar="THEIRS")
@click.argument("path", metavar="[PATH]", default="")
@answering()
def command(way: Way, base: str, ours: str, theirs: str, path: str) -> ExitCode:
    """Merge two versions of the state file; git calls it.

    BASE, OURS and THEIRS are files with the three versions, and OURS becomes the result. PATH is where the
    state lies in the repository. The journals of both sides decide. What both changed differently and no
    journal decides is a conflict: exit 1, ours stays, and task-state.conflicts.json beside the state has
    all values. `vtm init --git` registers it.

    Example:
      git config merge.vtm.driver 'vtm git-merge %O %A %B %P'
    """
    way.show(merge_state(way.app, Asked(way.folder, base, ours, theirs, path)))
    return ExitCode.OK
