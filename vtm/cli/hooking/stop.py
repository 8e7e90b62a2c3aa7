"""`vtm hook stop`."""

import click

from vtm.cli.hosted import hosted


@click.command()
@hosted("stop")
def command() -> None:
    """Remind an agent that stops of what it has claimed.

    The event comes as JSON on standard input. A task that the session claimed and that is neither completed
    nor blocked is pointed out, once.

    Example:
      vtm hook stop < event.json
    """
