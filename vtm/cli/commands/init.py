"""`vtm init`."""

import click

from vtm.app.initialising import initialised
from vtm.cli.answering import Way, answering
from vtm.errors import ExitCode


@click.command()
@answering()
def command(way: Way) -> ExitCode:
    """Make a project ready for vtm.

    It writes vtm.toml and the state file, and a starter backlog where there is none.
    Nothing that exists is changed; running it twice does nothing more.

    Example:
      vtm init
      vtm -C my-project init
    """
    way.show(initialised(way.app))
    return ExitCode.OK
