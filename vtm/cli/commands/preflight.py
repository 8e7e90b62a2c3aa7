"""`vtm preflight`."""

import click

from vtm.app.validating import preflighted
from vtm.cli.answering import Way, answering
from vtm.errors import ExitCode


@click.command()
@answering()
def command(way: Way) -> ExitCode:
    """Check all that must hold before work begins.

    That is the backlog, the master PRD, the state and git.
    Exit code 1: a check is blocked; 3: there is no backlog at all. Nothing is written.

    Example:
      vtm preflight
      vtm preflight --json
    """
    answer, missing = preflighted(way.app)
    way.show(answer)
    if missing:
        return ExitCode.UNREADABLE
    return ExitCode.OK if answer.ok else ExitCode.NO
