"""`vtm message`."""

import click

from vtm.app.messaging import sent
from vtm.cli.answering import Way, answering
from vtm.cli.recording import Said, user
from vtm.cli.saying import SaidOrSent
from vtm.errors import ExitCode


@click.command()
@click.argument("session", metavar="SESSION")
@click.argument("text", type=SaidOrSent(), metavar="TEXT")
@click.option("--agent", type=Said(), envvar="VTM_AGENT", metavar="NAME", help="Who says it.")
@answering()
def command(way: Way, session: str, text: str, agent: str | None) -> ExitCode:
    """Say something to the agent of a session that runs.

    SESSION is its id, or that of its task. TEXT is read from standard input where it is `-`. The agent finds
    it with `vtm inbox`.

    Example:
      vtm message AUTH--T02:1 "The mail server is up again"
    """
    way.show(sent(way.app, session, text, agent or user()))
    return ExitCode.OK
