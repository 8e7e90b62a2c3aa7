"""`vtm batch start`."""

from datetime import timedelta

import click

from vtm.app.recording import recorder
from vtm.app.stepping_batches import start_in_batch
from vtm.cli.answering import Way, answering
from vtm.cli.recording import Span, overriding, recording
from vtm.engine.claiming import Claim
from vtm.errors import ExitCode
from vtm.model.facts import Caller
from vtm.model.override import Override


@click.command()
@click.argument("task_id", metavar="TASK")
@click.option("--ttl", type=Span(), metavar="TIME", help="How long the lease lasts, such as 30m.")
@overriding
@recording
@answering()
def command(
    way: Way, task_id: str, ttl: timedelta | None, caller: Caller, override: Override, dry_run: bool
) -> ExitCode:
    """Take up a task of a batch: from O to i.

    It is `vtm start` for a task that is O in an unfinished batch; one that is i is taken over where its
    lease ran out. Exit code 1: a gate refuses; 4: it is not O, or somebody else holds it.

    Example:
      vtm batch start AUTH--T03 --agent ada
    """
    engine = recorder(way.app)
    answer = start_in_batch(way.app, engine, task_id, Claim(caller, ttl, override, dry_run))
    way.tell(engine.notices)
    way.show(answer)
    return ExitCode.OK
