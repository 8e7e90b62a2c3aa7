"""`vtm batch finish`."""

import click

from vtm.app.finishing_batches import finished
from vtm.app.recording import recorder
from vtm.cli.answering import Way, answering
from vtm.errors import ExitCode


@click.command()
@click.option("--batch", required=True, metavar="ID", help="The batch.")
@click.option(
    "--without", multiple=True, metavar="TASK", help="Take TASK out of it first, unless it is i; repeatable."
)
@answering()
def command(way: Way, batch: str, without: tuple[str, ...]) -> ExitCode:
    """Release all tasks of a batch: from I to Q.

    Exit code 4: one of them is not I; those are named. What is blocked, abandoned or declared no longer is
    reset, or left out with --without.

    Example:
      vtm batch finish --batch B1
      vtm batch finish --batch B1 --without PAY--T06
    """
    engine = recorder(way.app)
    with engine.desk() as desk:
        answer = finished(way.app, desk.backlog, batch, without)
    way.tell(engine.notices)
    way.show(answer)
    return ExitCode.OK
