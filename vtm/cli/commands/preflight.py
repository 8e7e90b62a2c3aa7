"""`vtm preflight`."""

import click

from vtm.app.validating import preflighted
from vtm.cli.answering import Way, answering
from vtm.errors import ExitCode


@click.command()
@answering()
def command(way: Way) -> ExitCode:
    """Check everything that must hold before work begins: backlog, PRD, state, git.

    Exit code 1: a check is blocked. Nothing is written.

    \b
    Example:
      vtm preflight
      vtm preflight --json
    """  # noqa: D301
    answer, missing = preflighted(way.app)
    way.show(answer)
    if missing:
        return ExitCode.UNREADABLE
    return ExitCode.OK if answer.ok else ExitCode.NO
