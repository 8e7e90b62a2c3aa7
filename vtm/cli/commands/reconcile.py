"""`vtm reconcile`."""

import click

from vtm.app.reconciling import reconcile
from vtm.cli.answering import Way, answering
from vtm.errors import ExitCode


@click.command()
@click.option("--apply/--dry-run", help="Write it; without this, it is only shown.")
@answering()
def command(way: Way, apply: bool) -> ExitCode:
    """Bring the state together with a manifest that has changed.

    The entry of a task that is gone moves to `orphaned` in the state, and comes back with the task. A met
    criterion goes to the task that declares it now, once that has been started. Nothing is thrown away.

    Example:
      vtm reconcile
      vtm reconcile --apply
    """
    answer, notices = reconcile(way.app, apply=apply)
    way.tell(notices)
    way.show(answer)
    return ExitCode.OK
