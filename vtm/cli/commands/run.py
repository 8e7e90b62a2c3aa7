"""`vtm run`."""

import functools
import sys
import threading
from collections.abc import Callable
from typing import Any

import click

from vtm.cli.answering import Way, answering, terminal
from vtm.cli.output import NobodyReadsError, OutputError, flush
from vtm.errors import ExitCode
from vtm.queries.planning import Mode
from vtm.queries.run_event import RunEvent

_COUNT = click.IntRange(min=1)


def _asking(function: Callable[..., int]) -> Callable[..., int]:
    """Give the command what a run can be asked for, and hand it that as `options`."""

    @click.option(
        "--mode",
        type=click.Choice([each.value for each in Mode]),
        help="One after another, or side by side what may.",
    )
    @click.option("--max", "places", type=_COUNT, metavar="N", help="At most N at once; see [parallel] max.")
    @click.option(
        "--wave", type=_COUNT, metavar="N", help="Start up to N together, and wait for all of them."
    )
    @click.option("--slice", "slice_", default="", metavar="S", help="Only tasks of this slice.")
    @click.option("--until", type=_COUNT, metavar="N", help="Stop after N completed tasks.")
    @click.option(
        "--merge", type=click.Choice(["auto", "never"]), help="Whether work is merged; see [git] merge."
    )
    @click.option("--runner", default="", metavar="NAME", help="What starts the agents; see [agents].")
    @click.option("--agent", default="", metavar="NAME", help="What the agents are to be; see [agents].")
    @functools.wraps(function)
    def wrapped(*given: Any, **options: Any) -> int:
        from vtm.app.running.asked import AskedRun  # noqa: PLC0415  20 ms that help and completion save

        own = {name: options.pop(name) for name in ("places", "wave", "until", "runner", "agent")}
        mode, merge, slice_ = (options.pop(name) for name in ("mode", "merge", "slice_"))
        chosen = None if merge is None else merge == "auto"
        asked = AskedRun(**own, mode=mode and Mode(mode), slice=slice_, merge=chosen)
        return function(*given, asked=asked, **options)

    return wrapped


@click.command()
@_asking
@click.option("--resume", is_flag=True, help="Go on with the last run, as it was asked for.")
@click.option("--dry-run", is_flag=True, help="Show the steps and who would do them; start nothing.")
@answering()
def command(way: Way, asked: Any, resume: bool, dry_run: bool) -> ExitCode:
    """Work through the backlog with agents.

    For each task that can start: claim it, make its worktree, let an agent work at it, check what it did,
    take its report, and merge it where that is set. What happens is told as it happens: in a live view at a
    terminal, elsewhere as one JSON object on each line, of which the last one is the answer; with --format
    text as lines for people.

    Ctrl-C lets the agents finish, twice ends them; --resume goes on. It needs `pip install 'vtm[run]'`. Exit
    code 1: something is blocked or held back, or the run was stopped; 5: no agent can be started.

    Example:
      vtm run --dry-run
      vtm run --mode parallel --max 3 --merge auto
    """
    from vtm.app.running.running import To, ran  # noqa: PLC0415  60 ms that help and completion save

    seen = terminal()
    if not (way.chosen or seen.interactive or dry_run):
        way.format = "json"  # who reads a run through a pipe is a program
    if way.format == "text" and seen.interactive and not dry_run:
        from vtm.app.running.workflows import refuse_without_library  # noqa: PLC0415  comes with it

        refuse_without_library()
        from vtm.rendering.live.view import LiveView  # noqa: PLC0415  rich: 80 ms

        with LiveView(sys.stdout) as view:
            answer = ran(way.app, asked, To(view.tell, listening=True), resume=resume)
    else:
        printing = Printing(way)
        answer = ran(way.app, asked, To(printing.tell), resume=resume, dry_run=dry_run)
        printing.finish()
    way.show(answer)
    return ExitCode.OK if answer.ok else ExitCode.NO


class Printing:
    """Prints each event when it happens, whichever thread tells it.

    That nobody reads it any more, or that a disk is full, is no reason to leave agents alone: the run goes
    on, and only in the end it is said.
    """

    def __init__(self, way: Way) -> None:
        self._way = way
        self._one = threading.Lock()
        self._failure: OutputError | None = None

    def tell(self, event: RunEvent) -> None:
        """Print an event, as far as it can be."""
        with self._one:
            try:
                self._way.show(event)
                flush()
            except NobodyReadsError:
                self._way.tell(["nobody reads what is told; the run goes on, `vtm sessions` shows it"])
            except OutputError as error:
                self._way.tell([f"{error.message}; the run goes on, `vtm sessions` shows it"])
                self._failure = error

    def finish(self) -> None:
        """Fail if anything could not be printed.

        Raises:
            OutputError: It could not.
        """
        if self._failure is not None:
            raise self._failure
