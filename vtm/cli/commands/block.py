"""`vtm block`."""

import click

from vtm.app.blocking import blocked
from vtm.app.recording import recorder
from vtm.cli.answering import Way, answering
from vtm.cli.recording import Said, recording
from vtm.errors import ExitCode
from vtm.model.event import Details
from vtm.model.facts import Caller


@click.command()
@click.argument("task_id", metavar="TASK")
@click.option("--reason", type=Said(), required=True, metavar="TEXT", help="What stands in the way.")
@click.option("--tried", type=Said(), required=True, metavar="TEXT", help="What was tried.")
@click.option("--suggest", type=Said(), required=True, metavar="TEXT", help="What might help.")
@click.option("--create-resolver", is_flag=True, help="Add a task for that, which this one waits for.")
@recording
@answering()
def command(
    way: Way,
    task_id: str,
    reason: str,
    tried: str,
    suggest: str,
    create_resolver: bool,
    caller: Caller,
    dry_run: bool,
) -> ExitCode:
    """Leave a task that cannot be finished now.

    This is the safe exit: its lease is over. `vtm unblock` makes it pending again.

    Example:
      vtm block AUTH--T02 --reason "No mail server" --tried "two of them" --suggest "ask for a third"
    """
    engine = recorder(way.app)
    details = Details(reason=reason, tried=tried, suggestion=suggest)
    answer = blocked(
        way.app, engine, task_id, caller, details, create_resolver=create_resolver, dry_run=dry_run
    )
    way.tell(engine.notices)
    way.show(answer)
    return ExitCode.OK
