"""`vtm hook pre-commit`."""

import click

from vtm.app.guarding import commit_checked
from vtm.cli.answering import Way, answering
from vtm.errors import ExitCode


@click.command()
@answering()
def command(way: Way) -> ExitCode:
    """Refuse a commit that takes state or journal on a feature branch.

    They belong on the main branch alone, see [git] main. There, without a branch and outside git every
    commit passes, and so do files that are as the commit has them that is being merged. Silent when it
    passes. `vtm init --git` installs it.

    Example:
      vtm hook pre-commit
    """
    answer = commit_checked(way.app, way.folder)
    if way.format == "json":
        way.show(answer)
    return ExitCode.OK
