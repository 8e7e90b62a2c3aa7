"""`vtm batch`."""

from typing import Any

import click

from vtm.cli import batching
from vtm.cli.groups import Commands
from vtm.cli.help import helped


class _Steps(Commands):
    """What is done with batches, one file per command."""

    def __init__(self, *arguments: Any, **attributes: Any) -> None:
        super().__init__(*arguments, package=batching, **attributes)


@click.group(cls=_Steps)
@helped
def command() -> None:
    """Give out tasks in waves, a batch at a time.

    Each task of a batch goes through O (open), i (in progress), I (done) and Q (released). O, i and I are
    what the task itself is, so that `vtm start` and `vtm complete` do as well. A step out of order is refused
    with exit code 4, which says what is legal. A task is in one unfinished batch at most.

    Batches are kept with leases and sessions, on this machine: a clone has none, and no work is lost with
    them.

    Example:
      vtm batch lock --size 8
      vtm batch resume B1
    """
