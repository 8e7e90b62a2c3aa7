"""`vtm abort`."""

import click

from vtm.app.aborting import aborted
from vtm.cli.answering import Way, answering
from vtm.cli.recording import Said, user
from vtm.errors import ExitCode


@click.command()
@click.argument("session", metavar="SESSION")
@click.option("--tree", is_flag=True, help="Also those that it started, and these, and so on.")
@click.option("--agent", type=Said(), envvar="VTM_AGENT", metavar="NAME", help="Who ends it.")
@answering()
def command(way: Way, session: str, tree: bool, agent: str | None) -> ExitCode:
    """End a session and all of its processes.

    SESSION is its id, or that of its task. Its processes are asked to end before they are killed, and all are
    gone within five seconds. Its task is pending again, and what is on its branch stays. A session that is
    over stays as it ended. Exit code 1: one of them goes on.

    Example:
      vtm abort AUTH--T02:1
      vtm abort AUTH--T02:1 --tree
    """
    answer = aborted(way.app, session, tree=tree, who=agent or user() or "somebody")
    way.show(answer)
    return ExitCode.NO if answer.left else ExitCode.OK
