"""`vtm phase`."""

import click

from vtm.app.seeing_phases import phase_seen
from vtm.cli.answering import Way, answering
from vtm.errors import ExitCode


@click.command()
@click.argument("phase", metavar="[PHASE]", required=False)
@answering()
def command(way: Way, phase: str | None) -> ExitCode:
    """Show which phases are done, current and left.

    With the gates at their borders, and how each ended; and for the current phase, or the one that is
    named, the files that each agent changed.

    Example:
      vtm phase
      vtm phase "Phase 2" --json
    """
    way.show(way.ask(lambda app: phase_seen(app, phase)))
    return ExitCode.OK
