"""`vtm batch lock`."""

import click

from vtm.app.locking_batches import Wanted, lock
from vtm.app.recording import recorder
from vtm.cli.answering import Way, answering
from vtm.cli.filtering import filtering
from vtm.errors import ExitCode
from vtm.model.status import Risk
from vtm.queries.filters import Filters

_COUNT = click.IntRange(min=1)


@click.command()
@click.argument("batch", metavar="[ID]", default="")
@click.option("--size", type=_COUNT, metavar="N", help="At most N tasks in it; one wave if not set.")
@click.option(
    "--wave",
    type=_COUNT,
    metavar="N",
    help="At most N of them launched together; [parallel] wave if not set, and never more than wip_limit.",
)
@filtering
@answering()
def command(
    way: Way, batch: str, size: int | None, wave: int | None, phase: str, slice_: str, risk: Risk | None
) -> ExitCode:
    """Put tasks that can be started into a batch.

    They come in the order of `vtm next`; what is in another unfinished batch is passed over. Without an ID
    it is B1, B2 and so on. The ID of one that is not finished shows it, and adds nothing. Exit code 1: there
    is nothing to lock.

    Example:
      vtm batch lock
      vtm batch lock night --size 12 --wave 3 --json
    """
    engine = recorder(way.app)
    answer = lock(way.app, engine, Wanted(batch, size, wave, Filters(phase, slice_, risk)))
    way.tell(engine.notices)
    way.show(answer)
    return ExitCode.OK
