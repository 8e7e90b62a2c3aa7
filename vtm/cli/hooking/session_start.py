"""`vtm hook session-start`."""

import click

from vtm.cli.hosted import hosted


@click.command()
@hosted("session-start")
def command() -> None:
    """Tell an agent that starts how things stand.

    The event comes as JSON on standard input. The agent gets the pulse, the tasks that it holds, and the
    commands to work with, in fewer than 800 tokens.

    Example:
      vtm hook session-start < event.json
    """
