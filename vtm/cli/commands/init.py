"""`vtm init`."""

import click

from vtm.app.initialising import initialised, initialised_with_git
from vtm.cli.answering import Way, answering
from vtm.errors import ExitCode


@click.command()
@click.option("--git", "with_git", is_flag=True, help="Also set up merging and the pre-commit hook in git.")
@answering()
def command(way: Way, with_git: bool) -> ExitCode:
    """Make a project ready for vtm.

    It writes vtm.toml and the state file, and a starter backlog where there is none.
    Nothing that exists is changed; running it twice does nothing more.
    With --git, git learns to merge state and journal without loss, and a pre-commit hook keeps them off
    feature branches; a hook that is there stays as it is.

    Example:
      vtm init
      vtm init --git
      vtm -C my-project init
    """
    way.show(initialised_with_git(way.app) if with_git else initialised(way.app))
    return ExitCode.OK
