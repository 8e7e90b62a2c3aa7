"""`vtm replay`."""

import click

from vtm.app.history import replayed
from vtm.cli.answering import Way, answering
from vtm.errors import ExitCode


@click.command()
@click.option("--check", is_flag=True, help="Exit with 1 where the state is not what the journal gives.")
@answering()
def command(way: Way, check: bool) -> ExitCode:
    """Compare the state with its journal.

    The state is worked out from the journal alone. Listed are entries that differ, events that were not
    legal where they stand, and lines that are no events.

    Example:
      vtm replay --check
      vtm replay --json
    """
    answer = replayed(way.app)
    way.show(answer)
    return ExitCode.NO if check and not answer.sound else ExitCode.OK
