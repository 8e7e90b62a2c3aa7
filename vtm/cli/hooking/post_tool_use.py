"""`vtm hook post-tool-use`."""

import click

from vtm.cli.hosted import hosted


@click.command()
@hosted("post-tool-use")
def command() -> None:
    """Note that an agent has read a file.

    The event comes as JSON on standard input. Each task that is not over and refers to the file gets a
    receipt for it, as by `vtm read`; a file that was read in part does not count. Leases of the session are
    prolonged. Nothing is printed, unless messages wait for an agent that vtm started (`vtm inbox`).

    Example:
      vtm hook post-tool-use < event.json
    """
